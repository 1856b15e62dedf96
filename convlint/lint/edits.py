"""Text edits for fixes: an argument given another value, or added, a span replaced, lines taken out.

Every edit is at an exact span of a linted file, so that formatting and comments around it survive. Where the
source does not show plainly what to write, there is no edit.
"""

from __future__ import annotations

import ast

from convlint.lint.finding import Edit, Location
from convlint.lint.sources import Sources
from convlint.trace import Site, Span, argument_node, span_of, written_at


def replaced(sources: Sources, span: Span, text: str) -> Edit:
    """The span's text replaced. Raises ValueError for a span of a file that is not linted."""
    _, start, end = sources.locate(span)
    return Edit(text, start, end)


def argument(sources: Sources, site: Site, name: str, text: str) -> Edit | None:
    """The call's argument given another value.

    It is changed where it was written, through any number of constructors, if it stands there by itself; a
    keyword is added to the call where it passes none. None where the source shows no place for it.
    """
    if argument_node(site, name) is not None or _hands_on(site):
        span = written_at(site, name, sources.accepts)
        return None if span is None or span.row != span.end_row else replaced(sources, span, text)
    node = site.node
    if not isinstance(node, ast.Call) or not sources.accepts(site.filename) or _starred(node):
        return None
    return _added(sources, node, site.filename, f"{name}={text}")


def removed_argument(sources: Sources, site: Site, name: str) -> Edit | None:
    """The call without its keyword of that name, and one comma beside it; None where it has none."""
    node = site.node
    if not isinstance(node, ast.Call) or not sources.accepts(site.filename):
        return None
    given: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    given.sort(key=lambda each: (each.lineno, each.col_offset))
    index = next((i for i, k in enumerate(given) if isinstance(k, ast.keyword) and k.arg == name), None)
    if index is None:
        return None
    _, start, end = sources.locate(span_of(given[index], site.filename))
    if index:
        start = _closed(sources, span_of(given[index - 1], site.filename), start)
    elif len(given) > 1:
        _, end, _ = sources.locate(span_of(given[1], site.filename))
    else:
        end = _before_closing(sources, node, site.filename)
    return Edit("", start, end)


def whole_lines(sources: Sources, span: Span) -> Edit:
    """The span's lines taken out, from the start of the first to the start of the one after the last."""
    _, start, end = sources.locate(span)
    return Edit("", Location(start.row, 1), Location(end.row + 1, 1))


def _added(sources: Sources, call: ast.Call, filename: str, text: str) -> Edit | None:
    """The text as the call's last argument; None where that is a generator in the call's own parentheses."""
    closing = _before_closing(sources, call, filename)
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    if not given:
        return Edit(text, closing, closing)
    last = max(given, key=lambda each: (each.end_lineno or 0, each.end_col_offset or 0))
    if isinstance(last, ast.GeneratorExp) and len(given) == 1:
        return None
    place = _closed(sources, span_of(last, filename), closing)
    return Edit(f", {text}", place, place)


def _before_closing(sources: Sources, call: ast.Call, filename: str) -> Location:
    """The place before a call's last parenthesis."""
    _, _, end = sources.locate(span_of(call, filename))
    return Location(end.row, end.column - 1)


def _closed(sources: Sources, span: Span, stop: Location) -> Location:
    """The place where an argument ends, its own parentheses included, which no node spans.

    Between it and `stop`, the next argument or the call's last parenthesis, stand only parentheses, a comma,
    space and comments.
    """
    name, _, place = sources.locate(span)
    lines = sources.lines(name)
    for row in range(place.row, stop.row + 1):
        line = "" if lines is None else lines.line(row)
        first = place.column if row == span.end_row else 1
        last = stop.column if row == stop.row else len(line) + 1
        between = line[first - 1 : last - 1].partition("#")[0]
        if ")" in between:
            place = Location(row, first + between.rindex(")") + 1)
    return place


def is_literal(node: ast.expr) -> bool:
    """Whether an expression is a number, text or constant, or a tuple or list of such."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(is_literal(each) for each in node.elts)
    return isinstance(node, ast.Constant)


def _starred(call: ast.Call) -> bool:
    return any(isinstance(each, ast.Starred) for each in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    )


def _hands_on(site: Site) -> bool:
    return isinstance(site.node, ast.Call) and any(keyword.arg is None for keyword in site.node.keywords)
