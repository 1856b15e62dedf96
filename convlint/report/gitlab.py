"""The Code Quality report of GitLab, a subset of Code Climate's issues, shown in merge requests.

Its properties: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from collections.abc import Sequence

from convlint.lint.finding import Finding, Severity
from convlint.report.escape import encodable, visible
from convlint.report.fingerprint import fingerprints
from convlint.report.json import Json, dump
from convlint.report.paths import project_path
from convlint.report.remarks import cell_message, remarks
from convlint.report.renderer import Canvas

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.ADVICE: "info"}


def render_gitlab(findings: Sequence[Finding], canvas: Canvas) -> str:
    """An array of issues, paths relative to the top of the project."""
    marks = fingerprints(findings, canvas)
    return dump([_issue(finding, mark, canvas) for finding, mark in zip(findings, marks, strict=True)])


def _issue(finding: Finding, fingerprint: str, canvas: Canvas) -> dict[str, Json]:
    """One issue. The line of a notebook's cell in the notebook's file is not known: there it is the first."""
    in_cell = finding.cell is not None
    lines = (1, 1) if in_cell else (finding.location.row, finding.end_location.row)
    issue: dict[str, Json] = {
        "type": "issue",
        "check_name": visible(finding.code),
        "description": cell_message(finding),
        "categories": ["Bug Risk"],
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": encodable(project_path(finding.filename, canvas)),
            "lines": {"begin": lines[0], "end": lines[1]},
        },
    }
    body = "\n\n".join(f"{word}: {text}" for word, text in remarks(finding))
    if body:
        issue["content"] = {"body": body}
    return issue
