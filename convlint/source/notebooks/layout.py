"""Where the cells of a notebook stand in its JSON text (nbformat 3 and 4), and what they hold.

Law: it accepts what `json.loads` accepts, decodes each value once, and knows the span of every source string.
"""

import re
from collections.abc import Callable, Mapping
from json import JSONDecodeError, JSONDecoder

from msgspec import Struct, field

_BLANKS = re.compile(r"[ \t\n\r]*")
_BOM = "\ufeff"


class NotebookFault(ValueError):
    """The text is no notebook; the message says why, and where in the JSON."""


class Piece(Struct, frozen=True):
    """One JSON string of a source: its value, and its span in the notebook's text, quotes included."""

    text: str
    start: int
    end: int


class Written(Struct, frozen=True):
    """A cell's source as it is written: one string, or a list of strings from `start` to `end`."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    listed: bool

    @property
    def text(self) -> str:
        """The source."""
        return "".join(piece.text for piece in self.pieces)


class RawCell(Struct):
    """One cell of any type; what is missing is None."""

    type: object = None
    language: object = None
    metadata: object = None
    written: Written | None = None


class Layout(Struct):
    """A notebook's cells in order, and its metadata."""

    cells: list[RawCell] = field(default_factory=list)
    metadata: object = None


def layout_of(text: str) -> Layout:
    """Where the cells of a notebook stand. Raises NotebookFault."""
    try:
        return _Walk(text).run()
    except JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise NotebookFault(f"it is not valid JSON: {error.msg} ({place} of the file)") from error
    except RecursionError as error:
        raise NotebookFault("its JSON is nested too deeply") from error
    except ValueError as error:  # a number of too many digits
        raise NotebookFault(f"it is not valid JSON: {error}") from error


Reads = Callable[[int], int]
"""Reads the value that begins at an offset, and returns where it ends."""


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.decode = JSONDecoder().raw_decode
        self.layout = Layout()

    def run(self) -> Layout:
        start = self._blanks(len(_BOM) if self.text.startswith(_BOM) else 0)
        if not self.text.startswith("{", start):
            value, end = self.decode(self.text, start)
            if self._blanks(end) == len(self.text):
                raise NotebookFault(f"a notebook is a JSON object, not a {type(value).__name__}")
        handlers: dict[str, Reads] = {
            "cells": self._cells,
            "worksheets": lambda at: self._items(at, self._worksheet),
            "metadata": self._metadata,
        }
        end = self._blanks(self._members(start, handlers))
        if end != len(self.text):
            raise JSONDecodeError("Extra data", self.text, end)
        return self.layout

    # -- parts of a notebook ---------------------------------------------------------------------------------

    def _metadata(self, at: int) -> int:
        self.layout.metadata, end = self.decode(self.text, at)
        return end

    def _worksheet(self, at: int) -> int:
        return self._members(at, {"cells": self._cells})

    def _cells(self, at: int) -> int:
        return self._items(at, self._cell)

    def _cell(self, at: int) -> int:
        cell = RawCell()
        self.layout.cells.append(cell)

        def keep(name: str) -> Reads:
            def read(at: int) -> int:
                value, end = self.decode(self.text, at)
                setattr(cell, name, value)
                return end

            return read

        def source(at: int) -> int:
            cell.written, end = self._source(at)
            return end

        kept = {"cell_type": keep("type"), "language": keep("language"), "metadata": keep("metadata")}
        return self._members(at, {**kept, "source": source, "input": source})

    def _source(self, at: int) -> tuple[Written | None, int]:
        """A string, or a list of strings; anything else is no source."""
        if not self.text.startswith("[", at):
            value, end = self.decode(self.text, at)
            listed = False
            strings = isinstance(value, str)
            pieces = [Piece(str(value), at, end)]
        else:
            listed, strings = True, True
            pieces = []

            def piece(at: int) -> int:
                nonlocal strings
                value, end = self.decode(self.text, at)
                strings = strings and isinstance(value, str)
                pieces.append(Piece(str(value), at, end))
                return end

            end = self._items(at, piece)
        return (Written(at, end, tuple(pieces), listed) if strings else None), end

    # -- JSON ------------------------------------------------------------------------------------------------

    def _members(self, at: int, handlers: Mapping[str, Reads]) -> int:
        """Read an object, its keys by their handlers; what is none is passed over."""
        if not self.text.startswith("{", at):
            return self.decode(self.text, at)[1]
        at = self._blanks(at + 1)
        if self.text.startswith("}", at):
            return at + 1
        while True:
            if not self.text.startswith('"', at):
                raise JSONDecodeError("Expecting property name enclosed in double quotes", self.text, at)
            key, at = self.decode(self.text, at)
            at = self._blanks(at)
            if not self.text.startswith(":", at):
                raise JSONDecodeError("Expecting ':' delimiter", self.text, at)
            at = self._blanks(at + 1)
            read = handlers.get(key)
            at = self._blanks(self.decode(self.text, at)[1] if read is None else read(at))
            if self.text.startswith("}", at):
                return at + 1
            at = self._comma(at)

    def _items(self, at: int, read: Reads) -> int:
        """Read an array, each item by the reader; what is none is passed over."""
        if not self.text.startswith("[", at):
            return self.decode(self.text, at)[1]
        at = self._blanks(at + 1)
        if self.text.startswith("]", at):
            return at + 1
        while True:
            at = self._blanks(read(at))
            if self.text.startswith("]", at):
                return at + 1
            at = self._comma(at)

    def _comma(self, at: int) -> int:
        if not self.text.startswith(",", at):
            raise JSONDecodeError("Expecting ',' delimiter", self.text, at)
        return self._blanks(at + 1)

    def _blanks(self, at: int) -> int:
        match = _BLANKS.match(self.text, at)
        assert match is not None
        return match.end()
