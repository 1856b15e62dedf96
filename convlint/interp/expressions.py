"""Expressions compiled once to closures and run many times (docs.python.org/3/reference/expressions.html)."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from convlint.interp import calls, comprehensions, functions, operations
from convlint.interp.absence import no_such_attribute
from convlint.interp.frame import Expression, Frame
from convlint.interp.names import global_name, store_name, unbound
from convlint.interp.scope import Scope
from convlint.libs import registry
from convlint.values import Instance, NotModelled, Raised, Site, Tensor, Unknown, Value
from convlint.values.lazy import Lazy

if TYPE_CHECKING:
    from convlint.interp.machine import Machine

MAX_TEXT = 1_000_000
"""Characters of a formatted text."""

_INTERNED = re.compile(r"\w*", re.ASCII).fullmatch
_PLAIN = (ast.Name, ast.Constant, ast.Attribute)


class Context:
    """Where code is compiled: its file, and the scope whose names it sees."""

    __slots__ = ("class_name", "filename", "scope")

    def __init__(self, filename: str, scope: Scope, class_name: str = "") -> None:
        self.filename = filename
        self.scope = scope
        self.class_name = class_name

    def inside(self, scope: Scope, class_name: str | None = None) -> Context:
        """The same file, an inner scope."""
        return Context(self.filename, scope, self.class_name if class_name is None else class_name)


def expression(node: ast.expr, context: Context) -> Expression:
    """The closure that evaluates an expression on a frame."""
    compiler = _COMPILERS.get(type(node))
    if compiler is None:
        reason = f"{type(node).__name__} is not modelled"
        return lambda frame: frame.machine.unknown(reason)
    return compiler(node, context)


def _constant(node: ast.Constant, context: Context) -> Expression:
    value = node.value
    if isinstance(value, str) and _INTERNED(value):
        value = sys.intern(value)  # as CPython does: `kind is 'proj'` is true of two such literals
    return lambda frame: value


def _name(node: ast.Name, context: Context) -> Expression:
    name = mangle(node.id, context)
    depth = context.scope.depth_of(name)
    if depth == 0:

        def local(frame: Frame) -> Value:
            try:
                value = frame.variables[name]
            except KeyError:
                return unbound(frame.machine, frame, name, context.scope)
            return value.resolve() if value.__class__ is Lazy else value

        return local
    if depth is None:
        return _module_level(name)

    def free(frame: Frame) -> Value:
        target: Frame | None = frame
        for _ in range(depth):
            target = target.parent if target else None
        if target is None or name not in target.variables:
            raise frame.machine.error("NameError", f"cannot access free variable '{name}'")
        value = target.variables[name]
        return value.resolve() if value.__class__ is Lazy else value

    return free


def _module_level(name: str) -> Expression:
    def run(frame: Frame) -> Value:
        attrs = frame.module.attrs
        if name in attrs and (value := attrs[name]).__class__ is not Lazy:
            return value
        return global_name(frame.machine, frame.module, name)

    return run


def mangle(name: str, context: Context) -> str:
    """Private names inside a class carry its name (reference/expressions.html#private-name-mangling)."""
    if context.class_name and name.startswith("__") and not name.endswith("__"):
        return f"_{context.class_name.lstrip('_')}{name}"
    return name


def _attribute(node: ast.Attribute, context: Context) -> Expression:
    value = expression(node.value, context)
    name = mangle(node.attr, context)
    filename = context.filename
    local = _local_name(node.value, context)

    def run(frame: Frame) -> Value:
        obj = None if local is None else frame.variables.get(local)
        if obj is None or obj.__class__ is Lazy:
            obj = value(frame)
        try:
            return frame.machine.getattr(obj, name)
        except Raised as raised:
            if obj.__class__ is Instance:
                frame.machine.site = Site(node, filename, frame.site)
                no_such_attribute(frame.machine, obj, name, raised)
            raise

    return run


def _local_name(node: ast.expr, context: Context) -> str | None:
    """The variable of the running function that an expression is, as `self` is in `self.conv`: it is read
    where it stands.
    """
    name = mangle(node.id, context) if isinstance(node, ast.Name) else ""
    return name if name and context.scope.depth_of(name) == 0 else None


_PLACED = frozenset((Tensor, Unknown, Instance))
"""What answers a subscript by itself, and says where it fails."""


def _beyond(values: tuple[Value, ...], index: Value) -> bool:
    return index.__class__ is int and not -len(values) <= index < len(values)


def _subscript(node: ast.Subscript, context: Context) -> Expression:
    value, index = expression(node.value, context), expression(node.slice, context)
    filename = context.filename

    def run(frame: Frame) -> Value:
        obj, key = value(frame), index(frame)
        machine = frame.machine
        if obj.__class__ in _PLACED or (obj.__class__ is tuple and _beyond(obj, key)):
            machine.site = Site(node, filename, frame.site)
        return machine.item(obj, key)

    return run


def _slice(node: ast.Slice, context: Context) -> Expression:
    parts = [
        None if part is None else expression(part, context) for part in (node.lower, node.upper, node.step)
    ]
    return lambda frame: slice(*(None if part is None else part(frame) for part in parts))


def _items(nodes: list[ast.expr], context: Context) -> Callable[[Frame], list[Value]]:
    codes = [
        (isinstance(n, ast.Starred), expression(n.value if isinstance(n, ast.Starred) else n, context))
        for n in nodes
    ]
    if not any(starred for starred, _ in codes):
        plain = [code for _, code in codes]
        return lambda frame: [code(frame) for code in plain]

    def run(frame: Frame) -> list[Value]:
        items: list[Value] = []
        for starred, code in codes:
            if starred:
                items.extend(frame.machine.iterate(code(frame)))
            else:
                items.append(code(frame))
        return items

    return run


def _display(build: Callable[[list[Value]], Value]) -> Callable[[ast.expr, Context], Expression]:
    def compile_display(node: ast.expr, context: Context) -> Expression:
        items = _items(node.elts, context)  # type: ignore[attr-defined]

        def run(frame: Frame) -> Value:
            try:
                return frame.machine.made(build(items(frame)))
            except NotModelled as why:
                return frame.machine.unknown(why.reason)

        return run

    return compile_display


def _set(node: ast.Set, context: Context) -> Expression:
    items = _items(node.elts, context)

    def run(frame: Frame) -> Value:
        try:
            return frame.machine.made(registry.language().set_of(frame.machine, items(frame)))
        except NotModelled as why:
            return frame.machine.unknown(why.reason)

    return run


def _dict(node: ast.Dict, context: Context) -> Expression:
    pairs = [
        (None if key is None else expression(key, context), expression(value, context))
        for key, value in zip(node.keys, node.values, strict=True)
    ]

    def run(frame: Frame) -> Value:
        result: dict[Value, Value] = {}
        for key, value in pairs:
            if key is not None:
                _put(frame.machine, result, key(frame), value(frame))
                continue
            other = frame.machine.plain(value(frame))
            if not isinstance(other, dict):
                return frame.machine.unknown("a mapping unpacked here is not known")
            result.update(other)
        return frame.machine.made(result)

    return run


_PLAIN_KEYS = frozenset({str, int, float, bool, bytes, type(None)})


def _put(machine: Machine, mapping: dict[Value, Value], key: Value, value: Value) -> None:
    """A pair of a dict display; a key that equals an earlier one on this path takes its place."""
    if key.__class__ in _PLAIN_KEYS:
        mapping[key] = value
    else:
        registry.language().set_item(machine, mapping, machine.hashable(key), value)


def _named(node: ast.NamedExpr, context: Context) -> Expression:
    value = expression(node.value, context)
    name = node.target.id
    depth = context.scope.depth_of(name)

    def run(frame: Frame) -> Value:
        result = value(frame)
        store_name(frame, name, depth, result)
        return result

    return run


def _fstring(node: ast.JoinedStr, context: Context) -> Expression:
    parts = [expression(v, context) for v in node.values]

    def run(frame: Frame) -> Value:
        texts = [part(frame) for part in parts]
        unknown = next((t for t in texts if not isinstance(t, str)), None)
        known = [t for t in texts if isinstance(t, str)]
        if sum(map(len, known)) > MAX_TEXT:
            return frame.machine.unknown(f"a text of more than {MAX_TEXT} characters is too large to follow")
        if unknown is None:
            return "".join(known)
        return (
            unknown
            if isinstance(unknown, Unknown)
            else frame.machine.unknown("a formatted text is not known")
        )

    return run


def _formatted(node: ast.FormattedValue, context: Context) -> Expression:
    value = expression(node.value, context)
    spec = None if node.format_spec is None else expression(node.format_spec, context)
    conversion = chr(node.conversion) if node.conversion > 0 else ""

    def run(frame: Frame) -> Value:
        return frame.machine.format(value(frame), conversion, "" if spec is None else spec(frame))

    return run


def _await(node: ast.Await, context: Context) -> Expression:
    return lambda frame: frame.machine.unknown("coroutines are not modelled")


_COMPILERS: dict[type[ast.expr], Callable[..., Expression]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Call: calls.call,
    ast.List: _display(list),
    ast.Tuple: _display(tuple),
    ast.Set: _set,
    ast.Dict: _dict,
    ast.BinOp: operations.binary,
    ast.UnaryOp: operations.unary,
    ast.BoolOp: operations.boolean,
    ast.Compare: operations.comparison,
    ast.IfExp: operations.conditional,
    ast.NamedExpr: _named,
    ast.JoinedStr: _fstring,
    ast.FormattedValue: _formatted,
    ast.Lambda: functions.lambda_expression,
    ast.ListComp: comprehensions.list_comprehension,
    ast.SetComp: comprehensions.set_comprehension,
    ast.DictComp: comprehensions.dict_comprehension,
    ast.GeneratorExp: comprehensions.generator_expression,
    ast.Await: _await,
}
