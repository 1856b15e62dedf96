"""Sites: where in the source a call stands, and through which calls it was reached."""

from __future__ import annotations

import ast

from msgspec import Struct


class Span(Struct, frozen=True, cache_hash=True):
    """A stretch of source: rows from 1, columns in UTF-8 bytes from 0, as `ast` counts them."""

    filename: str
    row: int
    column: int
    end_row: int
    end_column: int


class Site:
    """A call in the source: its node, its file, and the site of the call that runs the enclosing function.

    `parameters` are the positional parameter names of the function that the call runs (the receiver left
    out), so
    that a number can be traced back to the argument where it was written; None where it runs no source.
    """

    __slots__ = ("_spans", "filename", "function", "node", "parameters", "parent")

    def __init__(
        self,
        node: ast.AST,
        filename: str,
        parent: Site | None,
        function: str = "<module>",
        parameters: tuple[str, ...] | None = None,
    ) -> None:
        self.node = node
        self.filename = filename
        self.parent = parent
        self.function = function
        self.parameters = parameters
        self._spans: tuple[Span, ...] | None = None

    @property
    def span(self) -> Span:
        """The whole call expression."""
        return span_of(self.node, self.filename)

    def chain(self) -> list[Site]:
        """From the outermost call to this one."""
        sites: list[Site] = []
        site: Site | None = self
        while site is not None:
            sites.append(site)
            site = site.parent
        return sites[::-1]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans of the calls from the outermost to this one."""
        if self._spans is None:
            outer = () if self.parent is None else self.parent.spans
            self._spans = (*outer, self.span)
        return self._spans


def span_of(node: ast.AST, filename: str) -> Span:
    """The span of a node with positions; the start of the file for one without."""
    row = getattr(node, "lineno", 1)
    column = getattr(node, "col_offset", 0)
    end_row = getattr(node, "end_lineno", None) or row
    end_column = getattr(node, "end_col_offset", None)
    return Span(filename, row, column, end_row, column if end_column is None else end_column)
