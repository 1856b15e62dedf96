"""A comment to convlint that does nothing: it suppresses nothing, names no rule, or cannot be understood."""

from __future__ import annotations

from enum import Enum

from convlint.lint.finding import Applicability, Edit, Fix, Location
from convlint.lint.subjects.base import Place, Subject
from convlint.trace import Span


class Idleness(Enum):
    """Why the comment, or a part of it, does nothing."""

    UNUSED = "unused"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


class IdleComment(Subject, frozen=True, kw_only=True):
    """A comment, or codes of it: `codes` for those that are unused or unknown, `what` for what cannot be
    read.
    """

    why: Idleness
    span: Span
    codes: tuple[str, ...] = ()
    what: str = ""
    whole: bool = False
    """Whether nothing of the comment is of use, so that it may go."""

    def here(self) -> Place:
        """The comment, or the code in it."""
        return self.pointing(self.span)

    def removal(self) -> Fix | None:
        """Taking the comment out where nothing of it is of use, with its line where it stands alone; else
        the codes that are of none.
        """
        lines = self.sources.lines(self.span.filename)
        if lines is None or self.why is not Idleness.UNUSED:
            return None
        _, start, end = self.sources.locate(self.span)
        if not self.whole:
            return self._without_codes(lines.line(start.row)[: end.column - 1], start)
        text = lines.line(start.row)
        before, after = text[: start.column - 1], text[end.column - 1 :]
        if not before.strip() and not after.strip():
            edit = Edit("", Location(start.row, 1), Location(start.row + 1, 1))
        else:
            edit = Edit("", Location(start.row, len(before.rstrip()) + 1), end)
        return Fix(Applicability.SAFE, "remove the comment", (edit,))

    def _without_codes(self, line: str, start: Location) -> Fix | None:
        opening = line.find("[", start.column - 1)
        closing = line.find("]", opening)
        if opening < 0 or closing < 0:
            return None
        codes = [code.strip() for code in line[opening + 1 : closing].split(",")]
        kept = ", ".join(code for code in codes if code not in self.codes)
        edit = Edit(kept, Location(start.row, opening + 2), Location(start.row, closing + 1))
        return Fix(Applicability.SAFE, f"remove {', '.join(self.codes)}", (edit,))
