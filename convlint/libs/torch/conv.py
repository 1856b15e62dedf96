"""Convolutions as torch calls them: `conv1d` … `conv_transpose3d`, and the two bodies that the layers share.

The order of the checks is ATen's (`check_shape_forward` in aten/src/ATen/native/Convolution.cpp).
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import Dim, Expr, floordiv
from convlint.libs.op import Op
from convlint.libs.registry import Body, function
from convlint.libs.torch.arguments import one_or_each
from convlint.libs.torch.wording import by, sizes
from convlint.shapes.cost import weight_macs
from convlint.shapes.fault import Fault, Kind, Lawful, Outcome, Shape
from convlint.shapes.window import Filters, Window, centred, convolve, convolve_transposed
from convlint.values import CONTIGUOUS, Tensor, Value

Pads = tuple[tuple[Dim, Dim], ...]


def convolution(
    op: Op, x: Tensor, weight: Tensor, bias: Tensor | None, rank: int, pads: Pads | None = None
) -> Value:
    """A convolution over `rank` axes; stride, padding, dilation and groups are read from the call or the layer.

    `pads` takes the place of the padding argument where the layer has padded its input itself.
    """
    xs, ws = _operands(op, x, weight, rank)
    stride, dilation, groups = _steps(op, ws)
    if pads is None:
        pads = _padding(op, ws, stride, dilation)
    _positive(op, ws, groups)
    windows = tuple(
        Window(k, s, d, before, after)
        for k, s, d, (before, after) in zip(ws[2:], stride, dilation, pads, strict=True)
    )
    filters = Filters(_inputs(op, ws, groups), ws[0], windows, groups)
    _bias(op, bias, ws[0], f"Given weight of size {sizes(ws)}")
    _not_empty(op, xs, rank)
    outcome = convolve(xs, filters)
    words = _words(op, xs, ws, filters)
    shape = op.lawful(outcome, words, _instead(outcome, xs, filters, convolve))
    op.caller.count_macs(weight_macs(ws, (*shape[: -rank - 1], *shape[-rank:])))
    return op.result(x, shape, strides=_strides(x, weight))


def transposed_convolution(
    op: Op,
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    rank: int,
    output_padding: tuple[Dim, ...] | None = None,
) -> Value:
    """A transposed convolution over `rank` axes; `output_padding` takes the argument's place where a layer computed it."""
    xs, ws = _operands(op, x, weight, rank)
    stride, dilation, groups = _steps(op, ws)
    pads = _padding(op, ws, stride, dilation)
    extra = output_padding or one_or_each(
        op, "output_padding", len(ws) - 2, _lengths(op, "output_padding", len(ws) - 2)
    )
    if any(isinstance(e, int) and e < 0 for e in extra):
        op.refuse("RuntimeError", "negative output_padding is not supported", "output_padding")
    _positive(op, ws, groups, transposed=True)
    windows = tuple(
        Window(k, s, d, before, after)
        for k, s, d, (before, after) in zip(ws[2:], stride, dilation, pads, strict=True)
    )
    filters = Filters(ws[0], ws[1] * groups, windows, groups)
    _bias(op, bias, filters.outputs, f"Given transposed=1, weight of size {sizes(ws)}")
    _output_padding(op, extra, windows)

    def law(shape: Shape, bank: Filters) -> Outcome:
        return convolve_transposed(shape, bank, extra)

    outcome = law(xs, filters)
    shape = op.lawful(outcome, _words(op, xs, ws, filters, True), _instead(outcome, xs, filters, law))
    op.caller.count_macs(weight_macs(ws, (*xs[: -rank - 1], *xs[-rank:])))
    return op.result(x, shape, strides=_strides(x, weight))


# -- reading the operands ------------------------------------------------------------------------------------


def _operands(op: Op, x: Tensor, weight: Tensor, rank: int) -> tuple[Shape, Shape]:
    xs, ws = x.shape, weight.shape
    assert xs is not None and ws is not None
    name = _function(op, rank)
    if len(xs) not in (rank + 1, rank + 2):
        fault = Fault(
            Kind.RANK, (rank + 1, rank + 2), len(xs), (xs,), detail=f"{name} slides over {rank} axes"
        )
        op.lawful(
            fault,
            lambda _: (
                f"RuntimeError: Expected {rank + 1}D (unbatched) or {rank + 2}D (batched) input to {name}, "
                f"but got input of size: {sizes(xs)}"
            ),
        )
    if len(ws) < 3:
        op.refuse("RuntimeError", "weight should have at least three dimensions", "weight")
    return xs, ws


