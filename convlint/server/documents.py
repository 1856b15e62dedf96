"""Open documents: the text as the editor has it, and what was last seen in it, shown by pages.

Law: what is shown of an older text stands only on rows that have not changed since (`Moved`); a text that
cannot be parsed shows what was last seen before it, and why it cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lsprotocol import types
from msgspec import Struct
from pygls.uris import to_fs_path

from convlint.lint.editor import Moved, patch
from convlint.lint.finding import Edit, Finding, Location, Severity
from convlint.lint.sheet.data import Sheet
from convlint.lint.sheet.moving import moved_sheet
from convlint.server.positions import Encoding, changed
from convlint.server.tasks import Seen
from convlint.source.positions import Lines

_NOTHING = Sheet()


class Page(Protocol):
    """A text that the editor shows: a file's, or that of a notebook's cell."""

    @property
    def uri(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def lines(self) -> Lines: ...
    @property
    def number(self) -> str:
        """Names what is found in it: the same number, the same findings."""

    def findings(self) -> list[Finding]:
        """What is found, in places of the text as it is now."""

    def sheet(self) -> Sheet:
        """What is shown beside the code, in places of the text as it is now."""

    def holding(self, cell: int | None) -> Page | None:
        """The page of a cell of the same notebook; of a file, itself."""


class Document(Struct):
    """One open document; `seen` is its last analysis, `good` the last one of a text that could be parsed."""

    uri: str
    name: str
    text: str
    version: int
    root: str | None
    lines: Lines = Lines.of("")
    touched: int = 1
    """Counts what made an analysis necessary: edits, and changes of what the document rests on."""
    settled: int = 0
    """The count at which the last analysis began that ended."""
    seen: Seen | None = None
    good: Seen | None = None
    failure: str | None = None
    """Why the last analysis did not end."""
    generation: int = 0
    """Counts the analyses that said something new."""

    def __post_init__(self) -> None:
        self.lines = Lines.of(self.text)

    @property
    def dirty(self) -> bool:
        """Whether something changed since the last analysis began, or none ended yet."""
        return self.settled < self.touched

    @property
    def number(self) -> str:
        """Names what is found in it: the same number, the same findings."""
        return f"{self.version}.{self.generation}"

    def pages(self) -> Sequence[Page]:
        """What the editor shows of it."""
        return (self,)

    def page(self, uri: str) -> Page | None:
        """The page of a URI."""
        return self if uri == self.uri else None

    def holding(self, cell: int | None) -> Page | None:
        """Itself: a file has no cells."""
        return self

    def patches(self, text: str) -> list[Edit]:
        """The edits that make another text of it."""
        edit = patch(self.text, text)
        return [] if edit is None else [edit]

    def change(self, change: types.TextDocumentContentChangeEvent, encoding: Encoding) -> None:
        """Apply one change of the editor."""
        self.text = changed(self.lines, self.text, change, encoding)
        self.lines = Lines.of(self.text)

    def accept(self, seen: Seen) -> None:
        """Take an analysis over."""
        new = self.seen is None or self.failure is not None
        new = new or self.seen is None or _said(seen) != _said(self.seen)
        self.seen, self.failure = seen, None
        if seen.parsed:
            self.good = seen
        self.generation += new

    def fail(self, words: str) -> None:
        """The analysis did not end."""
        self.failure = words
        self.generation += 1

    def findings(self) -> list[Finding]:
        """What is found, in places of the text as it is now."""
        found: list[Finding] = []
        if self.failure is not None:
            found.append(failed(self.name, self.failure))
        elif self.seen is not None and not self.seen.parsed:
            found += _moved(self.seen, self.text)
        if self.good is not None:
            found += _moved(self.good, self.text)
        return found

    def sheet(self) -> Sheet:
        """What is shown beside the code, in places of the text as it is now."""
        if self.good is None or self.good.sheet is None:
            return _NOTHING
        if self.good.text == self.text:
            return self.good.sheet
        return moved_sheet(self.good.sheet, Moved.between(self.good.text, self.text).location)


def name_of(uri: str) -> str | None:
    """The name under which a document is analysed; None for what is no document of a file or a new one."""
    if uri.startswith("untitled:"):
        return f"<{uri}>"
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return path


def _said(seen: Seen) -> object:
    """All that an analysis says."""
    return seen.findings, seen.sheet, seen.cells, seen.broken, seen.parsed


def failed(name: str, words: str) -> Finding:
    """The finding about a document whose analysis did not end."""
    start = Location(1, 1)
    message = f"convlint failed on this file: {words}"
    return Finding("CL002", "unanalysable-file", Severity.WARNING, message, name, start, start)


def _moved(seen: Seen, text: str) -> list[Finding]:
    if seen.text == text:
        return list(seen.findings)
    moved = Moved.between(seen.text, text)
    return [found for each in seen.findings if (found := moved.finding(each)) is not None]
