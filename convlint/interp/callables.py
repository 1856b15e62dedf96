"""What functions, library functions and properties answer when their attributes are read
(docs.python.org/3/reference/datamodel.html#user-defined-functions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlint.interp.classes import MISSING
from convlint.interp.frame import Code
from convlint.libs import registry
from convlint.values import BoundMethod, Caller, Class, Function, Instance, Native, Property, Value

if TYPE_CHECKING:
    from convlint.interp.machine import Machine


def of_function(machine: Machine, obj: Function, name: str) -> Value:
    """An attribute of a function of the program; `MISSING` where it has none of this name."""
    if name in obj.attrs:
        return obj.attrs[name]
    match name:
        case "__name__":
            return obj.name
        case "__qualname__":
            return obj.qualname
        case "__module__":
            return obj.closure.module.name  # type: ignore[attr-defined]
        case "__doc__" | "__wrapped__":
            return MISSING if name == "__wrapped__" else None
        case "__defaults__":
            return obj.defaults or None
        case "__kwdefaults__":
            return obj.kw_defaults or None
        case "__dict__":
            return obj.attrs
        case "__annotations__":
            return {}
        case "__get__":
            return _getter(obj)
        case "__globals__":
            return obj.closure.module.attrs  # type: ignore[attr-defined]
        case "__code__":
            return _code_of(machine, obj)
        case "__closure__" | "__type_params__":
            return machine.unknown(f"{name} of a function is not modelled")
    return MISSING


def _getter(function: Function) -> Value:
    """`function.__get__`: binds it to an object (howto/descriptor.html#functions-and-methods)."""

    def bind(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        receiver = args[0] if args else kwargs.get("instance")
        return function if receiver is None else BoundMethod(function, receiver)

    return Native("function.__get__", bind)


def _code_of(machine: Machine, function: Function) -> Value:
    """A function's code object: what its signature says of it, and the code itself to give to another."""
    cls = registry.lookup("types.CodeType")
    assert isinstance(cls, Class)
    made, code = Instance(cls, payload=function.code), function.code
    assert isinstance(code, Code)
    made.tainted = machine.unknown("code objects are not modelled")
    made.attrs["co_argcount"] = len(code.parameters)
    made.attrs["co_name"] = function.name
    made.attrs["co_varnames"] = _names_in(code)
    return made


def _names_in(code: Code) -> tuple[str, ...]:
    """The parameters, then what else the body binds."""
    stars = (name for name in (code.star, code.stars) if name)
    parameters = (*code.parameters, *code.keyword_only, *stars)
    return (*parameters, *sorted(code.own.bound.difference(parameters)))


def of_native(machine: Machine, obj: Native, name: str) -> Value:
    """An attribute of a library's function; `MISSING` where it has none of this name."""
    if name in obj.attrs:
        return obj.attrs[name]
    match name:
        case "__name__" | "__qualname__":
            return obj.name.rpartition(".")[2]
        case "__module__":
            return obj.name.rpartition(".")[0]
        case "__doc__":
            return None
    return MISSING


def of_property(machine: Machine, obj: Property, name: str) -> Value:
    """An attribute of a property; `MISSING` where it has none of this name."""
    match name:
        case "setter":
            return Native("setter", lambda _, args, kwargs: Property(obj.getter, args[0], obj.deleter))
        case "getter":
            return Native("getter", lambda _, args, kwargs: Property(args[0], obj.setter, obj.deleter))
        case "deleter":
            return Native("deleter", lambda _, args, kwargs: Property(obj.getter, obj.setter, args[0]))
        case "fget":
            return obj.getter
        case "fset":
            return obj.setter
    return MISSING
