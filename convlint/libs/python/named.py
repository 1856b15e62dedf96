"""Named tuples: classes whose instances are tuples with names for their items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from convlint.libs import registry
from convlint.libs.arity import shortage, surplus
from convlint.libs.python import operators
from convlint.libs.python.classes import OBJECT
from convlint.libs.python.containers import collect
from convlint.libs.python.declare import method, native
from convlint.values import Caller, Class, ClassMethod, Instance, NotModelled, Property, StaticMethod, Value

_TUPLE = registry.lookup("builtins.tuple")
assert isinstance(_TUPLE, Class) and OBJECT in _TUPLE.mro


def named_tuple(name: str, fields: Sequence[str], defaults: Mapping[str, Value]) -> Class:
    """The class that `namedtuple` makes."""
    assert isinstance(_TUPLE, Class)
    cls = Class(name, (_TUPLE,))
    give_fields(cls, fields, defaults)
    return cls


def give_fields(cls: Class, fields: Sequence[str], defaults: Mapping[str, Value]) -> None:
    """Give a class the fields, constructor and methods of a named tuple; methods of its own stay."""
    names = tuple(fields)
    for place, field in enumerate(names):
        cls.namespace[field] = Property(_getter(cls, field, place))
    own: dict[str, Value] = {
        "_fields": names,
        "__match_args__": names,
        "_field_defaults": dict(defaults),
        "__new__": StaticMethod(
            native(f"{cls.qualname}.__new__", _constructor(names, defaults), absorbs=False)
        ),
        "__init__": native(f"{cls.qualname}.__init__", _nothing, absorbs=False),
        "_make": ClassMethod(native(f"{cls.qualname}._make", _make, absorbs=False)),
    }
    for key, value in own.items():
        cls.namespace.setdefault(key, value)
    for key, body in (
        ("_asdict", _asdict),
        ("_replace", _replace),
        ("__repr__", _repr),
        ("__replace__", _replace),
    ):
        if key not in cls.namespace:
            method(cls, key)(body)


def _getter(cls: Class, field: str, place: int) -> Value:
    def get(caller: Caller, receiver: Value, /) -> Value:
        return _items(receiver)[place]

    return native(f"{cls.qualname}.{field}", get, owner=cls)


def _nothing(caller: Caller, /, *args: Value, **kwargs: Value) -> Value:
    return None


def _items(receiver: Value) -> tuple[Value, ...]:
    if isinstance(receiver, Instance) and isinstance(receiver.payload, tuple):
        return receiver.payload
    raise NotModelled("a named tuple whose items are not known")


def _constructor(names: tuple[str, ...], defaults: Mapping[str, Value]):  # type: ignore[no-untyped-def]
    def new(caller: Caller, cls: Value, /, *args: Value, **kwargs: Value) -> Value:
        assert isinstance(cls, Class)
        return Instance(cls, caller.site, _bound(caller, cls.name, names, defaults, args, kwargs))

    return new


def _bound(
    caller: Caller,
    name: str,
    names: tuple[str, ...],
    defaults: Mapping[str, Value],
    args: tuple[Value, ...],
    kwargs: Mapping[str, Value],
) -> tuple[Value, ...]:
    if len(args) > len(names):
        least = 1 + sum(name not in defaults for name in names)
        words = surplus(least, len(names) + 1, len(args) + 1)
        raise caller.error("TypeError", f"{name}.__new__() {words}")
    values = dict(zip(names, args, strict=False))
    for key, value in kwargs.items():
        if key in values:
            raise caller.error("TypeError", f"{name}.__new__() got multiple values for argument '{key}'")
        if key not in names:
            raise caller.error("TypeError", f"{name}.__new__() got an unexpected keyword argument '{key}'")
        values[key] = value
    missing = [field for field in names if field not in values and field not in defaults]
    if missing:
        raise caller.error("TypeError", f"{name}.__new__() {shortage(missing)}")
    return tuple(values[field] if field in values else defaults[field] for field in names)


def _fields(receiver: Value) -> tuple[str, ...]:
    cls = (
        receiver if isinstance(receiver, Class) else receiver.cls if isinstance(receiver, Instance) else None
    )
    names = cls.find("_fields") if cls is not None else None
    return tuple(str(name) for name in names) if isinstance(names, tuple) else ()


def _make(caller: Caller, cls: Value, iterable: Value, /) -> Value:
    return caller.call(cls, tuple(collect(caller, iterable)))


def _asdict(caller: Caller, receiver: Value, /) -> Value:
    return dict(zip(_fields(receiver), _items(receiver), strict=True))


def _replace(caller: Caller, receiver: Value, /, **changes: Value) -> Value:
    assert isinstance(receiver, Instance)
    values: dict[str, Value] = dict(zip(_fields(receiver), _items(receiver), strict=True))
    extra = [name for name in changes if name not in values]
    if extra:
        raise caller.error("ValueError", f"Got unexpected field names: {extra!r}")
    return Instance(receiver.cls, caller.site, tuple({**values, **changes}.values()))


def _repr(caller: Caller, receiver: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    parts = []
    for name, value in zip(_fields(receiver), _items(receiver), strict=True):
        shown = operators.representation(caller, value)
        if not isinstance(shown, str):
            return shown
        parts.append(f"{name}={shown}")
    return f"{receiver.cls.name}({', '.join(parts)})"
