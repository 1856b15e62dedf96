"""`# convlint: input=(N, 3, H, W)`: inputs that a comment declares for a class, a factory or a construction.

A comment stands on the line that it speaks of, or on a line of its own above the next statement.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from convlint.dims import Dim, parse
from convlint.values import Span

_COMMENT = re.compile(r"#\s*convlint:\s*input\s*(?P<how>[=:])\s*(?P<what>.*)$")
_NAMED = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*=\s*(?P<shape>[(\[])")
_OPEN = re.compile(r"\s*[(\[]")
_CLOSING = {"(": ")", "[": "]"}
_EXAMPLE = "input=(N, 3, H, W), or by name input: left=(N, 3, 64, 64), right=(N, 3, 64, 64)"


@dataclass(frozen=True, slots=True)
class Declared:
    """The inputs of a model, batch first: by position in `shapes` or by name in `named`."""

    shapes: tuple[tuple[Dim, ...], ...] = ()
    named: Mapping[str, tuple[Dim, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Declarations:
    """What the comments of a file declare, for definitions and for statements."""

    classes: dict[int, Declared] = field(default_factory=dict)
    """By the `id` of the class's node."""
    functions: dict[int, Declared] = field(default_factory=dict)
    statements: list[tuple[range, Declared]] = field(default_factory=list)
    problems: list[tuple[Span, str]] = field(default_factory=list)
    """Comments that cannot be read, or stand above nothing."""

    def at_row(self, row: int) -> Declared | None:
        """What is declared for the statement around a row."""
        return next((declared for rows, declared in self.statements if row in rows), None)


def declarations(text: str, tree: ast.Module, filename: str) -> Declarations:
    """Read the input comments of a file."""
    found = Declarations()
    for row, line in enumerate(text.splitlines(), 1):
        match = _COMMENT.search(line)
        if match is None:
            continue
        try:
            declared = read(match["what"])
            _attach(found, declared, row, not line[: match.start()].strip(), tree)
        except ValueError as error:
            column, end = (len(line[:at].encode()) for at in (match.start(), match.end()))
            found.problems.append((Span(filename, row, column, row, end), str(error)))
    return found


def read(text: str) -> Declared:
    """The inputs that stand after `input=` or `input:`. Raises ValueError."""
    shapes: list[tuple[Dim, ...]] = []
    named: dict[str, tuple[Dim, ...]] = {}
    position = 0
    while True:
        match = _NAMED.match(text, position)
        opening = match.end() - 1 if match else _opening(text, position)
        closing = _closed(text, opening)
        shape = _shape(text[opening + 1 : closing])
        if match:
            named[match["name"]] = shape
        else:
            shapes.append(shape)
        rest = text[closing + 1 :].lstrip()
        if not rest.startswith(","):
            break
        position = len(text) - len(rest) + 1
    if shapes and named:
        raise ValueError("give every input a name, or none")
    return Declared(tuple(shapes), named)


def _opening(text: str, position: int) -> int:
    match = _OPEN.match(text, position)
    if match is None:
        raise ValueError(f"an input is declared as {_EXAMPLE}")
    return match.end() - 1


def _closed(text: str, opening: int) -> int:
    depth = 0
    for position in range(opening, len(text)):
        if text[position] in "([":
            depth += 1
        elif text[position] in ")]":
            depth -= 1
            if depth == 0:
                return position
    raise ValueError(f"a `{_CLOSING[text[opening]]}` is missing")


def _shape(text: str) -> tuple[Dim, ...]:
    parts = [part.strip() for part in text.rstrip().removesuffix(",").split(",")]
    extents = tuple(parse(part) for part in parts if part)
    if len(extents) < len(parts) and text.strip():
        raise ValueError("an extent is missing between two commas")
    if any(isinstance(extent, int) and extent < 1 for extent in extents):
        raise ValueError("an extent is at least 1")
    return extents


# -- what a comment speaks of --------------------------------------------------------------------------------


def _attach(found: Declarations, declared: Declared, row: int, own_line: bool, tree: ast.Module) -> None:
    node = _below(tree, row) if own_line else _around(tree, row)
    match node:
        case ast.ClassDef():
            found.classes[id(node)] = declared
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            found.functions[id(node)] = declared
        case ast.stmt():
            found.statements.append((range(node.lineno, (node.end_lineno or node.lineno) + 1), declared))
        case _:
            raise ValueError("no class, function or construction follows this comment")


def _below(tree: ast.Module, row: int) -> ast.stmt | None:
    """The first statement that begins after a row: the class, where it is the first of a class body."""
    best: tuple[int, ast.stmt] | None = None
    for node, owner in _statements(tree.body, None):
        start = _start(node)
        if start > row and (best is None or start < best[0]):
            best = (start, _spoken_of(node, owner))
    return None if best is None else best[1]


def _around(tree: ast.Module, row: int) -> ast.stmt | None:
    """The innermost statement with a row of its own header, or of a simple statement, on that row."""
    best: ast.stmt | None = None
    for node, owner in _statements(tree.body, None):
        body = getattr(node, "body", None)
        last = node.end_lineno or node.lineno
        if isinstance(body, list) and body:
            last = max(node.lineno, body[0].lineno - 1)
        if _start(node) <= row <= last:
            best = _spoken_of(node, owner)
    return best


def _spoken_of(node: ast.stmt, owner: ast.ClassDef | None) -> ast.stmt:
    """A method's comment speaks of its class."""
    method = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return owner if method and owner is not None else node


def _start(node: ast.stmt) -> int:
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    return min([node.lineno, *(d.lineno for d in decorators)])


def _statements(
    body: list[ast.stmt], owner: ast.ClassDef | None
) -> Iterator[tuple[ast.stmt, ast.ClassDef | None]]:
    """All statements, each with the class whose body it stands in directly."""
    for node in body:
        yield node, owner
        for name in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(node, name, []), node if isinstance(node, ast.ClassDef) else None)
        for handler in getattr(node, "handlers", []):
            yield from _statements(handler.body, None)
