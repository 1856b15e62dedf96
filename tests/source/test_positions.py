"""Columns in code points, bytes and UTF-16 units name the same places."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.source.positions import Lines

TEXT = "aé日🙂b\r\n\r\ud800x\x0b\x0c\u2028y\n"
characters = st.sampled_from(
    ["a", " ", "é", "日", "🙂", "\ud800", "\n", "\r", "\r\n", "\x0c", "\u2028", "\x85"]
)
texts = st.lists(characters, max_size=12).map("".join)


def test_only_line_feeds_and_carriage_returns_end_lines() -> None:
    assert Lines.of(TEXT).lines == ("aé日🙂b", "", "\ud800x\x0b\x0c\u2028y", "")
    assert Lines.of("").lines == ("",)


@pytest.mark.parametrize(
    ("points", "in_bytes", "in_utf16"), [(0, 0, 0), (1, 1, 1), (2, 3, 2), (3, 6, 3), (4, 10, 5), (5, 11, 6)]
)
def test_the_three_counts(points: int, in_bytes: int, in_utf16: int) -> None:
    lines = Lines.of(TEXT)
    assert lines.to_bytes(1, points) == in_bytes
    assert lines.to_utf16(1, points) == in_utf16
    assert lines.from_bytes(1, in_bytes) == points
    assert lines.from_utf16(1, in_utf16) == points


def test_inside_a_character_is_its_start() -> None:
    lines = Lines.of(TEXT)
    assert [lines.from_bytes(1, column) for column in range(12)] == [0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 5]
    assert [lines.from_utf16(1, column) for column in range(7)] == [0, 1, 2, 3, 3, 4, 5]
    assert lines.place(7) == (2, 0)
    assert lines.place(6) == (1, 5)


def test_beyond_a_line_is_its_end() -> None:
    lines = Lines.of("abc\né")
    for ask in (lines.from_bytes, lines.from_utf16, lines.to_utf16, lines.to_bytes):
        assert (ask(1, 99), ask(1, -1), ask(7, 3), ask(0, 3)) == (3, 0, 0, 0)
    assert (lines.offset(0, 0), lines.offset(1, 99), lines.offset(9, 0)) == (0, 3, 5)
    assert (lines.place(-3), lines.place(99)) == ((1, 0), (2, 1))


@given(texts)
@settings(deadline=None, derandomize=True)
def test_conversions_undo_each_other(text: str) -> None:
    lines = Lines.of(text)
    assert "".join(lines.lines) == text.replace("\r", "").replace("\n", "")
    for row, line in enumerate(lines.lines, 1):
        for column in range(len(line) + 1):
            assert lines.from_bytes(row, lines.to_bytes(row, column)) == column
            assert lines.from_utf16(row, lines.to_utf16(row, column)) == column
            assert lines.place(lines.offset(row, column)) == (row, column)
            assert lines.to_bytes(row, column) == len(line[:column].encode("utf-8", "surrogatepass"))
            assert lines.to_utf16(row, column) * 2 == len(line[:column].encode("utf-16-le", "surrogatepass"))
