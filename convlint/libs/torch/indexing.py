"""`x[…]` of tensors: integers, slices, None, Ellipsis, truth values, and index tensors or lists.

Law: basic entries give a view; index tensors broadcast with each other, and their axes stand where the
first of them stood if they are neighbours, else in front. A mask becomes one index tensor for each axis it
covers.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import EllipsisType

from msgspec import Struct, field

from convlint.dims import Dim, Expr, Question
from convlint.libs.op import Op
from convlint.libs.torch.axes import listed
from convlint.libs.torch.content import Content, known_count, picked, places, plain, stretched_content
from convlint.libs.torch.nested import nested_tensor
from convlint.libs.torch.splitting import index_of
from convlint.libs.torch.views import at, cut, strides_of, view, with_axes
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.broadcast import broadcast
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.slicing import Ask, sliced
from convlint.values import Caller, Condition, NotModelled, Tensor, Unknown, Value
from convlint.values.caller import Words

_INDEX_DTYPES = ("int64", "int32", "bool", "uint8")


def get_item(caller: Caller, tensor: Tensor, index: Value) -> Value:
    """`tensor[index]`. Out of range is the program's IndexError."""
    op = Op(caller, "torch.Tensor.__getitem__", {"self": tensor})
    selection = selected(op, op.tensor("self"), index)
    if not selection.advanced:
        base = selection.base
        return base if base is not tensor else view(op, base, base.shape or (), strides_of(base), base.data)
    shape = placed(op, selection)
    data = _content(op, selection, shape)
    return op.result(selection.base, shape, "index", data=data, strides=None)


# -- what an index selects -----------------------------------------------------------------------------------


class Selection(Struct):
    """The view after all basic entries, and for some of its axes the index tensor that replaces them."""

    base: Tensor
    place: int = 0
    advanced: dict[int, Tensor] = field(default_factory=dict)


def selected(op: Op, x: Tensor, index: Value) -> Selection:
    """The view that the basic entries of an index give, and the index tensors that remain."""
    entries = _entries(op, index)
    rank = len(x.shape or ())
    taken = sum(_axes_of(entry) for entry in entries)
    if taken > rank:
        if rank == 0 and not any(isinstance(e, (Tensor, slice)) for e in entries):
            raise op.caller.error(
                "IndexError",
                "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in "
                "C++ to convert a 0-dim tensor to a number",
            )
        if rank == 0 and isinstance(index, slice):
            raise op.caller.error("IndexError", "slice() cannot be applied to a 0-dim tensor.")
        _too_many(op, x, taken)
    selection = Selection(x)
    for number, entry in enumerate(entries):
        if entry is Ellipsis:
            later = sum(_axes_of(e) for e in entries[number + 1 :])
            before = sum(_axes_of(e) for e in entries[:number])
            selection.place += rank - later - before
        else:
            _apply(op, selection, entry, x)
    return selection


def _too_many(op: Op, x: Tensor, taken: int) -> None:
    words = f"too many indices for tensor of dimension {len(x.shape or ())}"
    fault = Fault(Kind.RANK, expected=taken, got=len(x.shape or ()), shapes=(x.shape or (),))
    op.lawful(fault, lambda _: f"IndexError: {words}")


def _entries(op: Op, index: Value) -> list[Value]:
    """The entries of a subscript; a list that holds more than numbers counts as a tuple, as in old NumPy."""
    found: Sequence[Value]
    if isinstance(index, tuple) or (
        isinstance(index, list) and len(index) < 32 and any(_is_compound(entry) for entry in index)
    ):
        found = index
    else:
        found = (index,)
    entries: list[Value] = []
    for entry in found:
        if isinstance(entry, Unknown):
            raise NotModelled(entry.reason)
        members = listed(entry)
        if members is not None:
            entry = nested_tensor(op, list(members), None if members else "int64")
        if isinstance(entry, Tensor):
            entry = _index_tensor(op, entry)
        elif not isinstance(entry, (bool, int, Expr, slice, EllipsisType, Condition)) and entry is not None:
            raise op.caller.error(
                "IndexError",
                "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid "
                f"indices (got {type(entry).__name__})",
            )
        entries.append(entry)
    return entries


