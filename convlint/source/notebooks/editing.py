"""Edits of cells written back into a notebook's JSON.

Law: only the strings of the sources that an edit touches change; every other byte of the text stays: outputs,
metadata, indentation, the order of keys, escapes.
"""

import json
import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from convlint.source.notebooks.layout import NotebookFault, Piece, Written, layout_of
from convlint.source.positions import Lines

_ESCAPE = re.compile(r"\\u(?:00[89a-fA-F]|0[1-9a-fA-F]|[1-9a-fA-F])")
_SURROGATE = re.compile("[\ud800-\udfff]")


class CellEdit(Struct, frozen=True, order=True):
    """Replace a cell's text from `start` up to, not including, `end` (rows and columns from 1)."""

    cell: int
    start: tuple[int, int]
    end: tuple[int, int]
    content: str


class _Change(Struct, frozen=True):
    """A replacement at offsets of a text."""

    start: int
    end: int
    content: str


def edited(text: str, edits: Iterable[CellEdit]) -> str:
    """The notebook's text with these edits made.

    A place beyond a row or a cell is its end; an end on the row after a cell's last one takes the line break
    before the edit with it. Raises NotebookFault for a text that is no notebook, ValueError for edits that
    overlap or name a cell without a source.
    """
    by_cell: dict[int, list[CellEdit]] = {}
    for edit in edits:
        by_cell.setdefault(edit.cell, []).append(edit)
    cells = layout_of(text).cells
    style = _Style(text)
    changes: list[_Change] = []
    for number, own in by_cell.items():
        written = cells[number - 1].written if 1 <= number <= len(cells) else None
        if written is None:
            raise ValueError(f"the notebook has no source in cell {number}")
        changes += _in_json(text, written, _offsets(written.text, own), style)
    return _applied(text, changes)


def _offsets(source: str, edits: Sequence[CellEdit]) -> list[_Change]:
    """The edits as offsets of the cell's text, in order. Raises ValueError where two overlap."""
    lines = Lines.of(source)
    found: list[_Change] = []
    for edit in sorted(edits):
        start = lines.offset(edit.start[0], edit.start[1] - 1)
        end = max(start, lines.offset(edit.end[0], edit.end[1] - 1))
        if edit.end[0] > len(lines.lines) and edit.start[1] == 1 and not edit.content and source[start:end]:
            start = max(_before_break(source, start), found[-1].end if found else 0)
        if found and start < found[-1].end:
            raise ValueError(f"edits of cell {edit.cell} overlap")
        found.append(_Change(start, end, edit.content))
    return found


def _before_break(source: str, start: int) -> int:
    """Where the line break that ends here begins."""
    if source.endswith("\r\n", 0, start):
        return start - 2
    return start - 1 if source.endswith(("\n", "\r"), 0, start) else start


def _applied(text: str, changes: Iterable[_Change]) -> str:
    parts: list[str] = []
    at = 0
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        parts += [text[at : change.start], change.content]
        at = change.end
    return "".join((*parts, text[at:]))


# -- the cell's text as JSON strings -------------------------------------------------------------------------


class _Style:
    """How the notebook writes strings: with characters beyond ASCII as they are, or escaped."""

    def __init__(self, text: str) -> None:
        self.ascii = text.isascii() and _ESCAPE.search(text) is not None

    def string(self, value: str) -> str:
        """A JSON string; halves of surrogate pairs are always escaped, for no encoding has them."""
        written = json.dumps(value, ensure_ascii=self.ascii)
        return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def _in_json(text: str, written: Written, changes: Sequence[_Change], style: _Style) -> list[_Change]:
    """Changes of a cell's text as changes of the notebook's."""
    if not written.listed:
        new = _applied(written.text, changes)
        return [] if new == written.text else [_Change(written.start, written.end, style.string(new))]
    if not written.pieces:
        lines = _applied("", changes).splitlines(keepends=True)
        content = ", ".join(style.string(line) for line in lines)
        return [_Change(written.start, written.end, f"[{content}]")] if lines else []
    pieces = _new_pieces(written.pieces, changes)
    return _rewritten(text, written, pieces, style)


def _new_pieces(pieces: Sequence[Piece], changes: Sequence[_Change]) -> list[Piece | str]:
    """The list's strings afterwards: old ones that nothing touched, and new lines."""
    result: list[Piece | str] = []
    pending = ""  # new text whose line is not complete
    open_, offset = False, 0
    for index, piece in enumerate(pieces):
        end = offset + len(piece.text)
        last = index == len(pieces) - 1
        own = [c for c in changes if _touches(c, offset, end, last)]
        if own or open_:
            pending += _clipped(piece.text, offset, end, own)
            open_ = not last and (bool(pending) and not pending.endswith("\n"))
            if not open_:
                result += pending.splitlines(keepends=True)
                pending = ""
        else:
            result.append(piece)
        offset = end
    return result


def _touches(change: _Change, start: int, end: int, last: bool) -> bool:
    """Whether a change alters a string of these offsets; an insertion belongs to the one that it begins."""
    if change.start == change.end:
        return bool(change.content) and (start <= change.start < end or (last and change.start == end))
    return change.start < end and change.end > start


def _clipped(text: str, start: int, end: int, changes: Sequence[_Change]) -> str:
    """The string with its part of each change; new content comes with the part where the change begins."""
    own = []
    for change in changes:
        begins = change.start >= start
        content = change.content if begins else ""
        own.append(_Change(max(change.start, start) - start, min(change.end, end) - start, content))
    return _applied(text, own)


def _rewritten(text: str, written: Written, pieces: Sequence[Piece | str], style: _Style) -> list[_Change]:
    """The list written anew, between its own brackets and separators."""
    old = written.pieces
    if list(old) == list(pieces):
        return []
    between = (
        text[old[0].end : old[1].start] if len(old) > 1 else "," + text[written.start + 1 : old[0].start]
    )
    if not pieces:
        return [_Change(written.start, written.end, "[]")]
    parts: list[str] = []
    for piece in pieces:
        raw = style.string(piece) if isinstance(piece, str) else text[piece.start : piece.end]
        parts += [between, raw] if parts else [raw]
    return [_Change(old[0].start, old[-1].end, "".join(parts))]


__all__ = ["CellEdit", "NotebookFault", "edited"]
