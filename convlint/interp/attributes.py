"""Reading, setting and deleting attributes (reference/datamodel.html#customizing-attribute-access)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from convlint.interp import callables, patches, rebinding
from convlint.interp.classes import MISSING, bind_attribute, class_attribute, construct
from convlint.interp.loader import attribute as module_attribute
from convlint.libs import registry
from convlint.libs.protocol import MISSING as NO_PROPERTY
from convlint.values import (
    BoundMethod,
    Class,
    ClassMethod,
    Function,
    Instance,
    Namespace,
    Native,
    NotModelled,
    Property,
    StaticMethod,
    Super,
    Tensor,
    Unknown,
    Value,
)
from convlint.values.lazy import Lazy

if TYPE_CHECKING:
    from convlint.interp.machine import Machine


def get(machine: Machine, obj: Value, name: str) -> Value:
    """`obj.name`; `MISSING` where the object has no such attribute."""
    found = OF_CLASS.get(obj.__class__, of_host)(machine, obj, name)
    return machine.class_of(obj) if found is MISSING and name == "__class__" else found


def _of_instance(machine: Machine, obj: Instance, name: str) -> Value:
    attrs = obj.attrs
    cls = obj.cls
    found = cls.get(name, MISSING)
    if found.__class__ is Property and not (found.cached and name in attrs):
        return bind_attribute(machine, found, obj, cls)
    if name in attrs:
        if name == "training":
            machine.asks_mode()
        return attrs[name]
    if found is not MISSING:
        return bind_attribute(machine, found, obj, cls)
    if name in _OF_ITSELF:
        return cls if name == "__class__" else attrs if name == "__dict__" else _of_class(machine, cls, name)
    if obj.tainted is not None:
        return obj.tainted.derive(("attribute", name))
    if name in _OF_EVERY_OBJECT and obj.payload is None and cls.unknown_base is None:
        return _of_every_object(machine, obj, name)
    if obj.payload is not None and (found := of_host(machine, obj.payload, name)) is not MISSING:
        return found
    fallback = cls.find("__getattr__")
    if fallback.__class__ is Native:  # a library only looks something up
        try:
            return fallback.run(machine, (obj, name), {})
        except NotModelled as why:
            return machine.unknown(why.reason)
    if fallback is not None:
        return machine.call(fallback, (obj, name))
    if cls.unknown_base is not None:
        return cls.unknown_base.derive((id(obj), "attribute", name))
    return MISSING


_OF_ITSELF = frozenset(("__class__", "__dict__", "__doc__", "__module__", "__annotations__"))
_OF_EVERY_OBJECT = frozenset(dir(object))


def _of_every_object(machine: Machine, obj: Instance, name: str) -> Value:
    """A method that every class has from `object`, bound to the instance."""
    method = registry.language().unbound_method(machine, object, name)
    if method is NO_PROPERTY:
        return machine.unknown(f"object.{name} is not modelled")
    return method if name == "__new__" else BoundMethod(method, obj)


def _of_tensor(machine: Machine, obj: Tensor, name: str) -> Value:
    if obj.attrs is not None and name in obj.attrs:
        return obj.attrs[name]
    own = patches.given(machine.state, obj.kind, name)
    if own is not NO_PROPERTY:
        cls = registry.lookup(obj.kind)
        assert isinstance(cls, Class)
        return bind_attribute(machine, own, obj, cls)
    found = registry.protocol_of(obj.kind).get_attribute(machine, obj, name)
    if found is not NO_PROPERTY:
        return found
    method = registry.lookup(f"{obj.kind}.{name}")
    if method is not None:
        return BoundMethod(method, obj)
    if name == "__class__":
        return registry.lookup(obj.kind)
    return machine.library_unknown(f"{obj.kind}.{name}")


def _of_module(machine: Machine, obj: Namespace, name: str) -> Value:
    found = obj.attrs.get(name)
    if found is not None and found.__class__ is not Lazy:
        return found
    found = module_attribute(machine, obj, name)
    if found is not None or name in obj.attrs:
        return found
    if name == "__dict__":
        return obj.attrs
    return MISSING


def _of_class(machine: Machine, obj: Class, name: str) -> Value:
    found = class_attribute(machine, obj, name)
    if found is not MISSING:
        return found
    match name:
        case "__name__":
            return obj.name
        case "__qualname__":
            return obj.name
        case "__module__":
            return obj.qualname.rpartition(".")[0]
        case "__mro__":
            return obj.mro
        case "__bases__":
            return obj.bases
        case "__dict__":
            return obj.namespace
        case "__doc__":
            return None
        case "__class__":
            return obj.metaclass or registry.lookup("builtins.type")
        case "__annotations__":
            return {}
        case "__subclasses__" | "mro" | "__base__":
            return machine.unknown(f"type.{name} is not modelled")  # every class has it
    if obj.unknown_base is not None:
        return obj.unknown_base.derive(("attribute", name))
    for host in (obj.host, object):
        method = NO_PROPERTY if host is None else registry.language().unbound_method(machine, host, name)
        if method is not NO_PROPERTY:
            return method
        nested = registry.lookup(f"{obj.qualname}.{name}")
        if nested is not None:
            return nested
    return MISSING


def _of_super(machine: Machine, obj: Super, name: str) -> Value:
    receiver = obj.receiver
    cls = receiver.cls if isinstance(receiver, Instance) else receiver
    if not isinstance(cls, Class):
        return machine.unknown("super() of an object that is not known")
    if isinstance(receiver, Class) and receiver.metaclass is not None and obj.start in receiver.metaclass.mro:
        return _of_metaclass(machine, receiver, obj.start, name)
    mro = cls.mro
    start = mro.index(obj.start) + 1 if obj.start in mro else 0
    for base in mro[start:]:
        if name in base.namespace:
            value = base.namespace[name]
            if isinstance(receiver, Instance):
                if name == "__init__" and isinstance(value, Unknown):
                    return BoundMethod(value, receiver)  # what it sets is not known
                return bind_attribute(machine, value, receiver, cls)
            if isinstance(value, ClassMethod):
                return BoundMethod(value.function, receiver)
            return value.function if isinstance(value, StaticMethod) else value
    if cls.unknown_base is not None:
        return cls.unknown_base.derive(("attribute", name))
    if isinstance(receiver, Instance) and receiver.payload is not None:
        return of_host(machine, receiver.payload, name)
    return registry.language().object_method(machine, receiver, name)


def _of_metaclass(machine: Machine, cls: Class, start: Class, name: str) -> Value:
    """`super().name` inside a metaclass's method, whose receiver is a class."""
    assert cls.metaclass is not None
    mro = cls.metaclass.mro
    for base in mro[mro.index(start) + 1 :]:
        if name in base.namespace:
            return bind_attribute(machine, base.namespace[name], cls, cls.metaclass)
    if name == "__call__":
        return Native("type.__call__", lambda _, args, kwargs: construct(machine, cls, args, kwargs))
    return machine.unknown(f"{name} of a metaclass is not modelled")


