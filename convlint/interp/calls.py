"""Call expressions compiled to closures (docs.python.org/3/reference/expressions.html#calls)."""

from __future__ import annotations

import ast
from keyword import iskeyword
from typing import TYPE_CHECKING

from convlint.interp import functions
from convlint.interp.frame import Expression, Frame
from convlint.interp.namespaces import names_here
from convlint.libs import registry
from convlint.values import Class, Instance, NotModelled, Site, Unknown, Value

if TYPE_CHECKING:
    from convlint.interp.expressions import Context

_LONGEST_NAME = 100


def call(node: ast.Call, context: Context) -> Expression:
    """`function(arguments)`."""
    if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
        return functions.zero_argument_super
    if (
        isinstance(node.func, ast.Name)
        and node.func.id == "eval"
        and len(node.args) == 1
        and not node.keywords
    ):
        return _named(node, context)
    plain = _call(node, context)
    return names_here(node, context, plain) or plain


def _named(node: ast.Call, context: Context) -> Expression:
    """`eval("layers.ReLU")`: a name means what it would in place of the call."""
    from convlint.interp.expressions import expression

    plain, text = _call(node, context), expression(node.args[0], context)
    builtin = expression(node.func, context)
    compiled: dict[str, Expression] = {}

    def run(frame: Frame) -> Value:
        said = text(frame)
        if not isinstance(said, str) or builtin(frame) is not registry.lookup("builtins.eval"):
            return plain(frame)
        if said not in compiled:
            parts = said.split(".")
            if len(said) > _LONGEST_NAME or not all(p.isidentifier() and not iskeyword(p) for p in parts):
                return plain(frame)
            name: ast.expr = ast.Name(parts[0], ast.Load())
            for part in parts[1:]:
                name = ast.Attribute(name, part, ast.Load())
            compiled[said] = expression(_placed(name, node), context)
        return compiled[said](frame)

    return run


def _placed(name: ast.expr, node: ast.Call) -> ast.expr:
    for part in ast.walk(name):
        ast.copy_location(part, node)
    return name


def _call(node: ast.Call, context: Context) -> Expression:
    from convlint.interp.expressions import expression

    function = expression(node.func, context)
    filename = context.filename
    if not any(isinstance(a, ast.Starred) for a in node.args) and all(k.arg for k in node.keywords):
        positional = [expression(a, context) for a in node.args]
        keywords = [(str(k.arg), expression(k.value, context)) for k in node.keywords]
        if (
            not keywords
            and len(positional) == 2
            and isinstance(node.func, ast.Name)
            and node.func.id == "isinstance"
        ):
            return _is_instance(node, function, positional, filename)

        if not keywords:
            return _positional(node, function, positional, filename)

        def plain(frame: Frame) -> Value:
            callee = function(frame)
            args = tuple([a(frame) for a in positional])
            kwargs = {name: value(frame) for name, value in keywords}
            return frame.machine.call_at(Site(node, filename, frame.site), callee, args, kwargs)

        return plain
    return _starred_call(node, context, function)


def _positional(
    node: ast.Call, function: Expression, arguments: list[Expression], filename: str
) -> Expression:
    """A call with arguments by position alone: most have one or none."""

    def none(frame: Frame) -> Value:
        callee = function(frame)
        return frame.machine.call_at(Site(node, filename, frame.site), callee, (), {})

    def one(frame: Frame) -> Value:
        callee, args = function(frame), (arguments[0](frame),)
        return frame.machine.call_at(Site(node, filename, frame.site), callee, args, {})

    def several(frame: Frame) -> Value:
        callee, args = function(frame), tuple([a(frame) for a in arguments])
        return frame.machine.call_at(Site(node, filename, frame.site), callee, args, {})

    return (none, one)[len(arguments)] if len(arguments) < 2 else several


def _is_instance(
    node: ast.Call, function: Expression, positional: list[Expression], filename: str
) -> Expression:
    """`isinstance(obj, cls)`, which model code asks most: answered at once where nothing is open."""
    first, second = positional
    builtin = registry.lookup("builtins.isinstance")

    def run(frame: Frame) -> Value:
        callee, obj, cls = function(frame), first(frame), second(frame)
        machine = frame.machine
        if callee is builtin and obj.__class__ is Instance:
            answer = _plainly_instance(obj, cls)
            if answer is not None:
                return answer
        return machine.call_at(Site(node, filename, frame.site), callee, (obj, cls), {})

    return run


def _starred_call(node: ast.Call, context: Context, function: Expression) -> Expression:
    from convlint.interp.expressions import expression

    filename = context.filename
    positional = [
        (isinstance(a, ast.Starred), expression(a.value if isinstance(a, ast.Starred) else a, context))
        for a in node.args
    ]
    keywords = [(k.arg, expression(k.value, context)) for k in node.keywords]

    def run(frame: Frame) -> Value:
        machine = frame.machine
        callee = function(frame)
        args: list[Value] = []
        kwargs: dict[str, Value] = {}
        unknown: Unknown | None = None
        for starred, code in positional:
            value = code(frame)
            if not starred:
                args.append(value)
                continue
            try:
                args.extend(machine.iterate(value))
            except NotModelled as why:
                unknown = machine.unknown(why.reason)
        for name, code in keywords:
            value = code(frame)
            if name is not None:
                kwargs[name] = value
            elif isinstance(mapping := machine.plain(value), dict):
                kwargs.update({str(k): v for k, v in mapping.items()})
            else:
                unknown = (
                    value
                    if isinstance(value, Unknown)
                    else machine.unknown("keyword arguments are not known")
                )
        site = Site(node, filename, frame.site)
        if unknown is not None:
            return machine.call_unknown(site, callee, unknown, [*args, *kwargs.values()])
        return machine.call_at(site, callee, tuple(args), kwargs)

    return run


def _plainly_instance(obj: Instance, cls: Value) -> bool | None:
    """`isinstance(obj, cls)` where nothing is open and nothing has to be asked; else None."""
    if cls.__class__ is tuple:
        answers = [_plainly_instance(obj, each) for each in cls]
        return None if None in answers else True in answers
    if cls.__class__ is not Class or cls.find("__instancecheck__") is not None:
        return None
    return True if cls in obj.cls.mro else None if obj.cls.unknown_base is not None else False
