"""Where a place of an analysed text is in a later text: rows before and after what was edited stay the same.

Law: a place is given only where its rows are the same text; for any other there is none.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from convlint.lint.finding import Finding, Fix, Location, Note
from convlint.lint.sheet.data import Place
from convlint.lint.sheet.moving import place_moved
from convlint.source.positions import Lines


class Moved(Struct, frozen=True):
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
        return place_moved(place, self.location)

    def finding(self, finding: Finding) -> Finding | None:
        """The finding at its place now, with its fix where all that it changes has a place, too."""
        place = self.place(Place(finding.location, finding.end_location))
        if place is None:
            return None
        return replace(
            finding,
            location=place.start,
            end_location=place.end,
            notes=tuple(self._note(note, finding) for note in finding.notes),
            fix=None if finding.fix is None else self._fix(finding.fix, finding),
        )

    def _note(self, note: Note, finding: Finding) -> Note:
        """The note; one about an edited row of the same text is left without a place."""
        if note.location is None or (note.filename, note.cell) != (finding.filename, finding.cell):
            return note
        where = self.location(note.location)
        return replace(note, location=where) if where is not None else Note(note.message, kind=note.kind)

    def _fix(self, fix: Fix, finding: Finding) -> Fix | None:
        edits = []
        for edit in fix.edits:
            if edit.cell == finding.cell:
                place = self.place(Place(edit.location, edit.end_location))
                if place is None:
                    return None
                edit = replace(edit, location=place.start, end_location=place.end)
            edits.append(edit)
        return replace(fix, edits=tuple(edits))
