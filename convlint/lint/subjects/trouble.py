"""A file, or a root in it, that could not be analysed, or not to its end."""

from __future__ import annotations

from enum import Enum

from convlint.lint.subjects.base import Place, Subject
from convlint.trace import Span


class TroubleKind(Enum):
    """Why: unreadable or refused text, an error of convlint's own, a spent budget."""

    SOURCE = "source"
    INTERNAL = "internal"
    BUDGET = "budget"


class Trouble(Subject, frozen=True, kw_only=True):
    """What went wrong, in words; for a spent budget its name."""

    kind: TroubleKind
    what: str
    span: Span
    followed: int = 0
    """How many layer calls were still followed, where a budget was spent."""

    def here(self) -> Place:
        """Where it shows."""
        return self.pointing(self.span)
