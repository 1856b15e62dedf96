"""Convolutions as torch calls them, `conv1d` … `conv_transpose3d`, and the two bodies that the layers share.

The checks and their order are ATen's (`check_shape_forward` in aten/src/ATen/native/Convolution.cpp).
"""

from __future__ import annotations

from convlint.dims import Dim, Expr, floordiv
from convlint.libs.op import Op
from convlint.libs.registry import Body, function
from convlint.libs.torch.arguments import (
    below,
    dense_strides,
    integers_against_floats,
    ntuple,
    operand,
    optional_operand,
    scalar_type,
)
from convlint.libs.torch.conv_words import ConvWords
from convlint.libs.torch.views import convolved
from convlint.libs.torch.wording import sizes
from convlint.shapes.cost import weight_macs
from convlint.shapes.fault import Fault, Kind, Lawful, Outcome, Shape
from convlint.shapes.window import Filters, Window, centred, convolve, convolve_transposed
from convlint.values import Tensor, Value

Pads = tuple[tuple[Dim, Dim], ...]


class Convolution:
    """One call: the operands, and the number arguments once they are read and found in order."""

    def __init__(self, op: Op, x: Tensor, weight: Tensor, rank: int, transposed: bool) -> None:
        assert x.shape is not None and weight.shape is not None
        self.op, self.x, self.weight = op, x, weight
        self.xs, self.ws = x.shape, weight.shape
        self.rank, self.transposed = rank, transposed
        self.words = ConvWords(self.xs, self.ws, rank, transposed)

    def run(self, bias: Tensor | None, pads: Pads | None, extra: Shape | None) -> Value:
        """The result. `pads` and `extra` take the place of the arguments padding and output_padding."""
        op, xs = self.op, self.xs
        self.check_ranks()
        stride = self.numbers("stride")
        given = self.padding(stride) if pads is None else pads
        dilation = self.numbers("dilation")
        if self.transposed and extra is None:
            extra = self.numbers("output_padding")
        groups = op.dim("groups")
        self.check_numbers(stride, dilation, extra or (), groups)
        if given is None:
            given = tuple(centred(k, d) for k, d in zip(self.ws[2:], dilation, strict=True))
        self.check_weight(groups)
        filters = self.filters(stride, dilation, given, groups)
        outcome = self.law(xs, filters, extra)
        shape = op.lawful(outcome, self.words.of(filters), self.instead(outcome, filters, extra))
        self.check_operands(bias, filters, extra)
        places = xs if self.transposed else shape
        op.caller.count_macs(weight_macs(self.ws, (*places[: -self.rank - 1], *places[-self.rank :])))
        if (
            isinstance(self.words.batched[1], int) and self.words.batched[1] == 0
        ):  # ATen's empty backend makes no channels out of none
            shape = (*shape[: -self.rank - 1], 0, *shape[-self.rank :])
        layout = convolved if self.rank == 2 else dense_strides
        return op.result(self.x, shape, strides=layout(self.x, self.weight))

    # -- arguments -------------------------------------------------------------------------------------------

    def check_ranks(self) -> None:
        """The input's rank against the function's, the weight's for itself."""
        wanted = (self.rank + 1, self.rank + 2)
        if len(self.xs) not in wanted:
            self.op.lawful(Fault(Kind.RANK, wanted, len(self.xs), (self.xs,)), lambda _: self.words.rank())
        if len(self.ws) < 3:
            self.op.refuse("RuntimeError", "weight should have at least three dimensions", "weight")

    def numbers(self, name: str) -> Shape:
        """An argument as one number for each axis of the weight."""
        axes = len(self.ws) - 2
        dims = ntuple(self.op, name, self.rank)
        if len(dims) not in (1, axes):
            self.op.refuse("RuntimeError", self.words.length(name, dims), name)
        return dims * axes if len(dims) == 1 else dims

    def padding(self, stride: Shape) -> Pads | None:
        """Padding before and after each axis; None for 'same', which waits for the dilation."""
        value = self.op["padding"]
        if isinstance(value, str):
            if value == "valid":
                return ((0, 0),) * (len(self.ws) - 2)
            if value != "same":
                self.op.refuse("RuntimeError", f"Invalid padding string: '{value}'", "padding")
            if any(isinstance(s, int) and s != 1 for s in stride):
                self.op.refuse(
                    "RuntimeError",
                    "padding='same' is not supported for strided convolutions",
                    "padding",
                    "stride",
                )
            return None
        padding = self.numbers("padding")
        if below(padding, 0):
            self.op.refuse("RuntimeError", "negative padding is not supported", "padding")
        return tuple((p, p) for p in padding)

    def check_numbers(self, stride: Shape, dilation: Shape, extra: Shape, groups: Dim) -> None:
        """Signs."""
        if below(extra, 0):
            self.op.refuse("RuntimeError", "negative output_padding is not supported", "output_padding")
        if below(stride, 1):
            self.op.refuse("RuntimeError", "non-positive stride is not supported", "stride")
        if below(dilation, 1):
            message = "dilation should be greater than zero"
            zero = all(isinstance(d, int) and d >= 0 for d in dilation)
            self.op.refuse(
                "RuntimeError", f"{message}, but got {sizes(dilation)}" if zero else message, "dilation"
            )
        if below((groups,), 1):
            self.op.refuse("RuntimeError", "non-positive groups is not supported", "groups", kind=Kind.GROUPS)

    # -- operands --------------------------------------------------------------------------------------------

    def check_weight(self, groups: Dim) -> None:
        """The weight's rank, its first axis against the groups, its kernel."""
        refuse = self.op.refuse
        if len(self.ws) != self.rank + 2:
            refuse("RuntimeError", self.words.weight_rank(), "kernel_size")
        first = self.ws[0]
        if isinstance(groups, int) and isinstance(first, int) and (first < groups or first % groups):
            argument = "in_channels" if self.transposed else "out_channels"
            refuse("RuntimeError", self.words.weight_groups(groups), "groups", argument, kind=Kind.GROUPS)

    def filters(self, stride: Shape, dilation: Shape, pads: Pads, groups: Dim) -> Filters:
        """The filter bank of the weight."""
        windows = tuple(
            Window(k, s, d, before, after)
            for k, s, d, (before, after) in zip(self.ws[2:], stride, dilation, pads, strict=True)
        )
        if self.transposed:
            return Filters(self.ws[0], self._all("out_channels", groups), windows, groups)
        return Filters(self._all("in_channels", groups), self.ws[0], windows, groups)

    def _all(self, name: str, groups: Dim) -> Dim:
        """Channels of all groups: what the layer was built for, while its weight is still of that shape."""
        if isinstance(groups, Expr) and self.op.self is not None:
            built = self.op.self.attrs.get(name)
            if isinstance(built, (int, Expr)) and floordiv(built, groups) == self.ws[1]:
                return built
        return self.ws[1] * groups

    def check_operands(self, bias: Tensor | None, filters: Filters, extra: Shape | None) -> None:
        """What is checked once channels and extents agree: bias, types, empty axes, output padding."""
        op, outputs = self.op, filters.outputs
        given = None if bias is None else bias.shape
        perhaps = given is not None and len(given) == 1 and not isinstance(outputs - given[0], int)
        if given is not None and given != (outputs,) and not perhaps:
            op.refuse("RuntimeError", self.words.bias(given, outputs), "bias")
        batched = self.words.batched
        empty = 0 in batched[:2]
        if 0 in batched[2:] and not empty:
            fault = Fault(Kind.KERNEL, 1, 0, (self.xs,), self.xs.index(0), detail="an empty axis")
            op.lawful(fault, lambda _: self.words.empty())
        if below(self.ws[2:], 1) and batched[1] != 0:
            op.refuse("RuntimeError", self.words.no_kernel(), "kernel_size")
        if empty:
            return
        if integers_against_floats(self.x, self.weight):
            message = f"expected scalar type {scalar_type(self.x)} but found {scalar_type(self.weight)}"
            op.refuse("RuntimeError", message, kind=Kind.OTHER)
        for e, w in zip(extra or (), filters.windows, strict=False):
            known = isinstance(e, int) and isinstance(w.stride, int) and isinstance(w.dilation, int)
            if known and e >= max(w.stride, w.dilation):  # type: ignore[operator,type-var]
                op.refuse(
                    "RuntimeError",
                    self.words.output_padding(extra or (), filters.windows),
                    "output_padding",
                    "stride",
                )

    # -- results ---------------------------------------------------------------------------------------------

    def law(self, xs: Shape, filters: Filters, extra: Shape | None) -> Outcome:
        """The law, of either direction."""
        return convolve(xs, filters) if extra is None else convolve_transposed(xs, filters, extra)

    def instead(self, outcome: Outcome, filters: Filters, extra: Shape | None) -> Shape | None:
        """The shape for the right number of channels, where that is all that is wrong."""
        if isinstance(outcome, Lawful) or outcome.kind is not Kind.CHANNELS:
            return None
        axis = len(self.xs) - self.rank - 1
        again = self.law((*self.xs[:axis], filters.inputs, *self.xs[axis + 1 :]), filters, extra)
        return again.shape if isinstance(again, Lawful) else None


