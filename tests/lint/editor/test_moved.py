"""Places of an older text in a newer one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.lint.editor import Moved, patch
from convlint.lint.finding import Location
from convlint.lint.fixing import applied
from convlint.lint.sheet.data import Place
from convlint.source.positions import Lines

TEXTS = st.lists(st.sampled_from(["a", "b", "é🔥", "", "x = 1"]), max_size=8).map("\n".join)
ANY = st.text(st.sampled_from("ab🔥\r\n"), max_size=12)


@settings(deadline=None, derandomize=True)
@given(TEXTS, TEXTS)
def test_a_row_that_is_found_again_is_the_same_text(before: str, after: str) -> None:
    moved = Moved.between(before, after)
    old, new = Lines.of(before), Lines.of(after)
    rows = [moved.row(row) for row in range(1, len(old.lines) + 1)]
    for row, now in enumerate(rows, 1):
        assert now is None or old.line(row) == new.line(now)
    found = [row for row in rows if row is not None]
    assert found == sorted(set(found))


def test_rows_below_an_inserted_one_move_down() -> None:
    moved = Moved.between("a\nb\nc", "a\nnew\nb\nc")
    assert [moved.row(row) for row in (1, 2, 3)] == [1, 3, 4]


def test_a_place_on_an_edited_row_is_gone() -> None:
    moved = Moved.between("a\nb\nc", "a\nB\nc")
    assert moved.place(Place(Location(1, 1), Location(2, 1))) is None
    assert moved.place(Place(Location(3, 1), Location(3, 2))) == Place(Location(3, 1), Location(3, 2))


@settings(deadline=None, derandomize=True)
@given(ANY, ANY)
def test_a_patch_makes_one_text_of_the_other(before: str, after: str) -> None:
    edit = patch(before, after)
    assert (edit is None) == (before == after)
    assert edit is None or applied(before, [edit]) == after
