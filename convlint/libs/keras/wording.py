"""Keras' own sentences about inputs that do not fit (keras.src.layers.input_spec, keras.src.ops)."""

from __future__ import annotations

from convlint.libs.keras.extents import shown_shape
from convlint.libs.op import Op
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Value


def incompatible(op: Op, what: str) -> str:
    """`Input 0 with name 'None' of layer 'conv2d' is incompatible with the layer: …`"""
    name = op.self.attrs.get("name") if op.self is not None else op.name
    return f"ValueError: Input 0 with name 'None' of layer '{name}' is incompatible with the layer: {what}"


def wrong_rank(op: Op, shape: Shape, expected: int, *, least: bool = False) -> str:
    """The rank is not that of the layer; a convolution asks for a least number of axes first."""
    convolves = op.self is not None and any("Conv" in cls.name for cls in op.self.cls.mro)
    if convolves and len(shape) < expected:
        least = True
    elif convolves and op.self is not None:
        kernel = (
            *(_sizes(op, "kernel_size", expected - 2)),
            shown_shape(shape)[-1],
            op.self.attrs.get("filters"),
        )
        return (
            "ValueError: Kernel shape must have the same length as input, but received kernel of shape "
            f"{kernel} and input of shape {shown_shape(shape)}."
        )
    how = "min_" if least else ""
    return incompatible(
        op,
        f"expected {how}ndim={expected}, found ndim={len(shape)}. Full shape received: {shown_shape(shape)}",
    )


def wrong_axis(op: Op, axis: object, expected: object, shape: Shape) -> str:
    """An axis has another extent than the one the layer was built for."""
    return incompatible(
        op,
        f"expected axis {axis} of input shape to have value {expected}, but received input with shape "
        f"{shown_shape(shape)}",
    )


def no_room(op: Op, shape: Shape) -> str:
    """A window is larger than the map."""
    rank = len(shape) - 2
    held = op.self.attrs if op.self is not None else {}
    start = "ValueError: Computed output size would be zero or negative. Received"
    padding = held.get("padding", "valid")
    if "pool_size" in held:
        sizes = _sizes(op, "pool_size", rank)
        strides = sizes if held.get("strides") is None else _sizes(op, "strides", rank)
        return (
            f"{start}: `inputs.shape={_array(shown_shape(shape))}`, `pool_size={_array(sizes)}`, "
            f"`strides={strides}`, `padding={padding}`."
        )
    kernel = (*_sizes(op, "kernel_size", rank), held.get("_channels"), held.get("filters"))
    return (
        f"{start} `inputs shape={shown_shape(shape)}`, `kernel shape={kernel}`, "
        f"`dilation_rate={_array(_sizes(op, 'dilation_rate', rank))}`, "
        f"`strides={_sizes(op, 'strides', rank)}`, `padding={padding}`."
    )


def _sizes(op: Op, name: str, rank: int) -> tuple[Value, ...]:
    value = op.self.attrs.get(name) if op.self is not None else None
    if isinstance(value, (list, tuple)):
        return tuple(value) * rank if len(value) == 1 else tuple(value)
    return (value,) * rank


def _array(numbers: tuple[Value, ...]) -> str:
    """As numpy prints it."""
    return f"[{' '.join(map(str, numbers))}]"


def check_rank(op: Op, shape: Shape, expected: int, *, least: bool = False) -> None:
    """Report a fault where the rank is another one; nothing comes back then."""
    if len(shape) == expected or (least and len(shape) > expected):
        return
    fault = Fault(Kind.RANK, expected, len(shape), (shape,))
    op.lawful(fault, lambda _: wrong_rank(op, shape, expected, least=least))
