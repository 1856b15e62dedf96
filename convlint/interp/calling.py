"""Calling any value (reference/expressions.html#calls)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from convlint.dims import TooComplex
from convlint.interp import attributes, classes, rebinding
from convlint.interp.budget import AT_ONCE, SIZED, Cost, Exhausted, content_weight, weight
from convlint.interp.frame import Code, Signal
from convlint.interp.functions import activation
from convlint.values import (
    BoundMethod,
    Class,
    ClassMethod,
    Function,
    Instance,
    Native,
    NotModelled,
    StaticMethod,
    Tensor,
    Unknown,
    Value,
)
from convlint.values.lazy import Lazy

if TYPE_CHECKING:
    from convlint.interp.machine import Machine

_SIZED = SIZED.keys()
_COSTING = frozenset((Tensor, Class, Unknown, *SIZED))
"""What a native function gives that takes more steps than the call, or shows that it failed."""

# A call of the program takes about a dozen calls of the interpreter.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 12_000))


def call(machine: Machine, function: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """`function(*args, **kwargs)`."""
    while function.__class__ is BoundMethod:
        function, args = function.function, (function.receiver, *args)  # type: ignore[attr-defined]
    cls = function.__class__
    if cls is Function:
        return _call_function(machine, function, args, kwargs)  # type: ignore[arg-type]
    if cls is Native:
        return _call_native(machine, function, args, kwargs)  # type: ignore[arg-type]
    if cls is Class:
        return classes.instantiate(machine, function, args, kwargs)  # type: ignore[arg-type]
    if cls is Instance:
        return _call_instance(machine, function, args, kwargs)  # type: ignore[arg-type]
    if cls is Unknown:
        return unknown_call(machine, function, function, [*args, *kwargs.values()])  # type: ignore[arg-type]
    if cls is StaticMethod or cls is ClassMethod:
        return call(machine, function.function, args, kwargs)  # type: ignore[attr-defined]
    if cls is Lazy:
        return call(machine, function.resolve(), args, kwargs)  # type: ignore[attr-defined]
    method = attributes.get(machine, function, "__call__")
    if method is not classes.MISSING:
        return call(machine, method, args, kwargs)
    raise machine.error("TypeError", f"'{type(function).__name__}' object is not callable")


def _call_function(
    machine: Machine, function: Function, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> Value:
    budget = machine.budget
    budget.step()
    budget.depth += 1
    if budget.depth > budget.limits.depth:
        raise Exhausted("depth")
    frame = activation(machine, function, args, kwargs, machine.site)
    code = function.code
    assert isinstance(code, Code)
    before = machine.site
    try:
        signal = code.body(frame)
    except RecursionError:
        raise Exhausted("depth") from None
    finally:
        budget.depth -= 1
        machine.site = before
    return signal.value if isinstance(signal, Signal) else None


def _call_native(
    machine: Machine, function: Native, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> Value:
    budget, watch = machine.budget, machine.watch
    budget.steps += Cost.NATIVE  # as `charge` does: nothing is called more often
    if budget.steps > budget.look:
        budget.check()
    if watch is not None:
        watch.native(function, args, kwargs)
    if not _SIZED.isdisjoint(map(type, args)) and function.name.rpartition(".")[2] not in AT_ONCE:
        for arg in args:
            if arg.__class__ in SIZED and (steps := weight(arg)):
                budget.charge(steps)
    try:
        result = function.run(machine, args, kwargs)
    except NotModelled as why:
        result = machine.unknown(why.reason)
    except RecursionError:
        raise Exhausted("depth") from None
    except TooComplex:
        return machine.lost(f"an extent in {function.name} is too complex to follow")
    if watch is not None:
        watch.result(result, function)
    if result.__class__ not in _COSTING:
        return result
    if result.__class__ is Tensor:
        if not function.name.endswith("__"):  # what reads an attribute, or wraps a call, makes no tensor
            steps = Cost.TENSOR
            if result.data is not None:
                steps += content_weight(result, bool(args) and args[0].__class__ is Tensor)
            budget.charge(steps)
    elif result.__class__ in SIZED:
        budget.charge(weight(result))
    elif result.__class__ is Class:
        budget.charge(len(result.mro))
    elif result.__class__ is Unknown and function.name.endswith(".__init__") and args:
        machine.taint(args[0], result)  # nothing shows what it would have set
    return result


def _call_instance(
    machine: Machine, function: Instance, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> Value:
    method = function.cls.find("__call__")
    if method.__class__ in classes.BINDING:
        return call(machine, method, (function, *args), kwargs)
    if method is None:
        why = function.tainted or function.cls.unknown_base
        if why is not None:
            return unknown_call(machine, function, why, [*args, *kwargs.values()])
        raise machine.error("TypeError", f"'{function.cls.name}' object is not callable")
    return call(machine, classes.bind_attribute(machine, method, function, function.cls), args, kwargs)


def unknown_call(machine: Machine, function: Value, why: Unknown, args: list[Value]) -> Unknown:
    """A call that cannot be followed: it may have changed every mutable object it could reach directly."""
    for arg in args:
        if isinstance(arg, (list, dict, set, Instance, Tensor)):
            machine.taint(arg, why)
    rebinding.may_rebind(machine, args, why)
    if isinstance(function, BoundMethod) and isinstance(
        function.receiver, (list, dict, set, Instance, Tensor)
    ):
        machine.taint(function.receiver, why)
    result = Unknown(why.reason, machine.site)
    if any(isinstance(arg, (Tensor, Unknown, list, tuple, dict, Instance)) for arg in args):
        machine.recorder.lose(result)
    return result
