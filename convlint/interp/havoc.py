"""What code that could not be followed may have changed: all of it becomes unknown, nothing keeps its old
value.
"""

from __future__ import annotations

import ast
from contextlib import suppress
from typing import TYPE_CHECKING

from convlint.interp.expressions import Context
from convlint.interp.frame import Frame
from convlint.interp.loader import attribute
from convlint.interp.looking import answer
from convlint.interp.names import store_name
from convlint.interp.rebinding import forget_attribute
from convlint.interp.scope import bindings
from convlint.values import Class, Instance, Namespace, NotModelled, Raised, Tensor, Unknown, Value
from convlint.values.lazy import Lazy

if TYPE_CHECKING:
    from convlint.interp.machine import Machine

_MUTABLE = (list, dict, set, Instance)


class Havoc:
    """The names that statements bind, and the objects they may mutate: receivers, targets and arguments."""

    def __init__(self, body: list[ast.stmt], context: Context, target: ast.expr | None = None) -> None:
        self.context = context
        self.bound = sorted(bindings([*body, *([] if target is None else [target])]).bound)
        self.touched: list[ast.expr] = []
        self.set: list[tuple[ast.expr, ast.expr]] = []
        """Objects of which attributes are set, with the attributes' names."""
        for statement in body:
            for node in ast.walk(statement):
                self._collect(node)
        self._rebound = {name.value for _, name in self.set if isinstance(name, ast.Constant)}
        """Attributes that are set: what a method of that name does is not known."""

    def _collect(self, node: ast.AST) -> None:
        match node:
            case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[owner, name, *_]):
                self.set.append((owner, name))
            case ast.Call(func=func, args=args, keywords=keywords):
                if isinstance(func, ast.Attribute):
                    self.touched.append(node)
                self.touched += [a.value if isinstance(a, ast.Starred) else a for a in args]
                self.touched += [k.value for k in keywords]
            case ast.Attribute(value=value, attr=attr, ctx=ast.Store() | ast.Del()):
                self.set.append((value, ast.Constant(attr)))
            case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
                self.touched.append(value)

    def _receiver(self, node: ast.expr) -> ast.expr:
        """Of a call of a method that is set meanwhile, or under a name that is not known: its object."""
        unclear = any(not isinstance(name, ast.Constant) for _, name in self.set)
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if not unclear and node.func.attr not in self._rebound:
                break
            node = node.func.value
        return node

    def apply(self, frame: Frame, why: Unknown) -> None:
        """Make it so on a frame."""
        machine = frame.machine
        machine.recorder.lose(why)
        for node in self.touched:
            obj = _peek(self._receiver(node), frame)
            if isinstance(obj, _MUTABLE):
                machine.taint(obj, why)
        for node, named in self.set:
            _set(machine, _peek(node, frame), named, why)
        for name in self.bound:
            store_name(frame, name, self.context.scope.depth_of(name), why.derive(name))


def _set(machine: Machine, owner: Value, name: ast.expr, why: Unknown) -> None:
    """An attribute may have been set; of a class or a module, only the one that is named."""
    if isinstance(owner, Lazy):
        with suppress(Raised, NotModelled):
            owner = owner.resolve()
    if isinstance(owner, _MUTABLE):
        machine.taint(owner, why)
    elif isinstance(owner, (Class, Namespace)):
        match name:
            case ast.Constant(value=str(text)):
                machine.changing()
                forget_attribute(machine, owner, text, why)
            case _:
                machine.taint(owner, why)


def _peek(node: ast.expr, frame: Frame) -> Value:
    """The object that a plain name or attribute chain denotes now; of a call, the one whose method it is."""
    match node:
        case ast.Name(id=name):
            scope: Frame | None = frame
            while scope is not None:
                if name in scope.variables:
                    return scope.variables[name]
                scope = scope.parent
            return None
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id="sys"), attr="modules")):
            return frame.module
        case ast.Attribute(value=value, attr=attr):
            owner = _peek(value, frame)
            if isinstance(owner, Lazy) and owner.resolved:
                owner = owner.resolve()
            if isinstance(owner, Class):
                return owner.namespace.get(attr)
            if isinstance(owner, Namespace):
                return attribute(frame.machine, owner, attr) if owner.library else owner.attrs.get(attr)
            if isinstance(owner, Instance) and not isinstance(owner, Tensor):
                for store in (owner.attrs, owner.attrs.get("_modules")):
                    if isinstance(store, dict) and attr in store:
                        return store[attr]
        case ast.Subscript(value=value):
            return _peek(value, frame)
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=args, keywords=keywords):
            owner = _peek(value, frame)
            return owner if args or keywords else answer(frame.machine, owner, name)
    return None
