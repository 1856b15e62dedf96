"""What a method answers that only looks at its object's own data, found without running anything.

Law: attributes that stand in the object itself, items of plain containers, and comparisons of plain data:
nothing in it is code of the program. What else a method does is not looked into.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from convlint.dims import Expr
from convlint.interp.frame import Code
from convlint.values import Function, Instance, Property, Value

if TYPE_CHECKING:
    from convlint.interp.machine import Machine

PLAIN = (int, float, str, type(None))
"""Data that nobody changes."""
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class _Unclear(Exception):
    """Something else than looking."""


def answer(machine: Machine, owner: Value, name: str) -> Value:
    """What `owner.name()` gives; the owner itself, which it may change, where the method does more than look
    or gives what may be changed.
    """
    method = owner.cls.find(name) if isinstance(owner, Instance) and name not in owner.attrs else None
    if not isinstance(owner, Instance) or owner.tainted is not None or not isinstance(method, Function):
        return owner
    code = method.code
    if not isinstance(code, Code) or not isinstance(code.node, ast.FunctionDef) or len(code.parameters) != 1:
        return owner
    try:
        found = _block(_Look(machine, owner, code.parameters[0]), code.node.body)
    except (_Unclear, TypeError, LookupError):
        return owner
    result = found[0] if found is not None else None
    return result if isinstance(result, (*PLAIN, Expr)) else owner


class _Look:
    """An object that is looked at, under the name that the method has for it."""

    def __init__(self, machine: Machine, owner: Instance, itself: str) -> None:
        self.machine, self.owner, self.itself = machine, owner, itself

    def at(self, node: ast.expr | None) -> Value:
        """The value of an expression. Raises `_Unclear`."""
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name) if name == self.itself:
                return self.owner
            case ast.Attribute(value=value, attr=name):
                return self._attribute(self.at(value), name)
            case ast.Subscript(value=value, slice=index):
                return self._item(self.at(value), self.at(index))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not _plain(self.at(operand))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARED:
                return _COMPARED[type(op)](_plain(self.at(left)), _plain(self.at(right)))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.at(body if _plain(self.at(test)) else orelse)
        raise _Unclear

    def _attribute(self, obj: Value, name: str) -> Value:
        own = isinstance(obj, Instance) and obj.tainted is None and name in obj.attrs
        if not isinstance(obj, Instance) or not own or obj.cls.find("__getattribute__") is not None:
            raise _Unclear
        if isinstance(obj.cls.find(name), (Property, Instance)):  # a descriptor answers
            raise _Unclear
        if name == "training":
            self.machine.asks_mode()
        return obj.attrs[name]

    def _item(self, container: Value, index: Value) -> Value:
        if container.__class__ not in (dict, list, tuple) or index.__class__ not in (int, str):
            raise _Unclear
        if self.machine.uncertainty(container) is not None:
            raise _Unclear
        return container[index]  # type: ignore[index]


def _plain(value: Value) -> Value:
    if isinstance(value, PLAIN):
        return value
    raise _Unclear


def _block(look: _Look, body: list[ast.stmt]) -> tuple[Value] | None:
    """What a block returns; None where it comes to its end. Raises `_Unclear`."""
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                continue
            case ast.Return(value=None):
                return (None,)
            case ast.Return(value=value):
                return (look.at(value),)
            case ast.If(test=test, body=then, orelse=orelse):
                found = _block(look, then if _plain(look.at(test)) else orelse)
                if found is not None:
                    return found
            case _:
                raise _Unclear
    return None
