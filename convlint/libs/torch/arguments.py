"""How torch reads arguments: numbers of windows, operands that must be tensors, extents of parameters.

Law: a module keeps whatever tuple it is given and fails at the call; a native function takes one number, or
one an axis; neither takes a float for an integer.
"""

from __future__ import annotations

import re
from typing import cast

from convlint.dims import Dim, Expr
from convlint.libs.op import Op
from convlint.libs.python.quotient import Quotient
from convlint.libs.registry import method
from convlint.libs.torch.declare import scalar_name
from convlint.libs.torch.dtypes import asked_dtype, default_dtype, is_integral
from convlint.libs.torch.layer import parameter
from convlint.libs.torch.wording import sizes
from convlint.shapes.fault import Kind, Shape
from convlint.values import CONTIGUOUS, Instance, Native, Strides, Tensor, Unknown, Value

Sequence = (list, tuple, range)

_WHOLE = frozenset((int, Expr))
FLOATING = (float, Quotient)
"""What is a float in the program: a number, or a quotient of extents."""

# -- numbers -------------------------------------------------------------------------------------------------


def whole(op: Op, value: Value, name: str) -> Dim:
    """A value as an extent; what torch refuses to take for an integer is refused with its words."""
    if value.__class__ is int:
        return value
    if isinstance(value, Instance) and isinstance(value.payload, int):
        return value.payload
    if value is None or isinstance(value, (*FLOATING, str, list, tuple, dict)):
        message = f"{called(op)}(): argument '{name}' must be tuple of ints, not {kind_of(value)}"
        op.refuse("TypeError", message, name)
    return op.as_dim(value, name)


def called(op: Op) -> str:
    """The native function behind an operation or layer, as messages name it: `conv_transpose2d`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", op.name.rpartition(".")[2]).lower()


def items(op: Op, name: str) -> tuple[Value, ...] | None:
    """The members of a sequence argument, None where it is a lone value."""
    value = op[name]
    if isinstance(value, Instance) and isinstance(value.payload, Sequence):
        value = value.payload
    return tuple(value) if isinstance(value, Sequence) else None


def repeated(op: Op, name: str, count: int) -> tuple[Value, ...]:
    """torch.nn's `_ntuple`: a sequence as it is, whatever it holds, a lone value `count` times.

    An unknown argument is one unknown value an axis, for it may be a tuple.
    """
    value = op[name]
    if isinstance(value, Unknown):
        return tuple(value.derive(("axis", i)) for i in range(count))
    members = items(op, name)
    return (value,) * count if members is None else members


def ntuple(op: Op, name: str, count: int) -> Shape:
    """`repeated`, as integers."""
    value = op[name]
    if value.__class__ is int:
        return (value,) * count
    if value.__class__ is tuple and _WHOLE.issuperset(map(type, value)):
        return cast(Shape, value)
    return tuple(whole(op, value, name) for value in repeated(op, name, count))


def one_or_each(op: Op, name: str, count: int, otherwise: str) -> Shape:
    """One number for every axis, or one an axis; `otherwise` is the RuntimeError for anything else."""
    dims = ntuple(op, name, count)
    if len(dims) == count:
        return dims
    if len(dims) == 1:
        return dims * count
    op.refuse("RuntimeError", otherwise, name)


def below(numbers: Shape, least: int) -> bool:
    """Whether one of the numbers that are known lies under the least."""
    return any(isinstance(n, int) and n < least for n in numbers)


# -- operands ------------------------------------------------------------------------------------------------


def operand(op: Op, name: str, what: str, position: int = 1) -> Tensor:
    """A tensor argument of native function `what`; None, tuples and other plain values are refused."""
    return _operand(op, op[name], name, what, position)


_NO_TENSORS = (bool, int, *FLOATING, str, tuple, list, dict)


def _operand(op: Op, value: Value, name: str, what: str, position: int) -> Tensor:
    if value.__class__ is not Tensor and (value is None or isinstance(value, _NO_TENSORS)):
        op.refuse(
            "TypeError",
            f"{what}(): argument '{name}' (position {position}) must be Tensor, not {kind_of(value)}",
            name,
            kind=Kind.RESULT if value is None or isinstance(value, (tuple, list, dict)) else Kind.OTHER,
        )
    return op.as_tensor(value, name)


def refuse_fractions(op: Op, *names: str) -> None:
    """Refuse floats, such as `/` gives, where ATen's parser takes integers alone."""
    for name in names:
        value = op.args.get(name)
        if isinstance(value, FLOATING):
            what = op.name.rpartition(".")[2]
            op.refuse("TypeError", f"{what}(): argument '{name}' must be int, not float", name)


