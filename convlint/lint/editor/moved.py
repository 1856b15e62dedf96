"""Where a place of an analysed text is in a later text: rows before and after what was edited stay the same.

Law: a place is given only where its rows are the same text; for any other there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from convlint.lint.finding import Finding, Location
from convlint.lint.sheet.data import Place
from convlint.source.positions import Lines


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows up to `kept` stand where they were; from `resumed` on they moved by `shift`."""

    kept: int
    resumed: int
    shift: int

    @classmethod
    def between(cls, before: str, after: str) -> Moved:
        """The rows that two texts have in common at their start and at their end."""
        if before == after:
            return cls(len(before) + 1, len(before) + 2, 0)
        old, new = Lines.of(before).lines, Lines.of(after).lines
        most = min(len(old), len(new))
        kept = 0
        while kept < most and old[kept] == new[kept]:
            kept += 1
        last = 0
        while last < most - kept and old[-1 - last] == new[-1 - last]:
            last += 1
        return cls(kept, len(old) - last + 1, len(new) - len(old))

    def row(self, row: int) -> int | None:
        """The row now; None for one that was edited."""
        if row <= self.kept:
            return row
        return row + self.shift if row >= self.resumed else None

    def location(self, where: Location) -> Location | None:
        """The place now; None on a row that was edited."""
        row = self.row(where.row)
        return None if row is None else Location(row, where.column)

    def place(self, place: Place) -> Place | None:
        """The place now; None where one of its ends is on a row that was edited."""
        start, end = self.location(place.start), self.location(place.end)
        return None if start is None or end is None else Place(start, end)

    def finding(self, finding: Finding) -> Finding | None:
        """The finding at its place now, without its fix unless nothing moved."""
        place = self.place(Place(finding.location, finding.end_location))
        if place is None:
            return None
        same = place.start == finding.location and self.shift == 0
        return replace(
            finding,
            location=place.start,
            end_location=place.end,
            fix=finding.fix if same else None,
        )
