"""Methods of list, tuple and deque. Items are compared through the caller, never by the host."""

from __future__ import annotations

from collections import deque
from collections.abc import MutableSequence, Sequence

from convlint.libs.python.containers import collect, position
from convlint.libs.python.content import content
from convlint.libs.python.host import attempt
from convlint.libs.python.limits import check_items
from convlint.libs.python.methods.table import data, of, special
from convlint.libs.python.sorting import in_order
from convlint.values import Caller, NotModelled, Unknown, Value

data(deque, "maxlen")


def _mutable(caller: Caller, receiver: Value, name: str) -> list[Value] | deque[Value]:
    value = content(receiver)
    return value if isinstance(value, list | deque) else of(caller, receiver, list, name)


def _index(caller: Caller, box: Value, index: Value) -> int:
    where = position(caller, box, index)
    if isinstance(where, slice):
        raise caller.error("TypeError", "'slice' object cannot be interpreted as an integer")
    return where


@special(list, deque, bytearray, mutates=True)
def append(caller: Caller, receiver: Value, item: Value, /) -> Value:
    box = content(receiver)
    if isinstance(box, bytearray):
        raise NotModelled("bytes are appended")
    _mutable(caller, receiver, "append").append(item)
    return None


@special(list, deque, mutates=True)
def extend(caller: Caller, receiver: Value, iterable: Value, /) -> Value:
    box = _mutable(caller, receiver, "extend")
    items = collect(caller, iterable)
    check_items(len(box) + len(items))
    box.extend(items)
    return None


@special(list, deque, mutates=True)
def insert(caller: Caller, receiver: Value, index: Value, item: Value, /) -> Value:
    box: MutableSequence[Value] = _mutable(caller, receiver, "insert")
    attempt(caller, box.insert, _index(caller, box, index), item)
    return None


@special(list, mutates=True)
def pop(caller: Caller, receiver: Value, index: Value = -1, /) -> Value:
    box = of(caller, receiver, list, "pop")
    return attempt(caller, box.pop, _index(caller, box, index))


@special(deque, names="pop", mutates=True)
def pop_right(caller: Caller, receiver: Value, /) -> Value:
    return attempt(caller, of(caller, receiver, deque, "pop").pop)


@special(deque, mutates=True)
def popleft(caller: Caller, receiver: Value, /) -> Value:
    return attempt(caller, of(caller, receiver, deque, "popleft").popleft)


@special(deque, mutates=True)
def appendleft(caller: Caller, receiver: Value, item: Value, /) -> Value:
    of(caller, receiver, deque, "appendleft").appendleft(item)
    return None


@special(deque, mutates=True)
def extendleft(caller: Caller, receiver: Value, iterable: Value, /) -> Value:
    of(caller, receiver, deque, "extendleft").extendleft(collect(caller, iterable))
    return None


@special(deque, mutates=True)
def rotate(caller: Caller, receiver: Value, steps: Value = 1, /) -> Value:
    box = of(caller, receiver, deque, "rotate")
    box.rotate(_index(caller, box, steps))
    return None


@special(list, deque)
def clear(caller: Caller, receiver: Value, /) -> Value:
    _mutable(caller, receiver, "clear").clear()
    return None


@special(list, deque)
def copy(caller: Caller, receiver: Value, /) -> Value:
    return _mutable(caller, receiver, "copy").copy()


@special(list, deque)
def reverse(caller: Caller, receiver: Value, /) -> Value:
    _mutable(caller, receiver, "reverse").reverse()
    return None


@special(list, mutates=True)
def sort(caller: Caller, receiver: Value, /, *, key: Value = None, reverse: Value = False) -> Value:
    box = of(caller, receiver, list, "sort")
    box[:] = in_order(caller, list(box), key, reverse)
    return None


def _place(caller: Caller, box: Sequence[Value], item: Value, start: int, stop: int) -> int | None:
    """Where the item stands first; raises NotModelled where a comparison before it is not decided."""
    for i in range(*slice(start, stop).indices(len(box))):
        if box[i] is item and not isinstance(item, Unknown):
            return i
        same = caller.binary("==", box[i], item)
        if isinstance(same, Unknown):
            raise NotModelled(same.reason)
        if caller.truth(same):
            return i
    return None


def _sequence(caller: Caller, receiver: Value, name: str) -> Sequence[Value]:
    value = content(receiver)
    return value if isinstance(value, list | tuple | deque) else of(caller, receiver, list, name)


@special(list, tuple, deque)
def index(caller: Caller, receiver: Value, item: Value, start: Value = 0, stop: Value = 2**62, /) -> Value:
    box = _sequence(caller, receiver, "index")
    place = _place(caller, box, item, _index(caller, box, start), _index(caller, box, stop))
    if place is None:
        shown = caller.text(item)
        kind = type(box).__name__
        if isinstance(box, tuple):
            raise caller.error("ValueError", "tuple.index(x): x not in tuple")
        raise caller.error("ValueError", f"{shown if isinstance(shown, str) else 'x'} is not in {kind}")
    return place


@special(list, tuple, deque)
def count(caller: Caller, receiver: Value, item: Value, /) -> Value:
    total = 0
    for other in _sequence(caller, receiver, "count"):
        same = other is item or caller.binary("==", other, item)
        if isinstance(same, Unknown):
            raise NotModelled(same.reason)
        total += caller.truth(same)
    return total


@special(list, deque, mutates=True)
def remove(caller: Caller, receiver: Value, item: Value, /) -> Value:
    box = _mutable(caller, receiver, "remove")
    place = _place(caller, box, item, 0, len(box))
    if place is None:
        raise caller.error("ValueError", "list.remove(x): x not in list")
    del box[place]
    return None
