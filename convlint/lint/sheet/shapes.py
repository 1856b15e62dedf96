"""The shapes of names, statements and calls, by their places in the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from convlint.lint.finding import Location
from convlint.lint.sheet.data import Place, ShapeSeen
from convlint.lint.sheet.view import MOST_SHAPES, View, text_of
from convlint.trace import Called, Span, span_of

_Shapes = dict[str, None]
_Said = dict[Location | None, tuple[str, ...]]
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return)


def shapes_in(view: View, tree: ast.Module) -> tuple[ShapeSeen, ...]:
    """Shapes of the names and returns of statements, and of the calls of layers, in the order of places."""
    bound: dict[tuple[int, int], _Shapes] = {}
    calls: dict[Span, _Shapes] = {}
    for _, outcome in view.outcomes():
        for (filename, row, column), tensors in outcome.trace.assigned.items():
            if filename == view.analysis.filename:
                bound.setdefault((row, column), {}).update({text_of(t): None for t in tensors if text_of(t)})
        for call in outcome.trace.calls:
            text = text_of(call.output)
            if text and call.site is not None and _outermost(call):
                calls.setdefault(call.site.span, {})[text] = None
    found = [*_statements(view, tree, bound), *_names(view, tree, bound)]
    said: _Said = {each.end: each.shapes for each in found if each.end is not None}
    found += _calls(view, calls, said)
    return tuple(sorted(found, key=lambda each: (each.place, each.end is None)))


def _outermost(call: Called) -> bool:
    """Whether the program made the call, not a container in its own call."""
    return call.parent is None or call.parent.site is not call.site


def _statements(view: View, tree: ast.Module, bound: dict[tuple[int, int], _Shapes]) -> Iterator[ShapeSeen]:
    """What stands at the end of a statement: where it binds one name, or returns."""
    for node in ast.walk(tree):
        if not isinstance(node, _SIMPLE):
            continue
        at = _bound_by(node)
        shapes = bound.get((at.lineno, at.col_offset)) if at is not None else None
        place = view.place(span_of(node, view.analysis.filename)) if shapes else None
        if shapes and place is not None:
            yield ShapeSeen(place, _few(shapes), place.end)


def _bound_by(node: ast.stmt) -> ast.Name | ast.Return | None:
    match node:
        case ast.Return():
            return node
        case ast.Assign(targets=[*_, ast.Name() as name]):
            return name
        case ast.AnnAssign(target=ast.Name() as name) | ast.AugAssign(target=ast.Name() as name):
            return name
    return None


def _names(view: View, tree: ast.Module, bound: dict[tuple[int, int], _Shapes]) -> Iterator[ShapeSeen]:
    """The names where they are bound, and where they are read after a statement that surely bound them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            shapes = bound.get((node.lineno, node.col_offset))
            if shapes:
                yield from _seen(view, node, shapes)
        for body in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
            if isinstance(body, list):
                yield from _reads(view, body, bound)


def _reads(view: View, body: list[ast.stmt], bound: dict[tuple[int, int], _Shapes]) -> Iterator[ShapeSeen]:
    """Names that are read in simple statements of a block, as the block's statements before bound them."""
    known: dict[str, _Shapes] = {}
    for statement in body:
        simple = isinstance(statement, (*_SIMPLE, ast.Expr))
        stored = _stored(statement)
        if simple and not any(isinstance(n, (ast.Lambda, ast.NamedExpr)) for n in ast.walk(statement)):
            own = {name.id for each in ast.walk(statement) for name in _comprehended(each)}
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
                    yield from _seen(view, node, known.get(node.id, {}))
        for name in stored:
            known.pop(name, None)
        at = _bound_by(statement)
        if isinstance(at, ast.Name) and (shapes := bound.get((at.lineno, at.col_offset))):
            known[at.id] = shapes


def _comprehended(node: ast.AST) -> Iterator[ast.Name]:
    if isinstance(node, ast.comprehension):
        yield from (each for each in ast.walk(node.target) if isinstance(each, ast.Name))


def _stored(statement: ast.stmt) -> set[str]:
    """The names that a statement, or one inside it, may bind or delete."""
    found = set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
            case ast.ExceptHandler(name=str(name)) | ast.alias(asname=str(name)):
                found.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
    return found


def _seen(view: View, node: ast.AST, shapes: _Shapes) -> Iterator[ShapeSeen]:
    place = view.place(span_of(node, view.analysis.filename))
    if place is not None and shapes:
        yield ShapeSeen(place, _few(shapes))


def _calls(view: View, calls: dict[Span, _Shapes], said: _Said) -> Iterator[ShapeSeen]:
    """Calls of layers; one that says what a statement or call around it says at its end is only asked for."""
    before: ShapeSeen | None = None
    for span in sorted(calls, key=lambda s: (s.end_row, s.end_column, -s.row, -s.column), reverse=True):
        place = view.place(span)
        if place is None:
            continue
        shapes = _few(calls[span])
        around = before if before is not None and before.place.start <= place.start else None
        same = (
            place.end in said
            or (around is not None and around.shapes == shapes)
            or shapes in _over(said, place)
        )
        before = ShapeSeen(place, shapes, None if same else place.end)
        yield before


def _over(said: _Said, place: Place) -> Iterator[tuple[str, ...]]:
    """What is said at the end of the row on which a call ends."""
    for end, shapes in said.items():
        if end is not None and end.row == place.end.row and end >= place.end:
            yield shapes


def _few(shapes: _Shapes) -> tuple[str, ...]:
    kept = tuple(shapes)
    return kept if len(kept) <= MOST_SHAPES else (*kept[: MOST_SHAPES - 1], "…")
