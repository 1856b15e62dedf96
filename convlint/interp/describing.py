"""What a value is: its class, whether it is an instance of one, and how it reads as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlint.dims import Expr
from convlint.interp.evaluating import key_of, special, weighed
from convlint.libs import registry
from convlint.values import (
    BoundMethod,
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

if TYPE_CHECKING:
    from convlint.interp.machine import Machine


def text(machine: Machine, value: Value) -> str | Unknown:
    """`str(value)`."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unknown):
        return value.derive("text")
    if isinstance(value, Instance):
        for name in ("__str__", "__repr__"):
            method = special(machine, value, name)
            if method is not None:
                result = machine.call(method)
                return (
                    result
                    if isinstance(result, (str, Unknown))
                    else machine.unknown("a text that is not known")
                )
        return machine.unknown(f"the text of a {value.cls.name} is not modelled")
    result = weighed(machine, registry.language().text(machine, value))
    return result if isinstance(result, (str, Unknown)) else machine.unknown("a text that is not known")


def format_value(machine: Machine, value: Value, conversion: str, spec: Value) -> Value:
    """One field of an f-string or of `format`."""
    machine.budget.steps += 1
    if isinstance(value, Unknown):
        return value.derive(("format", conversion, key_of(spec)))
    if isinstance(spec, Unknown):
        return spec
    return weighed(machine, registry.language().format(machine, value, conversion, str(spec)))


def class_of(machine: Machine, obj: Value) -> Value:
    """`type(obj)`."""
    match obj:
        case Instance(cls=cls):
            return cls
        case Unknown():
            return obj.derive("class")
        case Tensor(kind=kind):
            return registry.lookup(kind)
        case Class(metaclass=metaclass):
            return metaclass or registry.lookup("builtins.type")
        case Expr():
            return registry.lookup("builtins.int")
        case Condition():
            return registry.lookup("builtins.bool")
        case Function():
            return registry.lookup("types.FunctionType")
        case Native():
            return registry.lookup("types.BuiltinFunctionType")
        case BoundMethod():
            return registry.lookup("types.MethodType")
        case Namespace():
            return registry.lookup("types.ModuleType")
        case Stream():
            return registry.lookup("types.GeneratorType")
    registry.lookup("builtins.object")
    found = registry.host_class(type(obj))
    return machine.unknown(f"the class of a {type(obj).__name__} is not modelled") if found is None else found


def is_instance(machine: Machine, obj: Value, cls: Value) -> bool | Unknown:
    """`isinstance(obj, cls)`; `cls` a class, or a tuple of them."""
    if isinstance(cls, tuple):
        answers = [is_instance(machine, obj, each) for each in cls]
        if any(a is True for a in answers):
            return True
        return next((a for a in answers if isinstance(a, Unknown)), False)
    if isinstance(cls, Unknown):
        return cls.derive(("isinstance", key_of(obj)))
    if isinstance(obj, Unknown):
        return obj.derive(("isinstance", id(cls)))
    if not isinstance(cls, Class):
        return machine.unknown("isinstance with a class that is not known")
    check = cls.find("__instancecheck__")
    if check is not None:
        answer = machine.call(check, (cls, obj))
        return answer if isinstance(answer, (bool, Unknown)) else machine.truth(answer)
    own = class_of(machine, obj)
    if not isinstance(own, Class):
        return (
            own if isinstance(own, Unknown) else machine.unknown("the class of this object is not modelled")
        )
    if cls in own.mro:
        return True
    if isinstance(obj, Instance) and own.unknown_base is not None:
        return own.unknown_base.derive(("isinstance", own.qualname, cls.qualname))
    return False
