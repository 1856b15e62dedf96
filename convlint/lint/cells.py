"""Notebooks among the linted files: each is analysed as one program, and what is found in it told by cells.

Law: inside the engine rows are those of the program; what leaves it counts in cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from convlint.lint.finding import Edit, Finding, Location, Note
from convlint.source.files import UnreadableSource
from convlint.source.prefilter import mentions_framework

if TYPE_CHECKING:  # loaded for the first notebook: most runs meet none
    import ast

    from convlint.model.files import SyntaxFault
    from convlint.source.notebooks import Cell, Notebook

_SUFFIX = ".ipynb"


class BrokenPlace(Struct, frozen=True):
    """A file or cell that cannot be parsed: what is wrong with it, and where in the program (from 1)."""

    what: str
    row: int
    column: int


class Parsed(Struct, frozen=True):
    """The tree of a file, or of its cells that can be parsed; None where nothing can."""

    tree: ast.Module | None
    broken: tuple[BrokenPlace, ...] = ()


class Notebooks(Struct):
    """The notebooks of one check, by the names they are shown under."""

    _read: dict[str, Notebook] = field(default_factory=dict)

    def program(self, name: str, text: str) -> str:
        """The Python of a file: of a notebook its program, of any other file its text.

        Raises UnreadableSource for a notebook that cannot be read, if it may speak of a framework.
        """
        if not name.endswith(_SUFFIX):
            return text
        from convlint.source.notebooks import NotebookFault, read_notebook

        try:
            notebook = self._read[name] = read_notebook(text)
        except NotebookFault as fault:
            if mentions_framework(text):
                raise UnreadableSource(name, str(fault)) from fault
            return ""
        return notebook.program

    def of(self, name: str) -> Notebook | None:
        """The notebook of a name; None for any other file."""
        return self._read.get(name)

    def lines(self, name: str, cell: int) -> Sequence[str] | None:
        """The rows of a cell as they are written; None where there is no such cell."""
        notebook = self._read.get(name)
        found = None if notebook is None else notebook.cell(cell)
        return None if found is None else found.lines

    def parsed(self, name: str, text: str) -> Parsed:
        """The tree of a file's Python, and of a notebook with broken cells that of the others."""
        from convlint.model.files import SyntaxFault, parse_text

        notebook = self._read.get(name)
        whole: tuple[BrokenPlace, ...] = ()
        try:
            tree = parse_text(text, name)
            if notebook is None or not _crosses(tree, notebook):
                return Parsed(tree)
        except SyntaxFault as fault:
            whole = (_broken(fault),)
        if notebook is None:
            return Parsed(None, whole)
        broken: dict[int, BrokenPlace] = {}
        for cell in notebook.cells:
            try:
                parse_text("\n".join(cell.python), name)
            except SyntaxFault as fault:
                broken[cell.number] = _broken(fault, cell.first_row - 1, "; the other cells are analysed")
        try:
            return Parsed(parse_text(notebook.without(frozenset(broken)), name), tuple(broken.values()))
        except SyntaxFault as fault:
            return Parsed(None, whole or (_broken(fault),))

    def in_cells(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings, those in notebooks with rows that count in cells."""
        for finding in findings:
            notebook = self._read.get(finding.filename)
            cell = None if notebook is None else notebook.cell_at(finding.location.row)
            if notebook is None or cell is None:
                yield self._with_notes(finding)
                continue
            fix = finding.fix
            if fix is not None:
                fix = replace(fix, edits=tuple(_edit(edit, notebook) for edit in fix.edits))
            yield replace(
                self._with_notes(finding),
                cell=cell.number,
                location=_place(cell, finding.location),
                end_location=_place(cell, finding.end_location),
                fix=fix,
            )

    def _with_notes(self, finding: Finding) -> Finding:
        if not self._read or not any(note.filename in self._read for note in finding.notes):
            return finding
        return replace(finding, notes=tuple(map(self._note, finding.notes)))

    def _note(self, note: Note) -> Note:
        notebook = self._read.get(note.filename or "")
        if notebook is None or note.location is None:
            return note
        cell = notebook.cell_at(note.location.row)
        return note if cell is None else replace(note, location=_place(cell, note.location), cell=cell.number)


def with_edits(text: str, edits: Iterable[Edit]) -> str:
    """A notebook's text with edits of findings in it made; all but the sources of their cells stays as it is.

    Raises ValueError where edits overlap or name no cell.
    """
    from convlint.source.notebooks import CellEdit, edited

    return edited(
        text,
        (
            CellEdit(
                edit.cell or 0,
                (edit.location.row, edit.location.column),
                (edit.end_location.row, edit.end_location.column),
                edit.content,
            )
            for edit in edits
        ),
    )


def _edit(edit: Edit, notebook: Notebook) -> Edit:
    """The edit in the cell where it begins."""
    cell = notebook.cell_at(edit.location.row)
    if cell is None:
        return edit
    start, end = _place(cell, edit.location), _place(cell, edit.end_location)
    return replace(edit, location=start, end_location=end, cell=cell.number)


def _place(cell: Cell, location: Location) -> Location:
    return Location(*cell.place(location.row, location.column))


def _crosses(tree: ast.Module, notebook: Notebook) -> bool:
    """Whether a statement reaches from one cell into another: then neither stands for itself."""
    return any(
        notebook.cell_at(_first_row(statement)) is not notebook.cell_at(statement.end_lineno or 0)
        for statement in tree.body
    )


def _first_row(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _broken(fault: SyntaxFault, above: int = 0, but: str = "") -> BrokenPlace:
    return BrokenPlace(fault.message + but, above + fault.row, fault.column)
