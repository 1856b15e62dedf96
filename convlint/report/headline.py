"""The words that the formats for people share: a finding's first line, and the line that closes a run."""

from collections import Counter
from collections.abc import Iterable

from convlint.lint.finding import Finding, Location, Severity
from convlint.report.escape import visible
from convlint.report.palette import Palette, Role

ROLES = {Severity.ERROR: Role.ERROR, Severity.WARNING: Role.WARNING, Severity.ADVICE: Role.ADVICE}
_PLURALS = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.ADVICE: "advice"}


def headline(finding: Finding, palette: Palette) -> str:
    """`models/net.py:31:29: CL101 error: …`, with `cell 3` before the row in a notebook."""
    place = palette.paint(Role.PLACE, place_of(finding.filename, finding.location, finding.cell))
    kind = palette.paint(ROLES[finding.severity], f"{visible(finding.code)} {finding.severity.value}")
    return f"{place}: {kind}: {visible(finding.message)}"


def place_of(filename: str, location: Location | None, cell: int | None = None) -> str:
    """`file:row:column` as editors and terminals open it."""
    parts = [visible(filename)]
    if cell is not None:
        parts.append(f"cell {cell}")
    if location is not None:
        parts += [str(location.row), str(location.column)]
    return ":".join(parts)


def closing_line(findings: Iterable[Finding], palette: Palette) -> str:
    """`Found 2 errors, 1 warning.`, or `All checks passed.`"""
    counts = Counter(finding.severity for finding in findings)
    if not counts:
        return palette.paint(Role.GOOD, "All checks passed.")
    parts = [
        f"{counts[severity]} {severity.value if counts[severity] == 1 else _PLURALS[severity]}"
        for severity in sorted(counts, reverse=True)
    ]
    return f"Found {', '.join(parts)}."
