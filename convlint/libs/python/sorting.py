"""Order of items: sorted, list.sort, min and max. Comparisons of abstract values go through the caller.

Law: an order that any symbol could change is not given.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key
from typing import Any

from convlint.dims import Dim, Expr, maximum, minimum
from convlint.libs.python.content import all_plain
from convlint.libs.python.host import attempt
from convlint.values import Caller, Condition, NotModelled, Unknown, Value


def in_order(caller: Caller, items: list[Value], key: Value, reverse: Value) -> list[Value]:
    """`sorted(items, key=key, reverse=reverse)`, stable."""
    keys: list[Any] = _keys(caller, items, key)
    backwards = caller.truth(reverse)
    places = range(len(items))

    def order(i: int, j: int) -> int:
        if certainly(caller, "<", keys[i], keys[j]):
            return -1
        return 1 if certainly(caller, "<", keys[j], keys[i]) else 0

    if all_plain(keys):
        ranked = attempt(caller, lambda: sorted(places, key=lambda i: keys[i], reverse=backwards))
    else:
        ranked = sorted(places, key=cmp_to_key(order), reverse=backwards)
    return [items[i] for i in ranked]


def _keys(caller: Caller, items: Iterable[Value], key: Value) -> list[Value]:
    return list(items) if key is None else [caller.call(key, (item,)) for item in items]


def certainly(caller: Caller, operator: str, a: Value, b: Value) -> bool:
    """A comparison that is decided. Raises NotModelled where it is not."""
    result = caller.binary(operator, a, b)
    if isinstance(result, Unknown):
        raise NotModelled(result.reason)
    if isinstance(result, Condition):
        held = caller.holds(result.question)  # type: ignore[arg-type]
        if held is None:
            raise NotModelled("an order depends on the size of the input")
        return held
    return caller.truth(result)


def extreme(caller: Caller, items: list[Value], key: Value, *, greatest: bool) -> Value:
    """`max(items, key=key)` or `min`: the first of equals. Extents without a key give a symbolic extremum."""
    if key is None and any(isinstance(item, Expr) for item in items):
        dims: list[Dim] = [item for item in items if isinstance(item, int | Expr)]
        if len(dims) == len(items):
            return attempt(caller, maximum if greatest else minimum, *dims)
    keys = _keys(caller, items, key)
    best = 0
    for i in range(1, len(items)):
        if certainly(caller, ">" if greatest else "<", keys[i], keys[best]):
            best = i
    return items[best]
