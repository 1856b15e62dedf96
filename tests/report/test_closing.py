"""Counts: the closing line and the statistics."""

import json

import pytest

from convlint.lint.finding import Finding, Location, Severity
from convlint.report import PLAIN, closing_line, statistics_json, statistics_text


def found(*severities: str, code: str = "CL101", name: str = "linear-in-features") -> list[Finding]:
    place = Location(1, 1)
    return [Finding(code, name, Severity(severity), "m", "a.py", place, place) for severity in severities]


@pytest.mark.parametrize(
    ("severities", "line"),
    [
        ((), "All checks passed."),
        (("error",), "Found 1 error."),
        (("warning", "error", "error"), "Found 2 errors, 1 warning."),
        (("advice",), "Found 1 advice."),
        (("advice", "advice", "warning", "warning"), "Found 2 warnings, 2 advice."),
    ],
)
def test_the_closing_line_counts_by_severity(severities: tuple[str, ...], line: str) -> None:
    assert closing_line(found(*severities), PLAIN) == line


def test_statistics_put_the_most_frequent_first() -> None:
    findings = [
        *found("advice", "warning", code="CL301", name="even-kernel"),
        *found(*["error"] * 11),
        *found("advice", "advice", code="CL201", name="shrinking-padding"),
    ]
    assert statistics_text(findings) == (
        "11  CL101  linear-in-features\n 2  CL201  shrinking-padding\n 2  CL301  even-kernel\n"
    )
    assert json.loads(statistics_json(findings)) == [
        {"code": "CL101", "name": "linear-in-features", "severity": "error", "count": 11},
        {"code": "CL201", "name": "shrinking-padding", "severity": "advice", "count": 2},
        {"code": "CL301", "name": "even-kernel", "severity": "warning", "count": 2},
    ]


def test_no_findings_have_no_statistics() -> None:
    assert statistics_text([]) == ""
    assert json.loads(statistics_json([])) == []
