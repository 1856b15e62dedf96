"""Methods of set and frozenset: the host's own where all members may be compared by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convlint.libs.protocol import MISSING
from convlint.libs.python.containers import collect
from convlint.libs.python.content import content
from convlint.libs.python.host import attempt
from convlint.libs.python.keys import HASHED, asked_for, check_hashable, find, key_error, settled
from convlint.libs.python.methods.table import of, special
from convlint.values import Caller, NotModelled, Value


def members(caller: Caller, iterable: Value) -> set[Value]:
    """The set of an iterable's items. Raises NotModelled where equality of members is not decided."""
    items = collect(caller, iterable)
    if HASHED.issuperset(map(type, items)):
        return set(items)
    box: set[Value] = set()
    for item in items:
        if find(caller, box, item) is MISSING:
            box.add(item)
    return box


def _settled_members(caller: Caller, iterable: Value) -> set[Value]:
    box = content(iterable)
    found = box if isinstance(box, set | frozenset) else collect(caller, iterable)
    for item in found:
        check_hashable(caller, item)
        if not settled(item):
            raise NotModelled("a set of values that are not known")
    return set(found)


def _algebra(name: str, *, mutates: bool) -> None:
    """Declare a method that combines a set with any number of iterables."""

    def body(caller: Caller, receiver: Value, /, *others: Value) -> Value:
        box: Any = content(receiver)
        if mutates or not isinstance(box, frozenset):
            box = of(caller, receiver, set, name)
        if not all(settled(item) for item in box):
            raise NotModelled("a set of values that are not known")
        run: Callable[..., Value] = getattr(box, name)
        return attempt(caller, run, *(_settled_members(caller, other) for other in others))

    hosts = (set,) if mutates else (set, frozenset)
    special(*hosts, names=name, absorbs=not mutates, mutates=mutates)(body)


for _name in (
    "union",
    "intersection",
    "difference",
    "symmetric_difference",
    "issubset",
    "issuperset",
    "isdisjoint",
):
    _algebra(_name, mutates=False)
for _name in ("update", "intersection_update", "difference_update", "symmetric_difference_update"):
    _algebra(_name, mutates=True)


@special(set, mutates=True)
def add(caller: Caller, receiver: Value, item: Value, /) -> Value:
    box = of(caller, receiver, set, "add")
    if find(caller, box, item) is MISSING:
        box.add(item)
    return None


@special(set, mutates=True)
def discard(caller: Caller, receiver: Value, item: Value, /) -> Value:
    box = of(caller, receiver, set, "discard")
    place = find(caller, box, asked_for(item))
    if place is not MISSING:
        box.discard(place)
    return None


@special(set, mutates=True)
def remove(caller: Caller, receiver: Value, item: Value, /) -> Value:
    box = of(caller, receiver, set, "remove")
    place = find(caller, box, asked_for(item))
    if place is MISSING:
        raise key_error(caller, item)
    box.discard(place)
    return None


@special(set, mutates=True)
def pop(caller: Caller, receiver: Value, /) -> Value:
    """Which member comes first is the host's secret, unless there is only one."""
    box = of(caller, receiver, set, "pop")
    if len(box) > 1:
        raise NotModelled("which member set.pop() takes is not defined")
    return attempt(caller, box.pop)


@special(set)
def clear(caller: Caller, receiver: Value, /) -> Value:
    of(caller, receiver, set, "clear").clear()
    return None


@special(set, frozenset)
def copy(caller: Caller, receiver: Value, /) -> Value:
    box = content(receiver)
    return box.copy() if isinstance(box, set | frozenset) else of(caller, receiver, set, "copy").copy()
