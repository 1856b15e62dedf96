"""Checkstyle's XML, which most services and editors that show findings can read."""

from collections.abc import Sequence
from itertools import groupby

from convlint.lint.finding import Finding, Severity
from convlint.report.remarks import whole_message
from convlint.report.renderer import Canvas
from convlint.report.xml import Element, document

_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "info"}


def render_checkstyle(findings: Sequence[Finding], canvas: Canvas) -> str:
    """An element a file, in it an element a finding; remarks follow the message after a semicolon."""
    files = tuple(
        Element("file", {"name": name}, tuple(map(_error, group)))
        for name, group in groupby(findings, key=lambda finding: finding.filename)
    )
    return document(Element("checkstyle", {"version": "4.3"}, files))


def _error(finding: Finding) -> Element:
    """A finding in a notebook has no line: only that of its cell is known, which the message tells."""
    place = {} if finding.cell else {"line": finding.location.row, "column": finding.location.column}
    rest: dict[str, str | int] = {
        "severity": _SEVERITIES[finding.severity],
        "message": whole_message(finding).replace("\n", "; "),
        "source": f"convlint.{finding.code}",
    }
    return Element("error", {**place, **rest})
