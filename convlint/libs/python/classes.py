"""The builtin types as classes: how they are called, and what an instance of a subclass holds."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from types import EllipsisType, NoneType, NotImplementedType

from convlint.dims import Expr
from convlint.libs import registry
from convlint.libs.python import conversion
from convlint.libs.python.containers import item
from convlint.libs.python.content import VIEWS, Defaulting, content
from convlint.libs.python.declare import Body, invoke, native
from convlint.libs.python.limits import MAX_BASES
from convlint.libs.python.quotient import Progression, Quotient
from convlint.values import (
    Caller,
    Class,
    ClassMethod,
    Condition,
    Instance,
    NotModelled,
    Property,
    StaticMethod,
    Unknown,
    Value,
)

OBJECT = registry.klass("builtins.object", host=object)


def host_type(
    name: str, host: type, make: Body, base: str = "builtins.object", *, fill: Body | None = None
) -> Class:
    """Declare a type of host data: `make` gives the value of a call, `fill` does a subclass's `__init__`.

    Without `fill` the value is immutable: a subclass's instance gets its payload in `__new__`.
    """
    cls = registry.klass(name, base, host=host)
    maker = native(name, make, absorbs=False)

    def new(caller: Caller, kind: Value, /, *args: Value, **kwargs: Value) -> Value:
        assert isinstance(kind, Class)
        if kind is cls:
            return invoke(caller, name, make, args, kwargs)
        payload: Value = host() if fill is not None else maker.run(caller, args, kwargs)
        return Instance(kind, caller.site, payload)

    cls.namespace["__new__"] = StaticMethod(native(f"{name}.__new__", new, absorbs=False, owner=cls))
    if fill is not None:
        init = _tainting(f"{name}.__init__", fill)
        cls.namespace["__init__"] = native(f"{name}.__init__", init, absorbs=False, owner=cls)
    for special in ("__str__", "__repr__", "__format__"):
        cls.namespace[special] = native(f"{name}.{special}", _TEXTS[special], absorbs=False, owner=cls)
    return cls


def _tainting(name: str, fill: Body) -> Body:
    def run(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
        try:
            invoke(caller, name, fill, (content(receiver), *args), kwargs)
        except NotModelled as why:
            caller.taint(receiver, caller.unknown(why.reason))
        return None

    return run


def _str(caller: Caller, receiver: Value, /) -> Value:
    """A subclass's own `__repr__` serves `str` too, except for texts, which are themselves."""
    data = content(receiver)
    if isinstance(receiver, Instance) and not isinstance(data, str):
        method = receiver.cls.find("__repr__")
        if method is not None:
            return caller.call(method, (receiver,))
    return caller.text(data)


def _repr(caller: Caller, receiver: Value, /) -> Value:
    from convlint.libs.python.text import representation

    return representation(caller, content(receiver))


def _dict_item(caller: Caller, receiver: Value, key: Value, /) -> Value:
    """Declared on the class too, so that a subclass's `__missing__` is asked."""
    if isinstance(receiver, Instance) and receiver.tainted is not None:
        return receiver.tainted.derive(("item", id(key)))
    return item(caller, receiver, key)


def _format(caller: Caller, receiver: Value, spec: Value = "", /) -> Value:
    from convlint.libs.python.text import formatted

    return formatted(caller, content(receiver), "", spec)


_TEXTS: dict[str, Body] = {"__str__": _str, "__repr__": _repr, "__format__": _format}

