"""What convlint reports: a finding is plain data, positioned in code points from 1, and carries no behaviour.

Its fields are the interface that plugins, renderers, editors and the JSON output share.
"""

from collections.abc import Iterable
from enum import Enum, StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """How bad a finding is, ordered: advice < warning < error.

    Equal to its own name as a string (`Severity.ERROR == "error"`), and compared with such a string by rank.
    """

    ADVICE = "advice"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for advice, 1 for warning, 2 for error."""
        return _RANKS[self.value]

    def __lt__(self, other: str) -> bool:
        return self.rank < _RANKS[other]

    def __le__(self, other: str) -> bool:
        return self.rank <= _RANKS[other]

    def __gt__(self, other: str) -> bool:
        return self.rank > _RANKS[other]

    def __ge__(self, other: str) -> bool:
        return self.rank >= _RANKS[other]


_RANKS = {"advice": 0, "warning": 1, "error": 2}


class Location(Struct, frozen=True, order=True):
    """A place between two characters: row and column start at 1 and count code points."""

    row: int
    column: int


class NoteKind(Enum):
    """What a note tells; the value is the word that introduces it in text."""

    PATH = "path"
    RUN_TIME = "at run time"
    STEP = "step"
    """A place on the way that `PATH` tells in one line."""
    OTHER = "note"


class Note(Struct, frozen=True):
    """A fact that supports a finding, and the place it speaks of, where it has one."""

    message: str
    filename: str | None = None
    location: Location | None = None
    kind: NoteKind = NoteKind.OTHER
    cell: int | None = None

    @property
    def text(self) -> str:
        """The message introduced by its kind: `path: Net() → forward → fc`; steps and other notes stand as
        they are.
        """
        plain = self.kind in (NoteKind.OTHER, NoteKind.STEP)
        return self.message if plain else f"{self.kind.value}: {self.message}"


class Applicability(StrEnum):
    """Whether a fix keeps what the program computes (safe), or may change shapes, weights or checkpoints."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Edit(Struct, frozen=True):
    """Replace the text from `location` up to, not including, `end_location` by `content`.

    `cell` is the notebook cell that the rows count in, which need not be the finding's.
    """

    content: str
    location: Location
    end_location: Location
    cell: int | None = None


class Fix(Struct, frozen=True):
    """Edits of the finding's own file that belong together, and what they do, in words."""

    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]


class Finding(Struct, frozen=True):
    """One statement of one rule about the span `location` to `end_location` (not included) of a file.

    `label` stands beside the carets under the span; `cell` is the number of the notebook cell, from 1, that
    the rows count in, `None` outside notebooks. `together` is the part of the file, in words, whose findings
    of this code are told as one; empty for one that is told by itself.
    """

    code: str
    name: str
    severity: Severity
    message: str
    filename: str
    location: Location
    end_location: Location
    help: str = ""
    notes: tuple[Note, ...] = ()
    fix: Fix | None = None
    url: str | None = None
    cell: int | None = None
    label: str = ""
    together: str = ""

    @property
    def sort_key(self) -> tuple[str, int, Location, str, Location, str]:
        """Orders findings as they are read: by file, cell and place, then by code."""
        return (self.filename, self.cell or 0, self.location, self.code, self.end_location, self.message)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings sorted for output, the same whatever order they were made in."""
    return sorted(findings, key=lambda finding: finding.sort_key)
