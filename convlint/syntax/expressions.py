"""Expressions: each concrete node becomes the `ast` node CPython would make of the same tokens.

Law: what recurses on its left (`a.b(c)[d] + e`) is lowered by a loop, so that only brackets and right-hand
operands add to the depth of the recursion.
"""

import ast
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast
from unicodedata import normalize

import libcst as cst

from convlint.syntax.cursor import Cursor

Lower = Callable[[Cursor, Any], ast.expr]
Shape = TypeVar("Shape", bound=Callable[..., ast.AST])

LOAD, STORE, DEL = ast.Load(), ast.Store(), ast.Del()
EXPRESSIONS: dict[type[cst.CSTNode], Lower] = {}
LEFT_RECURSIVE: dict[type[cst.CSTNode], Callable[[Cursor, Any, ast.expr, int], ast.expr]] = {}
LEFT = {
    cst.Attribute: "value",
    cst.Subscript: "value",
    cst.Call: "func",
    cst.BinaryOperation: "left",
    cst.Comparison: "left",
}


def lowers(*kinds: type[cst.CSTNode]) -> Callable[[Shape], Shape]:
    """Register a function as the lowering of these nodes, called between their own parentheses."""

    def register(function: Shape) -> Shape:
        for kind in kinds:
            EXPRESSIONS[kind] = cast(Lower, function)
        return function

    return register


def continues(kind: type[cst.CSTNode]) -> Callable[[Shape], Shape]:
    """Register the lowering of a left-recursive node, called when its left operand is lowered."""

    def register(function: Shape) -> Shape:
        LEFT_RECURSIVE[kind] = cast("Callable[[Cursor, Any, ast.expr, int], ast.expr]", function)
        return function

    return register


def expression(c: Cursor, node: cst.BaseExpression) -> ast.expr:
    """Lower any expression, in load context."""
    kind = type(node)
    if kind in LEFT_RECURSIVE:
        return _left_recursive(c, node)
    if not node.lpar:
        return EXPRESSIONS[kind](c, node)
    c.i += len(node.lpar)
    result = EXPRESSIONS[kind](c, node)
    c.i += len(node.rpar)
    return result


def _left_recursive(c: Cursor, node: cst.BaseExpression) -> ast.expr:
    pending: list[tuple[cst.BaseExpression, int]] = []
    while type(node) in LEFT_RECURSIVE:
        c.i += len(node.lpar)
        pending.append((node, c.i))
        node = getattr(node, LEFT[type(node)])
    result = expression(c, node)
    for outer, start in reversed(pending):
        result = LEFT_RECURSIVE[type(outer)](c, outer, result, start)
        c.i += len(outer.rpar)
    return result


def target(c: Cursor, node: cst.BaseExpression, context: ast.expr_context = STORE) -> ast.expr:
    """Lower an expression that is assigned to or deleted."""
    result = expression(c, node)
    set_context(result, context)
    return result


def set_context(node: ast.expr, context: ast.expr_context) -> None:
    match node:
        case ast.Name() | ast.Attribute() | ast.Subscript():
            node.ctx = context
        case ast.Starred():
            node.ctx = context
            set_context(node.value, context)
        case ast.Tuple() | ast.List():
            node.ctx = context
            for element in node.elts:
                set_context(element, context)


def identifier(c: Cursor, name: cst.Name) -> str:
    """Take a name; identifiers are normalised as the language says (NFKC)."""
    text = name.value
    c.leaf(text)
    return text if text.isascii() else normalize("NFKC", text)


def comma(c: Cursor, node: cst.CSTNode) -> None:
    """Take the comma that follows an element, if one does."""
    if type(node.comma) is cst.Comma:  # type: ignore[attr-defined]
        c.i += 1


@lowers(cst.Name)
def name(c: Cursor, node: cst.Name) -> ast.expr:
    text = node.value
    start = c.leaf(text)
    if text in _SINGLETONS:
        return c.at(start, ast.Constant(_SINGLETONS[text]))
    return c.at(start, ast.Name(text if text.isascii() else normalize("NFKC", text), LOAD))


_SINGLETONS = {"None": None, "True": True, "False": False}


@lowers(cst.Ellipsis)
def ellipsis(c: Cursor, node: cst.Ellipsis) -> ast.expr:
    return c.at(c.leaf("..."), ast.Constant(...))


@lowers(cst.Integer)
def integer(c: Cursor, node: cst.Integer) -> ast.expr:
    start = c.leaf(node.value)
    try:
        return c.at(start, ast.Constant(int(node.value, 0)))
    except ValueError as error:
        c.i = start
        raise c.fault(str(error)) from error


