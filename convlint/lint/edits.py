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
    """The call without its keyword of that name, and the comma before it; None where it has none."""
    node = site.node
    if not isinstance(node, ast.Call) or not sources.accepts(site.filename):
        return None
    given = sorted((*node.args, *(k.value for k in node.keywords)), key=lambda e: (e.lineno, e.col_offset))
    keyword = next((k for k in node.keywords if k.arg == name), None)
    if keyword is None:
        return None
    index = given.index(keyword.value)
    _, start, end = sources.locate(_keyword_span(keyword, site.filename))
    if index:
        _, _, start = sources.locate(span_of(given[index - 1], site.filename))
    return Edit("", start, end)


def whole_lines(sources: Sources, span: Span) -> Edit:
    """The span's lines taken out, from the start of the first to the start of the one after the last."""
    _, start, end = sources.locate(span)
    return Edit("", Location(start.row, 1), Location(end.row + 1, 1))


def _added(sources: Sources, call: ast.Call, filename: str, text: str) -> Edit | None:
    """The text as the call's last argument."""
    _, _, end = sources.locate(span_of(call, filename))
    lines = sources.lines(filename_of(sources, filename))
    if lines is None:
        return None
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not given:
        before = Location(end.row, end.column - 1)
        return Edit(text, before, before)
    last = max(given, key=lambda each: (each.end_lineno or 0, each.end_col_offset or 0))
    _, _, after = sources.locate(span_of(last, filename))
    line = lines.line(after.row)
    stop = end.column - 1 if end.row == after.row else len(line) + 1
    column = after.column
    # A parenthesised last argument ends after its parentheses: before the comma, or the call's own one.
    while line[column - 1 : stop - 1].lstrip().startswith(")"):
        column += line[column - 1 :].index(")") + 1
    place = Location(after.row, column)
    return Edit(f", {text}", place, place)


def is_literal(node: ast.expr) -> bool:
    """Whether an expression is a number, text or constant, or a tuple or list of such."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(is_literal(each) for each in node.elts)
    return isinstance(node, ast.Constant)


def filename_of(sources: Sources, filename: str) -> str:
    """The name that a linted file is shown under. Raises ValueError for any other file."""
    shown = sources.shown(filename)
    if shown is None:
        raise ValueError(f"{filename} is not linted")
    return shown


def _starred(call: ast.Call) -> bool:
    return any(isinstance(each, ast.Starred) for each in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    )


def _hands_on(site: Site) -> bool:
    return isinstance(site.node, ast.Call) and any(keyword.arg is None for keyword in site.node.keywords)


def _keyword_span(keyword: ast.keyword, filename: str) -> Span:
    return span_of(keyword, filename)