def _is_compound(entry: Value) -> bool:
    return entry is None or entry is Ellipsis or isinstance(entry, (Tensor, slice, list, tuple, range))


def _index_tensor(op: Op, entry: Tensor) -> Value:
    """An index tensor; one without axes is a plain index."""
    if entry.shape is None:
        raise NotModelled("the rank of an index is not known")
    dtype = entry.dtype
    if dtype is not None and dtype not in _INDEX_DTYPES:
        raise op.caller.error("IndexError", "tensors used as indices must be long, int, byte or bool tensors")
    if entry.shape == () and dtype is not None and dtype not in ("bool", "uint8"):
        if entry.data is None:
            return op.unknown("an index is not known").dim
        return op.as_dim(entry.data[0])
    return entry


def _axes_of(entry: Value) -> int:
    """How many axes of the tensor an entry uses up."""
    if entry is None or entry is Ellipsis or isinstance(entry, (bool, Condition)):
        return 0
    if isinstance(entry, Tensor) and entry.dtype in ("bool", "uint8"):
        return len(entry.shape or ())
    return 1


def _apply(op: Op, selection: Selection, entry: Value, x: Tensor) -> None:
    base, place = selection.base, selection.place
    shape = base.shape or ()
    match entry:
        case None:
            selection.base = _with_axis(op, selection)
        case bool() | Condition():
            selected = int(op.caller.truth(entry))
            selection.base = _with_axis(op, selection)
            selection.advanced[place] = Tensor((selected,), "int64", data=(0,) * selected)
        case int() | Expr():
            selection.base = at(op, base, place, index_of(op, entry, shape, place))
            return
        case slice():
            selection.base = _slice(op, base, place, entry)
        case Tensor():
            _index(op, selection, entry, x)
            return
    selection.place += 1


def _with_axis(op: Op, selection: Selection) -> Tensor:
    return with_axes(op, selection.base, (selection.place,))


def _slice(op: Op, base: Tensor, place: int, entry: slice) -> Tensor:
    assert base.shape is not None
    start, stop, step = (_bound(op, part) for part in (entry.start, entry.stop, entry.step))
    if isinstance(step, Expr):
        raise NotModelled("the step of a slice is not known")
    if step == 0:
        raise op.caller.error("ValueError", "slice step cannot be zero")
    if step is not None and step < 0:
        raise op.caller.error("ValueError", "step must be greater than zero")
    if start in (None, 0) and stop is None and step in (None, 1):
        return base
    first, length = sliced(base.shape[place], start, stop, step or 1, _ask(op), _sure(op))
    return cut(op, base, place, first, length, step or 1)


def _ask(op: Op) -> Ask:
    def ask(question: Question) -> bool:
        known = op.caller.holds(question)
        return op.caller.truth(Condition(question)) if known is None else known

    return ask


def _sure(op: Op) -> Ask:
    return lambda question: op.caller.holds(question) is True


def _bound(op: Op, value: Value) -> Dim | None:
    if value is None:
        return None
    if isinstance(value, (float, str)):
        raise op.caller.error(
            "TypeError", "slice indices must be integers or None or have an __index__ method"
        )
    return op.as_dim(value, "slice")


def _index(op: Op, selection: Selection, entry: Tensor, x: Tensor) -> None:
    """Put an index tensor on the axis at hand, or a mask on as many axes as it has."""
    base, place = selection.base, selection.place
    if entry.dtype is None and entry.shape != ():
        raise NotModelled("whether an index is a mask is not known")
    if entry.dtype not in ("bool", "uint8"):
        _within(op, entry, base, place)
        selection.advanced[place] = entry
        selection.place += 1
        return
    assert entry.shape is not None and base.shape is not None
    if not entry.shape:
        selection.base = _with_axis(op, selection)
        count = _selected_count(op, entry)
        selection.advanced[place] = Tensor((count,), "int64")
        selection.place += 1
        return
    for axis, (have, want) in enumerate(zip(entry.shape, base.shape[place:], strict=False)):
        if isinstance(have, int) and isinstance(want, int) and have != want:
            words = (
                f"The shape of the mask {shown(entry.shape)} at index {axis} does not match the shape of "
                f"the indexed tensor {shown(base.shape)} at index {place + axis}"
            )
            fault = Fault(Kind.JOIN, expected=want, got=have, shapes=(base.shape, entry.shape), axis=axis)
            op.lawful(fault, _words(f"IndexError: {words}"))
    count = _selected_count(op, entry)
    columns = _true_places(entry)
    for axis in range(len(entry.shape)):
        data = None if columns is None else tuple(column[axis] for column in columns)
        selection.advanced[place + axis] = Tensor((count,), "int64", data=data)
    selection.place += len(entry.shape)