def _steps(op: Op, ws: Shape) -> tuple[Shape, Shape, Dim]:
    rank = len(ws) - 2
    stride = one_or_each(op, "stride", rank, _lengths(op, "stride", rank))
    dilation = one_or_each(op, "dilation", rank, _lengths(op, "dilation", rank))
    groups = op.dim("groups")
    if any(isinstance(s, int) and s < 1 for s in stride):
        op.refuse("RuntimeError", "non-positive stride is not supported", "stride")
    if any(isinstance(d, int) and d < 1 for d in dilation):
        op.refuse(
            "RuntimeError", f"dilation should be greater than zero, but got {sizes(dilation)}", "dilation"
        )
    return stride, dilation, groups


def _padding(op: Op, ws: Shape, stride: Shape, dilation: Shape) -> Pads:
    rank = len(ws) - 2
    value = op["padding"]
    if isinstance(value, str):
        return _named_padding(op, value, ws, stride, dilation)
    padding = one_or_each(op, "padding", rank, _lengths(op, "padding", rank))
    if any(isinstance(p, int) and p < 0 for p in padding):
        op.refuse("RuntimeError", "negative padding is not supported", "padding")
    return tuple((p, p) for p in padding)


def _named_padding(op: Op, name: str, ws: Shape, stride: Shape, dilation: Shape) -> Pads:
    if name == "valid":
        return ((0, 0),) * (len(ws) - 2)
    if name != "same":
        op.refuse("RuntimeError", f"Invalid padding string: '{name}'", "padding")
    if any(isinstance(s, int) and s != 1 for s in stride):
        op.refuse(
            "RuntimeError", "padding='same' is not supported for strided convolutions", "padding", "stride"
        )
    return tuple(centred(k, d) for k, d in zip(ws[2:], dilation, strict=True))


def _positive(op: Op, ws: Shape, groups: Dim, transposed: bool = False) -> None:
    """What ATen asks of groups and of the weight alone."""
    rank = len(ws) - 2
    if isinstance(groups, int) and groups < 1:
        op.refuse(
            "RuntimeError",
            f"groups should be greater than zero, but got groups={groups}",
            "groups",
            kind=Kind.GROUPS,
        )
    x = op["input"]
    got = x.rank if isinstance(x, Tensor) else None
    if got is not None and rank + 2 != _rank_of(op) + 2:
        wanted = rank + 2
        batched = _rank_of(op) + 2
        op.refuse(
            "RuntimeError",
            f"Expected {wanted}-dimensional input for {wanted}-dimensional weight {sizes(ws)}, "
            f"but got {batched}-dimensional input instead",
            "kernel_size",
        )
    filters = ws[0]
    if isinstance(groups, int) and isinstance(filters, int) and (filters < groups or filters % groups):
        bound = "be at least" if filters < groups else "be divisible by"
        op.refuse(
            "RuntimeError",
            f"Given groups={groups}, expected weight to {bound} {groups} at dimension 0, "
            f"but got weight of size {sizes(ws)} instead",
            "groups",
            "in_channels" if transposed else "out_channels",
            kind=Kind.GROUPS,
        )
    if any(isinstance(k, int) and k < 1 for k in ws[2:]):
        op.refuse(
            "RuntimeError", f"kernel size should be greater than zero, but got {by(ws[2:])}", "kernel_size"
        )


def _inputs(op: Op, ws: Shape, groups: Dim) -> Dim:
    """Channels the filters read: those the layer was built for, where its weight is still of that shape."""
    if isinstance(groups, Expr) and op.self is not None:
        built = op.self.attrs.get("in_channels")
        if isinstance(built, (int, Expr)) and floordiv(built, groups) == ws[1]:
            return built
    return ws[1] * groups


def _bias(op: Op, bias: Tensor | None, outputs: Dim, given: str) -> None:
    if bias is None or bias.shape is None or bias.shape == (outputs,):
        return
    if len(bias.shape) != 1 or (isinstance(bias.shape[0], int) and isinstance(outputs, int)):
        op.refuse(
            "RuntimeError",
            f"{given}, expected bias to be 1-dimensional with {outputs} elements, "
            f"but got bias of size {sizes(bias.shape)} instead",
            "bias",
        )


