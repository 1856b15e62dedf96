"""Readers for the arguments that every tensor operation has: an axis, several axes, a shape.

Law: axes count from the end when negative; a tensor without axes takes 0 and -1 as if it had one.
"""

from __future__ import annotations

from convlint.dims import Dim, Expr
from convlint.libs.op import Op
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Instance, NotModelled, Tensor, Unknown, Value


def listed(value: Value) -> tuple[Value, ...] | None:
    """The members of a host sequence, None for anything else."""
    if isinstance(value, Instance):
        value = value.payload
    return tuple(value) if isinstance(value, (list, tuple, range)) else None


def plain_integer(op: Op, value: Value, name: str) -> int:
    """A known integer, an axis or a count.

    Raises `NotModelled` for a symbolic one, the program's TypeError else.
    """
    if isinstance(value, (float, str)) or value is None:
        raise op.caller.error(
            "TypeError", f"{short(op)}(): argument '{name}' must be int, not {type(value).__name__}"
        )
    number = op.as_dim(value, name)
    if isinstance(number, Expr):
        raise NotModelled(f"`{name}` of {op.name} is not a known number")
    return number


def flat_count(x: Tensor) -> Dim:
    """How many elements the flat tensor has. The rank is known."""
    count = x.elements
    assert count is not None
    return count


def short(op: Op) -> str:
    """The operation's bare name."""
    return op.name.rpartition(".")[2]


def wrapped_axis(op: Op, axis: int, rank: int, name: str = "dim") -> int:
    """An axis from 0. Out of range is a fault (RANK) in torch's words."""
    span = max(rank, 1)
    if -span <= axis < span:
        return axis % span
    words = (
        f"IndexError: Dimension out of range (expected to be in range of [{-span}, {span - 1}], but got "
        f"{axis})"
    )
    expected = axis + 1 if axis >= 0 else -axis
    op.lawful(Fault(Kind.RANK, expected=expected, got=rank, arguments=(name,)), lambda _: words)
    raise AssertionError


def axis(op: Op, name: str, rank: int) -> int:
    """The axis that an argument names, from 0."""
    return wrapped_axis(op, plain_integer(op, op.known(name), name), rank, name)


def axes(op: Op, name: str, rank: int) -> tuple[int, ...]:
    """The axes that an argument names, one or several, from 0; naming one twice is refused."""
    value = op.known(name)
    members = listed(value)
    if members is None:
        return (axis(op, name, rank),)
    return distinct_axes(op, members, rank, name)


def distinct_axes(op: Op, members: tuple[Value, ...], rank: int, name: str) -> tuple[int, ...]:
    """Values as axes from 0, each named once."""
    result: list[int] = []
    for member in members:
        if isinstance(member, Unknown):
            raise NotModelled(member.reason)
        found = wrapped_axis(op, plain_integer(op, member, name), rank, name)
        if found in result:
            op.refuse(
                "RuntimeError",
                f"dim {found} appears multiple times in the list of dims",
                name,
                kind=Kind.RANK,
            )
        result.append(found)
    return tuple(result)


def sizes(op: Op, star: str, keyword: str | None = None) -> Shape:
    """A shape given as `(2, 3)`, `[2, 3]` or as separate arguments, or by keyword."""
    values: Value = op[star]
    absent = isinstance(values, tuple) and not values
    if keyword is not None and op[keyword] is not None:
        if absent:
            values = op[keyword]
        else:
            op.refuse("TypeError", f"{short(op)}() received an invalid combination of arguments", keyword)
    elif keyword is not None and absent:
        op.refuse("TypeError", f'{short(op)}() missing 1 required positional arguments: "{keyword}"')
    members = listed(values)
    if members is not None and len(members) == 1:
        inner = listed(members[0])
        if inner is None and isinstance(members[0], Unknown):
            raise NotModelled(members[0].reason)
        if inner is None and isinstance(members[0], Tensor) and members[0].shape:
            raise NotModelled("a shape given as a tensor is not followed")
        members = members if inner is None else inner
    if isinstance(values, Unknown):
        raise NotModelled(values.reason)  # a size, or as many as there are axes
    if members is None:
        members = (values,)
    return tuple(extent(op, member, keyword or star) for member in members)


def extent(op: Op, value: Value, name: str) -> Dim:
    """A value as an extent; what torch does not take for an integer is the program's TypeError."""
    if value is None or isinstance(value, (float, str, list, tuple)):
        raise op.caller.error(
            "TypeError",
            f"{short(op)}(): argument '{name}' must be tuple of ints, not {type(value).__name__}",
        )
    return op.as_dim(value, name)
