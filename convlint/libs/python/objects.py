"""What every object has: the methods of `object`, as `super()` and `object.…` reach them."""

from __future__ import annotations

from convlint.libs.protocol import MISSING
from convlint.libs.python.content import class_name
from convlint.libs.python.declare import Body, native
from convlint.values import BoundMethod, Caller, Class, Instance, Native, Property, Value


def object_method(caller: Caller, receiver: Value, name: str) -> Value:
    """`super().name` where only `object` is left. Raises the program's AttributeError."""
    found = OBJECT.get(name, MISSING)
    if isinstance(found, Native):
        return found if name == "__new__" else BoundMethod(found, receiver)
    raise caller.error("AttributeError", f"'super' object has no attribute '{name}'")


def _nothing(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
    return None


def _new(caller: Caller, cls: Value, /, *args: Value, **kwargs: Value) -> Value:
    if isinstance(cls, Class):
        return Instance(cls, caller.site)
    raise caller.error("TypeError", "object.__new__(X): X is not a type object")


def _setattr(caller: Caller, receiver: Value, name: str, value: Value, /) -> Value:
    """A property's or descriptor's setter, else the instance's own dictionary."""
    if not isinstance(receiver, Instance):
        caller.setattr(receiver, name, value)
        return None
    found = receiver.cls.find(name)
    if isinstance(found, Property) and not found.cached:
        if found.setter is None:
            raise caller.error(
                "AttributeError", f"property '{name}' of '{receiver.cls.name}' object has no setter"
            )
        caller.call(found.setter, (receiver, value))
    elif isinstance(found, Instance) and found.cls.has("__set__"):
        caller.call(caller.getattr(found, "__set__"), (receiver, value))
    else:
        receiver.attrs[name] = value
    return None


def _delattr(caller: Caller, receiver: Value, name: str, /) -> Value:
    if isinstance(receiver, Instance):
        gone = receiver.attrs.pop(name, MISSING)
        if gone is MISSING and receiver.tainted is None:
            raise caller.error("AttributeError", name)
    return None


def _getattribute(caller: Caller, receiver: Value, name: str, /) -> Value:
    return caller.getattr(receiver, name)


def _eq(caller: Caller, receiver: Value, other: Value, /) -> Value:
    return True if receiver is other else NotImplemented


def _ne(caller: Caller, receiver: Value, other: Value, /) -> Value:
    return False if receiver is other else NotImplemented


def _address(caller: Caller, receiver: Value, /, *args: Value) -> Value:
    return caller.unknown(f"the text or hash of a {class_name(caller, receiver)} holds its address")


def _str(caller: Caller, receiver: Value, /) -> Value:
    method = receiver.cls.find("__repr__") if isinstance(receiver, Instance) else None
    return _address(caller, receiver) if method is None else caller.call(method, (receiver,))


def _dir(caller: Caller, receiver: Value, /) -> Value:
    if not isinstance(receiver, Instance):
        return caller.unknown("dir() of this object is not modelled")
    names = set(receiver.attrs).union(*(cls.namespace for cls in receiver.cls.mro))
    return sorted(names)


_BODIES: dict[str, Body] = {
    "__init__": _nothing,
    "__new__": _new,
    "__init_subclass__": _nothing,
    "__setattr__": _setattr,
    "__delattr__": _delattr,
    "__getattribute__": _getattribute,
    "__eq__": _eq,
    "__ne__": _ne,
    "__hash__": _address,
    "__repr__": _address,
    "__str__": _str,
    "__format__": _address,
    "__dir__": _dir,
}
OBJECT: dict[str, Native] = {
    name: native(f"object.{name}", body, absorbs=False) for name, body in _BODIES.items()
}
"""The methods of `object` by name."""