def _of_method(machine: Machine, obj: BoundMethod, name: str) -> Value:
    match name:
        case "__self__":
            return obj.receiver
        case "__func__":
            return obj.function
    return MISSING if name == "__class__" else get(machine, obj.function, name)


def of_host(machine: Machine, obj: Value, name: str) -> Value:
    machine.before_reading(obj)
    found = registry.language().bound_method(machine, obj, name)
    return MISSING if found is NO_PROPERTY else found


def _of_wrapped(machine: Machine, obj: StaticMethod | ClassMethod, name: str) -> Value:
    return obj.function if name == "__func__" else get(machine, obj.function, name)


def _of_unknown(machine: Machine, obj: Unknown, name: str) -> Value:
    if name == "f_globals":
        rebinding.open_modules(machine)  # through a frame, names of any module can be bound
    return obj.derive(("attribute", name))


OF_CLASS: dict[type, Callable[[Machine, Any, str], Value]] = {
    Instance: _of_instance,
    Tensor: _of_tensor,
    Unknown: _of_unknown,
    Namespace: _of_module,
    Class: _of_class,
    Super: _of_super,
    Function: callables.of_function,
    BoundMethod: _of_method,
    Native: callables.of_native,
    Property: callables.of_property,
    StaticMethod: _of_wrapped,
    ClassMethod: _of_wrapped,
}
"""How each kind of value answers; all others are host data."""


