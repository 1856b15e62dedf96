"""Statements and blocks; a statement's place runs from its keyword (never a decorator) to its last token."""

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

import libcst as cst

from convlint.syntax.cursor import Cursor
from convlint.syntax.expressions import expression, target

Statement = TypeVar("Statement", bound=Callable[..., ast.stmt])

STATEMENTS: dict[type[cst.CSTNode], Callable[[Cursor, Any], ast.stmt]] = {}


def states(*kinds: type[cst.CSTNode]) -> Callable[[Statement], Statement]:
    """Register a function as the lowering of these statements."""

    def register(function: Statement) -> Statement:
        for kind in kinds:
            STATEMENTS[kind] = cast("Callable[[Cursor, Any], ast.stmt]", function)
        return function

    return register


def statements(c: Cursor, body: Iterable[cst.CSTNode]) -> list[ast.stmt]:
    """Lower the lines and compound statements of a module or an indented block."""
    result: list[ast.stmt] = []
    for node in body:
        if isinstance(node, cst.SimpleStatementLine):
            small_statements(c, node.body, result)
        else:
            result.append(STATEMENTS[type(node)](c, node))
    return result


def small_statements(c: Cursor, body: Sequence[cst.BaseSmallStatement], result: list[ast.stmt]) -> None:
    for node in body:
        result.append(STATEMENTS[type(node)](c, node))
        if type(node.semicolon) is cst.Semicolon:
            c.i += 1


def block(c: Cursor, node: cst.BaseSuite) -> list[ast.stmt]:
    """Lower a colon and what stands below or behind it."""
    c.i += 1
    if isinstance(node, cst.IndentedBlock):
        return statements(c, node.body)
    result: list[ast.stmt] = []
    small_statements(c, cast("Sequence[cst.BaseSmallStatement]", node.body), result)
    return result


def or_else(c: Cursor, node: cst.Else | cst.Finally | None) -> list[ast.stmt]:
    """Lower an `else` or `finally` clause, or none."""
    if node is None:
        return []
    c.i += 1
    return block(c, node.body)


@states(cst.If)
def if_(c: Cursor, node: cst.If) -> ast.stmt:
    """`elif` is an `if` alone in the `else` before it; a chain is lowered by a loop."""
    opened: list[tuple[int, ast.If]] = []
    clause: cst.If | cst.Else | None = node
    while isinstance(clause, cst.If):
        start = c.i
        c.i += 1
        test = expression(c, clause.test)
        opened.append((start, ast.If(test, block(c, clause.body), [])))
        clause = clause.orelse
    start, inner = opened.pop()
    inner.orelse = or_else(c, clause)
    c.at(start, inner)
    for start, outer in reversed(opened):
        outer.orelse = [inner]
        inner = c.at(start, outer)
    return inner


@states(cst.While)
def while_(c: Cursor, node: cst.While) -> ast.stmt:
    start = c.i
    c.i += 1
    test = expression(c, node.test)
    return c.at(start, ast.While(test, block(c, node.body), or_else(c, node.orelse)))


@states(cst.For)
def for_(c: Cursor, node: cst.For) -> ast.stmt:
    start = c.i
    c.i += 1 if node.asynchronous is None else 2
    names = target(c, node.target)
    c.i += 1
    iterated = expression(c, node.iter)
    kind = ast.For if node.asynchronous is None else ast.AsyncFor
    return c.at(start, kind(names, iterated, block(c, node.body), or_else(c, node.orelse)))


@states(cst.With)
def with_(c: Cursor, node: cst.With) -> ast.stmt:
    start = c.i
    c.i += 1 if node.asynchronous is None else 2
    if isinstance(node.lpar, cst.LeftParen):
        c.i += 1
    items = []
    for item in node.items:
        value = expression(c, item.item)
        names = _as_name(c, item.asname)
        items.append(ast.withitem(value, names))
        if type(item.comma) is cst.Comma:
            c.i += 1
    if isinstance(node.rpar, cst.RightParen):
        c.i += 1
    kind = ast.With if node.asynchronous is None else ast.AsyncWith
    return c.at(start, kind(items, block(c, node.body)))


def _as_name(c: Cursor, node: cst.AsName | None) -> ast.expr | None:
    if node is None:
        return None
    c.i += 1
    return target(c, node.name)


@states(cst.Try)
def try_(c: Cursor, node: cst.Try) -> ast.stmt:
    start = c.i
    c.i += 1
    body = block(c, node.body)
    handlers = [_handler(c, handler, 1) for handler in node.handlers]
    return c.at(start, ast.Try(body, handlers, or_else(c, node.orelse), or_else(c, node.finalbody)))


