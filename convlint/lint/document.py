"""One open document, looked at again after each edit: what is found in it, and what an editor shows.

Law: what does not rest on a changed text is not analysed again. A notebook is told by
its cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from convlint.config import Settings
from convlint.lint.baseline import Baseline, BaselineError
from convlint.lint.engine import Checked, check_source
from convlint.lint.finding import Finding
from convlint.lint.sheet.data import Sheet
from convlint.lint.sheet.moving import sheets_of_cells


class Looked(Struct, frozen=True):
    """A document as it was analysed; `parsed` is False where its text is syntactically wrong."""

    findings: tuple[Finding, ...]
    sheet: Sheet | None
    """What is shown of a file; None for a notebook."""
    cells: Mapping[int, Sheet]
    """What is shown of a notebook, by the numbers of its cells."""
    broken: frozenset[int]
    """The cells of a notebook that cannot be parsed."""
    parsed: bool
    read: frozenset[str]
    """The files that it rests on, and the places where one would be read if it were there."""
    checked: Checked
    unsaved: Mapping[str, str]
    settings: Settings


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
    notebook = checked.notebook(name)
    sheet, cells = report.sheet, dict[int, Sheet]()
    if notebook is not None:
        cells, sheet = {} if sheet is None else sheets_of_cells(sheet, notebook), None
    broken = [] if notebook is None else [notebook.cell_at(row) for row in report.broken]
    return Looked(
        tuple(_new(checked, settings)),
        sheet,
        cells,
        frozenset(cell.number for cell in broken if cell is not None),
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
