"""Items, slices, lengths and iteration of host containers that may hold abstract values.

Law: an index that is not known leaves the container's content uncertain when written, and reads Unknown.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Any

from convlint.dims import AtLeast, Dim, Expr
from convlint.libs.protocol import MISSING
from convlint.libs.python.content import MAPPINGS, SETS, VIEWS, Defaulting, class_name, content, is_plain
from convlint.libs.python.host import attempt
from convlint.libs.python.keys import find, key_error
from convlint.libs.python.limits import MAX_ITEMS, check_items
from convlint.libs.python.quotient import Progression, Quotient
from convlint.values import Caller, Class, Condition, Instance, NotModelled, Stream, Tensor, Unknown, Value

_INDEXED = (list, tuple, str, bytes, bytearray, range, deque)


def item(caller: Caller, obj: Value, index: Value) -> Value:
    """`obj[index]` of host data; of a class: the class itself, its type arguments left out."""
    box = content(obj)
    if isinstance(box, Unknown):
        return box.derive(("item", index if is_plain(index) and _hashable(index) else id(index)))
    if isinstance(box, Class):
        return box
    if type(box) in MAPPINGS:
        assert isinstance(box, dict)
        return _mapped(caller, obj, box, index)
    if isinstance(index, Unknown):
        return index.derive(("index of", id(box)))
    if isinstance(box, _INDEXED):
        return _indexed(caller, box, index)
    if isinstance(box, Progression):
        return _of_progression(caller, box, index)
    raise caller.error("TypeError", f"'{class_name(caller, obj)}' object is not subscriptable")


def _hashable(value: Value) -> bool:
    return not isinstance(value, list | dict | set | bytearray | slice | deque) and (
        not isinstance(value, tuple) or all(map(_hashable, value))
    )


def _mapped(caller: Caller, obj: Value, box: dict[Value, Value], key: Value) -> Value:
    if isinstance(key, Unknown):
        return key.derive(("key of", id(box)))
    found = find(caller, box, key)
    if found is not MISSING:
        return box[found]
    if isinstance(obj, Instance) and (method := obj.cls.find("__missing__")) is not None:
        return caller.call(method, (obj, key))
    return missing(caller, obj, box, key)


def missing(caller: Caller, obj: Value, box: dict[Value, Value], key: Value) -> Value:
    """What a mapping gives for a key it does not hold: defaultdict's factory, Counter's 0, else KeyError."""
    if isinstance(box, Defaulting) and box.default_factory is not None:
        caller.changing(obj)
        value = box[key] = caller.call(box.default_factory)
        return value
    if isinstance(box, Counter):
        return 0
    raise key_error(caller, key)


def position(caller: Caller, box: Value, index: Value) -> int | slice:
    """An index or slice as the host takes it. Raises the program's TypeError, or NotModelled for symbols."""
    index = content(index)
    if isinstance(index, Condition):
        return caller.truth(index)
    if isinstance(index, int):
        return int(index)
    if isinstance(index, slice):
        return slice(*(_bound(caller, part) for part in (index.start, index.stop, index.step)))
    if isinstance(index, Expr):
        raise NotModelled(f"an index that depends on the input ({index}) is not modelled")
    if isinstance(index, Unknown):
        raise NotModelled(index.reason)
    if isinstance(index, Instance) and index.cls.find("__index__") is not None:
        return position(caller, box, caller.call(caller.getattr(index, "__index__")))
    raise caller.error("TypeError", _refusal(box, class_name(caller, index)))


def _refusal(box: Value, kind: str) -> str:
    if isinstance(box, str):
        return f"string indices must be integers, not '{kind}'"
    if isinstance(box, deque):
        return f"sequence index must be integer, not '{kind}'"
    name = "byte" if isinstance(box, bytes) else type(box).__name__
    return f"{name} indices must be integers or slices, not {kind}"


def _bound(caller: Caller, part: Value) -> int | None:
    if part is None:
        return None
    part = content(part)
    if isinstance(part, float | Quotient | str):
        raise caller.error("TypeError", "slice indices must be integers or None or have an __index__ method")
    found = position(caller, (), part)
    if isinstance(found, slice):
        raise caller.error("TypeError", "slice indices must be integers or None or have an __index__ method")
    return found


def _indexed(caller: Caller, box: Any, index: Value) -> Value:
    if isinstance(box, deque) and isinstance(index, slice):
        raise caller.error("TypeError", "sequence index must be integer, not 'slice'")
    if isinstance(box, range) and isinstance(index, slice) and not is_plain(index):
        raise NotModelled("a slice that depends on the input is not modelled")
    where = position(caller, box, index)
    return attempt(caller, lambda: box[where])


def _of_progression(caller: Caller, box: Progression, index: Value) -> Value:
    if isinstance(index, int | Expr):
        inside = AtLeast(index, 0), AtLeast(box.length, index + 1)
        if all(caller.holds(question) for question in inside):
            return box.start + index * box.step
    raise NotModelled("an item of a range of symbolic bounds")


