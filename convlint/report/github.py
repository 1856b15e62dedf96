"""Workflow commands of GitHub Actions, which become annotations on the lines of a pull request.

Escaping is that of the toolkit's `command.ts`: `%`, carriage return and newline in data; `:` and `,` as well
in properties.
"""

from collections.abc import Iterator, Sequence

from convlint.lint.finding import Finding, Severity
from convlint.report.escape import encodable, visible
from convlint.report.paths import project_path
from convlint.report.remarks import whole_message
from convlint.report.renderer import Canvas

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render_github(findings: Sequence[Finding], canvas: Canvas) -> str:
    """A command a line: `::error file=…,line=…,endLine=…,col=…,endColumn=…,title=…::message`."""
    return "".join(_command(finding, canvas) + "\n" for finding in findings)


def _command(finding: Finding, canvas: Canvas) -> str:
    pairs = (f"{key}={value.translate(_PROPERTY)}" for key, value in _properties(finding, canvas))
    return f"::{_LEVELS[finding.severity]} {','.join(pairs)}::{whole_message(finding).translate(_DATA)}"


def _properties(finding: Finding, canvas: Canvas) -> Iterator[tuple[str, str]]:
    """Columns only where the span is on one line, for GitHub takes them nowhere else."""
    yield "file", encodable(project_path(finding.filename, canvas))
    start, end = finding.location, finding.end_location
    if finding.cell is None:
        yield "line", str(start.row)
        yield "endLine", str(end.row)
        if start.row == end.row:
            yield "col", str(start.column)
            yield "endColumn", str(end.column)
    yield "title", visible(f"{finding.code} {finding.name}")
