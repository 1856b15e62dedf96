"""What the server asks of its worker, and the answers: plain data that is pickled between the two."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from convlint.lint.finding import Finding
from convlint.lint.sheet.data import Sheet


class Look(Struct, frozen=True):
    """Analyse a document; without a text, the file as it is on disk. `root` is its workspace folder."""

    name: str
    text: str | None
    root: str | None = None
    unsaved: Mapping[str, str] = field(default_factory=dict)
    """The texts of other open documents, by absolute path."""


class FixAll(Struct, frozen=True):
    """Apply the safe fixes of a document, round after round."""

    name: str
    text: str
    root: str | None = None
    unsaved: Mapping[str, str] = field(default_factory=dict)


class FilesOf(Struct, frozen=True):
    """List the files of a folder that a check would look at."""

    folder: str


class Explain(Struct, frozen=True):
    """A rule's documentation."""

    code: str


class Preferences(Struct, frozen=True):
    """What the editor itself says, over any configuration file; forgets what was kept."""

    config: str | None = None
    """A configuration file instead of the nearest one."""
    python: str | None = None
    search_path: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    trusted: bool = True
    """Whether the workspace's own configuration may name plugins and a Python environment."""


SIZE = 8
"""Bytes before each message that say how long it is."""

Task = Look | FixAll | FilesOf | Explain | Preferences


class Problem(Struct, frozen=True):
    """A configuration that cannot be used: why, and where."""

    message: str
    filename: str
    row: int


class Seen(Struct, frozen=True):
    """What `Look` gives; `parsed` is False where the text is syntactically wrong.

    Of a notebook, `cells` are the sheets by the numbers of the cells, `broken` the ones that cannot be
    parsed.
    """

    findings: tuple[Finding, ...]
    sheet: Sheet | None
    parsed: bool
    text: str
    read: frozenset[str] = frozenset()
    problem: Problem | None = None
    cells: Mapping[int, Sheet] = field(default_factory=dict)
    broken: frozenset[int] = frozenset()


class Text(Struct, frozen=True):
    """What `FixAll` and `Explain` give."""

    text: str


class Names(Struct, frozen=True):
    """What `FilesOf` gives."""

    names: tuple[str, ...]


class Done(Struct, frozen=True):
    """What `Preferences` gives."""


class Failed(Struct, frozen=True):
    """The worker could not do what was asked: the error in words."""

    words: str


Answer = Seen | Text | Names | Done | Failed


class Reply(Struct, frozen=True):
    """An answer, and how much memory the worker holds, in bytes (0: not known)."""

    answer: Answer
    memory: int
