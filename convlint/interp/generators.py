"""Generator functions: their statements run as a Python generator, so that items come as they are asked for.

`yield` is followed where it stands as a statement or is assigned; elsewhere inside an expression it is
not modelled.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Generator, Iterator

from convlint.interp.expressions import Context, expression
from convlint.interp.frame import BREAK, CONTINUE, Frame, Signal, Statement
from convlint.interp.names import store_name
from convlint.values import NotModelled, Raised, Stream, Value

Result = Signal | None
Flow = Generator[Value, None, Result]
"""Runs a statement: yields what the program yields and returns how the statement ended."""


def generator_body(body: list[ast.stmt], context: Context) -> Statement:
    """Running the function gives the generator; its body starts at the first item asked for."""
    steps = _block(body, context)
    return lambda frame: Signal(frame.machine.made(Stream(_items(steps, frame))))


def _items(steps: Callable[[Frame], Flow], frame: Frame) -> Iterator[Value]:
    yield from steps(frame)


def _yields(node: ast.AST) -> bool:
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in ast.walk(node))


def _block(body: list[ast.stmt], context: Context) -> Callable[[Frame], Flow]:
    parts = [_statement(node, context) for node in body]

    def run(frame: Frame) -> Flow:
        for part in parts:
            signal = yield from part(frame)
            if signal is not None:
                return signal
        return None

    return run


def _statement(node: ast.stmt, context: Context) -> Callable[[Frame], Flow]:
    from convlint.interp.statements import statement

    if not _yields(node) or isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return _leaf(statement(node, context))
    match node:
        case ast.Expr(value=ast.Yield() | ast.YieldFrom() as value):
            return _yield(value, context, lambda frame, result: None)
        case ast.Assign(targets=[only], value=ast.Yield() | ast.YieldFrom() as value):
            from convlint.interp.targets import target

            return _yield(value, context, target(only, context))
        case ast.If():
            return _if(node, context)
        case ast.For():
            return _for(node, context)
        case ast.While():
            return _while(node, context)
        case ast.With():
            return _with(node, context)
        case ast.Try():
            return _try(node, context)
        case ast.Match():
            return _match(node, context)
    return _leaf(_refuse)


def _refuse(frame: Frame) -> Result:
    raise NotModelled("a yield inside an expression is not modelled")


def _leaf(code: Statement) -> Callable[[Frame], Flow]:
    def run(frame: Frame) -> Flow:
        return code(frame)
        yield

    return run


def _yield(
    node: ast.Yield | ast.YieldFrom, context: Context, assign: Callable[[Frame, Value], None]
) -> Callable[[Frame], Flow]:
    code = (lambda frame: None) if node.value is None else expression(node.value, context)

    def run(frame: Frame) -> Flow:
        value = code(frame)
        if isinstance(node, ast.YieldFrom):
            yield from frame.machine.iterate(value)
        else:
            yield value
        assign(frame, None)
        return None

    return run


def _if(node: ast.If, context: Context) -> Callable[[Frame], Flow]:
    test, body, orelse = (
        expression(node.test, context),
        _block(node.body, context),
        _block(node.orelse, context),
    )

    def run(frame: Frame) -> Flow:
        return (yield from (body if frame.machine.truth(test(frame)) else orelse)(frame))

    return run


def _for(node: ast.For, context: Context) -> Callable[[Frame], Flow]:
    from convlint.interp.targets import target

    iterable, assign = expression(node.iter, context), target(node.target, context)
    body, orelse = _block(node.body, context), _block(node.orelse, context)

    def run(frame: Frame) -> Flow:
        for item in frame.machine.iterate(iterable(frame)):
            frame.machine.budget.step()
            assign(frame, item)
            signal = yield from body(frame)
            if signal is BREAK:
                return None
            if signal is not None and signal is not CONTINUE:
                return signal
        return (yield from orelse(frame))

    return run


def _while(node: ast.While, context: Context) -> Callable[[Frame], Flow]:
    test, body = expression(node.test, context), _block(node.body, context)

    def run(frame: Frame) -> Flow:
        while frame.machine.truth(test(frame)):
            frame.machine.budget.step()
            signal = yield from body(frame)
            if signal is BREAK:
                return None
            if signal is not None and signal is not CONTINUE:
                return signal
        return None

    return run


def _match(node: ast.Match, context: Context) -> Callable[[Frame], Flow]:
    from convlint.interp.matching import Choice, choosing

    choose = choosing(node, context)
    bodies = [_block(case.body, context) for case in node.cases]

    def run(frame: Frame) -> Flow:
        chosen = choose(frame)
        match chosen:
            case Choice(unknown=why) if why is not None:
                raise NotModelled(why.reason)
            case Choice(case=int(number)):
                return (yield from bodies[number](frame))
        return None

    return run


def _with(node: ast.With, context: Context) -> Callable[[Frame], Flow]:
    from convlint.interp.targets import target

    items = [
        (
            expression(i.context_expr, context),
            None if i.optional_vars is None else target(i.optional_vars, context),
        )
        for i in node.items
    ]
    body = _block(node.body, context)

    def run(frame: Frame) -> Flow:
        machine = frame.machine
        managers = []
        for code, assign in items:
            manager = code(frame)
            entered = machine.call(machine.getattr(manager, "__enter__"))
            managers.append(manager)
            if assign is not None:
                assign(frame, entered)
        try:
            return (yield from body(frame))
        finally:
            for manager in reversed(managers):
                machine.call(machine.getattr(manager, "__exit__"), (None, None, None))

    return run


def _try(node: ast.Try, context: Context) -> Callable[[Frame], Flow]:
    body, orelse, final = (_block(part, context) for part in (node.body, node.orelse, node.finalbody))
    handlers = [
        (None if h.type is None else expression(h.type, context), h.name, _block(h.body, context))
        for h in node.handlers
    ]

    def guarded(frame: Frame):  # type: ignore[no-untyped-def]
        machine = frame.machine
        machine.suppressing += 1  # also while the generator waits: a handler of its own may come to bear
        try:
            signal = yield from body(frame)
        except Raised as raised:
            for kind, name, handler in handlers:
                if kind is None or machine.catches(kind(frame), raised.value):
                    if name:
                        store_name(frame, name, context.scope.depth_of(name), raised.value)
                    return (yield from _handling(frame, raised, handler))
            raise
        finally:
            machine.suppressing -= 1
        return (yield from orelse(frame)) if signal is None else signal

    def run(frame: Frame) -> Flow:
        try:
            signal = yield from guarded(frame)
        except Raised:
            replaced = yield from final(frame)
            if replaced is not None:
                return replaced
            raise
        replaced = yield from final(frame)
        return signal if replaced is None else replaced

    return run


def _handling(frame: Frame, raised: Raised, handler: Callable[[Frame], Flow]):  # type: ignore[no-untyped-def]
    """Run a handler; `raise` alone raises again what it handles."""
    handled = frame.machine.handling
    handled.append(raised)
    try:
        return (yield from handler(frame))
    finally:
        handled.remove(raised)
