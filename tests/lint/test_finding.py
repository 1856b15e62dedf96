"""Findings are ordered, comparable data."""

import itertools

import pytest

from convlint.lint.finding import Finding, Location, Note, NoteKind, Severity, in_order


def make(
    filename: str = "a.py", row: int = 1, column: int = 1, code: str = "CL101", cell: int | None = None
) -> Finding:
    return Finding(
        code=code,
        name="some-rule",
        severity=Severity.ERROR,
        message="m",
        filename=filename,
        location=Location(row, column),
        end_location=Location(row, column + 1),
        cell=cell,
    )


def test_severities_are_ordered_by_how_bad_they_are() -> None:
    ordered = [Severity.ADVICE, Severity.WARNING, Severity.ERROR]
    for (i, a), (j, b) in itertools.product(enumerate(ordered), repeat=2):
        assert (a < b, a <= b, a > b, a >= b) == (i < j, i <= j, i > j, i >= j)


def test_a_severity_equals_and_compares_with_its_name() -> None:
    assert Severity.ERROR == "error"
    assert Severity("advice") is Severity.ADVICE
    assert Severity.ADVICE < "error"  # by rank; as strings they would compare alike
    assert Severity.WARNING < "error"  # as strings this would be false
    with pytest.raises(KeyError):
        assert Severity.WARNING < "fatal"


def test_findings_come_in_reading_order() -> None:
    expected = [
        make("a.py", 2, 9),
        make("a.py", 10, 1),
        make("a.py", 10, 2, "CL101"),
        make("a.py", 10, 2, "CL301"),
        make("b.ipynb", 7, 1, cell=2),
        make("b.ipynb", 1, 1, cell=10),
    ]
    for order in itertools.permutations(expected):
        assert in_order(order) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (NoteKind.PATH, "path: Net() → fc"),
        (NoteKind.RUN_TIME, "at run time: Net() → fc"),
        (NoteKind.OTHER, "Net() → fc"),
    ],
)
def test_a_note_says_its_kind(kind: NoteKind, text: str) -> None:
    assert Note("Net() → fc", kind=kind).text == text