@lowers(cst.Float)
def real(c: Cursor, node: cst.Float) -> ast.expr:
    return c.at(c.leaf(node.value), ast.Constant(float(node.value)))


@lowers(cst.Imaginary)
def imaginary(c: Cursor, node: cst.Imaginary) -> ast.expr:
    return c.at(c.leaf(node.value), ast.Constant(complex(0.0, float(node.value[:-1]))))


@continues(cst.Attribute)
def attribute(c: Cursor, node: cst.Attribute, value: ast.expr, start: int) -> ast.expr:
    c.i += 1
    return c.at(start, ast.Attribute(value, identifier(c, node.attr), LOAD))


@continues(cst.Call)
def call(c: Cursor, node: cst.Call, function: ast.expr, start: int) -> ast.expr:
    c.i += 1
    positional, keywords = arguments(c, node.args)
    c.i += 1
    return c.at(start, ast.Call(function, positional, keywords))


def arguments(c: Cursor, nodes: Sequence[cst.Arg]) -> tuple[list[ast.expr], list[ast.keyword]]:
    """Lower the arguments of a call or a class."""
    positional: list[ast.expr] = []
    keywords: list[ast.keyword] = []
    for node in nodes:
        start = c.i
        if node.keyword is not None:
            key = identifier(c, node.keyword)
            c.i += 1
            keywords.append(c.at(start, ast.keyword(key, expression(c, node.value))))
        elif node.star == "**":
            c.i += 1
            keywords.append(c.at(start, ast.keyword(None, expression(c, node.value))))
        elif node.star:
            c.i += 1
            positional.append(c.at(start, ast.Starred(expression(c, node.value), LOAD)))
        else:
            positional.append(expression(c, node.value))
        comma(c, node)
    return positional, keywords


@continues(cst.Subscript)
def subscript(c: Cursor, node: cst.Subscript, value: ast.expr, start: int) -> ast.expr:
    c.i += 1
    first = c.i
    elements = []
    for element in node.slice:
        elements.append(_slice(c, element.slice))
        comma(c, element)
    alone = len(elements) == 1 and c.tokens.texts[c.i - 1] != "," and type(elements[0]) is not ast.Starred
    index = elements[0] if alone else c.at(first, ast.Tuple(elements, LOAD))
    c.i += 1
    return c.at(start, ast.Subscript(value, index, LOAD))


def _slice(c: Cursor, node: cst.BaseSlice) -> ast.expr:
    start = c.i
    if isinstance(node, cst.Slice):
        lower = expression(c, node.lower) if node.lower is not None else None
        c.i += 1
        upper = expression(c, node.upper) if node.upper is not None else None
        if isinstance(node.second_colon, cst.Colon):
            c.i += 1
        step = expression(c, node.step) if node.step is not None else None
        return c.at(start, ast.Slice(lower, upper, step))
    assert isinstance(node, cst.Index)
    if node.star:
        c.i += 1
        return c.at(start, ast.Starred(expression(c, node.value), LOAD))
    return expression(c, node.value)


@lowers(cst.StarredElement)
def starred(c: Cursor, node: cst.StarredElement) -> ast.expr:
    start = c.i
    c.i += 1
    return c.at(start, ast.Starred(expression(c, node.value), LOAD))


def elements(c: Cursor, nodes: Sequence[cst.BaseElement]) -> list[ast.expr]:
    """Lower the elements of a tuple, list or set."""
    result = []
    for node in nodes:
        result.append(starred(c, node) if isinstance(node, cst.StarredElement) else expression(c, node.value))
        comma(c, node)
    return result


@lowers(cst.Tuple)
def tuple_(c: Cursor, node: cst.Tuple) -> ast.expr:
    start = c.i
    result = ast.Tuple(elements(c, node.elements), LOAD)
    if node.lpar:
        return c.between(start - 1, c.i, result)
    return c.at(start, result)


@lowers(cst.List)
def list_(c: Cursor, node: cst.List) -> ast.expr:
    start = c.i
    c.i += 1
    result = ast.List(elements(c, node.elements), LOAD)
    c.i += 1
    return c.at(start, result)


@lowers(cst.Set)
def set_(c: Cursor, node: cst.Set) -> ast.expr:
    start = c.i
    c.i += 1
    result = ast.Set(elements(c, node.elements))
    c.i += 1
    return c.at(start, result)


@lowers(cst.Dict)
def dict_(c: Cursor, node: cst.Dict) -> ast.expr:
    start = c.i
    c.i += 1
    keys: list[ast.expr | None] = []
    values = []
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            keys.append(expression(c, element.key))
        else:
            keys.append(None)
        c.i += 1
        values.append(expression(c, element.value))
        comma(c, element)
    c.i += 1
    return c.at(start, ast.Dict(keys, values))
