"""How often each rule found something."""

from collections import Counter
from collections.abc import Sequence

from convlint.lint.finding import Finding, Severity
from convlint.report.escape import visible
from convlint.report.json import Json, dump


def statistics_text(findings: Sequence[Finding]) -> str:
    """A line a rule, the most frequent first: count, code, name."""
    counts = _counts(findings)
    width = max((len(str(count)) for *_, count in counts), default=0)
    return "".join(f"{count:>{width}}  {visible(code)}  {visible(name)}\n" for code, name, _, count in counts)


def statistics_json(findings: Sequence[Finding]) -> str:
    """An array of objects with code, name, severity and count, in the same order."""
    rows: list[Json] = [
        {"code": code, "name": name, "severity": severity.value, "count": count}
        for code, name, severity, count in _counts(findings)
    ]
    return dump(rows)


def _counts(findings: Sequence[Finding]) -> list[tuple[str, str, Severity, int]]:
    """Code, name, worst severity and count of each rule, by falling count, then by code."""
    counts = Counter((finding.code, finding.name) for finding in findings)
    worst: dict[tuple[str, str], Severity] = {}
    for finding in findings:
        key = (finding.code, finding.name)
        worst[key] = max(worst.get(key, finding.severity), finding.severity)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(code, name, worst[code, name], count) for (code, name), count in ordered]
