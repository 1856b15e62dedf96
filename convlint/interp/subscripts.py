"""Subscripts and length: `obj[index]`, read, set and deleted, and `len(obj)`
(reference/datamodel.html#emulating-container-types).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlint.interp import attributes
from convlint.interp.absence import no_such_index
from convlint.interp.budget import Cost
from convlint.interp.classes import MISSING
from convlint.interp.evaluating import key_of, special, weighed
from convlint.libs import registry
from convlint.values import Class, Instance, Raised, Tensor, Unknown, Value

if TYPE_CHECKING:
    from convlint.interp.machine import Machine


_LISTED = frozenset((list, tuple))


def item(machine: Machine, obj: Value, index: Value) -> Value:
    """`obj[index]`."""
    machine.budget.steps += 1
    if obj.__class__ in _LISTED and index.__class__ is int:
        why = machine.uncertainty(obj)
        if why is not None:
            return why.derive(("item", id(obj), index))
        if -len(obj) <= index < len(obj):
            return obj[index]
    if isinstance(obj, Unknown):
        return obj.derive(("item", key_of(index)))
    if isinstance(obj, Tensor):
        machine.budget.charge(Cost.TENSOR)
        return registry.protocol_of(obj.kind).get_item(machine, obj, index)
    if isinstance(obj, (Instance, Class)):
        return _item_of_object(machine, obj, index)
    machine.before_reading(obj)
    why = machine.taint_of(obj)
    if why is not None and not (isinstance(obj, dict) and _has(obj, index)):
        return why.derive(("item", id(obj), key_of(index)))
    if isinstance(index, Unknown):
        return index.derive(("index of", id(obj)))
    try:
        found = registry.language().item(machine, obj, index)
    except Raised as raised:
        if isinstance(obj, tuple) and isinstance(index, int):
            no_such_index(machine, obj, index, raised)
        raise
    return weighed(machine, found) if isinstance(index, slice) else found


def _has(mapping: dict[Value, Value], key: Value) -> bool:
    try:
        return key in mapping
    except TypeError:
        return False


def _item_of_object(machine: Machine, obj: Instance | Class, index: Value) -> Value:
    method = special(machine, obj, "__getitem__")
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
            missing = special(machine, obj, "__missing__")
            if missing is not None:
                return machine.call(missing, (index,))
        return item(machine, payload, index)
    why = obj.tainted or obj.cls.unknown_base
    if why is not None:
        return why.derive((id(obj), "item", key_of(index)))
    raise machine.error("TypeError", f"'{obj.cls.name}' object is not subscriptable")


def set_item(machine: Machine, obj: Value, index: Value, value: Value) -> None:
    """`obj[index] = value`."""
    if isinstance(obj, Unknown):
        return
    if isinstance(obj, Tensor):
        registry.protocol_of(obj.kind).set_item(machine, obj, index, value)
        return
    method = special(machine, obj, "__setitem__")
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
    method = special(machine, obj, "__delitem__")
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
    method = special(machine, obj, "__len__")
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