def convolution(op: Op, rank: int, *, x: Tensor | None = None, pads: Pads | None = None) -> Value:
    """A convolution; `x` and `pads` where the layer padded its input itself."""
    name = f"conv{rank}d"
    x = operand(op, "input", name) if x is None else x
    bias = optional_operand(op, "bias", name, 3)
    return Convolution(op, x, operand(op, "weight", name, 2), rank, False).run(bias, pads, None)


def transposed_convolution(op: Op, rank: int, *, extra: Shape | None = None) -> Value:
    """A transposed convolution; `extra` is the output padding that a layer computed from an output size."""
    name = f"conv_transpose{rank}d"
    x, weight = operand(op, "input", name), operand(op, "weight", name, 2)
    return Convolution(op, x, weight, rank, True).run(optional_operand(op, "bias", name, 3), None, extra)


def _conv(rank: int) -> Body:
    return lambda op: convolution(op, rank)


def _conv_transpose(rank: int) -> Body:
    return lambda op: transposed_convolution(op, rank)


for _rank in (1, 2, 3):
    function(
        f"torch.nn.functional.conv{_rank}d",
        f"torch.conv{_rank}d",
        signature="input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1",
    )(_conv(_rank))
    function(
        f"torch.nn.functional.conv_transpose{_rank}d",
        f"torch.conv_transpose{_rank}d",
        signature="input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1",
    )(_conv_transpose(_rank))


