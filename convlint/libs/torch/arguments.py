"""How torch reads the number arguments of windows: a module's (`_ntuple`), and those of its native functions.

Law: a module keeps whatever tuple it is given and fails at the call; a native function takes one number or one an
axis, and neither takes a float.
"""

from __future__ import annotations

from convlint.dims import Dim, Expr
from convlint.libs.op import Op
from convlint.libs.registry import parameter
from convlint.libs.torch.wording import sizes
from convlint.shapes.fault import Kind
from convlint.values import Instance, NotModelled, Tensor, Unknown, Value

Sequence = (list, tuple, range)


def whole(op: Op, value: Value, name: str) -> Dim:
    """A value as an extent; what torch refuses to take for an integer is refused with its words."""
    if isinstance(value, Instance) and isinstance(value.payload, int):
        return value.payload
    if value is None or isinstance(value, (float, str)):
        op.refuse(
            "TypeError", f"{_short(op)}(): argument '{name}' must be tuple of ints, not {_type(value)}", name
        )
    return op.as_dim(value, name)


def items(op: Op, name: str) -> tuple[Value, ...] | None:
    """The members of a sequence argument, None where it is a lone value."""
    value = op[name]
    if isinstance(value, Instance) and isinstance(value.payload, Sequence):
        value = value.payload
    return tuple(value) if isinstance(value, Sequence) else None


def ntuple(op: Op, name: str, rank: int) -> tuple[Dim, ...]:
    """torch.nn's `_ntuple`: a sequence as it is, whatever its length, a lone number once for each axis.

    An unknown argument is one unknown number an axis: it may be a tuple.
    """
    value = op[name]
    if isinstance(value, Unknown):
        return tuple(value.derive(("axis", i)).dim for i in range(rank))
    members = items(op, name)
    if members is None:
        return (whole(op, value, name),) * rank
    return tuple(whole(op, v, name) for v in members)


def one_or_each(op: Op, name: str, rank: int, otherwise: str) -> tuple[Dim, ...]:
    """An argument of a native function: one number for every axis, or one an axis; `otherwise` is its RuntimeError."""
    dims = ntuple(op, name, rank)
    if len(dims) == rank:
        return dims
    if len(dims) == 1:
        return dims * rank
    op.refuse("RuntimeError", otherwise, name)


def weight(op: Op, name: str, shape: tuple[Dim, ...] | None, *arguments: str) -> Tensor | None:
    """Create a parameter as `torch.empty(shape)` does: no extent may be negative."""
    if shape is not None and any(isinstance(n, int) and n < 0 for n in shape):
        worst = next(n for n in shape if isinstance(n, int) and n < 0)
        op.refuse(
            "RuntimeError",
            f"Trying to create tensor with negative dimension {worst}: {sizes(shape)}",
            *arguments,
        )
    return parameter(op, name, shape)


def channels(op: Op, name: str, position: str) -> Dim:
    """A count of channels or features as a module's constructor takes it; a float (from `/`) makes `torch.empty` fail.

    `position` is how torch.empty words the place of the extent in the weight's shape.
    """
    value = op[name]
    if isinstance(value, float):
        op.refuse("TypeError", f"empty(): argument 'size' {position}", name, kind=Kind.ARGUMENT)
    return whole(op, value, name)


def unpacked(position: int) -> str:
    """torch.empty's words for a float at a later position of a shape (counted from 1)."""
    return (
        f'failed to unpack the object at pos {position} with error "type must be tuple of ints,but got float"'
    )


FIRST = "(position 1) must be tuple of ints, but found element of type float at pos 0"
"""torch.empty's words for a float as the first extent."""


def known_number(value: Dim, what: str) -> int:
    """A plain int, or the reason that there is none."""
    if isinstance(value, Expr):
        raise NotModelled(f"{what} is not a known number")
    return value


def _short(op: Op) -> str:
    return op.name.rpartition(".")[2]


def _type(value: Value) -> str:
    return type(value).__name__
