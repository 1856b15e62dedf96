"""The three ways to count columns: code points (findings), UTF-8 bytes (`ast`) and UTF-16 units (editors).

Law: only `\\n`, `\\r\\n` and `\\r` end a line. Every question has an answer: what lies beyond a line is its
end, what lies inside a character is its start.
"""

import re
from bisect import bisect_right
from typing import Self

from msgspec import Struct

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


class Lines(Struct, frozen=True):
    """The lines of a text without their breaks; `starts` are offsets in code points.

    Rows start at 1 and columns at 0 throughout; whoever prints a column adds 1, an editor takes 1 from a row.
    """

    lines: tuple[str, ...]
    starts: tuple[int, ...]
    length: int

    @classmethod
    def of(cls, text: str) -> Self:
        """The lines of a text, as Python and editors see them."""
        breaks = [match.span() for match in _LINE_BREAK.finditer(text)]
        starts = (0, *(end for _, end in breaks))
        ends = (*(start for start, _ in breaks), len(text))
        return cls(tuple(text[a:b] for a, b in zip(starts, ends, strict=True)), starts, len(text))

    def line(self, row: int) -> str:
        """The text of a row; of a row beyond the text, nothing."""
        return self.lines[row - 1] if 1 <= row <= len(self.lines) else ""

    def from_bytes(self, row: int, column: int) -> int:
        """The column in code points of a column in UTF-8 bytes."""
        line = self.line(row)
        if line.isascii():
            return column if 0 <= column <= len(line) else _clamp(column, len(line))
        cut = line.encode("utf-8", "surrogatepass")[: max(column, 0)]
        begun = sum(
            byte & 0xC0 != 0x80 for byte in cut
        )  # every byte but the continuations begins a character
        return begun if len(line[:begun].encode("utf-8", "surrogatepass")) == len(cut) else begun - 1

    def to_bytes(self, row: int, column: int) -> int:
        """The column in UTF-8 bytes of a column in code points."""
        line = self.line(row)
        column = _clamp(column, len(line))
        return column if line.isascii() else len(line[:column].encode("utf-8", "surrogatepass"))

    def from_utf16(self, row: int, column: int) -> int:
        """The column in code points of a column in UTF-16 units."""
        line = self.line(row)
        if line.isascii():
            return _clamp(column, len(line))
        units = 0
        for index, character in enumerate(line):
            units += 2 if character > "\uffff" else 1
            if units > column:
                return index
        return len(line)

    def to_utf16(self, row: int, column: int) -> int:
        """The column in UTF-16 units of a column in code points."""
        line = self.line(row)
        column = _clamp(column, len(line))
        return column if line.isascii() else column + sum(c > "\uffff" for c in line[:column])

    def offset(self, row: int, column: int) -> int:
        """The offset in the text of a row and column in code points."""
        if row < 1:
            return 0
        if row > len(self.lines):
            return self.length
        return self.starts[row - 1] + _clamp(column, len(self.lines[row - 1]))

    def place(self, offset: int) -> tuple[int, int]:
        """Row and column in code points of an offset; inside a line break, the end of its line."""
        offset = _clamp(offset, self.length)
        row = bisect_right(self.starts, offset)
        return row, min(offset - self.starts[row - 1], len(self.lines[row - 1]))


def _clamp(column: int, width: int) -> int:
    return min(max(column, 0), width)
