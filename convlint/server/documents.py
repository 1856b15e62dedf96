"""Open documents: the text as the editor has it, and what was last seen in it.

Law: what is shown of an older text stands only on rows that have not changed since (`Moved`); a text that
cannot be parsed shows what was last seen before it, and why it cannot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from lsprotocol import types
from pygls.uris import to_fs_path

from convlint.lint.editor import Moved
from convlint.lint.finding import Finding, Location, Severity
from convlint.lint.sheet.data import LayerSeen, ModelSeen, ShapeSeen, Sheet, Symbol
from convlint.server.positions import Encoding, changed
from convlint.server.tasks import Seen
from convlint.source.positions import Lines

_NOTHING = Sheet()
T = TypeVar("T")


@dataclass(slots=True)
class Document:
    """One open document; `seen` is its last analysis, `good` the last one of a text that could be parsed."""

    uri: str
    name: str
    text: str
    version: int
    root: str | None
    lines: Lines = field(init=False)
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

    def change(self, change: types.TextDocumentContentChangeEvent, encoding: Encoding) -> None:
        """Apply one change of the editor."""
        self.text = changed(self.lines, self.text, change, encoding)
        self.lines = Lines.of(self.text)

    def accept(self, seen: Seen) -> None:
        """Take an analysis over."""
        new = self.seen is None or self.failure is not None
        new = new or (seen.findings, seen.sheet, seen.parsed) != (
            self.seen and (self.seen.findings, self.seen.sheet, self.seen.parsed)
        )
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
            found.append(_failed(self.name, self.failure))
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
        return moved_sheet(self.good.sheet, Moved.between(self.good.text, self.text))


def name_of(uri: str) -> str | None:
    """The name under which a document is analysed; None for what is no document of a file or a new one."""
    if uri.startswith("untitled:"):
        return f"<{uri}>"
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return path


def _failed(name: str, words: str) -> Finding:
    start = Location(1, 1)
    message = f"convlint failed on this file: {words}"
    return Finding("CL002", "unanalysable-file", Severity.WARNING, message, name, start, start)


def _moved(seen: Seen, text: str) -> list[Finding]:
    if seen.text == text:
        return list(seen.findings)
    moved = Moved.between(seen.text, text)
    return [found for each in seen.findings if (found := moved.finding(each)) is not None]


def _present(found: Iterable[T | None]) -> Iterator[T]:
    return (each for each in found if each is not None)


def moved_sheet(sheet: Sheet, moved: Moved) -> Sheet:
    """The sheet with what still stands on unchanged rows."""
    return Sheet(
        layers=tuple(_present(_layer(each, moved) for each in sheet.layers)),
        shapes=tuple(_present(_shape(each, moved) for each in sheet.shapes)),
        models=tuple(_present(_model(each, moved) for each in sheet.models)),
        symbols=tuple(_present(_symbol(each, moved) for each in sheet.symbols)),
    )


def _layer(seen: LayerSeen, moved: Moved) -> LayerSeen | None:
    place = moved.place(seen.place)
    return None if place is None else replace(seen, place=place)


def _shape(seen: ShapeSeen, moved: Moved) -> ShapeSeen | None:
    place = moved.place(seen.place)
    end = None if seen.end is None else moved.location(seen.end)
    return None if place is None else replace(seen, place=place, end=end)


def _model(seen: ModelSeen, moved: Moved) -> ModelSeen | None:
    place = moved.place(seen.place)
    return None if place is None else replace(seen, place=place)


def _symbol(symbol: Symbol, moved: Moved) -> Symbol | None:
    place, selection = moved.place(symbol.place), moved.place(symbol.selection)
    if place is None or selection is None:
        return None
    children = tuple(_present(_symbol(each, moved) for each in symbol.children))
    return replace(symbol, place=place, selection=selection, children=children)
