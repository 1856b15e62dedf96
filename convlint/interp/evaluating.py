"""Operators and truth, sent to whoever knows the operands.

In order: an unknown operand makes the result unknown; a class of the program answers with its methods; a
tensor with its protocol; everything else is host data and symbolic integers, which `libs/python` knows.
"""

from __future__ import annotations

import operator as host
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from convlint.dims import Expr, Question
from convlint.interp import patches
from convlint.interp.budget import SIZED, weight
from convlint.interp.classes import bind_attribute
from convlint.interp.operators import INPLACE, METHOD, REFLECTED, UNARY_METHOD
from convlint.libs import registry
from convlint.libs.protocol import MISSING
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

_HOST = (int, float, str, bool, type(None), list, tuple, dict)
_NUMBERS = frozenset((int, float, bool, Expr))
_IDENTITY = frozenset(("is", "is not"))
_MEMBERSHIP = frozenset(("in", "not in"))
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "==": host.eq,
    "!=": host.ne,
    "<": host.lt,
    "<=": host.le,
    ">": host.gt,
    ">=": host.ge,
}
"""How known numbers compare."""
_SEARCHED = (list, tuple, deque, str, bytes, bytearray)


def binary(machine: Machine, operator: str, left: Value, right: Value) -> Value:
    """`left operator right`."""
    machine.budget.step()
    if operator in _IDENTITY:
        return _identity(machine, left, right, operator == "is")
    if operator in _MEMBERSHIP:
        return _membership(machine, left, right, operator == "in")
    if left.__class__ in _NUMBERS and right.__class__ in _NUMBERS:
        if operator in _COMPARED and left.__class__ is not Expr and right.__class__ is not Expr:
            return _COMPARED[operator](left, right)
        return registry.language().binary(machine, operator, left, right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        known = left.derive((operator, key_of(right))) if isinstance(left, Unknown) else None
        result = known or right.derive(("reflected", operator, key_of(left)))  # type: ignore[attr-defined]
        if operator == "@":
            machine.recorder.lose(result)
        return result
    if isinstance(left, (Instance, Class)) or isinstance(right, (Instance, Class)):
        return _dunder(machine, operator, left, right)
    for side, name in ((left, METHOD[operator]), (right, REFLECTED[operator])):
        if isinstance(side, Tensor):
            own = patches.given(machine.state, side.kind, name)
            if own is not MISSING:
                return machine.call(own, (side, right if side is left else left))
            return registry.protocol_of(side.kind).binary(machine, operator, left, right)
    if (why := machine.taint_of(left) or machine.taint_of(right)) is not None:
        return why.derive((operator, key_of(left), key_of(right)))
    if operator in _COMPARED and left.__class__ in SIZED:
        machine.budget.charge(weight(left))
    return weighed(machine, registry.language().binary(machine, operator, left, right))


def weighed(machine: Machine, result: Value) -> Value:
    """A new piece of host data: making it takes steps by its size."""
    if result.__class__ in SIZED:
        machine.budget.charge(weight(result))
    return result


def key_of(value: Value) -> object:
    """Something that is equal for equal plain operands, so that the same unknown question stays the same."""
    return value if isinstance(value, (int, float, str, bool, type(None), Expr)) else id(value)


def _identity(machine: Machine, left: Value, right: Value, positive: bool) -> Value:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        if left is right:
            return positive
        unknown, other = (left, right) if isinstance(left, Unknown) else (right, left)
        assert isinstance(unknown, Unknown)
        answer = unknown.derive(("is", key_of(other)))
        return answer if positive else answer.derive("not")
    same = left is right
    if not same and isinstance(left, BoundMethod):
        same = left == right
    if not same and _perhaps_one(left, right):
        return machine.unknown("whether equal values are one object is up to Python")
    return same is positive


def _perhaps_one(left: Value, right: Value) -> bool:
    """Whether two objects of the interpreter may be one in Python: equal numbers and texts."""
    if isinstance(left, Expr) or isinstance(right, Expr):
        return isinstance(left, (int, Expr)) and isinstance(right, (int, Expr))
    return left.__class__ is right.__class__ and isinstance(left, (int, float, str, bytes)) and left == right


def _membership(machine: Machine, item: Value, container: Value, positive: bool) -> Value:
    if isinstance(container, Unknown):
        answer = container.derive(("contains", key_of(item)))
        return answer if positive else answer.derive("not")
    machine.before_reading(container)
    if (why := machine.taint_of(container)) is not None:
        return why.derive(("contains", id(container), key_of(item)))
    if isinstance(container, (Instance, Class)):
        result = _contains_instance(machine, item, container)
    elif isinstance(container, Tensor):
        result = registry.protocol_of(container.kind).binary(machine, "in", item, container)
    elif isinstance(container, Stream):
        machine.changing(container)
        result = any(machine.truth(binary(machine, "==", item, each)) for each in container)
    elif isinstance(item, Unknown):
        result = item.derive(("in", id(container)))
    else:
        if container.__class__ in _SEARCHED:
            machine.budget.charge(weight(container))
        result = registry.language().binary(machine, "in", item, container)
    return result if positive else negation(machine, result)


def _contains_instance(machine: Machine, item: Value, container: Instance | Class) -> Value:
    method = special(machine, container, "__contains__")
    if method is not None:
        return machine.call(method, (item,))
    if isinstance(container, Instance) and container.payload is not None:
        return _membership(machine, item, container.payload, True)
    return any(machine.truth(binary(machine, "==", item, each)) for each in machine.iterate(container))


def special(machine: Machine, obj: Value, name: str) -> Value | None:
    """A special method, found on the class as Python does, bound."""
    if isinstance(obj, Instance):
        found = obj.cls.find(name)
        return None if found is None else bind_attribute(machine, found, obj, obj.cls)
    if isinstance(obj, Class) and obj.metaclass is not None:
        found = obj.metaclass.find(name)
        return None if found is None else BoundMethod(found, obj)
    return None


def _dunder(machine: Machine, operator: str, left: Value, right: Value) -> Value:
    for receiver, other, name in ((left, right, METHOD[operator]), (right, left, REFLECTED[operator])):
        method = special(machine, receiver, name)
        if method is not None:
            result = machine.call(method, (other,))
            if result is not NotImplemented:
                return result
    plain = [
        side.payload if isinstance(side, Instance) and side.payload is not None else side
        for side in (left, right)
    ]
    if plain[0] is not left or plain[1] is not right:
        return binary(machine, operator, plain[0], plain[1])
    for side in (left, right):
        if isinstance(side, Tensor):
            return registry.protocol_of(side.kind).binary(machine, operator, left, right)
        why = side.tainted or side.cls.unknown_base if isinstance(side, Instance) else None
        if why is not None:
            return why.derive((operator, key_of(left), key_of(right)))
    match operator:
        case "==":
            return left is right
        case "!=":
            return left is not right
        case "|" if isinstance(left, Class) or isinstance(right, Class):
            return (left, right)
    names = [c.name if isinstance(c := machine.class_of(s), Class) else "object" for s in (left, right)]
    raise machine.error(
        "TypeError", f"unsupported operand type(s) for {operator}: '{names[0]}' and '{names[1]}'"
    )


def inplace(machine: Machine, operator: str, left: Value, right: Value) -> Value:
    """`left operator= right`."""
    if isinstance(left, Instance):
        method = special(machine, left, INPLACE[operator])
        if method is not None:
            return machine.call(method, (right,))
    if isinstance(left, Tensor) and not (isinstance(right, Unknown) and _replaces(operator, left)):
        return registry.protocol_of(left.kind).binary(machine, operator, left, right, inplace=True)
    if isinstance(left, (list, dict, set, deque)):
        return left if machine.taint_of(left) else registry.language().inplace(machine, operator, left, right)
    return binary(machine, operator, left, right)


def _replaces(operator: str, left: Tensor) -> bool:
    """Whether `left operator= Unknown` may bind a new object: else the tensor is changed in place."""
    return operator == "@" or left.kind != "torch.Tensor"


def unary(machine: Machine, operator: str, value: Value) -> Value:
    """`-value`, `+value`, `~value`."""
    machine.budget.steps += 1
    if isinstance(value, Unknown):
        return value.derive(("unary", operator))
    if isinstance(value, Tensor):
        return registry.protocol_of(value.kind).unary(machine, operator, value)
    method = special(machine, value, UNARY_METHOD[operator])
    if method is not None:
        return machine.call(method)
    return registry.language().unary(machine, operator, value)


def negation(machine: Machine, value: Value) -> Value:
    """`not value`."""
    decided = truth(machine, value)
    if isinstance(decided, bool):
        return not decided
    return not machine.truth(value)


def truth(machine: Machine, value: Value) -> bool | Unknown | Question:
    """What `bool(value)` rests on: a bool where decided, else the unknown value or the question."""
    if isinstance(value, bool):
        return value
    if value is None:
        return False
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Condition):
        return value.question  # type: ignore[return-value]
    if isinstance(value, Tensor):
        return registry.protocol_of(value.kind).truth(machine, value)
    if isinstance(value, Instance):
        return _instance_truth(machine, value)
    if isinstance(value, (Function, Native, Class, BoundMethod, Namespace, Stream)):
        return True
    if (why := machine.taint_of(value)) is not None:
        return why.derive(("truth", id(value)))
    return registry.language().truth(machine, value)


def _instance_truth(machine: Machine, value: Instance) -> bool | Unknown | Question:
    for name in ("__bool__", "__len__"):
        method = special(machine, value, name)
        if method is not None:
            return truth(machine, machine.call(method))
    if value.payload is not None:
        return truth(machine, value.payload)
    return True
