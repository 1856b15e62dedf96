"""`match` statements and their patterns."""

import ast
from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from convlint.syntax.cursor import Cursor
from convlint.syntax.expressions import comma, expression, identifier
from convlint.syntax.statements import block, states

_SINGLETONS = {"None": None, "True": True, "False": False}


@states(cst.Match)
def match_(c: Cursor, node: cst.Match) -> ast.stmt:
    start = c.i
    c.i += 1
    subject = expression(c, node.subject)
    c.i += 1
    return c.at(start, ast.Match(subject, [_case(c, case) for case in node.cases]))


def _case(c: Cursor, node: cst.MatchCase) -> ast.match_case:
    c.i += 1
    tested = pattern(c, node.pattern)
    guard = None
    if node.guard is not None:
        c.i += 1
        guard = expression(c, node.guard)
    return ast.match_case(tested, guard, block(c, node.body))


def pattern(c: Cursor, node: cst.MatchPattern) -> ast.pattern:
    """Lower a pattern; like an expression its place leaves out its own parentheses."""
    if isinstance(node, cst.MatchValue | cst.MatchSingleton):
        return _value(c, node)
    c.i += len(node.lpar)
    result = _PATTERNS[type(node)](c, node)
    c.i += len(node.rpar)
    return result


def _value(c: Cursor, node: cst.MatchValue | cst.MatchSingleton) -> ast.pattern:
    parentheses = len(node.value.lpar)
    start = c.i + parentheses
    value = expression(c, node.value)
    last = c.i - 1 - parentheses
    if isinstance(node, cst.MatchSingleton):
        return c.between(start, last, ast.MatchSingleton(_SINGLETONS[node.value.value]))
    return c.between(start, last, ast.MatchValue(value))


def _elements(c: Cursor, nodes: Sequence[cst.MatchSequenceElement | cst.MatchStar]) -> list[ast.pattern]:
    result: list[ast.pattern] = []
    for node in nodes:
        if isinstance(node, cst.MatchStar):
            start = c.i
            c.i += 1
            name = identifier(c, node.name) if node.name is not None else None
            c.i += 1 if name is None else 0
            result.append(c.at(start, ast.MatchStar(name)))
        else:
            result.append(pattern(c, node.value))
        comma(c, node)
    return result


def _list(c: Cursor, node: cst.MatchList) -> ast.pattern:
    start = c.i
    c.i += 1 if node.lbracket is not None else 0
    patterns = _elements(c, node.patterns)
    c.i += 1 if node.rbracket is not None else 0
    return c.at(start, ast.MatchSequence(patterns))


def _tuple(c: Cursor, node: cst.MatchTuple) -> ast.pattern:
    start = c.i
    patterns = _elements(c, node.patterns)
    return c.between(start - 1, c.i, ast.MatchSequence(patterns))


def _mapping(c: Cursor, node: cst.MatchMapping) -> ast.pattern:
    start = c.i
    c.i += 1
    keys, patterns = [], []
    for element in node.elements:
        keys.append(expression(c, element.key))
        c.i += 1
        patterns.append(pattern(c, element.pattern))
        comma(c, element)
    rest = None
    if node.rest is not None:
        c.i += 1
        rest = identifier(c, node.rest)
        c.i += 1 if node.trailing_comma is not None else 0
    c.i += 1
    return c.at(start, ast.MatchMapping(keys, patterns, rest))


def _class(c: Cursor, node: cst.MatchClass) -> ast.pattern:
    start = c.i
    kind = expression(c, node.cls)
    c.i += 1
    positional = _elements(c, node.patterns)
    names, keyword_patterns = [], []
    for keyword in node.kwds:
        names.append(identifier(c, keyword.key))
        c.i += 1
        keyword_patterns.append(pattern(c, keyword.pattern))
        comma(c, keyword)
    c.i += 1
    return c.at(start, ast.MatchClass(kind, positional, names, keyword_patterns))


def _as(c: Cursor, node: cst.MatchAs) -> ast.pattern:
    start = c.i
    inner = None
    if node.pattern is not None:
        inner = pattern(c, node.pattern)
        c.i += 1
    if node.name is None:
        c.leaf("_")
        return c.at(start, ast.MatchAs())
    return c.at(start, ast.MatchAs(inner, identifier(c, node.name)))


def _or(c: Cursor, node: cst.MatchOr) -> ast.pattern:
    start = c.i
    patterns = []
    for element in node.patterns:
        patterns.append(pattern(c, element.pattern))
        c.i += 1 if isinstance(element.separator, cst.BitOr) else 0
    return c.at(start, ast.MatchOr(patterns))


_PATTERNS: dict[type[cst.MatchPattern], Callable[[Cursor, Any], ast.pattern]] = {
    cst.MatchList: _list,
    cst.MatchTuple: _tuple,
    cst.MatchMapping: _mapping,
    cst.MatchClass: _class,
    cst.MatchAs: _as,
    cst.MatchOr: _or,
}
