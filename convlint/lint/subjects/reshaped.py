"""A map that is reshaped into rows for a dense layer: `x.view(-1, 4096)`."""

from __future__ import annotations

from convlint.dims import Dim
from convlint.lint.subjects.base import Place, Subject
from convlint.trace import Span


class Reshaped(Subject, frozen=True, kw_only=True):
    """A view or reshape whose result a dense layer takes; `span` is the row's size where it was written."""

    before: tuple[Dim, ...]
    after: tuple[Dim, ...]
    operation: str
    span: Span

    def here(self) -> Place:
        """Where the size of a row was written."""
        return self.pointing(self.span)
