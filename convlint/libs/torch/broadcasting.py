"""Operands of an operation on several tensors.

How they join, and what the result's dtype, strides and content are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch.alike import kept
from convlint.libs.torch.axes import short
from convlint.libs.torch.content import Number, mapped
from convlint.libs.torch.promotion import result_type, scalar_dtype
from convlint.shapes.broadcast import broadcast, torn
from convlint.shapes.fault import Fault, Shape
from convlint.values import CONTIGUOUS, Strides, Tensor, Value

Exact = Callable[..., Number]
"""The number torch computes of the elements, or the exception `Inexact`."""


def operand(op: Op, name: str, *, number: bool = True) -> Tensor:
    """A tensor of known rank, or a number as a tensor without axes.

    `number` False refuses a number as torch does.
    """
    value = op.known(name)
    if isinstance(value, Tensor):
        return op.tensor(name)
    if isinstance(value, (str, list, tuple, dict)) or value is None or not number:
        raise op.caller.error(
            "TypeError", f"{short(op)}(): argument '{name}' must be Tensor, not {type(value).__name__}"
        )
    return as_tensor(op, value)


def as_tensor(op: Op, value: Value) -> Tensor:
    """A number as a tensor without axes."""
    return Tensor((), scalar_dtype(op.caller, value), data=(value,))


def joined(op: Op, operands: Iterable[Tensor]) -> Shape:
    """The broadcast shape of the operands; on axes that do not join the extent is not known."""
    shapes = tuple(t.shape for t in operands if t.shape is not None)
    certain = shapes[0] if all(s == shapes[0] for s in shapes) else None
    if certain is not None:
        return certain
    outcome = broadcast(*shapes)
    instead: Shape | None = None
    if isinstance(outcome, Fault):
        why = op.unknown("operands do not join on this axis")
        instead = tuple(
            why.derive(("axis", axis)).dim if extent is None else extent
            for axis, extent in enumerate(torn(*shapes))
        )
    return op.lawful(outcome, not_joining, instead)


def not_joining(fault: Fault) -> str:
    """torch's sentence for shapes that do not broadcast."""
    return (
        f"RuntimeError: The size of tensor a ({fault.expected}) must match the size of tensor b "
        f"({fault.got}) at non-singleton dimension {fault.axis}"
    )


def layout(shape: Shape, operands: Iterable[Tensor]) -> Strides:
    """The strides of a result: row-major for row-major operands; those of the one operand that is more than
    a number.

    How torch orders the axes of several operands in other orders is not followed.
    """
    found = [(t, kept(t)) for t in operands if any(extent != 1 for extent in t.shape or ())]
    if all(strides is CONTIGUOUS for _, strides in found):
        return CONTIGUOUS
    first = found[0][1]
    return first if all(t.shape == shape and strides == first for t, strides in found) else None


def combined(
    op: Op, operands: tuple[Tensor, ...], dtype: str | None, exact: Exact | None, compute: str | None = None
) -> Tensor:
    """The result of an operation on broadcast elements.

    `compute` is the dtype operands are brought to first.
    """
    shape = joined(op, operands)
    source = next((t for t in operands if t.shape == shape), operands[0])
    data = None
    if exact is not None and compute is not None and all(t.data is not None for t in operands):
        data = mapped(exact, dtype, shape, *operands, compute=compute)
    return op.result(source, shape, dtype=dtype, strides=layout(shape, operands), data=data)


def common_dtype(op: Op, values: Iterable[Value]) -> str | None:
    """The promoted dtype of the operands as the call gave them."""
    return result_type(op.caller, values)


@function("torch.broadcast_shapes", signature="*shapes")
def broadcast_shapes(op: Op) -> Value:
    """The shape that shapes broadcast to, as a Size."""
    given = op["shapes"]
    assert isinstance(given, tuple)
    shapes: list[Shape] = []
    for each in given:
        if isinstance(each, (tuple, list)):
            shapes.append(tuple(op.as_dim(extent, "shapes") for extent in each))
        else:
            shapes.append((op.as_dim(each, "shapes"),))
    words = "RuntimeError: Shape mismatch: objects cannot be broadcast to a single shape"
    return op.lawful(broadcast(*shapes), lambda _: words)
