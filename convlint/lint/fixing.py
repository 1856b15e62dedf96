"""Fixes: text edits applied together where they do not touch, in rounds, each result analysed again.

Law: a fix stays only where the file still parses and no more is found than before; nor may one that changes
what the program computes bring anything as bad as what it mends. One that fails this is dropped, and told.
Nothing is written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct, field

from convlint.lint.cells import with_edits
from convlint.lint.finding import Applicability, Edit, Finding, Fix, Location
from convlint.source.positions import Lines

_MOST_ROUNDS = 10
_Key = tuple[str, int, str, Location, str]


class Result(Protocol):
    """What checking left."""

    @property
    def findings(self) -> Sequence[Finding]: ...


R = TypeVar("R", bound=Result)
Check = Callable[[R, Mapping[str, str]], R]
"""Checks again, with these texts in place of the files: a result is made from the one before."""
Parses = Callable[[str, str], bool]
"""Whether a text (with its file's name) is syntactically right."""


class Fixed(Struct, Generic[R]):
    """What is found in the end, the texts that fixes changed, these fixes, and those that were dropped."""

    result: R
    texts: dict[str, str] = field(default_factory=dict)
    applied: list[Finding] = field(default_factory=list)
    dropped: list[Finding] = field(default_factory=list)


class Fixer(Struct, Generic[R]):
    """Applies fixes to the texts of a check."""

    texts: Mapping[str, str]
    check: Check[R]
    parses: Parses
    unsafe: bool = False
    refused: set[_Key] = field(default_factory=set)

    def fix(self, result: R) -> Fixed[R]:
        """Rounds of fixes, beginning with those of the result's findings, until none may be applied."""
        fixed = Fixed(result)
        for _ in range(_MOST_ROUNDS):
            chosen = self._chosen(fixed.result.findings)
            if not chosen:
                break
            if not self._try(chosen, fixed):
                self._one_by_one(chosen, fixed)
        return fixed

    def _one_by_one(self, chosen: list[Finding], fixed: Fixed[R]) -> None:
        """The first that does no harm by itself; places have moved then, and the rest is chosen anew."""
        for finding in chosen:
            if len(chosen) > 1 and self._try([finding], fixed):
                return
            self.refused.add(_key(finding))
            fixed.dropped.append(finding)

    def _try(self, chosen: list[Finding], fixed: Fixed[R]) -> bool:
        """Whether these fixes do no harm: they stay then."""
        texts = dict(fixed.texts)
        for name in {finding.filename for finding in chosen}:
            edits = [edit for f in chosen if f.filename == name and f.fix for edit in f.fix.edits]
            texts[name] = applied(texts.get(name, self.texts[name]), edits)
            if not self.parses(texts[name], name):
                return False
        after = self.check(fixed.result, texts)
        before = fixed.result.findings
        left = {_key(finding) for finding in after.findings}
        if len(after.findings) > len(before) or any(_key(finding) in left for finding in chosen):
            return False
        if _brings_as_bad(chosen, before, after.findings):
            return False
        fixed.result, fixed.texts = after, texts
        fixed.applied += chosen
        return True

    def _chosen(self, findings: Iterable[Finding]) -> list[Finding]:
        """Fixes that may be applied together: those that come first, of those that touch."""
        taken: dict[str, list[Edit]] = {}
        chosen = []
        for finding in findings:
            if finding.filename not in self.texts:
                continue
            edits = list(finding.fix.edits) if finding.fix and self._allowed(finding.fix) else []
            others = taken.setdefault(finding.filename, [])
            if not edits or _key(finding) in self.refused or any(_touch(a, b) for a in edits for b in others):
                continue
            others += edits
            chosen.append(finding)
        return chosen

    def _allowed(self, fix: Fix) -> bool:
        return self.unsafe or fix.applicability is Applicability.SAFE


def _brings_as_bad(chosen: Iterable[Finding], before: Sequence[Finding], after: Sequence[Finding]) -> bool:
    """Whether unsafe fixes led to more findings of a rule in a file, no less severe than what they mend.

    A safe fix changes nothing of what is computed: what is seen after it was there before.
    """
    unsafe = [f.severity for f in chosen if f.fix and f.fix.applicability is Applicability.UNSAFE]
    if not unsafe:
        return False
    level = min(unsafe, key=lambda severity: severity.rank)
    counts = Counter((f.filename, f.code) for f in before if f.severity >= level)
    now = Counter((f.filename, f.code) for f in after if f.severity >= level)
    return any(count > counts[place] for place, count in now.items())


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not touch each other; positions are those of the text before."""
    edits = set(edits)
    if any(edit.cell is not None for edit in edits):
        return with_edits(text, edits)
    lines = Lines.of(text)
    for edit in sorted(edits, key=lambda edit: (edit.location, edit.end_location), reverse=True):
        start = lines.offset(edit.location.row, edit.location.column - 1)
        end = lines.offset(edit.end_location.row, edit.end_location.column - 1)
        text = text[:start] + edit.content + text[end:]
    return text


def _touch(a: Edit, b: Edit) -> bool:
    """Whether two edits share a character, or insert at the same place; an equal edit is the same one."""
    if a == b or a.cell != b.cell:
        return False
    if a.location == b.location:
        return True
    first, second = (a, b) if a.location < b.location else (b, a)
    return second.location < first.end_location


def _key(finding: Finding) -> _Key:
    """What names a fix while lines move: what it says and where."""
    return finding.filename, finding.cell or 0, finding.code, finding.location, finding.message
