"""The lines of source under a finding, with a gutter of line numbers and carets under exactly its span.

Carets stand where a terminal shows the characters: tabs are drawn as spaces, wide characters take two
columns, combining ones none, and what is not safe to print takes the room of its escape. Long lines are cut
around the span.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from convlint.lint.finding import Location
from convlint.report.escape import visible_character, width
from convlint.report.palette import Palette, Role

_TAB = 4
_MOST_COLUMNS = 140
_MOST_ROWS = 6
_ELLIPSIS = "…"


class Excerpt(Struct, frozen=True):
    """A span of a text, and what is drawn with it."""

    lines: Sequence[str]
    start: Location
    end: Location
    label: str
    role: Role

    def draw(self, gutter: int, palette: Palette) -> Iterator[str]:
        """The drawn lines, each with a gutter of that many columns; none if the span is not in the text."""
        if not 1 <= self.start.row <= len(self.lines):
            return
        bar = palette.paint(Role.GUTTER, " " * gutter + " |")
        yield bar
        last = self._last_row()
        for row in self._rows(last):
            if row is None:
                yield palette.paint(Role.GUTTER, _ELLIPSIS.rjust(gutter))
                continue
            text, carets = self._row(row, last)
            number = palette.paint(Role.GUTTER, f"{row:>{gutter}} |")
            yield f"{number} {text}".rstrip()
            if carets.strip():
                tail = f" {self.label}" if row == last and self.label else ""
                pad = len(carets) - len(carets.lstrip())
                yield f"{bar} {carets[:pad]}{palette.paint(self.role, carets[pad:] + tail)}"
        yield bar

    def _last_row(self) -> int:
        """The last row with a part of the span: an end at the start of a row leaves that row out."""
        last = min(max(self.end.row, self.start.row), len(self.lines))
        if last > self.start.row and last == self.end.row and self.end.column <= 1:
            last -= 1
        while last > self.start.row and not self.lines[last - 1].strip():
            last -= 1
        return last

    def _rows(self, last: int) -> list[int | None]:
        rows = list(range(self.start.row, last + 1))
        if len(rows) <= _MOST_ROWS:
            return [*rows]
        half = _MOST_ROWS // 2
        return [*rows[:half], None, *rows[-half:]]

    def _row(self, row: int, last: int) -> tuple[str, str]:
        """The line as drawn, and the carets that belong under it."""
        line = self.lines[row - 1]
        first = self.start.column - 1 if row == self.start.row else len(line) - len(line.lstrip())
        stop = self.end.column - 1 if row == self.end.row else len(line.rstrip())
        first = min(max(first, 0), len(line))
        stop = max(min(stop, len(line)), first)
        cells = _cells(line)
        before = sum(width(cell) for cell in cells[:first])
        under = sum(width(cell) for cell in cells[first:stop])
        if row != last and not under:
            return _cut("".join(cells), 0, 0)
        return _cut("".join(cells), before, max(under, 1))


def _cells(line: str) -> list[str]:
    """What is drawn for each character of the line."""
    cells: list[str] = []
    column = 0
    for character in line:
        cell = " " * (_TAB - column % _TAB) if character == "\t" else visible_character(character)
        cells.append(cell)
        column += width(cell)
    return cells


def _cut(text: str, before: int, under: int) -> tuple[str, str]:
    """The text and its carets, cut to the columns around the span if the text is long."""
    carets = " " * before + "^" * under
    if width(text) <= _MOST_COLUMNS:
        return text, carets
    start = max(0, min(before - _MOST_COLUMNS // 3, width(text) - _MOST_COLUMNS))
    shown, offset = _columns(text, start, _MOST_COLUMNS)
    left = _ELLIPSIS if start else ""
    right = _ELLIPSIS if offset + width(shown) < width(text) else ""
    carets = " " * (before - offset) + "^" * min(under, _MOST_COLUMNS - (before - offset))
    return f"{left}{shown}{right}", (" " if left else "") + carets


def _columns(text: str, start: int, count: int) -> tuple[str, int]:
    """The characters that lie wholly in `count` columns from `start`, and the column at which they begin."""
    shown: list[str] = []
    column = 0
    offset: int | None = None
    for character in text:
        after = column + width(character)
        if column >= start and after <= start + count:
            offset = column if offset is None else offset
            shown.append(character)
        column = after
    return "".join(shown), start if offset is None else offset
