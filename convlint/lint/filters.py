"""Which rules run, which findings count as one, and which of them a comment suppresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from convlint.config import Settings
from convlint.config.rule_names import matches
from convlint.lint.catalogue import Listed
from convlint.lint.filereport import Said
from convlint.lint.finding import Finding, Location, Note, Severity
from convlint.source.discovery import Exclusion
from convlint.source.suppression import Code, Kind, Suppression

_MOST_ROOTS = 3
L = TypeVar("L", bound=Listed)


def selected(rules: Iterable[L], settings: Settings) -> list[L]:
    """The rules that run: those selected, or else those on by default; then what is added, then what is
    ignored.
    """

    def runs(rule: L) -> bool:
        def named(selectors: Iterable[str]) -> bool:
            return any(matches(selector, rule.code, rule.name) for selector in selectors)

        chosen = rule.on if settings.select is None else named(settings.select)
        dropped = named(settings.ignore) or named(settings.extend_ignore)
        return (chosen or named(settings.extend_select)) and not dropped

    return [rule for rule in rules if runs(rule)]


def configured(findings: Iterable[Finding], settings: Settings) -> Iterator[Finding]:
    """The findings with the severities that the configuration gives, without those it leaves out of files."""
    root = "." if settings.source is None else str(settings.source.path.parent)
    files = [
        (Exclusion(patterns=(pattern,), root=root), selectors)
        for pattern, selectors in settings.per_file_ignores.items()
    ]
    for finding in findings:
        here = (codes for where, codes in files if where.excludes_any_part(finding.filename))
        if any(_named_by(finding, codes) for codes in here):
            continue
        said = [selector for selector in settings.severity if _named_by(finding, (selector,))]
        closest = max(said, key=lambda selector: (selector == finding.name, len(selector)), default=None)
        yield finding if closest is None else replace(finding, severity=Severity(settings.severity[closest]))


def _named_by(finding: Finding, selectors: Iterable[str]) -> bool:
    return any(matches(selector, finding.code, finding.name) for selector in selectors)


class _Group(Struct):
    first: Finding
    keys: dict[object, None] = field(default_factory=dict)
    roots: dict[str, None] = field(default_factory=dict)

    def add(self, said: Said) -> None:
        if said.finding.fix != self.first.fix:
            self.first = replace(self.first, fix=None)  # what mends one of them would not mend the other
        if said.key not in self.keys:
            self.keys[said.key] = None
            self.roots[said.root] = None


def merged(found: Iterable[Said]) -> list[Finding]:
    """One finding for each code and span, with a note of how many layers and roots it holds for."""
    groups: dict[tuple[str, str, Location, Location], _Group] = {}
    for said in found:
        finding = said.finding
        place = (finding.code, finding.filename, finding.location, finding.end_location)
        groups.setdefault(place, _Group(finding)).add(said)
    return [_with_count(group) for group in groups.values()]


def _with_count(group: _Group) -> Finding:
    places, roots = len(group.keys), list(group.roots)
    if places < 2:
        return group.first
    words = f"holds for {places} layers"
    if len(roots) > 1:
        more = "" if len(roots) <= _MOST_ROOTS else f" and {len(roots) - _MOST_ROOTS} more"
        words += f", in {len(roots)} models: {', '.join(roots[:_MOST_ROOTS])}{more}"
    return replace(group.first, notes=(*group.first.notes, Note(words)))


class Suppressions(Struct):
    """The suppressing comments of one file, and which of them were of use."""

    comments: Sequence[Suppression]
    used: set[tuple[int, str]] = field(default_factory=set)
    """Comments by their number, with the code that was of use."""

    def suppresses(self, finding: Finding) -> bool:
        """Whether a comment suppresses the finding; the comment is remembered as used."""
        rows = finding.location.row, finding.end_location.row
        found = False
        for index, comment in enumerate(self.comments):
            if comment.suppresses(finding.code, finding.name, *rows):
                found = True
                self.used |= {(index, c.text) for c in comment.codes if c.names(finding.code, finding.name)}
        return found

    def idle(self, known: Iterable[Listed], running: Iterable[Listed]) -> Iterator[Idle]:
        """The `convlint:` comments, or codes in them, that name no rule, or suppress nothing of rules
        that run.
        """
        known, running = tuple(known), tuple(running)
        for index, comment in enumerate(self.comments):
            if comment.kind is Kind.NOQA:
                continue
            unknown = [code for code in comment.codes if not _named(code, known)]
            unused = [
                code.text
                for code in comment.codes
                if code not in unknown
                and (index, code.text) not in self.used
                and _all_run(code, known, running)
            ]
            yield from (Idle(comment, (code.text,), code, False) for code in unknown)
            if unused:
                yield Idle(comment, tuple(unused), None, len(unused) == len(comment.codes))


class Idle(Struct, frozen=True):
    """Codes of a comment that do nothing: unused ones together, an unknown one (`unknown`) by itself."""

    comment: Suppression
    codes: tuple[str, ...]
    unknown: Code | None
    whole: bool


def _named(code: Code, rules: Iterable[Listed]) -> list[Listed]:
    return [rule for rule in rules if code.names(rule.code, rule.name)]


def _all_run(code: Code, known: Iterable[Listed], running: Sequence[Listed]) -> bool:
    return all(rule in running or not rule.on for rule in _named(code, known))
