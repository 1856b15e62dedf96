"""A batch size that the code asks for."""

from __future__ import annotations

from convlint.lint.subjects.base import Place, Subject
from convlint.trace import Span


class BatchSize(Subject, frozen=True, kw_only=True):
    """How many samples a loader, `fit`, or a tensor that the code calls a model with has in a batch."""

    size: int
    span: Span

    def here(self) -> Place:
        """Where the number was written."""
        return self.pointing(self.span)
