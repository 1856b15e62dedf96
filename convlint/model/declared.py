"""Inputs that comments declare for classes, factories and constructions: `# convlint: input=(N, 3, H, W)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from convlint.dims import Dim, symbol
from convlint.model.passed import Passed
from convlint.source.comments import InputComment
from convlint.values import Unknown

Extent = int | str | None
Shape = tuple[Dim, ...]


class Declared(Struct, frozen=True):
    """The inputs of a model, batch first: by position in `shapes`, by parameter in `named`; or, where nobody
    declares them, what a call in the code passes.
    """

    shapes: tuple[Shape, ...] = ()
    named: Mapping[str, Shape] = field(default_factory=dict)
    passed: Passed | None = None


class Declarations(Struct):
    """What the comments of a file declare, for definitions and for statements."""

    classes: dict[int, Declared] = field(default_factory=dict)
    """By the `id` of the class's node."""
    functions: dict[int, Declared] = field(default_factory=dict)
    statements: list[tuple[range, Declared]] = field(default_factory=list)

    def at_row(self, row: int) -> Declared | None:
        """What is declared for the statement around a row."""
        return next((declared for rows, declared in self.statements if row in rows), None)


def declared(shapes: Sequence[tuple[str | None, Sequence[Extent]]]) -> Declared:
    """Inputs given as (parameter or None, extents): numbers, names of symbols, None for a size nobody
    knows.
    """
    return Declared(
        tuple(_shape(extents) for name, extents in shapes if name is None),
        {name: _shape(extents) for name, extents in shapes if name is not None},
    )


def _shape(extents: Sequence[Extent]) -> Shape:
    return tuple(_extent(extent) for extent in extents)


def _extent(extent: Extent) -> Dim:
    if extent is None:
        return Unknown("the declared input leaves this size open").dim
    return extent if isinstance(extent, int) else symbol(extent)


def declarations(comments: Sequence[InputComment], tree: ast.Module) -> Declarations:
    """What a file's input comments speak of; a method's comment speaks of its class."""
    found = Declarations()
    for comment in comments:
        inputs = declared([(shape.name, shape.extents) for shape in comment.shapes])
        node = None if comment.statement_row is None else _at(tree, comment.statement_row)
        match node:
            case ast.ClassDef():
                found.classes[id(node)] = inputs
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                found.functions[id(node)] = inputs
            case ast.stmt():
                found.statements.append((range(node.lineno, (node.end_lineno or node.lineno) + 1), inputs))
    return found


def _at(tree: ast.Module, row: int) -> ast.stmt | None:
    """The statement whose own first line is the row, or the innermost one around it."""
    best: ast.stmt | None = None
    for node, owner in _statements(tree.body, None):
        if node.lineno <= row <= (node.end_lineno or node.lineno):
            method = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and owner is not None
            best = owner if method else node
            if node.lineno == row:
                return best
    return best


def _statements(
    body: list[ast.stmt], owner: ast.ClassDef | None
) -> Iterator[tuple[ast.stmt, ast.ClassDef | None]]:
    """All statements, each with the class whose body it stands in directly."""
    for node in body:
        yield node, owner
        inside = node if isinstance(node, ast.ClassDef) else None
        for name in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(node, name, []), inside)
        for handler in getattr(node, "handlers", []):
            yield from _statements(handler.body, None)
