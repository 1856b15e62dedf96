"""Statements as rules see them: results that nothing can use, a tensor added to itself, a layer repeated."""

from __future__ import annotations

from convlint.lint.finding import Fix
from convlint.lint.subjects.base import Place, Subject
from convlint.trace import Span


class DroppedResult(Subject, frozen=True, kw_only=True):
    """A result that nothing uses: of an operation as a statement, or of a layer that is bound to `name` and
    never read.
    """

    operation: str
    name: str
    fix: Fix | None
    span: Span

    def here(self) -> Place:
        """The statement's expression, or the name."""
        return self.pointing(self.span)


class Doubled(Subject, frozen=True, kw_only=True):
    """A sum whose two operands are written as the same name, of what a layer gave."""

    name: str
    operation: str
    span: Span

    def here(self) -> Place:
        """The sum."""
        return self.pointing(self.span)


class Repeated(Subject, frozen=True, kw_only=True):
    """`[layer] * n`: the list holds one layer several times. `params` are those of one."""

    layer: str
    times: str
    params: int
    span: Span

    def here(self) -> Place:
        """The product."""
        return self.pointing(self.span)