def _within(op: Op, entry: Tensor, base: Tensor, place: int) -> None:
    """An index whose numbers are known lies on its axis, counted from either end."""
    extent = None if base.shape is None or place >= len(base.shape) else base.shape[place]
    if entry.data is None or not isinstance(extent, int):
        return
    for number in entry.data:
        if type(number) is int and not -extent <= number < extent:
            words = f"index {number} is out of bounds for dimension {place} with size {extent}"
            fault = Fault(Kind.PROGRAM, extent, number, (base.shape or (),), place, detail=words)
            op.lawful(fault, _words(f"IndexError: {words}"))


def _words(sentence: str) -> Words:
    return lambda _: sentence


def _selected_count(op: Op, mask: Tensor) -> Dim:
    if mask.data is not None and all(isinstance(v, (bool, int)) for v in mask.data):
        return sum(1 for v in mask.data if v)
    return op.unknown("how many elements a mask selects is not known").dim


def _true_places(mask: Tensor) -> list[tuple[int, ...]] | None:
    if mask.data is None or mask.shape is None:
        return None
    return [place for place, value in zip(places(mask.shape), mask.data, strict=True) if value]


def _check_range(op: Op, entry: Tensor, shape: Shape, place: int) -> None:
    if entry.data is None:
        return
    for value in entry.data:
        if isinstance(value, int):
            index_of(op, value, shape, place)


# -- index tensors together ----------------------------------------------------------------------------------


def placed(op: Op, selection: Selection) -> Shape:
    """The result's shape."""
    shapes = tuple(t.shape for t in selection.advanced.values() if t.shape is not None)

    def words(_: Fault) -> str:
        listing = ", ".join(shown(shape) for shape in shapes)
        return (
            "IndexError: shape mismatch: indexing tensors could not be broadcast together with shapes "
            + listing
        )

    joined = op.lawful(broadcast(*shapes), words)
    base = selection.base.shape or ()
    kept = [extent for axis, extent in enumerate(base) if axis not in selection.advanced]
    first = _front(selection)
    for place, entry in selection.advanced.items():
        if (0 not in kept and 0 not in joined) or (base[place] == 0 and 0 not in joined):
            _check_range(op, entry, base, place)
    return (*kept[:first], *joined, *kept[first:])


def _front(selection: Selection) -> int:
    """Where the axes of the index tensors stand in the result."""
    places = sorted(selection.advanced)
    neighbours = places[-1] - places[0] + 1 == len(places)
    return places[0] if neighbours else 0


def _content(op: Op, selection: Selection, shape: Shape) -> Content | None:
    base = selection.base
    if base.data is None or known_count(shape) is None or base.shape is None:
        return None
    indices = selection.advanced
    if any(t.data is None or any(not isinstance(v, int) for v in t.data) for t in indices.values()):
        return None
    own, rank, first = plain(base.shape), len(base.shape), _front(selection)
    width = len(shape) - (rank - len(indices))
    joined = shape[first : first + width]
    columns = {axis: _stretched(t, joined) for axis, t in indices.items()}
    others = [axis for axis in range(rank) if axis not in indices]

    def source(place: tuple[int, ...]) -> list[int]:
        flat = 0
        for i, extent in zip(place[first : first + width], plain(joined), strict=True):
            flat = flat * extent + i
        rest = iter((*place[:first], *place[first + width :]))
        found = {axis: next(rest) for axis in others}
        for axis, column in columns.items():
            found[axis] = column[flat] % own[axis]
        return [found[axis] for axis in range(rank)]

    return picked(base, shape, source)


def _stretched(tensor: Tensor, shape: Shape) -> list[int]:
    return plain(stretched_content(tensor, shape))
