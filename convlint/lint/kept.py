"""A file's report as JSON and back: what the cache keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from convlint.lint.filereport import FileReport, Said
from convlint.lint.finding import Applicability, Edit, Finding, Fix, Location, Note, NoteKind, Severity
from convlint.source.comments import CommentProblem, Directives
from convlint.source.extents import Rows
from convlint.source.suppression import Code, Ending, Kind, Suppression

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
_Place = tuple[int, int]


def to_json(report: FileReport) -> Json:
    """The report without the files that it rests on: lists and texts, nothing else."""
    comments = report.comments
    return {
        "said": [[_finding(said.finding), said.root, str(said.key)] for said in report.said],
        "comments": None
        if comments is None
        else [
            [_suppression(each) for each in comments.suppressions],
            [[p.message, p.row, p.column, p.end_column] for p in comments.problems],
        ],
    }


def from_json(value: object, read: Sequence[str] = (), absent: Sequence[str] = ()) -> FileReport:
    """The report again. Raises KeyError, TypeError, ValueError or IndexError for what is none."""
    table = cast("dict[str, list[list[object]]]", value)
    comments = table["comments"]
    return FileReport(
        tuple(Said(_read_finding(finding), str(root), str(key)) for finding, root, key in table["said"]),
        None if comments is None else _read_comments(comments),
        tuple(read),
        tuple(absent),
    )


def _finding(f: Finding) -> Json:
    fix = f.fix
    return [
        *(
            f.code,
            f.name,
            f.severity.value,
            f.message,
            f.filename,
            _place(f.location),
            _place(f.end_location),
        ),
        *(f.help, [_note(note) for note in f.notes]),
        None
        if fix is None
        else [
            fix.applicability.value,
            fix.message,
            [[edit.content, _place(edit.location), _place(edit.end_location)] for edit in fix.edits],
        ],
        *(f.url, f.cell, f.label, f.together),
    ]


def _place(location: Location) -> Json:
    return [location.row, location.column]


def _note(note: Note) -> Json:
    place = None if note.location is None else _place(note.location)
    return [note.message, note.filename, place, note.kind.name]


def _suppression(s: Suppression) -> Json:
    codes = [_code(code) for code in s.codes]
    endings: Json = [[[_code(code) for code in ending.codes], ending.row] for ending in s.endings]
    place = [s.row, s.column, s.end_column]
    return [s.kind.name, codes, [s.rows.first, s.rows.last], *place, s.reason, endings]


def _code(code: Code) -> Json:
    return [code.text, code.column, code.end_column]


def _read_finding(value: object) -> Finding:
    code, name, severity, message, filename, start, end, help_, notes, fix, url, cell, label, together = cast(
        "tuple[str, str, str, str, str, _Place, _Place, str, list[object], object, str | None, int | None,"
        " str, str]",
        value,
    )
    return Finding(
        *(code, name, Severity(severity), message, filename, Location(*start), Location(*end), help_),
        notes=tuple(_read_note(note) for note in notes),
        fix=None if fix is None else _read_fix(fix),
        url=url,
        cell=cell,
        label=label,
        together=together,
    )


def _read_note(value: object) -> Note:
    message, filename, place, kind = cast("tuple[str, str | None, _Place | None, str]", value)
    return Note(message, filename, None if place is None else Location(*place), NoteKind[kind])


def _read_fix(value: object) -> Fix:
    applicability, message, edits = cast("tuple[str, str, list[tuple[str, _Place, _Place]]]", value)
    return Fix(
        Applicability(applicability),
        message,
        tuple(Edit(content, Location(*start), Location(*end)) for content, start, end in edits),
    )


def _read_comments(value: object) -> Directives:
    suppressions, problems = cast("tuple[list[object], list[tuple[str, int, int, int]]]", value)
    return Directives(
        tuple(_read_suppression(each) for each in suppressions),
        (),
        tuple(CommentProblem(*each) for each in problems),
    )


def _read_suppression(value: object) -> Suppression:
    kind, codes, rows, row, column, end, reason, endings = cast(
        "tuple[str, list[object], tuple[int, int | None], int, int, int, str,"
        " list[tuple[list[object], int]]]",
        value,
    )
    return Suppression(
        Kind[kind],
        _read_codes(codes),
        Rows(*rows),
        row,
        column,
        end,
        reason,
        tuple(Ending(_read_codes(each), at) for each, at in endings),
    )


def _read_codes(values: Sequence[object]) -> tuple[Code, ...]:
    return tuple(Code(*cast("tuple[str, int, int]", value)) for value in values)
