"""Findings that a reader takes in at once: the same advice all over a class is told once, with its places.

Law: only the telling is folded. Comments, the baseline, fixes and editors know every place by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from convlint.lint.finding import Edit, Finding, Fix, Note


def folded(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in their order, those that name the same part of a file (`together`) as one: the first,
    which says how many there are, with the rows of the others in a note and a fix for all that have one.
    """
    groups: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        place = (finding.filename, finding.cell, finding.code, finding.severity, finding.together)
        groups.setdefault(place if finding.together else number, []).append(finding)
    return [_as_one(group) for group in groups.values()]


def _as_one(group: list[Finding]) -> Finding:
    first, others = group[0], group[1:]
    if not others:
        return first
    places = "one more place" if len(others) == 1 else f"{len(others)} more places"
    return replace(
        first,
        message=f"{first.message}; likewise at {places} of {first.together}",
        notes=(*first.notes, Note(f"likewise: {_rows([each.location.row for each in others])}")),
        fix=_fix_for_all(group),
    )


def _rows(rows: list[int]) -> str:
    """`line 7`, `lines 7, 9`."""
    distinct = list(dict.fromkeys(rows))
    return f"line{'s' * (len(distinct) > 1)} {', '.join(map(str, distinct))}"


def _fix_for_all(group: list[Finding]) -> Fix | None:
    """The fixes of the first's kind as one; its words say so where they mend only some of the places."""
    fixes = [each.fix for each in group if each.fix is not None]
    if not fixes:
        return None
    alike = [fix for fix in fixes if fix.applicability is fixes[0].applicability]
    edits: dict[Edit, None] = dict.fromkeys(edit for fix in alike for edit in fix.edits)
    message = fixes[0].message
    if len(alike) < len(group):
        message += f" at {len(alike)} of {len(group)} places"
    return Fix(fixes[0].applicability, message, tuple(edits))
