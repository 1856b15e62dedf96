"""The abstract classes of `collections.abc`: who counts as an instance, and what subclasses inherit.

Law: host data answers as the host's own class would; objects by the methods they have, where Python does so.
"""

from __future__ import annotations

import collections.abc as host

from convlint.dims import Expr
from convlint.libs import registry
from convlint.libs.python.containers import collect
from convlint.libs.python.content import Defaulting, content
from convlint.libs.python.declare import method, native
from convlint.libs.python.methods.mappings import pairs_of
from convlint.libs.python.quotient import Progression, Quotient
from convlint.values import (
    BoundMethod,
    Caller,
    Class,
    Condition,
    Function,
    Instance,
    Namespace,
    Native,
    Stream,
    Tensor,
    Unknown,
    Value,
)

FORMERLY_IN_COLLECTIONS = ("Callable", "Iterable", "Iterator", "Mapping", "MutableMapping", "Sequence", "Set")
"""Names that old code still takes from `collections`, where Python 3.10 removed them."""

STRUCTURAL = {
    "Hashable": ("__hash__",),
    "Awaitable": ("__await__",),
    "Iterable": ("__iter__",),
    "Iterator": ("__iter__", "__next__"),
    "Reversible": ("__iter__", "__reversed__"),
    "Sized": ("__len__",),
    "Container": ("__contains__",),
    "Collection": ("__len__", "__iter__", "__contains__"),
    "Callable": ("__call__",),
}
"""Abstract classes that any object with these methods belongs to."""

_STAND_FOR: tuple[tuple[type, type], ...] = (
    (Expr, int),
    (Quotient, float),
    (Condition, bool),
    (Progression, range),
    (Stream, host.Generator),
    (Defaulting, dict),
)


def _declare(name: str) -> Class:
    """Declare an abstract class after those it derives from."""
    found = registry.lookup(f"collections.abc.{name}")
    if isinstance(found, Class):
        return found
    bases = [base.__name__ for base in getattr(host, name).__bases__ if base is not object]
    for base in bases:
        _declare(base)
    parents = [f"collections.abc.{base}" for base in bases] or ["builtins.object"]
    cls = registry.klass(f"collections.abc.{name}", *parents)
    cls.namespace["__instancecheck__"] = native(f"{name}.__instancecheck__", _instance_check, absorbs=False)
    cls.namespace["__subclasscheck__"] = native(f"{name}.__subclasscheck__", _subclass_check, absorbs=False)
    return cls


def _instance_check(caller: Caller, cls: Value, obj: Value, /) -> Value:
    """Called with the class asked about: a program's subclass of an abstract class goes by inheritance."""
    assert isinstance(cls, Class)
    own = caller.class_of(obj)
    if isinstance(own, Class) and cls in own.mro:
        return True
    if not cls.qualname.startswith("collections.abc."):
        return own.unknown_base or False if isinstance(own, Class) else caller.unknown("a class not known")
    return _belongs(caller, cls.name, obj, own)


def _belongs(caller: Caller, name: str, obj: Value, own: Value) -> Value:
    abstract: type = getattr(host, name)
    match obj:
        case Function() | Native() | BoundMethod():
            return name in ("Callable", "Hashable")
        case Class():
            meta = obj.metaclass
            return name in ("Callable", "Hashable") or (meta is not None and _has_all(meta, name))
        case Namespace():
            return name == "Hashable"
        case Tensor():
            return name in ("Hashable", "Iterable", "Sized", "Reversible", "Container", "Collection")
        case Unknown():
            return obj.derive(("isinstance", name))
        case Instance() if content(obj) is obj:
            if name == "Hashable" or _has_all(obj.cls, name):
                return True
            return obj.cls.unknown_base or False
    data = content(obj)
    kind = next((stand for abstraction, stand in _STAND_FOR if isinstance(data, abstraction)), type(data))
    return issubclass(kind, abstract)


def _has_all(cls: Class, name: str) -> bool:
    return name in STRUCTURAL and all(cls.has(each) for each in STRUCTURAL[name])


def _subclass_check(caller: Caller, cls: Value, sub: Value, /) -> Value:
    assert isinstance(cls, Class) and isinstance(sub, Class)
    if cls in sub.mro:
        return True
    hosts = [each.host for each in sub.mro if each.host is not None and each.host is not object]
    abstract: type | None = getattr(host, cls.name, None)
    if abstract is not None and any(issubclass(each, abstract) for each in hosts):
        return True
    return _has_all(sub, cls.name) or (sub.unknown_base or False)


ABC_NAMES = tuple(sorted(name for name in host.__all__ if name not in ("ByteString", "Buffer")))
for _name in ABC_NAMES:
    _declare(_name)

_MAPPING, _MUTABLE, _SEQUENCE = (_declare(name) for name in ("Mapping", "MutableMapping", "Sequence"))


def _lookup(caller: Caller, receiver: Value, key: Value, default: Value) -> Value:
    """`receiver[key]`, the default where it raises KeyError."""
    from convlint.values import Raised

    try:
        return caller.item(receiver, key)
    except Raised as raised:
        if raised.value.cls.derives("builtins.KeyError"):
            return default
        raise


_ABSENT = object()


@method(_MAPPING, "get")
def _get(caller: Caller, receiver: Value, key: Value, default: Value = None) -> Value:
    return _lookup(caller, receiver, key, default)


@method(_MAPPING, "__contains__")
def _contains(caller: Caller, receiver: Value, key: Value, /) -> Value:
    return _lookup(caller, receiver, key, _ABSENT) is not _ABSENT


@method(_MAPPING, "keys")
def _keys(caller: Caller, receiver: Value, /) -> Value:
    return collect(caller, receiver)


@method(_MAPPING, "values")
def _values(caller: Caller, receiver: Value, /) -> Value:
    return [caller.item(receiver, key) for key in collect(caller, receiver)]


@method(_MAPPING, "items")
def _items(caller: Caller, receiver: Value, /) -> Value:
    return [(key, caller.item(receiver, key)) for key in collect(caller, receiver)]


@method(_MUTABLE, "update")
def _update(caller: Caller, receiver: Value, other: Value = (), /, **kwargs: Value) -> Value:
    put = caller.getattr(receiver, "__setitem__")
    for key, value in [*pairs_of(caller, other), *kwargs.items()]:
        caller.call(put, (key, value))
    return None


@method(_MUTABLE, "setdefault")
def _setdefault(caller: Caller, receiver: Value, key: Value, default: Value = None, /) -> Value:
    found = _lookup(caller, receiver, key, _ABSENT)
    if found is not _ABSENT:
        return found
    caller.call(caller.getattr(receiver, "__setitem__"), (key, default))
    return default


@method(_MUTABLE, "pop")
def _pop(caller: Caller, receiver: Value, key: Value, default: Value = _ABSENT, /) -> Value:
    found = caller.item(receiver, key) if default is _ABSENT else _lookup(caller, receiver, key, _ABSENT)
    if found is _ABSENT:
        return default
    caller.call(caller.getattr(receiver, "__delitem__"), (key,))
    return found


@method(_SEQUENCE, "__iter__")
def _iter(caller: Caller, receiver: Value, /) -> Value:
    count = caller.length(receiver)
    if isinstance(count, int):
        return Stream(caller.item(receiver, i) for i in range(count))
    return caller.unknown("the length of a sequence is not known")