@function("torch.nn.functional.conv_tbc", "torch.conv_tbc", signature="input, weight, bias, pad=0")
def conv_tbc(op: Op) -> Value:
    """A convolution over time of (time, batch, channels), with a weight of (kernel, in, out)."""
    x, weight = operand(op, "input", "conv_tbc"), operand(op, "weight", "conv_tbc", 2)
    bias, pad = operand(op, "bias", "conv_tbc", 3), op.dim("pad")
    assert x.shape is not None and weight.shape is not None and bias.shape is not None
    for tensor, name, rank in ((x, "Input", 3), (weight, "Weight", 3), (bias, "Bias", 1)):
        if tensor.rank != rank:
            message = f"{name} must have {rank} dims: time, batch, in_channel"
            op.refuse("RuntimeError", message, kind=Kind.RANK)
    kernel, inputs, outputs = weight.shape
    filters = Filters(inputs, outputs, (Window(kernel, before=pad, after=pad),), ranks=(3,))
    time, batch, channels = x.shape
    outcome = convolve((batch, channels, time), filters)
    shape = op.lawful(outcome, lambda _: "RuntimeError: Input Channels must be equal to weight channels")
    op.caller.count_macs(weight_macs(weight.shape, (batch, shape[2])))
    return op.result(x, (shape[2], batch, outputs))
