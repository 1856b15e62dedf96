"""One open document, looked at again after each edit: what is found in it, and what an editor shows.

Law: what does not rest on a changed text is not analysed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from convlint.config import Settings
from convlint.lint.baseline import Baseline, BaselineError
from convlint.lint.engine import Checked, check_source
from convlint.lint.finding import Finding
from convlint.lint.sheet.data import Sheet


@dataclass(frozen=True, slots=True)
class Looked:
    """A document as it was analysed; `parsed` is False where its text is syntactically wrong."""

    findings: tuple[Finding, ...]
    sheet: Sheet | None
    parsed: bool
    read: frozenset[str]
    """The files that it rests on, and the places where one would be read if it were there."""
    checked: Checked = field(repr=False)
    unsaved: Mapping[str, str] = field(repr=False)
    settings: Settings = field(repr=False)


def look(
    name: str, text: str, settings: Settings, unsaved: Mapping[str, str], before: Looked | None = None
) -> Looked:
    """Analyse a document; `unsaved` are the texts of others by their absolute paths."""
    known = None
    if before is not None and before.settings is settings and before.checked.texts.get(name) == text:
        both = before.unsaved.keys() | unsaved.keys()
        changed = {path for path in both if before.unsaved.get(path) != unsaved.get(path)}
        known = before.checked.report(name) if changed.isdisjoint(before.read) else None
    checked = check_source(text, name, settings, unsaved=unsaved, known=known, sheets=True)
    report = checked.report(name)
    assert report is not None
    return Looked(
        tuple(_new(checked, settings)),
        report.sheet,
        not (report.said and report.comments is None),
        frozenset((*report.read, *report.absent)),
        checked,
        dict(unsaved),
        settings,
    )


def _new(checked: Checked, settings: Settings) -> list[Finding]:
    """The findings that the baseline does not know; all of them where it cannot be read."""
    if settings.baseline is None or not Path(settings.baseline).is_file():
        return list(checked.findings)
    try:
        baseline = Baseline.read(settings.baseline)
    except BaselineError:
        return list(checked.findings)
    return list(baseline.compare(checked.findings, checked.files, checked.lines).new)