INT = host_type("builtins.int", int, conversion.integer)
BOOL = host_type("builtins.bool", bool, conversion.boolean, "builtins.int")
FLOAT = host_type("builtins.float", float, conversion.floating)
host_type("builtins.complex", complex, conversion.complex_number)
host_type("builtins.str", str, conversion.text)
host_type("builtins.bytes", bytes, conversion.octets)
host_type("builtins.bytearray", bytearray, conversion.octet_array)
host_type("builtins.tuple", tuple, conversion.tuple_of)
host_type("builtins.frozenset", frozenset, conversion.frozen_set_of)
RANGE = host_type("builtins.range", range, conversion.progression)
host_type("builtins.slice", slice, conversion.slice_of)
host_type("builtins.list", list, conversion.list_of, fill=conversion.fill_list)
host_type("builtins.set", set, conversion.set_of, fill=conversion.fill_set)
DICT = host_type("builtins.dict", dict, conversion.dict_of, fill=conversion.fill_dict)
DICT.namespace["__getitem__"] = native("dict.__getitem__", _dict_item, absorbs=False, owner=DICT)
host_type(
    "collections.OrderedDict", OrderedDict, conversion.ordered_of, "builtins.dict", fill=conversion.fill_dict
)
host_type(
    "collections.Counter", Counter, conversion.counter_of, "builtins.dict", fill=conversion.fill_counter
)
host_type(
    "collections.defaultdict",
    Defaulting,
    conversion.default_of,
    "builtins.dict",
    fill=conversion.fill_default,
)
host_type("collections.deque", deque, conversion.deque_of, fill=conversion.fill_deque)

for _host, _name in (
    (NoneType, "types.NoneType"),
    (EllipsisType, "types.EllipsisType"),
    (NotImplementedType, "types.NotImplementedType"),
):
    registry.klass(_name, "builtins.object", host=_host)
for _view in sorted(VIEWS, key=lambda view: view.__name__):
    registry.klass(f"builtins.{_view.__name__}", "builtins.object", host=_view)
registry.represents(Expr, INT)
registry.represents(Quotient, FLOAT)
registry.represents(Condition, BOOL)
registry.represents(Progression, RANGE)


def _descriptor(name: str, host: type, make: Body) -> None:
    """Declare `property` and its like, which are values of the interpreter."""
    cls = registry.klass(name, "builtins.object", host=host)

    def new(caller: Caller, kind: Value, /, *args: Value, **kwargs: Value) -> Value:
        return invoke(caller, name, make, args, kwargs)

    cls.namespace["__new__"] = StaticMethod(native(f"{name}.__new__", new, absorbs=False))


def _property(
    caller: Caller, fget: Value = None, fset: Value = None, fdel: Value = None, doc: Value = None
) -> Value:
    return Property(fget, fset, fdel)


def _static_method(caller: Caller, function: Value, /) -> Value:
    return StaticMethod(function)


def _class_method(caller: Caller, function: Value, /) -> Value:
    return ClassMethod(function)


_descriptor("builtins.property", Property, _property)
_descriptor("builtins.staticmethod", StaticMethod, _static_method)
_descriptor("builtins.classmethod", ClassMethod, _class_method)
TYPE = registry.klass("builtins.type", "builtins.object")


def _type(
    caller: Caller, kind: Value, obj: Value, bases: Value = None, namespace: Value = None, /, **options: Value
) -> Value:
    """`type(obj)`, or a new class from name, bases and namespace."""
    if bases is None and namespace is None:
        return caller.class_of(obj)
    if not (isinstance(obj, str) and isinstance(bases, tuple) and isinstance(namespace, dict)):
        raise NotModelled("a class made by type() of values that are not known")
    parents = tuple(base for base in bases if isinstance(base, Class))
    unknown = next((base for base in bases if isinstance(base, Unknown)), None)
    if len(parents) < len(bases) and unknown is None:
        raise NotModelled("a class made by type() from bases that are no classes")
    try:
        if sum(len(parent.mro) for parent in parents) > MAX_BASES:
            raise NotModelled("a class of so many bases is too large to follow")
        cls = Class(obj, parents or (OBJECT,), dict(namespace), unknown_base=unknown)
    except TypeError as error:
        raise caller.error("TypeError", str(error)) from None
    for base in cls.mro[1:]:
        hook = registry.class_hooks.get(base.qualname)
        if hook is not None:
            replaced = hook(caller, cls)
            return cls if replaced is None else replaced
    return cls


TYPE.namespace["__new__"] = StaticMethod(native("builtins.type.__new__", _type, absorbs=False))
