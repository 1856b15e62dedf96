"""What values are but for their identity, so that what was asked of some need not be asked of others like
them.

Law: values of the same likeness hold the same in the same places, shared in the same way. What is computed of
them differs in no more than which objects it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from convlint.dims import Expr
from convlint.interp.taints import Taints
from convlint.model.looks import looks_apart
from convlint.values import Instance, Tensor, Value

Likeness = tuple[object, ...]
_MOST = 2_000
"""Objects that are looked at."""
_PLAIN = frozenset((int, float, complex, str, bytes, bool, type(None), Expr))


def likeness(values: Iterable[Value], taints: Taints) -> Likeness | None:
    """What the values are together, to be compared; None where that is uncertain, or too much."""
    parts: list[object] = []
    seen: dict[int, int] = {}
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        parts.append(value.__class__)
        if value.__class__ in _PLAIN:
            parts.append(value)
        elif id(value) in seen:
            parts.append(seen[id(value)])
        elif len(seen) == _MOST or _is_uncertain(value, taints):
            return None
        else:
            seen[id(value)] = len(seen)
            own, held = _content(value)
            parts += own
            waiting += held
    return tuple(parts)


def _is_uncertain(value: Value, taints: Taints) -> bool:
    return (isinstance(value, Instance) and value.tainted is not None) or taints.of(value) is not None


def _content(value: Value) -> tuple[Iterable[object], Iterable[Value]]:
    """What a value is by itself, and what it holds; one that nothing is known of is itself alone."""
    if isinstance(value, Tensor):
        return (looks_apart(value),), ()
    if isinstance(value, Instance):
        return (value.cls, *value.attrs), (value.payload, value.arguments, *value.attrs.values())
    if isinstance(value, dict):
        return (len(value), *value, *map(type, value)), value.values()
    if isinstance(value, (list, tuple)):
        return (len(value),), value
    if isinstance(value, (set, frozenset)) and all(each.__class__ is str for each in value):
        return (frozenset(value),), ()
    return (id(value),), ()
