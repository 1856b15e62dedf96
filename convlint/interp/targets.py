"""Assignment targets: names, attributes, items, and unpacking with stars."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from convlint.interp.absence import wrong_number
from convlint.interp.expressions import Context, expression, mangle
from convlint.interp.frame import Frame
from convlint.interp.names import delete_name, store_name
from convlint.values import NotModelled, Site, Tensor, Unknown, Value

if TYPE_CHECKING:
    pass

Assign = Callable[[Frame, Value], None]


def target(node: ast.expr, context: Context) -> Assign:
    """The closure that assigns a value to a target."""
    match node:
        case ast.Name(id=name):
            return _name(node, mangle(name, context), context)
        case ast.Attribute():
            return _attribute(node, context)
        case ast.Subscript():
            return _subscript(node, context)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return _unpack(node, items, context)
        case ast.Starred(value=inner):
            return target(inner, context)
        case _:
            return lambda frame, value: None


def _name(node: ast.Name, name: str, context: Context) -> Assign:
    depth = context.scope.depth_of(name)
    filename = context.filename

    def local(frame: Frame, value: Value) -> None:
        frame.variables[name] = value
        if value.__class__ is Tensor:
            frame.machine.recorder.assigned(node, filename, value)

    def outer(frame: Frame, value: Value) -> None:
        store_name(frame, name, depth, value)
        if value.__class__ is Tensor:
            frame.machine.recorder.assigned(node, filename, value)

    return local if depth == 0 else outer


def _attribute(node: ast.Attribute, context: Context) -> Assign:
    obj = expression(node.value, context)
    name = mangle(node.attr, context)
    filename = context.filename

    def assign(frame: Frame, value: Value) -> None:
        receiver = obj(frame)
        frame.machine.site = Site(node, filename, frame.site)
        frame.machine.setattr(receiver, name, value)

    return assign


def _subscript(node: ast.Subscript, context: Context) -> Assign:
    obj, index = expression(node.value, context), expression(node.slice, context)
    filename = context.filename

    def assign(frame: Frame, value: Value) -> None:
        receiver, key = obj(frame), index(frame)
        frame.machine.site = Site(node, filename, frame.site)
        frame.machine.set_item(receiver, key, value)

    return assign


def _unpack(node: ast.expr, items: list[ast.expr], context: Context) -> Assign:
    targets = [target(item, context) for item in items]
    star = next((i for i, item in enumerate(items) if isinstance(item, ast.Starred)), None)
    filename = context.filename

    def assign(frame: Frame, value: Value) -> None:
        machine = frame.machine
        if isinstance(value, Unknown):
            for i, each in enumerate(targets):
                each(frame, value.derive(("unpacked", i)))
            return
        try:
            values = list(machine.iterate(value))
        except NotModelled as why:
            unknown = machine.unknown(why.reason)
            for i, each in enumerate(targets):
                each(frame, unknown.derive(("unpacked", i)))
            return
        given = len(values)
        if star is not None and given >= len(targets) - 1:
            after = len(targets) - star - 1
            middle = values[star : len(values) - after]
            values = [*values[:star], middle, *values[len(values) - after :]]
        if len(values) != len(targets):
            machine.site = Site(node, filename, frame.site)
            raise wrong_number(machine, value, given, len(targets), star is not None)
        for each, item in zip(targets, values, strict=True):
            each(frame, item)

    return assign


def delete(node: ast.expr, context: Context) -> Callable[[Frame], None]:
    """The closure of `del target`."""
    match node:
        case ast.Name(id=name):
            depth = context.scope.depth_of(name)
            return lambda frame: delete_name(frame, name, depth)
        case ast.Attribute(value=value, attr=attr):
            obj = expression(value, context)
            return lambda frame: frame.machine.delattr(obj(frame), mangle(attr, context))
        case ast.Subscript(value=value, slice=index):
            container, key = expression(value, context), expression(index, context)
            return lambda frame: frame.machine.del_item(container(frame), key(frame))
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return _delete_all([delete(item, context) for item in items])
    return lambda frame: None


def _delete_all(parts: list[Callable[[Frame], None]]) -> Callable[[Frame], None]:
    def run(frame: Frame) -> None:
        for part in parts:
            part(frame)

    return run