def put(machine: Machine, obj: Value, name: str, value: Value) -> None:
    """`obj.name = value`."""
    match obj:
        case Instance():
            _put_instance(machine, obj, name, value)
        case Tensor():
            registry.protocol_of(obj.kind).set_attribute(machine, obj, name, value)
        case Namespace() if name == "__class__":
            machine.loader.open.add(obj.filename)
        case Class() if name == "__bases__":
            rebinding.forget(machine, obj, machine.unknown(f"{obj.name} is given other bases"))
        case Class() | Namespace(library=True) | Native():
            machine.loader.settle()
            patches.rebind(machine.state, obj, {name: value})
        case Namespace():
            machine.loader.settle()
            obj.attrs[name] = value
        case Function() if name == "__defaults__" and isinstance(value, (tuple, type(None))):
            obj._defaults = value or ()
        case Function() if name == "__code__":
            obj.code = getattr(value, "payload", None) or obj.code
            obj.attrs[name] = value
        case Function() if name == "__kwdefaults__" and isinstance(value, (dict, type(None))):
            obj._kw_defaults = value or {}
        case Function():
            obj.attrs[name] = value
        case Unknown() | BoundMethod():
            pass
        case _:
            raise machine.error("AttributeError", f"'{type(obj).__name__}' object has no attribute '{name}'")


def _put_instance(machine: Machine, obj: Instance, name: str, value: Value) -> None:
    if name in ("__class__", "__dict__"):
        _remake(machine, obj, value)
        return
    custom = obj.cls.find("__setattr__")
    if custom is not None:
        machine.call(custom, (obj, name, value))
    else:
        plain_set(machine, obj, name, value)


def _remake(machine: Machine, obj: Instance, value: Value) -> None:
    """`obj.__class__ = cls`, or `obj.__dict__ = attributes`: a dictionary may be its own attributes."""
    names = value.payload if isinstance(value, Instance) else value
    if isinstance(value, Class):
        obj.cls = value
    elif isinstance(names, dict) and machine.taint_of(names) is None:
        obj.attrs = names
    else:
        machine.taint(obj, value if isinstance(value, Unknown) else machine.unknown("another class"))


def plain_set(machine: Machine, obj: Instance, name: str, value: Value) -> None:
    """`object.__setattr__`: a property's setter, else the instance's dictionary."""
    found = obj.cls.find(name)
    if isinstance(found, Property) and not found.cached:
        if found.setter is None:
            raise machine.error(
                "AttributeError", f"property '{name}' of '{obj.cls.name}' object has no setter"
            )
        machine.call(found.setter, (obj, value))
        return
    if isinstance(found, Instance) and found.cls.has("__set__"):
        machine.call(machine.getattr(found, "__set__"), (obj, value))
        return
    obj.attrs[name] = value


def remove(machine: Machine, obj: Value, name: str) -> None:
    """`del obj.name`."""
    match obj:
        case Instance():
            custom = obj.cls.find("__delattr__")
            if custom is not None:
                machine.call(custom, (obj, name))
                return
            if obj.attrs.pop(name, MISSING) is not MISSING or obj.tainted is not None:
                return
        case Class(namespace=store) | Namespace(attrs=store, library=True):
            if name in store:
                patches.rebind(machine.state, obj, {name: NO_PROPERTY})
                return
        case Function(attrs=store) | Namespace(attrs=store):
            if store.pop(name, MISSING) is not MISSING:
                return
        case Unknown():
            return
    raise machine.error("AttributeError", name)