def _not_empty(op: Op, xs: Shape, rank: int) -> None:
    """An empty spatial axis is refused, padded or not, unless batch or channels are empty too."""
    batched = xs if len(xs) == rank + 2 else (1, *xs)
    if 0 in batched[2:] and 0 not in batched[:2]:
        fault = Fault(Kind.KERNEL, expected=1, got=0, shapes=(xs,), axis=xs.index(0), detail="an empty axis")
        op.lawful(
            fault,
            lambda _: (
                "RuntimeError: Only zero batch or zero channel inputs are supported, "
                f"but got input shape: {sizes(batched)}"
            ),
        )


def _output_padding(op: Op, extra: Shape, windows: tuple[Window, ...]) -> None:
    for e, w in zip(extra, windows, strict=True):
        if (
            isinstance(e, int)
            and isinstance(w.stride, int)
            and isinstance(w.dilation, int)
            and e >= max(w.stride, w.dilation)
        ):
            op.refuse(
                "RuntimeError",
                "output padding must be smaller than either stride or dilation, "
                f"but got output_padding: {sizes(extra)} stride: {sizes(w.stride for w in windows)} "
                f"dilation: {sizes(w.dilation for w in windows)}",
                "output_padding",
                "stride",
            )


# -- words and results ---------------------------------------------------------------------------------------


def _words(
    op: Op, xs: Shape, ws: Shape, filters: Filters, transposed: bool = False
) -> Callable[[Fault], str]:
    rank = len(filters.windows)
    batched = xs if len(xs) == rank + 2 else (1, *xs)

    def words(fault: Fault) -> str:
        if fault.kind is Kind.CHANNELS:
            given = "transposed=1" if transposed else f"groups={filters.groups}"
            return (
                f"RuntimeError: Given {given}, weight of size {sizes(ws)}, expected input{sizes(batched)} "
                f"to have {filters.inputs} channels, but got {batched[1]} channels instead"
            )
        if transposed:
            return f"RuntimeError: Given input size per channel: ({by(xs[-rank:], ' x ')}). Output size is too small"
        padded = [n + w.before + w.after for n, w in zip(xs[-rank:], filters.windows, strict=True)]
        kernel = [w.reach for w in filters.windows]
        return (
            f"RuntimeError: Calculated padded input size per channel: ({by(padded, ' x ')}). "
            f"Kernel size: ({by(kernel, ' x ')}). Kernel size can't be greater than actual input size"
        )

    return words


def _instead(
    outcome: Outcome, xs: Shape, filters: Filters, law: Callable[[Shape, Filters], Outcome]
) -> Shape | None:
    """The shape with the right number of channels, where the number of channels is all that is wrong."""
    if isinstance(outcome, Lawful) or outcome.kind is not Kind.CHANNELS:
        return None
    axis = len(xs) - len(filters.windows) - 1
    again = law((*xs[:axis], filters.inputs, *xs[axis + 1 :]), filters)
    return again.shape if isinstance(again, Lawful) else None


def _strides(x: Tensor, weight: Tensor) -> object:
    """Row-major from row-major operands; channels-last operands may give a channels-last result."""
    return CONTIGUOUS if x.strides is CONTIGUOUS and weight.strides is CONTIGUOUS else None


def _lengths(op: Op, name: str, rank: int) -> str:
    value = op[name]
    shown = list(value) if isinstance(value, (list, tuple)) else value
    return (
        f"expected {name} to be a single integer value or a list of {rank} values to match the convolution "
        f"dimensions, but got {name}={shown}"
    )


def _rank_of(op: Op) -> int:
    return int(op.name[-2])


def _function(op: Op, rank: int) -> str:
    return f"conv_transpose{rank}d" if "ranspose" in op.name else f"conv{rank}d"


def _conv(rank: int) -> Body:
    def body(op: Op) -> Value:
        return convolution(op, op.tensor("input"), op.tensor("weight"), op.optional_tensor("bias"), rank)

    return body


def _conv_transpose(rank: int) -> Body:
    def body(op: Op) -> Value:
        return transposed_convolution(
            op, op.tensor("input"), op.tensor("weight"), op.optional_tensor("bias"), rank
        )

    return body


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
