"""Positions of the protocol in all three encodings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("lsprotocol")

from lsprotocol.types import Position, PositionEncodingKind, Range, TextDocumentContentChangePartial

from convlint.lint.finding import Location
from convlint.server.positions import changed, from_position, to_position
from convlint.source.positions import Lines

TEXT = st.text(st.sampled_from("aé🔥\n"), max_size=12)
KINDS = {
    PositionEncodingKind.Utf8: "utf-8",
    PositionEncodingKind.Utf16: "utf-16-le",
    PositionEncodingKind.Utf32: "utf-32-le",
}


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, derandomize=True)
@given(TEXT, st.data())
def test_a_place_goes_there_and_back(kind: PositionEncodingKind, text: str, data: st.DataObject) -> None:
    lines = Lines.of(text)
    row = data.draw(st.integers(1, len(lines.lines)))
    column = data.draw(st.integers(0, len(lines.line(row))))
    position = to_position(lines, Location(row, column + 1), kind)
    unit = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}[KINDS[kind]]
    assert position.character == len(lines.line(row)[:column].encode(KINDS[kind])) // unit
    assert from_position(lines, position, kind) == Location(row, column + 1)


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_after_an_emoji(kind: PositionEncodingKind) -> None:
    text = "x = '🔥é'  # old\n"
    lines = Lines.of(text)
    start, end = (to_position(lines, Location(1, text.index(w) + 1), kind) for w in ("old", "\n"))
    change = TextDocumentContentChangePartial(Range(start, end), "new")
    assert changed(lines, text, change, kind) == "x = '🔥é'  # new\n"
    beyond = TextDocumentContentChangePartial(Range(Position(9, 0), Position(9, 0)), "!")
    assert changed(lines, text, beyond, kind) == text + "!"
