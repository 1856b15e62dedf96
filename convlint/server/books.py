"""Open notebooks: one program, analysed as one text, and shown by cells.

Law: a cell is known by its URI, wherever it stands; while a cell cannot be parsed that could be before, what
was last seen stays on the rows of all cells that have not changed since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from lsprotocol import types
from msgspec import Struct, field
from msgspec.structs import replace

from convlint.lint.editor import Moved, patch
from convlint.lint.finding import Edit, Finding, Fix, Note
from convlint.lint.sheet.data import Sheet
from convlint.lint.sheet.moving import moved_sheet
from convlint.server.documents import Document, Page, failed
from convlint.server.positions import Encoding, changed
from convlint.server.tasks import Seen
from convlint.source.positions import Lines

_CODE = types.NotebookCellKind.Code
_NOTHING = Sheet()


class Cell(Struct):
    """One cell of an open notebook, with its text as the editor has it."""

    book: Book
    given: types.NotebookCell
    text: str = ""
    version: int = 0
    language: str = ""
    lines: Lines = Lines.of("")

    def __post_init__(self) -> None:
        self.lines = Lines.of(self.text)

    @property
    def uri(self) -> str:
        """Names the cell."""
        return self.given.document

    @property
    def number(self) -> str:
        """Names what is found in it: its places depend on its text, what it says on the whole notebook."""
        return f"{self.version}.{self.book.version}.{self.book.generation}"

    def findings(self) -> list[Finding]:
        """What is found, in places of the text as it is now."""
        return self.book.findings_in(self)

    def sheet(self) -> Sheet:
        """What is shown beside the code, in places of the text as it is now."""
        return self.book.sheet_in(self)

    def holding(self, cell: int | None) -> Page | None:
        """The cell of a number, as the notebook is now."""
        return None if cell is None else self.book.numbered(cell)

    def open(self, item: types.TextDocumentItem) -> None:
        """The editor says what its text is."""
        self.text, self.version, self.language = item.text, item.version, item.language_id
        self.lines = Lines.of(self.text)

    def change(self, change: types.TextDocumentContentChangeEvent, encoding: Encoding) -> None:
        """Apply one change of the editor."""
        self.text = changed(self.lines, self.text, change, encoding)
        self.lines = Lines.of(self.text)

    def as_json(self) -> dict[str, object]:
        """The cell as a notebook's file has it."""
        given = _metadata(self.given.metadata)
        metadata: dict[str, object] = {"tags": given.get("tags")}
        if self.language:
            metadata["vscode"] = {"languageId": self.language}
        kind = "code" if self.given.kind == _CODE else "markdown"
        return {"cell_type": kind, "metadata": metadata, "source": self.text}


class _Snapshot(Struct, frozen=True):
    """An analysis, and the cells that it was made of: their URIs in order, and their texts."""

    seen: Seen
    order: tuple[str, ...]
    texts: Mapping[str, str]

    def number(self, uri: str) -> int | None:
        return self.order.index(uri) + 1 if uri in self.texts else None


