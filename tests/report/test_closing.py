"""Counts: the closing line and the statistics."""

import json

import pytest
from msgspec.structs import replace

from convlint.lint.finding import Applicability, Finding, Fix, Location, Severity
from convlint.report import PLAIN, STATISTICS, Canvas, closing_line
from convlint.report.statistics import statistics_json, statistics_text


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
    assert statistics_text(findings, Canvas()) == (
        "11  CL101  linear-in-features\n 2  CL201  shrinking-padding\n 2  CL301  even-kernel\n"
    )
    none = {"fixable": 0, "unsafely_fixable": 0}
    rows = [
        {"code": "CL101", "name": "linear-in-features", "severity": "error", "count": 11, **none},
        {"code": "CL201", "name": "shrinking-padding", "severity": "advice", "count": 2, **none},
        {"code": "CL301", "name": "even-kernel", "severity": "warning", "count": 2, **none},
    ]
    assert json.loads(statistics_json(findings, Canvas())) == rows
    lines = STATISTICS["jsonl"](findings, Canvas()).splitlines()
    assert [json.loads(line) for line in lines] == rows


def test_statistics_mark_what_a_fix_puts_right() -> None:
    safe, unsafe = (Fix(each, "", ()) for each in (Applicability.SAFE, Applicability.UNSAFE))
    findings = [
        *(replace(each, fix=safe) for each in found("error", "error", code="CL1", name="all")),
        *(
            replace(each, fix=fix)
            for each, fix in zip(found(*["error"] * 3), (safe, unsafe, None), strict=True)
        ),
        *found("error", code="CL9", name="none"),
    ]
    assert statistics_text(findings, Canvas()) == (
        "3  CL101  [-]  linear-in-features\n"
        "2  CL1  [*]  all\n"
        "1  CL9       none\n"
        "[*] `--fix` fixes all of them\n"
        "[-] `--fix`, or `--fix --unsafe-fixes`, fixes some of them\n"
    )
    read = json.loads(statistics_json(findings, Canvas()))
    assert [(row["fixable"], row["unsafely_fixable"]) for row in read] == [(1, 1), (2, 0), (0, 0)]


def test_no_findings_have_no_statistics() -> None:
    assert statistics_text([], Canvas()) == ""
    assert json.loads(statistics_json([], Canvas())) == []
