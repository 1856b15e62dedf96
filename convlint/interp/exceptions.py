"""`try`, `raise` and `with` (reference/compound_stmts.html#the-try-statement)."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from convlint.interp.expressions import Context, expression
from convlint.interp.frame import Expression, Frame, Signal, Statement
from convlint.interp.names import store_name
from convlint.values import BoundMethod, Class, Function, Instance, Native, Raised, Site, Unknown, Value

if TYPE_CHECKING:
    from convlint.interp.targets import Assign

_ENDING = (ast.Return, ast.Break, ast.Continue)
"""What ends an exception where it stands in `finally`."""
Handler = tuple[Expression | None, str | None, int | None, Statement]


def try_statement(node: ast.Try, context: Context) -> Statement:
    """`try … except … else … finally`; whatever the handlers name, the interpreter raises as the program
    would.
    """
    from convlint.interp.statements import block

    body = block(node.body, context)
    handlers: list[Handler] = [
        (
            None if h.type is None else expression(h.type, context),
            h.name,
            context.scope.depth_of(h.name) if h.name else None,
            block(h.body, context),
        )
        for h in node.handlers
    ]
    orelse = block(node.orelse, context) if node.orelse else None
    final = block(node.finalbody, context) if node.finalbody else None

    def guarded(frame: Frame) -> Signal | None:
        machine = frame.machine
        caught = [(None if kind is None else kind(frame)) for kind, *_ in handlers]
        machine.handlers.append(caught)
        depth, site, level = len(machine.handlers), machine.site, machine.budget.depth
        try:
            try:
                signal = body(frame)
            finally:
                del machine.handlers[depth - 1 :]
        except Raised as raised:
            machine.site, machine.budget.depth = site, level
            for kind, (_, name, scope_depth, handler) in zip(caught, handlers, strict=True):
                if kind is None or machine.catches(kind, raised.value):
                    if name:
                        store_name(frame, name, scope_depth, raised.value)
                    machine.handling.append(raised)
                    try:
                        return handler(frame)
                    finally:
                        machine.handling.pop()
            raise
        if signal is None and orelse is not None:
            return orelse(frame)
        return signal

    if final is None:
        return guarded
    finish = final
    swallows = any(isinstance(n, _ENDING) for statement in node.finalbody for n in ast.walk(statement))

    def with_final(frame: Frame) -> Signal | None:
        machine = frame.machine
        machine.suppressing += swallows
        try:
            try:
                signal = guarded(frame)
            finally:
                machine.suppressing -= swallows
        except Raised:
            replaced = finish(frame)
            if replaced is not None:
                return replaced
            raise
        replaced = finish(frame)
        return signal if replaced is None else replaced

    return with_final


def raise_statement(node: ast.Raise, context: Context) -> Statement:
    """`raise`, `raise error`, `raise error from cause`."""
    if node.exc is None:

        def again(frame: Frame) -> None:
            handling = frame.machine.handling
            raise (
                handling[-1]
                if handling
                else frame.machine.error("RuntimeError", "No active exception to reraise")
            )

        return again
    error = expression(node.exc, context)

    def run(frame: Frame) -> None:
        machine = frame.machine
        value = error(frame)
        site = Site(node, context.filename, frame.site)
        if isinstance(value, Class):
            value = machine.call_at(site, value, (), {})
        if isinstance(value, Instance):
            raise Raised(value, site)
        raise machine.error("Exception", "an exception that is not known")

    return run


def run_with(frame: Frame, items: list[tuple[Expression, Assign | None]], body: Statement) -> Signal | None:
    """`with a as x, b as y: body`: managers are entered in order and left in reverse."""
    if not items:
        return body(frame)
    (manager_code, assign), *rest = items
    machine = frame.machine
    manager = manager_code(frame)
    if isinstance(manager, Unknown):
        if assign is not None:
            assign(frame, manager.derive("entered"))
        machine.suppressing += 1
        try:
            return run_with(frame, rest, body)
        finally:
            machine.suppressing -= 1
    entered = machine.call(machine.getattr(manager, "__enter__"))
    if assign is not None:
        assign(frame, entered)
    leave: Callable[..., Value] = lambda *args: machine.call(machine.getattr(manager, "__exit__"), args)  # noqa: E731
    swallows = may_swallow(manager)
    machine.suppressing += swallows
    try:
        try:
            signal = run_with(frame, rest, body)
        finally:
            machine.suppressing -= swallows
    except Raised as raised:
        if machine.truth(leave(raised.value.cls, raised.value, None)):
            return None
        raise
    leave(None, None, None)
    return signal


def may_swallow(manager: Value) -> bool:
    """Whether leaving the manager may end an exception; a library's own does only if that is its purpose.
    In place of a manager, what an `ExitStack` calls when it is left.
    """
    match manager:
        case Instance(cls=cls):
            return cls.derives("contextlib.suppress") or not isinstance(cls.find("__exit__"), Native)
        case BoundMethod(function=function, receiver=receiver):
            return not isinstance(function, Native) or may_swallow(receiver)
    return isinstance(manager, (Function, Unknown))
