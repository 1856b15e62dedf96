"""JUnit's XML, as test runners write it and CI services show it: a suite a file, a test case a finding.

What does not fail the run, for it lies below `--fail-on`, is a case that passed, with its text as output.
"""

from collections.abc import Sequence
from itertools import groupby

from convlint.lint.finding import Finding
from convlint.report.escape import visible
from convlint.report.headline import headline
from convlint.report.palette import PLAIN
from convlint.report.remarks import remarks
from convlint.report.renderer import Canvas
from convlint.report.xml import Element, document


def render_junit(findings: Sequence[Finding], canvas: Canvas) -> str:
    """The suites; without findings one case that passed, for services take an empty report as failed."""
    suites = [
        _suite(name, list(group), canvas)
        for name, group in groupby(findings, key=lambda finding: finding.filename)
    ]
    if not suites:
        case = Element("testcase", {"name": "no findings", "classname": "convlint"})
        suites = [Element("testsuite", {"name": "convlint", **_counts(1, 0)}, (case,))]
    failures = sum(_fails(finding, canvas) for finding in findings)
    counts = _counts(max(len(findings), 1), failures)
    return document(Element("testsuites", {"name": "convlint", **counts}, tuple(suites)))


def _suite(name: str, findings: Sequence[Finding], canvas: Canvas) -> Element:
    counts = _counts(len(findings), sum(_fails(finding, canvas) for finding in findings))
    cases = tuple(_case(finding, canvas) for finding in findings)
    return Element("testsuite", {"name": name, **counts}, cases)


def _case(finding: Finding, canvas: Canvas) -> Element:
    place = f"{finding.location.row}:{finding.location.column}"
    if finding.cell is not None:
        place = f"cell {finding.cell}:{place}"
    about = {"name": f"{finding.code} {finding.name} at {place}", "classname": finding.filename}
    lines = [headline(finding, PLAIN), *(f"{word}: {text}" for word, text in remarks(finding))]
    text = "\n".join(lines)
    if _fails(finding, canvas):
        said = {"message": visible(finding.message), "type": finding.severity.value}
        return Element("testcase", about, (Element("failure", said, text=text),))
    return Element("testcase", about, (Element("system-out", text=text),))


def _fails(finding: Finding, canvas: Canvas) -> bool:
    return finding.severity >= canvas.fail_on


def _counts(tests: int, failures: int) -> dict[str, str | int]:
    return {"tests": tests, "failures": failures, "errors": 0}
