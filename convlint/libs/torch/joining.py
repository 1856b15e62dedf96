"""Joining tensors: cat, stack and their kin.

Law: concatenation adds extents along one axis and asks for equal others; stacking makes a new axis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch.axes import axis, plain_integer, short, wrapped_axis
from convlint.libs.torch.content import Content, converted, known_count
from convlint.libs.torch.declare import into_out
from convlint.libs.torch.promotion import result_type
from convlint.libs.torch.views import with_axes
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.combine import certain_concatenation, concatenate, stack
from convlint.shapes.fault import Fault, Kind, Lawful, Outcome, Shape
from convlint.values import Instance, NotModelled, Tensor, Unknown, Value


def tensors(op: Op, name: str) -> list[Tensor]:
    """A sequence of tensors. One of unknown rank, or no tensor at all, raises `NotModelled`."""
    return [_tensor(op, member, name) for member in members(op, name)]


def members(op: Op, name: str) -> list[Value]:
    """The members of a sequence argument; anything else is the program's TypeError, as torch's."""
    value = op.known(name)
    if isinstance(value, Instance):
        value = value.payload
    if not isinstance(value, (list, tuple)):
        raise op.caller.error("TypeError", f"{short(op)}(): argument '{name}' must be tuple of Tensors")
    return list(op.caller.iterate(value))


def _tensor(op: Op, value: Value, name: str) -> Tensor:
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    if not isinstance(value, Tensor):
        raise op.caller.error("TypeError", f"expected Tensor as element in argument '{name}'")
    if value.shape is None:
        raise NotModelled("the rank of a tensor that is joined is not known")
    return value


def _guessed(op: Op, values: Sequence[Value], name: str) -> list[Tensor]:
    """The tensors to concatenate; what could not be followed is a tensor that fits, of unknown extent on
    the axis.

    The other axes of a concatenation have to agree, so they are known from any operand.
    """
    known = [v for v in values if isinstance(v, Tensor) and v.shape]
    unknown = [v for v in values if isinstance(v, Unknown) or (isinstance(v, Tensor) and v.shape is None)]
    if not unknown:
        return [_tensor(op, v, name) for v in values]
    if not known or not known[0].shape:
        raise NotModelled("what is concatenated is not known")
    first = known[0].shape
    place = axis(op, "dim", len(first))
    result: list[Tensor] = []
    for value in values:
        if isinstance(value, Tensor) and value.shape is not None:
            result.append(value)
        elif isinstance(value, (Tensor, Unknown)):
            why = value if isinstance(value, Unknown) else op.unknown("the rank of a tensor is not known")
            extent = why.derive(("extent", place)).dim
            result.append(Tensor((*first[:place], extent, *first[place + 1 :]), None))
        else:
            _tensor(op, value, name)
    return result


@function("torch.cat", "torch.concat", "torch.concatenate", signature="tensors, dim=0, *, out=None")
def cat(op: Op) -> Value:
    """Tensors one after another along an axis; empty tensors of one axis are skipped."""
    values = members(op, "tensors")
    if not values:
        op.refuse("ValueError", f"{short(op)}(): expected a non-empty list of Tensors", "tensors")
    operands = _guessed(op, values, "tensors")
    result = concatenated(op, operands, lambda rank: axis(op, "dim", rank))
    return result if op["out"] is None else into_out(op, op["out"], result)


def concatenated(op: Op, operands: Sequence[Tensor], place: Callable[[int], int]) -> Tensor:
    """The concatenation along the axis that `place` finds for a rank."""
    for number, operand in enumerate(operands):
        if not operand.shape:
            op.refuse(
                "RuntimeError",
                f"zero-dimensional tensor (at position {number}) cannot be concatenated",
                "tensors",
                kind=Kind.RANK,
            )
    dtype = result_type(op.caller, operands)
    joined = [t for t in operands if t.shape != (0,)]
    if not joined:
        place(1)
        return op.result(operands[0], (0,), dtype=dtype, data=())
    shapes = [t.shape for t in joined if t.shape is not None]
    along = place(len(shapes[0]))
    outcome = concatenate(shapes, along)
    shape = op.lawful(outcome, _cat_words(along, operands), _after_fault(op, outcome, shapes, along))
    first = _largest_origin(joined)
    return op.result(first, shape, dtype=dtype, data=_cat_content(joined, shape, along, dtype))


def _largest_origin(joined: Sequence[Tensor]) -> Tensor:
    return joined[0]


def _after_fault(op: Op, outcome: Outcome, shapes: Sequence[Shape], along: int) -> Shape | None:
    if isinstance(outcome, Lawful) or outcome.kind is Kind.RANK:
        return None
    why = op.unknown("concatenated tensors disagree on this axis")
    certain = certain_concatenation(shapes, along)
    return tuple(why.derive(i).dim if extent is None else extent for i, extent in enumerate(certain))


def _cat_words(along: int, operands: Sequence[Tensor]) -> Callable[[Fault], str]:
    def words(fault: Fault) -> str:
        if fault.kind is Kind.RANK:
            return (
                f"RuntimeError: Tensors must have same number of dimensions: got {fault.expected} and "
                f"{fault.got}"
            )
        numbers = [i for i, t in enumerate(operands) if t.shape != (0,)]
        number = numbers[len(fault.shapes) - 1]
        return (
            f"RuntimeError: Sizes of tensors must match except in dimension {along}. Expected size "
            f"{fault.expected} but got size {fault.got} for tensor number {number} in the list."
        )

    return words


def _cat_content(joined: Sequence[Tensor], shape: Shape, along: int, dtype: str | None) -> Content | None:
    """Known content one after another: runs of the joined axis and all after it alternate."""
    if known_count(shape) is None or any(t.data is None for t in joined):
        return None
    runs: list[list[tuple[object, ...]]] = []
    outer = 1
    for extent in shape[:along]:
        outer *= extent if isinstance(extent, int) else 0
    for tensor in joined:
        data = tensor.data or ()
        length = len(data) // outer if outer else 0
        runs.append([data[i * length : (i + 1) * length] for i in range(outer)])
    alternating = chain.from_iterable(zip(*runs, strict=True))
    return converted(tuple(chain.from_iterable(alternating)), dtype)


@function("torch.stack", signature="tensors, dim=0, *, out=None")
def stacked(op: Op) -> Value:
    """Equal shapes along a new axis."""
    operands = tensors(op, "tensors")
    if not operands:
        op.refuse("RuntimeError", "stack expects a non-empty TensorList", "tensors")
    result = _stacked(op, operands, plain_integer(op, op.known("dim"), "dim"))
    return result if op["out"] is None else into_out(op, op["out"], result)


def _stacked(op: Op, operands: Sequence[Tensor], dim: int) -> Tensor:
    shapes = [t.shape for t in operands if t.shape is not None]
    along = wrapped_axis(op, dim, len(shapes[0]) + 1)

    def words(fault: Fault) -> str:
        return (
            f"RuntimeError: stack expects each tensor to be equal size, but got {shown(shapes[0])} at entry "
            f"0 and {shown(fault.shapes[-1])} at entry {len(fault.shapes) - 1}"
        )

    shape = op.lawful(stack(shapes, along), words)
    raised = [with_axes(op, t, (along,)) for t in operands]
    dtype = result_type(op.caller, operands)
    return op.result(operands[0], shape, dtype=dtype, data=_cat_content(raised, shape, along, dtype))


# -- along a fixed axis --------------------------------------------------------------------------------------


def _at_least(op: Op, operands: Sequence[Tensor], rank: int) -> list[Tensor]:
    """As `torch.atleast_nd` raises each."""
    result: list[Tensor] = []
    for tensor in operands:
        own = len(tensor.shape or ())
        if own >= rank:
            result.append(tensor)
        elif rank == 3:
            result.append(with_axes(op, tensor, {0: (0, 1, 2), 1: (0, 2), 2: (2,)}[own]))
        else:
            result.append(with_axes(op, tensor, tuple(range(rank - own))))
    return result


_STACKS = {"hstack": (1, 1), "vstack": (2, 0), "row_stack": (2, 0), "dstack": (3, 2), "column_stack": (2, 1)}
"""For each name the rank that operands are raised to, and the axis they are joined along."""


@function(*(f"torch.{name}" for name in _STACKS), signature="tensors, *, out=None")
def stacks(op: Op) -> Value:
    """Joined side by side: hstack, vstack, dstack, column_stack."""
    operands, (rank, along) = tensors(op, "tensors"), _STACKS[short(op)]
    if not operands:
        op.refuse("RuntimeError", f"{short(op)} expects a non-empty TensorList", "tensors")
    if short(op) == "column_stack":
        raised = [_as_column(op, t) for t in operands]
    else:
        raised = _at_least(op, operands, rank)
    if short(op) == "hstack" and len(raised[0].shape or ()) == 1:
        along = 0
    result = concatenated(op, raised, lambda _: along)
    return result if op["out"] is None else into_out(op, op["out"], result)


def _as_column(op: Op, x: Tensor) -> Tensor:
    """Vectors and numbers are columns."""
    own = len(x.shape or ())
    return x if own >= 2 else with_axes(op, x, (1,) if own else (0, 1))


@function("torch.block_diag", signature="*tensors")
def block_diag(op: Op) -> Value:
    """Matrices along the diagonal of a larger one."""
    operands = tensors(op, "tensors")
    rows: Dim = 0
    columns: Dim = 0
    for number, tensor in enumerate(operands):
        shape = tensor.shape or ()
        if len(shape) > 2:
            op.refuse(
                "RuntimeError",
                "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input "
                f"{number} has {len(shape)} dimensions",
                "tensors",
                kind=Kind.RANK,
            )
        shape = (*(1,) * (2 - len(shape)), *shape)
        rows, columns = rows + shape[0], columns + shape[1]
    if not operands:
        return Tensor((1, 0))
    return op.result(operands[0], (rows, columns), dtype=result_type(op.caller, operands))
