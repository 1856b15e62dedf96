"""How often each rule found something, and how much of it a fix can put right."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from convlint.lint.finding import Applicability, Finding, Severity
from convlint.report.escape import visible
from convlint.report.json import Json, dump
from convlint.report.palette import Role
from convlint.report.renderer import Canvas

_ALL, _SOME, _NONE = "[*]", "[-]", "   "


class Tally(Struct, frozen=True):
    """A rule's findings: how many, the worst severity, how many have a safe fix, how many an unsafe one."""

    code: str
    name: str
    severity: Severity
    count: int
    safe: int
    unsafe: int

    @property
    def mark(self) -> str:
        """`[*]` where `--fix` puts all right, `[-]` where it, or `--unsafe-fixes`, puts some right."""
        if self.safe == self.count:
            return _ALL
        return _SOME if self.safe or self.unsafe else _NONE


def statistics_text(findings: Sequence[Finding], canvas: Canvas) -> str:
    """A line a rule, the most frequent first: count, code, mark of fixes where any rule has one, name."""
    tallies = _tallies(findings)
    width = max((len(str(tally.count)) for tally in tallies), default=0)
    marks = {tally.mark for tally in tallies} - {_NONE}
    lines = []
    for tally in tallies:
        mark = f"  {canvas.palette.paint(Role.GOOD, tally.mark)}" if marks else ""
        lines.append(f"{tally.count:>{width}}  {visible(tally.code)}{mark}  {visible(tally.name)}\n")
    return "".join(lines) + "".join(_legend(marks))


def _legend(marks: set[str]) -> Iterator[str]:
    if _ALL in marks:
        yield f"{_ALL} `--fix` fixes all of them\n"
    if _SOME in marks:
        yield f"{_SOME} `--fix`, or `--fix --unsafe-fixes`, fixes some of them\n"


def statistics_json(findings: Sequence[Finding], canvas: Canvas) -> str:
    """An array of objects with code, name, severity, count, fixable, unsafely_fixable, in the same order."""
    return dump([_tally_to_json(tally) for tally in _tallies(findings)])


def statistics_jsonl(findings: Sequence[Finding], canvas: Canvas) -> str:
    """The objects of the JSON form, one a line."""
    return "".join(json.dumps(_tally_to_json(tally)) + "\n" for tally in _tallies(findings))


def _tally_to_json(tally: Tally) -> dict[str, Json]:
    return {
        "code": tally.code,
        "name": tally.name,
        "severity": tally.severity.value,
        "count": tally.count,
        "fixable": tally.safe,
        "unsafely_fixable": tally.unsafe,
    }


def _tallies(findings: Sequence[Finding]) -> list[Tally]:
    """One for each rule, by falling count, then by code."""
    by_rule = sorted(findings, key=lambda finding: (finding.code, finding.name))
    grouped = groupby(by_rule, key=lambda finding: (finding.code, finding.name))
    tallies = [_tally(code, name, list(group)) for (code, name), group in grouped]
    return sorted(tallies, key=lambda tally: -tally.count)


def _tally(code: str, name: str, findings: Sequence[Finding]) -> Tally:
    fixes = [finding.fix.applicability for finding in findings if finding.fix is not None]
    safe = fixes.count(Applicability.SAFE)
    worst = max(finding.severity for finding in findings)
    return Tally(code, name, worst, len(findings), safe, len(fixes) - safe)
