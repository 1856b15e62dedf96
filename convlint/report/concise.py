"""One line a finding: for logs, editors' error matchers and a quick look."""

from collections.abc import Sequence

from convlint.lint.finding import Finding
from convlint.report.headline import headline
from convlint.report.renderer import Canvas


def render_concise(findings: Sequence[Finding], canvas: Canvas) -> str:
    """`file:row:column: CODE severity: message`, a line each."""
    return "".join(headline(finding, canvas.palette) + "\n" for finding in findings)
