"""Keras' own sentences about inputs that do not fit (keras.src.layers.input_spec, keras.src.ops)."""

from __future__ import annotations

from convlint.libs.keras.layer import shown_shape
from convlint.libs.op import Op
from convlint.shapes.fault import Fault, Kind, Shape


def incompatible(op: Op, what: str) -> str:
    """`Input 0 of layer "conv2d" is incompatible with the layer: …`"""
    name = op.self.attrs.get("name") if op.self is not None else op.name
    return f'ValueError: Input 0 of layer "{name}" is incompatible with the layer: {what}'


def wrong_rank(op: Op, shape: Shape, expected: int, *, least: bool = False) -> str:
    """The rank is not that of the layer."""
    how = "min_" if least else ""
    return incompatible(
        op,
        f"expected {how}ndim={expected}, found ndim={len(shape)}. Full shape received: {shown_shape(shape)}",
    )


def wrong_axis(op: Op, axis: int, expected: object, shape: Shape) -> str:
    """An axis has another extent than the one the layer was built for."""
    return incompatible(
        op,
        f"expected axis {axis} of input shape to have value {expected}, but received input with shape "
        f"{shown_shape(shape)}",
    )


def no_room(op: Op, shape: Shape) -> str:
    """A window is larger than the map."""
    return (
        f"ValueError: Computed output size would be negative. Received `inputs shape={shown_shape(shape)}`, "
        f"in layer {op.self.attrs.get('name') if op.self is not None else op.name}"
    )


def check_rank(op: Op, shape: Shape, expected: int, *, least: bool = False) -> None:
    """Report a fault where the rank is another one; nothing comes back then."""
    if len(shape) == expected or (least and len(shape) > expected):
        return
    fault = Fault(Kind.RANK, expected, len(shape), (shape,))
    op.lawful(fault, lambda _: wrong_rank(op, shape, expected, least=least))
