"""What a comment suppresses: which codes, and on which rows.

Law: a code names itself and every code it begins (`CL3` all of the family); a rule's name names itself only.
"""

from enum import Enum, auto

from msgspec import Struct
from msgspec.structs import replace

from convlint.source.extents import Rows


class Kind(Enum):
    """How a suppression was written."""

    IGNORE = auto()
    FILE = auto()
    DISABLE = auto()
    NOQA = auto()


class Code(Struct, frozen=True):
    """A code, the beginning of one, or a rule's name, as a comment gives it; columns as of findings."""

    text: str
    column: int
    end_column: int

    def names(self, code: str, name: str) -> bool:
        """Whether it names the rule of this code and name."""
        return code.startswith(self.text) or name == self.text


class Ending(Struct, frozen=True):
    """An `enable[…]` on a row."""

    codes: tuple[Code, ...]
    row: int

    def touches(self, codes: tuple[Code, ...]) -> bool:
        """Whether it ends some of what those codes suppress."""
        return any(a.text.startswith(b.text) or b.text.startswith(a.text) for a in self.codes for b in codes)


class Suppression(Struct, frozen=True):
    """One comment that suppresses; without codes (a bare `noqa`) it suppresses all.

    `row`, `column`, `end_column` are its own place (code points, from 1), what a fix would remove. Whether it
    was used is for its reader to remember.
    """

    kind: Kind
    codes: tuple[Code, ...]
    rows: Rows
    row: int
    column: int
    end_column: int
    reason: str = ""
    endings: tuple[Ending, ...] = ()

    def suppresses(self, code: str, name: str, first_row: int, last_row: int | None = None) -> bool:
        """Whether it holds for a finding of that code and rule name, by the first or last row of its span."""
        if self.codes and not any(each.names(code, name) for each in self.codes):
            return False
        rows = (first_row, first_row if last_row is None else last_row)
        return any(row in self.rows and not self._ended(code, name, row) for row in rows)

    def _ended(self, code: str, name: str, row: int) -> bool:
        return any(
            ending.row <= row and any(each.names(code, name) for each in ending.codes)
            for ending in self.endings
        )

    def ended(self, endings: tuple[Ending, ...]) -> "Suppression":
        """The same, ended by these."""
        return replace(self, endings=endings)
