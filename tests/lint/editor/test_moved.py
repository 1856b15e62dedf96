"""Places of an older text in a newer one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.lint.editor import Moved, patch
from convlint.lint.finding import (
    Applicability,
    Edit,
    Finding,
    Fix,
    Location,
    Note,
    NoteKind,
    Severity,
)
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


def found(*notes: Note, edits: tuple[Edit, ...] = (), cell: int | None = None) -> Finding:
    fix = Fix(Applicability.SAFE, "mend", edits)
    start, end = Location(3, 1), Location(3, 2)
    return Finding(
        *("CL1", "name", Severity.ERROR, "wrong", "a.py", start, end), notes=notes, fix=fix, cell=cell
    )


def test_a_fix_moves_with_what_it_changes() -> None:
    edit = Edit("C", Location(3, 1), Location(3, 2))
    moved = Moved.between("a\nb\nc", "new\na\nb\nc").finding(found(edits=(edit,)))
    assert moved is not None and moved.fix is not None
    assert moved.fix.edits == (Edit("C", Location(4, 1), Location(4, 2)),)
    assert applied("new\na\nb\nc", moved.fix.edits) == "new\na\nb\nC"


def test_a_fix_of_an_edited_row_is_gone_though_nothing_moved() -> None:
    edit = Edit("B", Location(2, 1), Location(2, 2))
    moved = Moved.between("a\nb\nc", "a\nxyz\nc").finding(found(edits=(edit,)))
    assert moved is not None and moved.fix is None


def test_notes_move_with_their_rows() -> None:
    own = Note("here", "a.py", Location(1, 1), NoteKind.STEP)
    gone = Note("gone", "a.py", Location(2, 1), NoteKind.STEP)
    other = Note("there", "b.py", Location(2, 1))
    moved = Moved.between("a\nb\nc", "a\nxyz\nnew\nc").finding(found(own, gone, other))
    assert moved is not None
    assert [(note.message, note.location) for note in moved.notes] == [
        ("here", Location(1, 1)),
        ("gone", None),
        ("there", Location(2, 1)),
    ]


def test_what_lies_in_another_cell_does_not_move() -> None:
    edit = Edit("B", Location(2, 1), Location(2, 2), cell=5)
    note = Note("there", "a.py", Location(2, 1), cell=5)
    moved = Moved.between("a\nb\nc", "a\nxyz\nc").finding(found(note, edits=(edit,), cell=4))
    assert moved is not None and moved.fix is not None
    assert (moved.fix.edits, moved.notes) == ((edit,), (note,))
