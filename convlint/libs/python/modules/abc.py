"""The module `abc`: abstract classes are classes; what they leave open is marked."""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.python.declare import function
from convlint.values import Caller, ClassMethod, Function, Native, Property, StaticMethod, Value

registry.klass("abc.ABCMeta", "builtins.type")
registry.klass("abc.ABC", "builtins.object")


def _mark(value: Value) -> None:
    if isinstance(value, Function | Native):
        value.attrs["__isabstractmethod__"] = True


@function("abc.abstractmethod", absorbs=False)
def abstractmethod(caller: Caller, funcobj: Value, /) -> Value:
    inner = funcobj.function if isinstance(funcobj, StaticMethod | ClassMethod) else funcobj
    _mark(inner.getter if isinstance(inner, Property) else inner)
    return funcobj


@function("abc.abstractproperty", absorbs=False)
def abstractproperty(caller: Caller, fget: Value, /) -> Value:
    _mark(fget)
    return Property(fget)


@function("abc.abstractclassmethod", absorbs=False)
def abstractclassmethod(caller: Caller, func: Value, /) -> Value:
    return ClassMethod(func)


@function("abc.abstractstaticmethod", absorbs=False)
def abstractstaticmethod(caller: Caller, func: Value, /) -> Value:
    return StaticMethod(func)