def set_item(caller: Caller, obj: Value, index: Value, value: Value) -> None:
    """`obj[index] = value`."""
    box = content(obj)
    if isinstance(box, Unknown):
        return
    if isinstance(index, Unknown):
        caller.taint(obj, index)
        return
    try:
        if type(box) in MAPPINGS:
            assert isinstance(box, dict)
            index = content(index) if isinstance(index, Tensor) else index
            found = find(caller, box, index)
            box[index if found is MISSING else found] = value
        elif isinstance(box, list) and isinstance(index, slice):
            where = position(caller, box, index)
            items = collect(caller, value)
            attempt(caller, box.__setitem__, where, items)
        elif isinstance(box, list | deque | bytearray):
            _assign(caller, box, index, value)
        else:
            raise caller.error(
                "TypeError", f"'{class_name(caller, obj)}' object does not support item assignment"
            )
    except NotModelled as why:
        caller.taint(obj, caller.unknown(why.reason))


def _assign(caller: Caller, box: Any, index: Value, value: Value) -> None:
    where = position(caller, box, index)
    if isinstance(box, bytearray) and not is_plain(value):
        raise NotModelled("bytes that are not known are written")
    attempt(caller, box.__setitem__, where, value)


def del_item(caller: Caller, obj: Value, index: Value) -> None:
    """`del obj[index]`."""
    box = content(obj)
    if isinstance(box, Unknown):
        return
    try:
        if isinstance(index, Unknown):
            raise NotModelled(index.reason)
        if type(box) in MAPPINGS:
            assert isinstance(box, dict)
            found = find(caller, box, index)
            if found is MISSING:
                raise key_error(caller, index)
            del box[found]
        elif isinstance(box, list | deque | bytearray):
            where: Any = position(caller, box, index)
            attempt(caller, box.__delitem__, where)
        else:
            raise caller.error(
                "TypeError", f"'{class_name(caller, obj)}' object doesn't support item deletion"
            )
    except NotModelled as why:
        caller.taint(obj, caller.unknown(why.reason))


def length(caller: Caller, obj: Value) -> Dim | Unknown:
    """`len(obj)`."""
    box = content(obj)
    if isinstance(box, Unknown):
        return box.derive("len")
    if isinstance(box, Progression):
        return box.length
    if isinstance(box, (*_INDEXED, dict)) or type(box) in SETS or type(box) in VIEWS:
        return attempt(caller, box.__len__)  # type: ignore[attr-defined, no-any-return]
    raise caller.error("TypeError", f"object of type '{class_name(caller, obj)}' has no len()")


def iterate(caller: Caller, obj: Value) -> Iterator[Value]:
    """`iter(obj)`: live, as in Python. A set of texts or objects comes in an order, always the same."""
    box = content(obj)
    if isinstance(box, list | tuple | str | range | bytes | bytearray):
        return iter(box)
    if isinstance(box, Stream):
        return iter(box)
    if isinstance(box, dict | deque) or type(box) in VIEWS:
        return _watched(caller, iter(box))  # type: ignore[call-overload]
    if isinstance(box, set | frozenset):
        return _watched(caller, iter(ordered(box)))
    if isinstance(box, Unknown):
        raise NotModelled(box.reason)
    if isinstance(box, Progression):
        raise NotModelled("a loop runs as often as a symbolic extent says")
    raise caller.error("TypeError", f"'{class_name(caller, obj)}' object is not iterable")


def _watched(caller: Caller, items: Iterator[Value]) -> Iterator[Value]:
    """A change of size during iteration raises the program's RuntimeError."""
    while True:
        try:
            value = next(items)
        except StopIteration:
            return
        except RuntimeError as error:
            raise caller.error("RuntimeError", str(error)) from None
        yield value


def ordered(items: Iterable[Value]) -> list[Value]:
    """The members of a set in an order that no hash seed and no address decides."""
    members = list(items)
    if len(members) < 2 or all(type(m) is int for m in members):
        return members
    return sorted(members, key=_rank)


def _rank(value: Value) -> tuple[str, str]:
    name = getattr(value, "qualname", None)
    shown = repr(value) if is_plain(value) or isinstance(value, Expr) else str(name or "")
    return type(value).__name__, shown


def collect(caller: Caller, iterable: Value, limit: int = MAX_ITEMS) -> list[Value]:
    """All items of an iterable. Raises NotModelled where they are too many or not known."""
    box = content(iterable)
    if isinstance(box, range):
        check_items(len(box) if box.stop < 2**62 and box.start > -(2**62) else limit + 1, "a range")
    if isinstance(box, list | tuple) and box is iterable:
        if (why := caller.uncertainty(box)) is not None:
            raise NotModelled(why.reason)
        return list(box)
    items: list[Value] = []
    for value in caller.iterate(iterable):
        if len(items) >= limit:
            check_items(max(limit, MAX_ITEMS) + 1)
        items.append(value)
    return items
