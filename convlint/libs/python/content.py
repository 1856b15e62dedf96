"""What a value is to the host: plain data, data that holds abstract values, or no host data at all.

Law: the host compares and hashes plain data only; the rest is compared by the interpreter, or by identity.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable

from convlint.dims import Expr
from convlint.libs.python.limits import MAX_DEPTH
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


def is_plain(value: Value, depth: int = MAX_DEPTH) -> bool:
    """Whether the value is host data through and through."""
    kind = type(value)
    if kind in SCALARS:
        return True
    if depth <= 0:
        return False
    if kind in MAPPINGS:
        assert isinstance(value, dict)
        return all_plain(value, depth) and all_plain(value.values(), depth)
    if kind in CONTAINERS:
        assert isinstance(value, Iterable)
        return all_plain(value, depth)
    if isinstance(value, slice):
        return all_plain((value.start, value.stop, value.step), depth)
    return False


def all_plain(values: Iterable[Value], depth: int = MAX_DEPTH) -> bool:
    """Whether every one of the values is host data through and through."""
    return all(type(v) in SCALARS or is_plain(v, depth - 1) for v in values)


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


def unknown_inside(value: Value, depth: int = MAX_DEPTH) -> Unknown | None:
    """The first unknown anywhere inside host data."""
    if isinstance(value, Unknown):
        return value
    kind = type(value)
    if depth <= 0 or kind in SCALARS:
        return None
    parts: Iterable[Value] = ()
    if kind in MAPPINGS:
        assert isinstance(value, dict)
        parts = (part for pair in value.items() for part in pair)
    elif kind in CONTAINERS:
        assert isinstance(value, Iterable)
        parts = value
    return next((u for part in parts if (u := unknown_inside(part, depth - 1)) is not None), None)


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
