"""Findings as a JSON array in ruff's form, so that what reads ruff's output reads this."""

import json
from collections.abc import Mapping, Sequence

from convlint.lint.finding import Edit, Finding, Fix, Location, Note
from convlint.report.renderer import Canvas

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def render_json(findings: Sequence[Finding], canvas: Canvas) -> str:
    """The array, indented, in ASCII, so that any console and any reader can take it."""
    return dump([finding_to_json(finding) for finding in findings])


def dump(value: object) -> str:
    """The value as the text of a JSON file."""
    return json.dumps(value, indent=2) + "\n"


def finding_to_json(finding: Finding) -> dict[str, Json]:
    """One finding; its keys are part of the fixed interface."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "filename": finding.filename,
        "location": _location(finding.location),
        "end_location": _location(finding.end_location),
        "notes": [_note(note) for note in finding.notes],
        "fix": None if finding.fix is None else _fix(finding.fix),
        "url": finding.url,
        "cell": finding.cell,
    }


def _location(location: Location) -> dict[str, Json]:
    return {"row": location.row, "column": location.column}


def _note(note: Note) -> dict[str, Json]:
    location = None if note.location is None else _location(note.location)
    return {"message": note.text, "filename": note.filename, "location": location, **_cell(note.cell)}


def _fix(fix: Fix) -> dict[str, Json]:
    return {
        "applicability": fix.applicability.value,
        "message": fix.message,
        "edits": [_edit(edit) for edit in fix.edits],
    }


def _edit(edit: Edit) -> dict[str, Json]:
    return {
        "content": edit.content,
        "location": _location(edit.location),
        "end_location": _location(edit.end_location),
        **_cell(edit.cell),
    }


def _cell(number: int | None) -> dict[str, Json]:
    """The cell of a note or an edit: a key that they have in notebooks only."""
    return {} if number is None else {"cell": number}
