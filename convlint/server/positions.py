"""Positions of the protocol (rows from 0, columns in the units agreed upon) and those of findings."""

from __future__ import annotations

from lsprotocol import types

from convlint.lint.finding import Location
from convlint.lint.sheet.data import Place
from convlint.source.positions import Lines

Encoding = types.PositionEncodingKind | str


def to_position(lines: Lines, where: Location, encoding: Encoding) -> types.Position:
    """A place as the editor counts it."""
    return types.Position(where.row - 1, _units(lines, where.row, where.column - 1, encoding))


def _units(lines: Lines, row: int, column: int, encoding: Encoding) -> int:
    match encoding:
        case types.PositionEncodingKind.Utf8:
            return lines.to_bytes(row, column)
        case types.PositionEncodingKind.Utf32:
            return min(max(column, 0), len(lines.line(row)))
        case _:
            return lines.to_utf16(row, column)


def from_position(lines: Lines, position: types.Position, encoding: Encoding) -> Location:
    """A place as findings count it; what lies beyond a line is its end."""
    row, column = position.line + 1, position.character
    match encoding:
        case types.PositionEncodingKind.Utf8:
            found = lines.from_bytes(row, column)
        case types.PositionEncodingKind.Utf32:
            found = min(column, len(lines.line(row)))
        case _:
            found = lines.from_utf16(row, column)
    return Location(row, found + 1)


def to_range(lines: Lines, start: Location, end: Location, encoding: Encoding) -> types.Range:
    """A stretch as the editor counts it."""
    return types.Range(to_position(lines, start, encoding), to_position(lines, end, encoding))


def range_of(lines: Lines, place: Place, encoding: Encoding) -> types.Range:
    """A place of a sheet as the editor counts it."""
    return to_range(lines, place.start, place.end, encoding)


def changed(lines: Lines, text: str, change: types.TextDocumentContentChangeEvent, encoding: Encoding) -> str:
    """The text after one change."""
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return change.text
    start, end = (
        lines.offset(at.row, at.column - 1)
        for at in (
            from_position(lines, change.range.start, encoding),
            from_position(lines, change.range.end, encoding),
        )
    )
    return text[:start] + change.text + text[end:]
