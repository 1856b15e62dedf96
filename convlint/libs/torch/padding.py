"""Padding: `F.pad` in all its modes, and the padding layers.

The checks are ATen's (`_pad_enum` in aten/src/ATen/native/PadNd.cpp, the kernels in ReflectionPad.cpp and
ReplicationPadding.cpp).
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, function, klass
from convlint.libs.torch.arguments import dense_strides, items, kind_of, ntuple, operand, whole
from convlint.libs.torch.layer import MODULE, layer
from convlint.libs.torch.wording import sizes
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.pad import Fill
from convlint.shapes.pad import pad as law
from convlint.values import Tensor, Value

alias("torch.nn.modules.padding", "torch.nn")


def padded(op: Op, x: Tensor, pads: Shape, mode: str) -> Tensor:
    """`x` padded as `F.pad` does: `pads` holds before and after of the last axis first."""
    xs = x.shape
    assert xs is not None
    if mode not in tuple(Fill):
        op.refuse("NotImplementedError", f"Unrecognised padding mode {mode}", "mode")
    fill = Fill(mode)
    if len(pads) % 2:
        op.refuse("RuntimeError", "Padding length must be divisible by 2", "pad")
    if len(pads) > 2 * len(xs):
        op.refuse(
            "RuntimeError",
            "Padding length should be less than or equal to two times the input dimension "
            f"but got padding length {len(pads)} and input of dimension {len(xs)}",
            "pad",
            kind=Kind.RANK,
        )
    pairs = [(pads[i], pads[i + 1]) for i in range(0, len(pads), 2)][::-1]
    if fill is not Fill.CONSTANT:
        _check_combination(op, xs, len(pairs), fill)
    shape = op.lawful(law(xs, pairs, fill), _words(xs, pads, fill))
    return op.result(x, shape, strides=dense_strides(x))


def _check_combination(op: Op, xs: Shape, axes: int, fill: Fill) -> None:
    """Modes other than constant pad one, two or three axes, and leave one or two alone."""
    value = op.args.get("value")
    if isinstance(value, (int, float)) and value != 0:
        op.refuse("RuntimeError", f'Padding mode "{fill}" doesn\'t take in value argument', "value")
    if axes not in (1, 2, 3) or len(xs) - axes not in (1, 2):
        message = f"Padding size {2 * axes} is not supported for {len(xs)}D input tensor."
        fault = Fault(Kind.RANK, (axes + 1, axes + 2), len(xs), (xs,), arguments=("pad",), detail=message)
        op.lawful(fault, lambda _: f"NotImplementedError: {message}")
    if fill is not Fill.CIRCULAR and 0 in (xs[1:] if len(xs) - axes == 2 else xs):
        fault = Fault(Kind.KERNEL, 1, 0, (xs,), xs.index(0), detail="an empty axis")
        op.lawful(
            fault,
            lambda _: (
                f"RuntimeError: Expected {axes + 1}D or {axes + 2}D (batch mode) tensor with "
                "possibly 0 batch size "
                f"and other non-zero dimensions for input, but got: {sizes(xs)}"
            ),
        )


def _words(xs: Shape, pads: Shape, fill: Fill) -> Callable[[Fault], str]:
    def words(fault: Fault) -> str:
        assert fault.axis is not None
        if fault.detail == "cropped away":
            if fill is Fill.CONSTANT:
                return "RuntimeError: narrow(): length must be non-negative."
            name = "WHDNCBA"[len(xs) - 1 - fault.axis]
            return (
                f"RuntimeError: input ({name}: {xs[fault.axis]}) is too small. Calculated output "
                f"{name}: {fault.got}"
            )
        if fill is Fill.CIRCULAR:
            return "RuntimeError: Padding value causes wrapping around more than once."
        back = 2 * (len(xs) - 1 - fault.axis)
        return (
            f"RuntimeError: Argument #{back + 4}: Padding size should be less than the "
            "corresponding input dimension, "
            f"but got: padding ({pads[back]}, {pads[back + 1]}) at dimension {fault.axis} of "
            f"input {sizes(xs)}"
        )

    return words


@function("torch.nn.functional.pad", signature="input, pad, mode='constant', value=None")
def pad(op: Op) -> Value:
    """`F.pad`: numbers for the last axis first."""
    return padded(op, operand(op, "input", "pad"), _numbers(op, "pad"), op.text("mode"))


@function("torch.constant_pad_nd", signature="input, pad, value=0")
def constant_pad(op: Op) -> Value:
    """What `F.pad` is with constants."""
    return padded(op, operand(op, "input", "constant_pad_nd"), _numbers(op, "pad"), "constant")


def _numbers(op: Op, name: str) -> Shape:
    members = items(op, name)
    if members is None:
        value = op.known(name)
        op.refuse(
            "TypeError",
            f"pad(): argument 'pad' (position 2) must be tuple of ints, not {kind_of(value)}",
            name,
        )
    return tuple(whole(op, v, name) for v in members)


# -- layers --------------------------------------------------------------------------------------------------


def _build(count: int) -> Callable[[Op], None]:
    def build(op: Op) -> None:
        assert op.self is not None
        op.self.attrs["padding"] = ntuple(op, "padding", count)
        if op.name.startswith("torch.nn.ZeroPad"):
            op.self.attrs["value"] = 0.0

    return build


def _forward(mode: str, rank: int) -> Body:
    def body(op: Op) -> Value:
        x = operand(op, "input", "pad")
        assert x.shape is not None
        if mode == "circular" and len(x.shape) not in (rank + 1, rank + 2):
            fault = Fault(Kind.RANK, (rank + 1, rank + 2), len(x.shape), (x.shape,))
            message = f"expected {rank + 1}D or {rank + 2}D input (got {len(x.shape)}D input)"
            op.lawful(fault, lambda _: f"ValueError: {message}")
        return padded(op, x, ntuple(op, "padding", 2 * rank), mode)

    return body


def _declare(name: str, mode: str, base: str) -> None:
    for rank in (1, 2, 3):
        layer(
            f"torch.nn.{name}{rank}d",
            "padding, value" if name == "ConstantPad" else "padding",
            build=_build(2 * rank),
            base=base,
        )(_forward(mode, rank))


_declare("ConstantPad", "constant", klass("torch.nn.modules.padding._ConstantPadNd", MODULE).qualname)
_declare("ZeroPad", "constant", "torch.nn.modules.padding._ConstantPadNd")
_declare("ReflectionPad", "reflect", klass("torch.nn.modules.padding._ReflectionPadNd", MODULE).qualname)
_declare("ReplicationPad", "replicate", klass("torch.nn.modules.padding._ReplicationPadNd", MODULE).qualname)
_declare("CircularPad", "circular", klass("torch.nn.modules.padding._CircularPadNd", MODULE).qualname)
