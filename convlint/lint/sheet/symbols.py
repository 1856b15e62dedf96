"""The outline of a file: classes and functions at its top, methods, and the layers that constructors keep."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from convlint.lint.sheet.data import Place, Symbol
from convlint.lint.sheet.view import View
from convlint.source.nodes import nodes_of
from convlint.trace import Span, span_of

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def symbols_in(view: View, tree: ast.Module) -> tuple[Symbol, ...]:
    """Classes with their methods and attributes, and functions."""
    return tuple(_symbols(view, tree.body))


def _symbols(view: View, body: list[ast.stmt]) -> Iterator[Symbol]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _symbol(view, node, node.name, "class", 6, tuple(_members(view, node)))
        elif isinstance(node, _FUNCTIONS):
            yield from _symbol(view, node, node.name, "function", _width(node))
        elif isinstance(node, (ast.If, ast.Try)):
            yield from _symbols(view, [*node.body, *node.orelse])


def _members(view: View, node: ast.ClassDef) -> Iterator[Symbol]:
    for each in node.body:
        if isinstance(each, _FUNCTIONS):
            layers = tuple(_attributes(view, each)) if each.name == "__init__" else ()
            yield from layers
            yield from _symbol(view, each, each.name, "method", _width(each))


def _attributes(view: View, init: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Symbol]:
    """`self.name = Constructor(…)`, each name once."""
    seen: set[str] = set()
    for node in nodes_of(init):
        match node:
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id="self"), attr=name) as target],
                value=ast.Call(func=ast.Name() | ast.Attribute() as called),
            ) if name not in seen:
                seen.add(name)
                whole = view.place(span_of(node, view.analysis.filename))
                own = view.place(span_of(target, view.analysis.filename))
                if whole is not None and own is not None:
                    yield Symbol(name, "layer", _dotted(called), whole, own)


def _dotted(node: ast.Name | ast.Attribute) -> str:
    """A name as it is written."""
    words: list[str] = []
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        words.append(inner.attr)
        inner = inner.value
    return ".".join((inner.id, *reversed(words))) if isinstance(inner, ast.Name) else ast.unparse(node)


def _width(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return len("def ") if isinstance(node, ast.FunctionDef) else len("async def ")


def _symbol(
    view: View,
    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
    name: str,
    kind: str,
    width: int,
    children: tuple[Symbol, ...] = (),
) -> Iterator[Symbol]:
    span = span_of(node, view.analysis.filename)
    begin = span.column + width
    named = Span(span.filename, span.row, begin, span.row, begin + len(name.encode()))
    place, selection = view.place(span), view.place(named)
    if place is not None and selection is not None:
        yield Symbol(name, kind, "", place, Place(selection.start, selection.end), children)