@states(cst.TryStar)
def try_star(c: Cursor, node: cst.TryStar) -> ast.stmt:
    start = c.i
    c.i += 1
    body = block(c, node.body)
    handlers = [_handler(c, handler, 2) for handler in node.handlers]
    return c.at(start, ast.TryStar(body, handlers, or_else(c, node.orelse), or_else(c, node.finalbody)))


def _handler(c: Cursor, node: cst.ExceptHandler | cst.ExceptStarHandler, width: int) -> ast.ExceptHandler:
    start = c.i
    c.i += width
    kind = expression(c, node.type) if node.type is not None else None
    name = _as_name(c, node.name)
    bound = name.id if isinstance(name, ast.Name) else None
    return c.at(start, ast.ExceptHandler(kind, bound, block(c, node.body)))


@states(cst.Expr)
def expression_statement(c: Cursor, node: cst.Expr) -> ast.stmt:
    start = c.i
    return c.at(start, ast.Expr(expression(c, node.value)))


@states(cst.Assign)
def assign(c: Cursor, node: cst.Assign) -> ast.stmt:
    start = c.i
    targets = []
    for each in node.targets:
        targets.append(target(c, each.target))
        c.i += 1
    return c.at(start, ast.Assign(targets, expression(c, node.value)))


@states(cst.AnnAssign)
def annotated_assign(c: Cursor, node: cst.AnnAssign) -> ast.stmt:
    start = c.i
    name = cast("ast.Name | ast.Attribute | ast.Subscript", target(c, node.target))
    simple = int(isinstance(name, ast.Name) and not node.target.lpar)
    c.i += 1
    annotation = expression(c, node.annotation.annotation)
    value = None
    if node.value is not None:
        c.i += 1
        value = expression(c, node.value)
    return c.at(start, ast.AnnAssign(name, annotation, value, simple))


@states(cst.AugAssign)
def augmented_assign(c: Cursor, node: cst.AugAssign) -> ast.stmt:
    start = c.i
    name = cast("ast.Name | ast.Attribute | ast.Subscript", target(c, node.target))
    c.i += 1
    return c.at(start, ast.AugAssign(name, AUGMENTED[type(node.operator)], expression(c, node.value)))


AUGMENTED: dict[type[cst.CSTNode], ast.operator] = {
    cst.AddAssign: ast.Add(),
    cst.SubtractAssign: ast.Sub(),
    cst.MultiplyAssign: ast.Mult(),
    cst.DivideAssign: ast.Div(),
    cst.FloorDivideAssign: ast.FloorDiv(),
    cst.ModuloAssign: ast.Mod(),
    cst.PowerAssign: ast.Pow(),
    cst.MatrixMultiplyAssign: ast.MatMult(),
    cst.LeftShiftAssign: ast.LShift(),
    cst.RightShiftAssign: ast.RShift(),
    cst.BitAndAssign: ast.BitAnd(),
    cst.BitOrAssign: ast.BitOr(),
    cst.BitXorAssign: ast.BitXor(),
}


@states(cst.Del)
def delete(c: Cursor, node: cst.Del) -> ast.stmt:
    start = c.i
    c.i += 1
    deleted = target(c, node.target, ast.Del())
    bare = isinstance(deleted, ast.Tuple) and not node.target.lpar
    return c.at(start, ast.Delete(deleted.elts if bare and isinstance(deleted, ast.Tuple) else [deleted]))


@states(cst.Return)
def return_(c: Cursor, node: cst.Return) -> ast.stmt:
    start = c.i
    c.i += 1
    return c.at(start, ast.Return(expression(c, node.value) if node.value is not None else None))


@states(cst.Raise)
def raise_(c: Cursor, node: cst.Raise) -> ast.stmt:
    start = c.i
    c.i += 1
    raised = expression(c, node.exc) if node.exc is not None else None
    cause = None
    if node.cause is not None:
        c.i += 1
        cause = expression(c, node.cause.item)
    return c.at(start, ast.Raise(raised, cause))


@states(cst.Assert)
def assert_(c: Cursor, node: cst.Assert) -> ast.stmt:
    start = c.i
    c.i += 1
    test = expression(c, node.test)
    message = None
    if node.msg is not None:
        c.i += 1
        message = expression(c, node.msg)
    return c.at(start, ast.Assert(test, message))


@states(cst.Pass, cst.Break, cst.Continue)
def keyword(c: Cursor, node: cst.Pass | cst.Break | cst.Continue) -> ast.stmt:
    start = c.i
    c.i += 1
    return c.at(start, _KEYWORDS[type(node)]())


_KEYWORDS: dict[type[cst.CSTNode], type[ast.stmt]] = {
    cst.Pass: ast.Pass,
    cst.Break: ast.Break,
    cst.Continue: ast.Continue,
}