def optional_operand(op: Op, name: str, what: str, position: int = 1) -> Tensor | None:
    """A tensor argument, or None."""
    value = op[name]
    return None if value is None else _operand(op, value, name, what, position)


def kind_of(value: Value) -> str:
    """The name of the Python type, as torch's messages write it."""
    return "float" if isinstance(value, Quotient) else type(value).__name__


def integers_against_floats(x: Tensor, other: Tensor | None) -> bool:
    """Whether an integer tensor meets a floating one: no cast, and no autocast either, makes them fit."""
    if other is None or x.dtype is None or other.dtype is None:
        return False
    return whole_numbers(x) != whole_numbers(other)


def whole_numbers(x: Tensor) -> bool:
    """Whether the elements are known to be integers or truth values."""
    return x.dtype is not None and (x.dtype == "bool" or is_integral(x.dtype))


def scalar_type(x: Tensor) -> str:
    """`Float`, `Long` …: how ATen names a dtype."""
    return scalar_name(x.dtype or "?")


def floating(op: Op, x: Tensor, kernel: str) -> None:
    """Refuse integers where ATen's kernel of that name exists for floating types alone."""
    if whole_numbers(x):
        message = f"\"{kernel}\" not implemented for '{scalar_type(x)}'"
        op.refuse("NotImplementedError", message, kind=Kind.OTHER)


def dense_strides(*operands: Tensor) -> Strides:
    """Row-major from row-major operands; from others a kernel may give a channels-last result."""
    return CONTIGUOUS if all(x.strides is CONTIGUOUS for x in operands) else None


# -- new parameters ------------------------------------------------------------------------------------------


def weight(op: Op, name: str, shape: tuple[Value, ...] | None, *arguments: str) -> Tensor | None:
    """Register a parameter as `torch.empty(shape)` makes it (None: absent): integers, none of them negative.

    `arguments` are the constructor's arguments that the extents come from, one an extent.
    """
    if shape is None:
        return parameter(op, name, None)
    for position, value in enumerate(shape):
        if isinstance(value, FLOATING):
            op.refuse("TypeError", _float_extent(position, len(shape)), *arguments[position : position + 1])
    extents = tuple(op.as_dim(value, name) for value in shape)
    if below(extents, 0):
        worst = next(n for n in extents if isinstance(n, int) and n < 0)
        where = arguments[extents.index(worst) : extents.index(worst) + 1]
        message = f"Trying to create tensor with negative dimension {worst}: {sizes(extents)}"
        op.refuse("RuntimeError", message, *where)
    made = parameter(op, name, extents)
    if made is not None:
        made.dtype = asked_dtype(op, default_dtype(op.caller)) if "dtype" in op.args else made.dtype
    return made


def initialised(op: Op) -> None:
    """Torch's constructors end in `reset_parameters`, which a class of the program may override."""
    assert op.self is not None
    if not isinstance(op.self.cls.find("reset_parameters"), Native):
        op.call(op.caller.getattr(op.self, "reset_parameters"))


def initialises(*classes: str) -> None:
    """Declare the `reset_parameters` of layers: values change, nothing else."""
    for name in classes:
        method(name, "reset_parameters", "self")(lambda op: None)


def channels(op: Op, name: str, position: str) -> Dim:
    """A count of channels as an extent; a float (from `/`) makes `torch.empty` fail at that position."""
    if isinstance(op[name], FLOATING):
        op.refuse("TypeError", f"empty(): argument 'size' {position}", name)
    return whole(op, op[name], name)


def unpacked(position: int) -> str:
    """torch.empty's words for a float at a later position of a shape (counted from 1)."""
    return (
        f'failed to unpack the object at pos {position} with error "type must be tuple of ints,but got float"'
    )


FIRST = "(position 1) must be tuple of ints, but found element of type float at pos 0"
"""torch.empty's words for a float as the first extent of several."""


def _float_extent(position: int, rank: int) -> str:
    if rank == 1:
        return "empty(): argument 'size' (position 1) must be tuple of ints, not float"
    return f"empty(): argument 'size' {unpacked(position + 1) if position else FIRST}"
