"""The Reviewdog Diagnostic Format: `DiagnosticResult` as JSON, with fixes as suggestions.

Its columns count bytes of UTF-8 from 1 (`reviewdog.proto`, message Position), so they need the line's text;
where that cannot be had, a range has lines only, and a fix is left out.
"""

from collections.abc import Sequence

from convlint.lint.finding import Edit, Finding, Location, Note, Severity
from convlint.report.escape import encodable, visible
from convlint.report.json import Json, dump
from convlint.report.remarks import whole_message
from convlint.report.renderer import Canvas

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.ADVICE: "INFO"}


def render_rdjson(findings: Sequence[Finding], canvas: Canvas) -> str:
    """The result with a diagnostic a finding; paths relative to the folder where convlint ran."""
    diagnostics: list[Json] = [_diagnostic(finding, canvas) for finding in findings]
    return dump({"source": {"name": "convlint"}, "diagnostics": diagnostics})


def _diagnostic(finding: Finding, canvas: Canvas) -> dict[str, Json]:
    """One diagnostic; in a notebook without range, for only the line in its cell is known."""
    lines = canvas.source(finding.filename, finding.cell)
    location: dict[str, Json] = {"path": encodable(finding.filename)}
    code: dict[str, Json] = {"value": visible(finding.code)}
    diagnostic: dict[str, Json] = {
        "message": whole_message(finding),
        "location": location,
        "severity": _SEVERITIES[finding.severity],
        "code": code,
    }
    if finding.url:
        code["url"] = finding.url
    if finding.cell is None:
        location["range"] = _range(finding.location, finding.end_location, lines)
        if finding.fix is not None and lines is not None:
            diagnostic["suggestions"] = [_suggestion(edit, lines) for edit in finding.fix.edits]
    related: list[Json] = [
        _related(note.message, note.filename, note.location, canvas)
        for note in finding.notes
        if note.filename and note.location is not None and _by_lines(note, finding)
    ]
    if related:
        diagnostic["related_locations"] = related
    return diagnostic


def _by_lines(note: Note, finding: Finding) -> bool:
    """Whether the rows of a note count in a file, not in a notebook's cell."""
    return note.cell is None and (finding.cell is None or note.filename != finding.filename)


def _related(words: str, filename: str, where: Location, canvas: Canvas) -> dict[str, Json]:
    """A place that a note speaks of, of no length."""
    start = _position(where, canvas.source(filename, None))
    location: dict[str, Json] = {"path": encodable(filename), "range": {"start": start}}
    return {"message": visible(words), "location": location}


def _suggestion(edit: Edit, lines: Sequence[str]) -> dict[str, Json]:
    return {"range": _range(edit.location, edit.end_location, lines), "text": edit.content}


def _range(start: Location, end: Location, lines: Sequence[str] | None) -> dict[str, Json]:
    return {"start": _position(start, lines), "end": _position(end, lines)}


def _position(location: Location, lines: Sequence[str] | None) -> dict[str, Json]:
    if lines is None:
        return {"line": location.row}
    line = lines[location.row - 1] if location.row <= len(lines) else ""
    before = line[: location.column - 1].encode("utf-8", "surrogatepass")
    return {"line": location.row, "column": len(before) + 1}
