"""Operators, subscripts, iteration and truth, sent to whoever knows the operands.

In order: an unknown operand makes the result unknown; a class of the program answers with its methods; a
tensor
with its protocol; everything else is host data and symbolic integers, which `libs/python` knows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from convlint.dims import Expr, Question
from convlint.interp import attributes
from convlint.interp.budget import SIZED, Cost, weight
from convlint.interp.classes import MISSING, bind_attribute
from convlint.interp.operators import INPLACE, METHOD, REFLECTED, UNARY_METHOD
from convlint.libs import registry
from convlint.values import (
    BoundMethod,
    Class,
    Condition,
    Function,
    Instance,
    Namespace,
    Native,
    NotModelled,
    Stream,
    Tensor,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from convlint.interp.machine import Machine

_HOST = (int, float, str, bool, type(None), list, tuple, dict)
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_SEARCHED = (list, tuple, deque, str, bytes, bytearray)


def binary(machine: Machine, operator: str, left: Value, right: Value) -> Value:
    """`left operator right`."""
    machine.budget.step()
    match operator:
        case "is" | "is not":
            return _identity(machine, left, right, operator == "is")
        case "in" | "not in":
            return _membership(machine, left, right, operator == "in")
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        known = left.derive((operator, _key(right))) if isinstance(left, Unknown) else None
        result = known or right.derive(("reflected", operator, _key(left)))  # type: ignore[attr-defined]
        if operator == "@":
            machine.recorder.lose(result)
        return result
    if isinstance(left, (Instance, Class)) or isinstance(right, (Instance, Class)):
        return _dunder(machine, operator, left, right)
    for side in (left, right):
        if isinstance(side, Tensor):
            return registry.protocol_of(side.kind).binary(machine, operator, left, right)
    if (why := machine.taint_of(left) or machine.taint_of(right)) is not None:
        return why.derive((operator, _key(left), _key(right)))
    if operator in _COMPARISONS and left.__class__ in SIZED:
        machine.budget.charge(weight(left))
    return _weighed(machine, registry.language().binary(machine, operator, left, right))


def _weighed(machine: Machine, result: Value) -> Value:
    """A new piece of host data: making it takes steps by its size."""
    if result.__class__ in SIZED:
        machine.budget.charge(weight(result))
    return result


def _key(value: Value) -> object:
    """Something that is equal for equal plain operands, so that the same unknown question stays the same."""
    return value if isinstance(value, (int, float, str, bool, type(None), Expr)) else id(value)


def _identity(machine: Machine, left: Value, right: Value, positive: bool) -> Value:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        if left is right:
            return positive
        unknown, other = (left, right) if isinstance(left, Unknown) else (right, left)
        assert isinstance(unknown, Unknown)
        answer = unknown.derive(("is", _key(other)))
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
        answer = container.derive(("contains", _key(item)))
        return answer if positive else answer.derive("not")
    machine.before_reading(container)
    if (why := machine.taint_of(container)) is not None:
        return why.derive(("contains", id(container), _key(item)))
    if isinstance(container, (Instance, Class)):
        result = _contains_instance(machine, item, container)
    elif isinstance(container, Tensor):
        result = registry.protocol_of(container.kind).binary(machine, "in", item, container)
    elif isinstance(container, Stream):
        result = any(machine.truth(binary(machine, "==", item, each)) for each in container)
    elif isinstance(item, Unknown):
        result = item.derive(("in", id(container)))
    else:
        if container.__class__ in _SEARCHED:
            machine.budget.charge(weight(container))
        result = registry.language().binary(machine, "in", item, container)
    return result if positive else negation(machine, result)


def _contains_instance(machine: Machine, item: Value, container: Instance | Class) -> Value:
    method = _special(machine, container, "__contains__")
    if method is not None:
        return machine.call(method, (item,))
    if isinstance(container, Instance) and container.payload is not None:
        return _membership(machine, item, container.payload, True)
    return any(machine.truth(binary(machine, "==", item, each)) for each in iterate(machine, container))


def _special(machine: Machine, obj: Value, name: str) -> Value | None:
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
        method = _special(machine, receiver, name)
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
            return why.derive((operator, _key(left), _key(right)))
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
        method = _special(machine, left, INPLACE[operator])
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
    method = _special(machine, value, UNARY_METHOD[operator])
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
        method = _special(machine, value, name)
        if method is not None:
            return truth(machine, machine.call(method))
    if value.payload is not None:
        return truth(machine, value.payload)
    return True


def item(machine: Machine, obj: Value, index: Value) -> Value:
    """`obj[index]`."""
    machine.budget.steps += 1
    if isinstance(obj, Unknown):
        return obj.derive(("item", _key(index)))
    if isinstance(obj, Tensor):
        machine.budget.charge(Cost.TENSOR)
        return registry.protocol_of(obj.kind).get_item(machine, obj, index)
    if isinstance(obj, (Instance, Class)):
        return _item_of_object(machine, obj, index)
    machine.before_reading(obj)
    why = machine.taint_of(obj)
    if why is not None and not (isinstance(obj, dict) and _has(obj, index)):
        return why.derive(("item", id(obj), _key(index)))
    if isinstance(index, Unknown):
        return index.derive(("index of", id(obj)))
    found = registry.language().item(machine, obj, index)
    return _weighed(machine, found) if isinstance(index, slice) else found


def _has(mapping: dict[Value, Value], key: Value) -> bool:
    try:
        return key in mapping
    except TypeError:
        return False


def _item_of_object(machine: Machine, obj: Instance | Class, index: Value) -> Value:
    method = _special(machine, obj, "__getitem__")
    if method is None and isinstance(obj, Class):
        found = attributes.get(machine, obj, "__class_getitem__")
        if found is MISSING or isinstance(found, Unknown):
            return obj if found is MISSING else found
        return machine.call(found, (index,))
    if method is not None:
        return machine.call(method, (index,))
    assert isinstance(obj, Instance)
    if obj.payload is not None:
        payload = obj.payload
        if isinstance(payload, dict) and not _has(payload, index):
            missing = _special(machine, obj, "__missing__")
            if missing is not None:
                return machine.call(missing, (index,))
        return item(machine, payload, index)
    why = obj.tainted or obj.cls.unknown_base
    if why is not None:
        return why.derive((id(obj), "item", _key(index)))
    raise machine.error("TypeError", f"'{obj.cls.name}' object is not subscriptable")


def set_item(machine: Machine, obj: Value, index: Value, value: Value) -> None:
    """`obj[index] = value`."""
    if isinstance(obj, Unknown):
        return
    if isinstance(obj, Tensor):
        registry.protocol_of(obj.kind).set_item(machine, obj, index, value)
        return
    method = _special(machine, obj, "__setitem__")
    if method is not None:
        machine.call(method, (index, value))
        return
    target = obj.payload if isinstance(obj, Instance) else obj
    if isinstance(index, Unknown):
        machine.taint(target, index)
        return
    registry.language().set_item(machine, target, index, value)


def del_item(machine: Machine, obj: Value, index: Value) -> None:
    """`del obj[index]`."""
    method = _special(machine, obj, "__delitem__")
    if method is not None:
        machine.call(method, (index,))
        return
    target = obj.payload if isinstance(obj, Instance) else obj
    if isinstance(target, Unknown):
        return
    if isinstance(index, Unknown):
        machine.taint(target, index)
        return
    registry.language().del_item(machine, target, index)


def length(machine: Machine, obj: Value) -> Value:
    """`len(obj)`."""
    if isinstance(obj, Unknown):
        return obj.derive("length")
    if isinstance(obj, Tensor):
        return registry.protocol_of(obj.kind).length(machine, obj)
    method = _special(machine, obj, "__len__")
    if method is not None:
        return machine.call(method)
    if isinstance(obj, Instance):
        if obj.payload is not None:
            return length(machine, obj.payload)
        why = obj.tainted or obj.cls.unknown_base
        if why is not None:
            return why.derive((id(obj), "length"))
    machine.before_reading(obj)
    if (why := machine.taint_of(obj)) is not None:
        return why.derive(("length", id(obj)))
    return registry.language().length(machine, obj)


def iterate(machine: Machine, value: Value) -> Iterator[Value]:
    """`iter(value)`. Raises `NotModelled` where the items cannot be known."""
    if isinstance(value, (list, tuple)):
        machine.before_reading(value)
        why = machine.taint_of(value)
        if why is not None:
            raise NotModelled(why.reason)
        machine.budget.charge(weight(value))
        return iter(value)
    if isinstance(value, Stream):
        machine.changing()
        return _counted(machine, value.items)
    if not isinstance(value, (range, str, dict, Tensor)):
        machine.changing()
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    if isinstance(value, Tensor):
        return iter(registry.protocol_of(value.kind).iterate(machine, value))
    if isinstance(value, (Instance, Class)):
        return _iterate_object(machine, value)
    machine.before_reading(value)
    why = machine.taint_of(value)
    if why is not None:
        raise NotModelled(why.reason)
    items = iter(registry.language().iterate(machine, value))
    return _counted(machine, items) if isinstance(value, range) else items


def _counted(machine: Machine, items: Iterator[Value]) -> Iterator[Value]:
    """What may go on for ever, counted: a builtin that consumes it has no statement that would."""
    step = machine.budget.step
    for item in items:
        step()
        yield item


def _iterate_object(machine: Machine, value: Instance | Class) -> Iterator[Value]:
    method = _special(machine, value, "__iter__")
    if method is not None:
        made = machine.call(method)
        return _steps(machine, made) if made is value else iterate(machine, made)
    if _special(machine, value, "__next__") is not None:
        return _steps(machine, value)
    if isinstance(value, Instance):
        if value.payload is not None:
            return iterate(machine, value.payload)
        if value.cls.has("__getitem__") and value.cls.has("__len__"):
            count = length(machine, value)
            if isinstance(count, int):
                return iter([item(machine, value, i) for i in range(count)])
        why = value.tainted or value.cls.unknown_base
        if why is not None:
            raise NotModelled(why.reason)
        raise machine.error("TypeError", f"'{value.cls.name}' object is not iterable")
    raise machine.error("TypeError", "'type' object is not iterable")


def _steps(machine: Machine, value: Value) -> Iterator[Value]:
    from convlint.values import Raised

    while True:
        machine.budget.step()
        try:
            yield machine.call(machine.getattr(value, "__next__"))
        except Raised as raised:
            if raised.value.cls.derives("builtins.StopIteration"):
                return
            raise


def text(machine: Machine, value: Value) -> str | Unknown:
    """`str(value)`."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unknown):
        return value.derive("text")
    if isinstance(value, Instance):
        for name in ("__str__", "__repr__"):
            method = _special(machine, value, name)
            if method is not None:
                result = machine.call(method)
                return (
                    result
                    if isinstance(result, (str, Unknown))
                    else machine.unknown("a text that is not known")
                )
        return machine.unknown(f"the text of a {value.cls.name} is not modelled")
    result = _weighed(machine, registry.language().text(machine, value))
    return result if isinstance(result, (str, Unknown)) else machine.unknown("a text that is not known")


def format_value(machine: Machine, value: Value, conversion: str, spec: Value) -> Value:
    """One field of an f-string or of `format`."""
    machine.budget.steps += 1
    if isinstance(value, Unknown):
        return value.derive(("format", conversion, _key(spec)))
    if isinstance(spec, Unknown):
        return spec
    return _weighed(machine, registry.language().format(machine, value, conversion, str(spec)))


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
        return cls.derive(("isinstance", _key(obj)))
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
