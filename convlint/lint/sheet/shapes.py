"""The shapes of statements, names and calls, by their places in the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from convlint.lint.finding import Location
from convlint.lint.sheet.data import Place, ShapeSeen
from convlint.lint.sheet.names import SIMPLE, Names, Shapes, bound_by, few, note_input
from convlint.lint.sheet.view import View, text_of
from convlint.source.nodes import nodes_of
from convlint.trace import Called, Span, span_of

_Said = dict[Location | None, tuple[str, ...]]


def shapes_in(view: View, tree: ast.Module) -> tuple[ShapeSeen, ...]:
    """Shapes of the names and returns of statements, and of the calls of layers, in the order of places."""
    bound: dict[tuple[int, int], Shapes] = {}
    calls: dict[Span, Shapes] = {}
    inputs: dict[tuple[int, int], Shapes] = {}
    for _, outcome in view.outcomes():
        reached = view.reached(outcome)
        for (filename, row, column), tensors in outcome.trace.assigned.items():
            if filename == view.analysis.filename:
                kept = bound.setdefault((row, column), {})
                kept.update(
                    {text: None for tensor in tensors if (text := text_of(tensor)) and reached.real(tensor)}
                )
        for call in outcome.trace.calls:
            if not reached.called(call):
                continue
            text = text_of(call.output) if reached.ends(call) else ""
            if text and call.site is not None and _outermost(call):
                calls.setdefault(call.site.span, {})[text] = None
            note_input(view, call, inputs)
    nodes = nodes_of(tree)
    found = [*_statements(view, nodes, bound), *Names(view, bound, inputs).seen(nodes)]
    said: _Said = {each.end: each.shapes for each in found if each.end is not None}
    found += _calls(view, calls, said)
    return tuple(sorted(found, key=lambda each: (each.place, each.end is None)))


def _outermost(call: Called) -> bool:
    """Whether the program made the call, not a container in its own call."""
    return call.parent is None or call.parent.site is not call.site


def _statements(
    view: View, nodes: Sequence[ast.AST], bound: dict[tuple[int, int], Shapes]
) -> Iterator[ShapeSeen]:
    """What stands at the end of a statement: where it binds one name, or returns."""
    for node in nodes:
        if not isinstance(node, SIMPLE):
            continue
        at = bound_by(node)
        shapes = bound.get((at.lineno, at.col_offset)) if at is not None else None
        place = view.place(span_of(node, view.analysis.filename)) if shapes else None
        if shapes and place is not None:
            yield ShapeSeen(place, few(shapes), place.end)


def _calls(view: View, calls: dict[Span, Shapes], said: _Said) -> Iterator[ShapeSeen]:
    """Calls of layers; one that says what a statement or call around it says at its end is only asked for."""
    before: ShapeSeen | None = None
    for span in sorted(calls, key=lambda s: (s.end_row, s.end_column, -s.row, -s.column), reverse=True):
        place = view.place(span)
        if place is None:
            continue
        shapes = few(calls[span])
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