class Book(Document):
    """An open notebook; its own text is the file that its cells make."""

    metadata: Mapping[str, object] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    _last: _Snapshot | None = None
    _best: _Snapshot | None = None
    """What is shown: the last analysis that did not find more broken cells than the one shown before it."""

    def pages(self) -> Sequence[Page]:
        """Its code cells."""
        return tuple(cell for cell in self.cells if cell.given.kind == _CODE)

    def page(self, uri: str) -> Page | None:
        """The cell of a URI."""
        return next((cell for cell in self.cells if cell.uri == uri), None)

    def holding(self, cell: int | None) -> Page | None:
        """The cell of a number, from 1."""
        return None if cell is None else self.numbered(cell)

    def numbered(self, cell: int) -> Cell | None:
        """The cell of a number, from 1."""
        return self.cells[cell - 1] if 1 <= cell <= len(self.cells) else None

    # -- what the editor says --------------------------------------------------------------------------------

    @classmethod
    def of(cls, params: types.DidOpenNotebookDocumentParams, name: str, root: str | None) -> Book:
        """A notebook that was opened."""
        given = params.notebook_document
        book = cls(given.uri, name, "", given.version, root, metadata=_metadata(given.metadata))
        book.cells = [Cell(book, each) for each in given.cells]
        book.open(params.cell_text_documents)
        book.write()
        return book

    def open(self, items: Sequence[types.TextDocumentItem]) -> None:
        """Take over what the texts of cells are."""
        by_uri = {cell.uri: cell for cell in self.cells}
        for item in items:
            if item.uri in by_uri:
                by_uri[item.uri].open(item)

    def alter(self, change: types.NotebookDocumentChangeEvent, encoding: Encoding) -> list[str]:
        """Apply a change of the editor; the URIs of the cells that are gone."""
        if change.metadata is not None:
            self.metadata = _metadata(change.metadata)
        before = [cell.uri for cell in self.cells]
        if change.cells is not None:
            self._alter_cells(change.cells, encoding)
        self.write()
        left = {cell.uri for cell in self.cells}
        return [uri for uri in before if uri not in left]

    def _alter_cells(self, change: types.NotebookDocumentCellChanges, encoding: Encoding) -> None:
        if change.structure is not None:
            array, known = change.structure.array, {cell.uri: cell for cell in self.cells}
            put = []
            for each in array.cells or ():  # a cell that is moved is taken out and put in again
                put.append(known.get(each.document) or Cell(self, each))
                put[-1].given = each
            self.cells[array.start : array.start + array.delete_count] = put
            self.open(change.structure.did_open or ())
        by_uri = {cell.uri: cell for cell in self.cells}
        for given in change.data or ():
            if given.document in by_uri:
                by_uri[given.document].given = given
        for content in change.text_content or ():
            cell = by_uri.get(content.document.uri)
            if cell is not None:
                for edit in content.changes:
                    cell.change(edit, encoding)
                cell.version = content.document.version

    def write(self) -> None:
        """Make its own text of its cells."""
        metadata = {key: self.metadata.get(key) for key in ("kernelspec", "language_info")}
        cells = [cell.as_json() for cell in self.cells]
        self.text = json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})

    def patches(self, text: str) -> list[Edit]:
        """The edits of cells that make another text of it."""
        found: list[Edit] = []
        for number, (cell, other) in enumerate(zip(self.cells, json.loads(text)["cells"], strict=True), 1):
            edit = patch(cell.text, other["source"])
            found += [] if edit is None else [replace(edit, cell=number)]
        return found

    # -- what is seen in it ----------------------------------------------------------------------------------

    def accept(self, seen: Seen) -> None:
        """Take over an analysis of the cells as they are."""
        Document.accept(self, seen)
        order = tuple(cell.uri for cell in self.cells)
        last = self._last = _Snapshot(seen, order, {cell.uri: cell.text for cell in self.cells})
        if self._best is None or (seen.parsed and _broken(last) <= _broken(self._best)):
            self._best = last

    def findings_in(self, cell: Cell) -> list[Finding]:
        """What is found in a cell, in places of its text as it is now."""
        if self.failure is not None and cell is next(iter(self.pages()), None):
            return [failed(self.name, self.failure), *self._shown(cell, self._best)]
        found = self._shown(cell, self._best)
        if self._last is not None and self._last is not self._best:
            number = self._last.number(cell.uri)
            if number in self._last.seen.broken or not self._last.seen.parsed:
                told = {(each.code, each.location) for each in found}
                broken = [each for each in self._shown(cell, self._last) if each.code == "CL002"]
                found += [each for each in broken if (each.code, each.location) not in told]
        return found

    def sheet_in(self, cell: Cell) -> Sheet:
        """What is shown beside the code of a cell, in places of its text as it is now."""
        best = self._best
        number = None if best is None else best.number(cell.uri)
        sheet = None if best is None or number is None else best.seen.cells.get(number)
        if best is None or sheet is None:
            return _NOTHING
        before = best.texts[cell.uri]
        return sheet if before == cell.text else moved_sheet(sheet, Moved.between(before, cell.text).location)

    def _shown(self, cell: Cell, snapshot: _Snapshot | None) -> list[Finding]:
        number = None if snapshot is None else snapshot.number(cell.uri)
        if snapshot is None or number is None:
            return []
        moved = Moved.between(snapshot.texts[cell.uri], cell.text)
        numbers = _Numbers(self, snapshot)
        found = (moved.finding(each) for each in snapshot.seen.findings if each.cell == number)
        return [numbers.finding(each) for each in found if each is not None]


class _Numbers(Struct, frozen=True):
    """The cells of an analysis by the numbers that they have now."""

    book: Book
    snapshot: _Snapshot

    def now(self, cell: int | None) -> int | None:
        """A cell's number now; None where it is gone, or was edited."""
        if cell is None or not 1 <= cell <= len(self.snapshot.order):
            return None
        uri = self.snapshot.order[cell - 1]
        for number, each in enumerate(self.book.cells, 1):
            if each.uri == uri and each.text == self.snapshot.texts[uri]:
                return number
        return None

    def finding(self, finding: Finding) -> Finding:
        """The finding with today's numbers; a note or a fix of a cell that was edited is left out."""
        uri = self.snapshot.order[(finding.cell or 1) - 1]
        own = next((n for n, each in enumerate(self.book.cells, 1) if each.uri == uri), None)
        notes = tuple(map(self._note, finding.notes))
        fix = None if finding.fix is None else self._fix(finding.fix)
        return replace(finding, cell=own, notes=notes, fix=fix)

    def _note(self, note: Note) -> Note:
        if note.cell is None:
            return note
        number = self.now(note.cell)
        if number is None:
            return replace(note, cell=None, filename=None, location=None)
        return replace(note, cell=number)

    def _fix(self, fix: Fix) -> Fix | None:
        edits: list[Edit] = []
        for edit in fix.edits:
            number = self.now(edit.cell)
            if number is None:
                return None
            edits.append(replace(edit, cell=number))
        return replace(fix, edits=tuple(edits))


def _broken(snapshot: _Snapshot) -> frozenset[str]:
    return frozenset(snapshot.order[number - 1] for number in snapshot.seen.broken)


def _metadata(given: object) -> Mapping[str, object]:
    """A notebook's or cell's own metadata: editors keep it as it is, or under a key of theirs."""
    table = given if isinstance(given, Mapping) else {}
    for key in ("custom", "metadata"):
        inner = table.get(key)
        table = {**table, **inner} if isinstance(inner, Mapping) else table
    return table
