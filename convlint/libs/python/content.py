"""What a value is to the host: plain data, data that holds abstract values, or no host data at all.

Law: the host compares and hashes plain data only; the rest is compared by the interpreter, or by identity.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Mapping

from convlint.dims import Expr
from convlint.libs.python.limits import MAX_CONTAINERS, MAX_DEPTH
from convlint.libs.python.quotient import Progression, Quotient
from convlint.values import Caller, Class, Condition, Instance, NotModelled, Tensor, Unknown, Value


class Defaulting(dict[Value, Value]):
    """`collections.defaultdict`: the factory belongs to the program, so the host must never call it."""

    default_factory: Value = None


_DICTS: tuple[dict[int, int], ...] = ({}, OrderedDict())
VALUE_VIEWS: frozenset[type] = frozenset(type(d.values()) for d in _DICTS)
SET_VIEWS: frozenset[type] = frozenset(kind for d in _DICTS for kind in (type(d.keys()), type(d.items())))
VIEWS = VALUE_VIEWS | SET_VIEWS
SCALARS = frozenset(
    {
        int,
        float,
        str,
        bool,
        type(None),
        bytes,
        bytearray,
        complex,
        range,
        type(Ellipsis),
        type(NotImplemented),
    }
)
MAPPINGS = frozenset({dict, OrderedDict, Counter, Defaulting})
SEQUENCES = frozenset({list, tuple, deque})
SETS = frozenset({set, frozenset})
CONTAINERS = SEQUENCES | SETS | VIEWS


def content(value: Value) -> Value:
    """The host data inside an instance of a subclass of dict, list, str …, or inside numpy's scalars.

    Any other value is given as it is.
    """
    if value.__class__ is Instance and value.payload is not None:
        return value.payload
    if value.__class__ is Tensor and value.shape == () and value.data and value.kind.startswith("numpy."):
        return value.data[0]
    return value


def is_plain(value: Value) -> bool:
    """Whether the value is host data through and through."""
    return type(value) in SCALARS or all_plain((value,), MAX_DEPTH + 1)


def bearable(value: Value) -> bool:
    """Whether host data, whatever else it holds, can be walked: it is not too deep, nor holds too much."""
    return type(value) in SCALARS or all_plain((value,), MAX_DEPTH + 1, foreign=True)


def all_plain(values: Iterable[Value], depth: int = MAX_DEPTH, *, foreign: bool = False) -> bool:
    """Whether every one of the values is host data through and through; `foreign` lets other values pass.

    What nests too deep, or holds too many containers, is not: the host would take too long to walk it.
    """
    waiting: list[tuple[Iterable[Value], int]] = [(values, depth)]
    containers = 0
    while waiting:
        parts, depth = waiting.pop()
        for part in parts:
            kind = type(part)
            if kind in SCALARS:
                continue
            containers += 1
            if depth <= 1 or containers > MAX_CONTAINERS:
                return False
            if kind in MAPPINGS:
                assert isinstance(part, Mapping)
                waiting += [(part, depth - 1), (part.values(), depth - 1)]
            elif kind in CONTAINERS:
                assert isinstance(part, Iterable)
                waiting.append((part, depth - 1))
            elif isinstance(part, slice):
                waiting.append(((part.start, part.stop, part.step), depth - 1))
            elif not foreign:
                return False
    return True


def is_symbolic(value: Value) -> bool:
    """Whether the value is a number or truth that depends on symbols."""
    return isinstance(value, Expr | Quotient | Condition)


def is_host(value: Value) -> bool:
    """Whether the value is host data at its top level, whatever it contains."""
    kind = type(value)
    return kind in SCALARS or kind in CONTAINERS or kind in MAPPINGS or kind in (slice, Progression)


def unknown_among(values: Iterable[Value]) -> Unknown | None:
    """The first unknown of some values, at the top level."""
    return next((v for v in values if v.__class__ is Unknown), None)


def unknown_inside(value: Value) -> Unknown | None:
    """The first unknown anywhere inside host data; each container is looked into once."""
    waiting = [value]
    seen: set[int] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, Unknown):
            return part
        kind = type(part)
        if kind in SCALARS or not (kind in MAPPINGS or kind in CONTAINERS) or id(part) in seen:
            continue
        seen.add(id(part))
        if kind in MAPPINGS:
            assert isinstance(part, Mapping)
            waiting += reversed([each for pair in part.items() for each in pair])
        else:
            assert isinstance(part, Iterable)
            waiting += reversed(list(part))
    return None


def class_name(caller: Caller, value: Value) -> str:
    """The bare name of the value's class, for messages of errors that are certain.

    Raises NotModelled where class or content are not fully known: then no error is certain.
    """
    cls = caller.class_of(value)
    if not isinstance(cls, Class):
        raise NotModelled("the class of an object is not known")
    why = cls.unknown_base or (value.tainted if isinstance(value, Instance) else None)
    if why is not None:
        raise NotModelled(why.reason)
    return cls.name


def held(receiver: Value, name: str) -> Value:
    """What a described class keeps in its instances; NotModelled for one that was not made as usual."""
    if isinstance(receiver, Instance) and name in receiver.attrs:
        return receiver.attrs[name]
    raise NotModelled("an object that was not made as usual")
