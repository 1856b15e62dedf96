"""Statements compiled once to closures (docs.python.org/3/reference/simple_stmts.html,
compound_stmts.html).
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from convlint.interp import classes, exceptions, imports, matching
from convlint.interp.expressions import Context, expression, mangle
from convlint.interp.frame import BREAK, CONTINUE, Expression, Frame, Signal, Statement
from convlint.interp.functions import Template
from convlint.interp.havoc import Havoc
from convlint.interp.operations import refusal
from convlint.interp.operators import BINARY
from convlint.interp.targets import delete, target
from convlint.values import NotModelled, Site, Tensor, Unknown


def block(body: list[ast.stmt], context: Context) -> Statement:
    """Statements one after another, until one of them leaves the block."""
    codes = [statement(node, context) for node in body]
    if len(codes) == 1:
        return codes[0]

    def run(frame: Frame) -> Signal | None:
        for code in codes:
            signal = code(frame)
            if signal is not None:
                return signal
        return None

    return run


def statement(node: ast.stmt, context: Context) -> Statement:
    """One statement. Where evaluating it is not modelled, what it would have set becomes unknown."""
    compiler = _COMPILERS.get(type(node))
    if compiler is None:
        return _unmodelled(node, context)
    code = compiler(node, context)
    if not isinstance(node, _SIMPLE):
        return code
    havoc: Havoc | None = None

    def run(frame: Frame) -> Signal | None:
        nonlocal havoc
        budget = frame.machine.budget
        budget.steps += 1  # as `step` does: nothing is run more often
        if budget.steps > budget.look:
            budget.check()
        try:
            return code(frame)
        except NotModelled as why:
            havoc = havoc or Havoc([node], context)
            havoc.apply(frame, frame.machine.unknown(why.reason))
            return None

    return run


_SIMPLE = (
    ast.Assign,
    ast.AugAssign,
    ast.AnnAssign,
    ast.Expr,
    ast.Delete,
    ast.Assert,
    ast.Import,
    ast.ImportFrom,
)


def _unmodelled(node: ast.stmt, context: Context) -> Statement:
    havoc = Havoc([node], context)
    reason = f"{type(node).__name__} is not modelled"

    def run(frame: Frame) -> None:
        havoc.apply(frame, frame.machine.unknown(reason))

    return run


def tested(node: ast.expr, context: Context) -> Expression:
    """A condition; one that is not modelled is unknown."""
    code = expression(node, context)

    def run(frame: Frame) -> object:
        try:
            return code(frame)
        except NotModelled as why:
            return frame.machine.unknown(why.reason)

    return run


def returning(value: Expression) -> Statement:
    """`return value`"""
    return lambda frame: Signal(value(frame))


def _return(node: ast.Return, context: Context) -> Statement:
    if node.value is None:
        return lambda frame: Signal(None)
    value = expression(node.value, context)

    def run(frame: Frame) -> Signal:
        frame.machine.budget.step()
        try:
            result = value(frame)
        except NotModelled as why:
            return Signal(frame.machine.unknown(why.reason))
        if result.__class__ is Tensor:
            frame.machine.recorder.assigned(node, context.filename, result)
        return Signal(result)

    return run


def _expression(node: ast.Expr, context: Context) -> Statement:
    if isinstance(node.value, ast.Constant):
        return lambda frame: None
    value = expression(node.value, context)
    made = node.value

    def run(frame: Frame) -> None:
        result = value(frame)
        if result.__class__ is Tensor and frame.code is not None:  # a notebook's cell shows it
            frame.machine.recorder.discarded(made, context.filename, result)

    return run


def _assign(node: ast.Assign, context: Context) -> Statement:
    value = expression(node.value, context)
    targets = [target(t, context) for t in node.targets]
    if len(targets) == 1:
        only = targets[0]
        return lambda frame: only(frame, value(frame))

    def run(frame: Frame) -> None:
        result = value(frame)
        for each in targets:
            each(frame, result)

    return run


def _augmented(node: ast.AugAssign, context: Context) -> Statement:
    operator = BINARY[type(node.op)]
    value = expression(node.value, context)
    match node.target:
        case ast.Name():
            load = expression(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target), context)
            store = target(node.target, context)
            return lambda f: store(f, f.machine.inplace_at(node, f, operator, load(f), value(f)))
        case ast.Attribute(value=obj_node, attr=attr):
            obj = expression(obj_node, context)
            name = mangle(attr, context)

            def attribute(f: Frame) -> None:
                receiver = obj(f)
                old = f.machine.getattr(receiver, name)
                f.machine.setattr(receiver, name, f.machine.inplace_at(node, f, operator, old, value(f)))

            return attribute
        case ast.Subscript(value=obj_node, slice=index_node):
            container, index = expression(obj_node, context), expression(index_node, context)

            def item(f: Frame) -> None:
                receiver, key = container(f), index(f)
                f.machine.site = Site(node, context.filename, f.site)
                old = f.machine.item(receiver, key)
                f.machine.set_item(receiver, key, f.machine.inplace_at(node, f, operator, old, value(f)))

            return item


def _annotated(node: ast.AnnAssign, context: Context) -> Statement:
    name = node.target.id if isinstance(node.target, ast.Name) else None
    note = (
        ast.unparse(node.annotation) if name is not None and context.scope.kind.name != "FUNCTION" else None
    )
    assign = None if node.value is None else target(node.target, context)
    value = None if node.value is None else expression(node.value, context)

    def run(frame: Frame) -> None:
        if note is not None:
            notes = frame.variables.setdefault("__annotations__", {})
            if isinstance(notes, dict):
                notes[name] = note
        if assign is not None and value is not None:
            assign(frame, value(frame))

    return run


def _if(node: ast.If, context: Context) -> Statement:
    leaves, refuses = any(map(_leaves, [*node.body, *node.orelse])), _refuses(node.body)
    test = refusal(node.test, context) if refuses else expression(node.test, context)
    body, orelse = block(node.body, context), block(node.orelse, context) if node.orelse else None
    havoc: Havoc | None = None

    def run(frame: Frame) -> Signal | None:
        nonlocal havoc
        machine = frame.machine
        try:
            value = test(frame)
        except NotModelled as reason:
            value = machine.unknown(reason.reason)
        if machine.importing and machine.undecided(value):
            why = machine.unknown(f"the condition `{ast.unparse(node.test)}` is not known")
            if leaves:
                raise NotModelled(why.reason)
            havoc = havoc or Havoc([*node.body, *node.orelse], context)
            havoc.apply(frame, why)
            return None
        ends = refuses and not machine.handlers and not machine.suppressing
        if machine.must_fail(value) if ends else machine.truth(value):
            return body(frame)
        return orelse(frame) if orelse else None

    return run


_REFUSALS = frozenset(
    ("AssertionError", "Exception", "NotImplementedError", "RuntimeError", "TypeError", "ValueError")
)
"""What a program raises to refuse, and the language itself never takes for an answer."""


def _refuses(body: list[ast.stmt]) -> bool:
    """Whether a block ends in an exception that is meant for whoever uses the program."""
    last = body[-1]
    if not isinstance(last, ast.Raise) or last.exc is None or any(map(_leaves, body)):
        return False
    error = last.exc.func if isinstance(last.exc, ast.Call) else last.exc
    return isinstance(error, ast.Name) and error.id in _REFUSALS


def _leaves(node: ast.AST) -> bool:
    """Whether a statement may leave the block it stands in other than by an exception."""
    if isinstance(node, (ast.Return, ast.Break, ast.Continue)):
        return True
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return False
    return any(map(_leaves, ast.iter_child_nodes(node)))


def _for(node: ast.For, context: Context) -> Statement:
    iterable = expression(node.iter, context)
    assign = target(node.target, context)
    body = block(node.body, context)
    orelse = block(node.orelse, context) if node.orelse else None
    havoc: Havoc | None = None

    def run(frame: Frame) -> Signal | None:
        nonlocal havoc
        machine = frame.machine
        try:
            for item in machine.iterate(iterable(frame)):
                machine.budget.step()
                assign(frame, item)
                signal = body(frame)
                if signal is None or signal is CONTINUE:
                    continue
                if signal is BREAK:
                    return None
                return signal
        except NotModelled as why:
            havoc = havoc or Havoc([*node.body, *node.orelse], context, node.target)
            havoc.apply(frame, machine.unknown(why.reason))
            return None
        return orelse(frame) if orelse else None

    return run


def _while(node: ast.While, context: Context) -> Statement:
    test = tested(node.test, context)
    body = block(node.body, context)
    orelse = block(node.orelse, context) if node.orelse else None
    havoc: Havoc | None = None

    def run(frame: Frame) -> Signal | None:
        nonlocal havoc
        machine = frame.machine
        while True:
            machine.budget.step()
            value = test(frame)
            if isinstance(value, Unknown):
                havoc = havoc or Havoc([*node.body, *node.orelse], context)
                havoc.apply(frame, value)
                return None
            if not machine.truth(value):
                return orelse(frame) if orelse else None
            signal = body(frame)
            if signal is BREAK:
                return None
            if signal is not None and signal is not CONTINUE:
                return signal

    return run


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, context: Context) -> Statement:
    prefix = f"{context.class_name}." if context.class_name else ""
    template = Template(node, context, prefix + node.name)
    decorators = [expression(d, context) for d in node.decorator_list]
    assign = target(ast.Name(node.name, ast.Store()), context)

    def run(frame: Frame) -> None:
        functions = [decorator(frame) for decorator in decorators]
        value: object = template.make(frame)
        for decorate, place in zip(reversed(functions), reversed(node.decorator_list), strict=True):
            value = frame.machine.decorate(decorate, value, place, frame)
        assign(frame, value)

    return run


def _assert(node: ast.Assert, context: Context) -> Statement:
    test = tested(node.test, context)
    message = None if node.msg is None else expression(node.msg, context)

    def run(frame: Frame) -> None:
        machine = frame.machine
        if not machine.must_hold(test(frame)):
            text = "" if message is None else machine.text(message(frame))
            raise machine.error("AssertionError", text if isinstance(text, str) else "")

    return run


def _with(node: ast.With, context: Context) -> Statement:
    items = [
        (
            expression(i.context_expr, context),
            None if i.optional_vars is None else target(i.optional_vars, context),
        )
        for i in node.items
    ]
    body = block(node.body, context)
    return lambda frame: exceptions.run_with(frame, items, body)


def _delete(node: ast.Delete, context: Context) -> Statement:
    parts = [delete(t, context) for t in node.targets]

    def run(frame: Frame) -> None:
        for part in parts:
            part(frame)

    return run


def _nothing(node: ast.stmt, context: Context) -> Statement:
    return lambda frame: None


_COMPILERS: dict[type[ast.stmt], Callable[..., Statement]] = {
    ast.Return: _return,
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AugAssign: _augmented,
    ast.AnnAssign: _annotated,
    ast.If: _if,
    ast.For: _for,
    ast.While: _while,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: classes.definition,
    ast.Assert: _assert,
    ast.With: _with,
    ast.Try: exceptions.try_statement,
    ast.Raise: exceptions.raise_statement,
    ast.Import: imports.import_statement,
    ast.ImportFrom: imports.import_from,
    ast.Match: matching.match_statement,
    ast.Delete: _delete,
    ast.Pass: _nothing,
    ast.Global: _nothing,
    ast.Nonlocal: _nothing,
    ast.Break: lambda node, context: lambda frame: BREAK,
    ast.Continue: lambda node, context: lambda frame: CONTINUE,
}
