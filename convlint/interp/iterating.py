"""Iteration: what a `for` statement, unpacking and every consumer of values goes through
(reference/datamodel.html#object.__iter__).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from convlint.interp.budget import weight
from convlint.interp.evaluating import special
from convlint.interp.subscripts import item
from convlint.libs import registry
from convlint.values import Class, Instance, NotModelled, Raised, Stream, Tensor, Unknown, Value

if TYPE_CHECKING:
    from convlint.interp.machine import Machine

_EMPTY: dict[Value, Value] = {}
_VIEWS = (type(_EMPTY.keys()), type(_EMPTY.values()), type(_EMPTY.items()))
_LASTING = (range, str, bytes, dict, set, frozenset, *_VIEWS, Tensor, Instance, Class, Unknown)
"""What is the same after iteration; what an object of the program does for it shows by itself."""


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
        machine.changing(value)
        return _counted(machine, value.items)
    if not isinstance(value, _LASTING):
        machine.changing(value)
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
    for each in items:
        step()
        yield each


def _iterate_object(machine: Machine, value: Instance | Class) -> Iterator[Value]:
    method = special(machine, value, "__iter__")
    if method is not None:
        made = machine.call(method)
        return _steps(machine, made) if made is value else iterate(machine, made)
    if special(machine, value, "__next__") is not None:
        return _steps(machine, value)
    if isinstance(value, Instance):
        if value.payload is not None:
            return iterate(machine, value.payload)
        if value.cls.has("__getitem__"):
            return _by_index(machine, value)
        why = value.tainted or value.cls.unknown_base
        if why is not None:
            raise NotModelled(why.reason)
        raise machine.error("TypeError", f"'{value.cls.name}' object is not iterable")
    raise machine.error("TypeError", "'type' object is not iterable")


def _by_index(machine: Machine, value: Instance) -> Iterator[Value]:
    """The older protocol: items from 0 on until there is none
    (reference/datamodel.html#object.__getitem__).
    """
    end = registry.lookup("builtins.IndexError")
    for index in count():
        machine.budget.step()
        machine.handlers.append([end])
        try:
            found = item(machine, value, index)
        except Raised as raised:
            if raised.value.cls.derives("builtins.IndexError"):
                return
            raise
        finally:
            machine.handlers.pop()
        if isinstance(found, Unknown):
            raise NotModelled(found.reason)  # it may be the end
        yield found


def _steps(machine: Machine, value: Value) -> Iterator[Value]:

    while True:
        machine.budget.step()
        try:
            yield machine.call(machine.getattr(value, "__next__"))
        except Raised as raised:
            if raised.value.cls.derives("builtins.StopIteration"):
                return
            raise
