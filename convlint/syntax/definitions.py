"""Statements that bind names: classes, functions, imports, scopes and type aliases."""

import ast
from collections.abc import Sequence

import libcst as cst

from convlint.syntax import nodes
from convlint.syntax.cursor import Cursor
from convlint.syntax.expressions import STORE, arguments, expression, identifier
from convlint.syntax.parameters import parameters, type_parameters
from convlint.syntax.statements import block, states


@states(cst.FunctionDef)
def function(c: Cursor, node: cst.FunctionDef) -> ast.stmt:
    decorators = _decorators(c, node.decorators)
    start = c.i
    c.i += 1 if node.asynchronous is None else 2
    name = identifier(c, node.name)
    generic = type_parameters(c, node.type_parameters)
    c.i += 1
    params = parameters(c, node.params)
    c.i += 1
    returns = None
    if node.returns is not None:
        c.i += 1
        returns = expression(c, node.returns.annotation)
    kind = ast.FunctionDef if node.asynchronous is None else ast.AsyncFunctionDef
    result = kind(name, params, block(c, node.body), decorators, returns)
    result.type_params = generic  # type: ignore[union-attr,attr-defined,unused-ignore]
    return c.at(start, result)


@states(cst.ClassDef)
def class_(c: Cursor, node: cst.ClassDef) -> ast.stmt:
    decorators = _decorators(c, node.decorators)
    start = c.i
    c.i += 1
    name = identifier(c, node.name)
    generic = type_parameters(c, node.type_parameters)
    bases: list[ast.expr] = []
    keywords: list[ast.keyword] = []
    if isinstance(node.lpar, cst.LeftParen):
        c.i += 1
        bases, keywords = arguments(c, [*node.bases, *node.keywords])
        c.i += 1
    result = ast.ClassDef(name, bases, keywords, block(c, node.body), decorators)
    result.type_params = generic  # type: ignore[union-attr,attr-defined,unused-ignore]
    return c.at(start, result)


def _decorators(c: Cursor, decorators: Sequence[cst.Decorator]) -> list[ast.expr]:
    result = []
    for decorator in decorators:
        c.i += 1
        result.append(expression(c, decorator.decorator))
    return result


@states(cst.TypeAlias)
def type_alias(c: Cursor, node: cst.TypeAlias) -> ast.stmt:
    start = c.i
    c.i += 1
    name_start = c.i
    text = identifier(c, node.name)
    name = c.at(name_start, ast.Name(text, STORE))
    generic = type_parameters(c, node.type_parameters)
    c.i += 1
    return c.at(start, nodes.TypeAlias(name, generic, expression(c, node.value)))


@states(cst.Import, cst.LazyImport)
def import_(c: Cursor, node: cst.Import | cst.LazyImport) -> ast.stmt:
    start = c.i
    c.i += 1 if isinstance(node, cst.Import) else 2
    return c.at(start, ast.Import(_aliases(c, node.names)))


@states(cst.ImportFrom, cst.LazyImportFrom)
def import_from(c: Cursor, node: cst.ImportFrom | cst.LazyImportFrom) -> ast.stmt:
    start = c.i
    c.i += 1 if isinstance(node, cst.ImportFrom) else 2
    texts = c.tokens.texts
    while c.i < len(texts) and texts[c.i] in (".", "..."):
        c.i += 1
    module = _dotted(c, node.module) if node.module is not None else None
    c.i += 1
    if isinstance(node.names, cst.ImportStar):
        names = [c.at(c.leaf("*"), ast.alias("*"))]
    else:
        c.i += 1 if node.lpar is not None else 0
        names = _aliases(c, node.names)
        c.i += 1 if node.rpar is not None else 0
    return c.at(start, ast.ImportFrom(module, names, len(node.relative)))


def _aliases(c: Cursor, aliases: Sequence[cst.ImportAlias]) -> list[ast.alias]:
    result = []
    for alias in aliases:
        start = c.i
        name = _dotted(c, alias.name)
        bound = None
        if alias.asname is not None:
            c.i += 1
            assert isinstance(alias.asname.name, cst.Name)
            bound = identifier(c, alias.asname.name)
        result.append(c.at(start, ast.alias(name, bound)))
        if type(alias.comma) is cst.Comma:
            c.i += 1
    return result


def _dotted(c: Cursor, node: cst.BaseExpression) -> str:
    parts: list[cst.Name] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr)
        node = node.value
    assert isinstance(node, cst.Name)
    names = [identifier(c, node)]
    for part in reversed(parts):
        c.i += 1
        names.append(identifier(c, part))
    return ".".join(names)


@states(cst.Global, cst.Nonlocal)
def scope(c: Cursor, node: cst.Global | cst.Nonlocal) -> ast.stmt:
    start = c.i
    c.i += 1
    names = []
    for item in node.names:
        names.append(identifier(c, item.name))
        if type(item.comma) is cst.Comma:
            c.i += 1
    return c.at(start, ast.Global(names) if isinstance(node, cst.Global) else ast.Nonlocal(names))
