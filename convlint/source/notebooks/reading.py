"""A notebook as one program: its Python cells one below the other, each row knowing its cell.

Law: cells count from 1 over all cells, of whatever type; a notebook or cell of another language has no rows.
"""

from bisect import bisect_right
from functools import cached_property

from msgspec import Struct

from convlint.source.notebooks.layout import Layout, NotebookFault, RawCell, layout_of
from convlint.source.notebooks.magics import ANYTHING, plain
from convlint.source.positions import Lines

_PYTHON = ("python", "ipython", "python3", "ipython3")


class Cell(Struct, frozen=True):
    """A Python cell: its rows as they are written, and where they stand in the program.

    `python` are the rows with IPython's syntax replaced; `cut` is how many columns each lost on the left.
    """

    number: int
    first_row: int
    lines: tuple[str, ...]
    python: tuple[str, ...]
    cut: tuple[int, ...]

    def place(self, row: int, column: int) -> tuple[int, int]:
        """Row and column in the cell (from 1) of those of the program; a row after its last stays such."""
        own = row - self.first_row + 1
        return own, column + (self.cut[own - 1] if 1 <= own <= len(self.cut) else 0)


class Notebook(Struct, frozen=True, dict=True):
    """The Python cells of a notebook."""

    cells: tuple[Cell, ...]

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(cell.first_row for cell in self.cells)

    @property
    def program(self) -> str:
        """All cells as one module."""
        return self.without(frozenset())

    def without(self, left_out: frozenset[int]) -> str:
        """The program with the cells of these numbers blanked; they may have bound any name."""
        rows: list[str] = []
        for cell in self.cells:
            blank = (ANYTHING, *[""] * (len(cell.python) - 1))
            rows += blank if cell.number in left_out else cell.python
        return "\n".join(rows)

    def cell_at(self, row: int) -> Cell | None:
        """The cell that holds a row of the program; a row beyond it is of the last one."""
        index = bisect_right(self._starts, row) - 1
        return self.cells[max(index, 0)] if self.cells else None

    def cell(self, number: int) -> Cell | None:
        """The Python cell of a number."""
        return next((cell for cell in self.cells if cell.number == number), None)


def read_notebook(text: str) -> Notebook:
    """The Python cells of a notebook's JSON; none of a notebook in another language. Raises NotebookFault."""
    if not text.strip("\ufeff \t\r\n"):
        return Notebook(())
    layout = layout_of(text)
    if not _speaks_python(layout):
        return Notebook(())
    cells: list[Cell] = []
    row = 1
    for number, raw in enumerate(layout.cells, 1):
        if raw.written is None or not _is_python(raw):
            continue
        lines = Lines.of(raw.written.text).lines
        python = plain(lines)
        cells.append(Cell(number, row, lines, python.lines, python.cut))
        row += len(lines)
    return Notebook(tuple(cells))


def python_of(text: str) -> str:
    """A cell's text with IPython's syntax replaced; its rows stay where they are."""
    return "\n".join(plain(Lines.of(text).lines).lines)


def _speaks_python(layout: Layout) -> bool:
    """By the kernel that ran it; by the one it asks for; a notebook that does not say is Python."""
    said = _at(layout.metadata, "language_info", "name") or _at(layout.metadata, "kernelspec", "language")
    return not isinstance(said, str) or not said or said.lower() in _PYTHON


def _is_python(cell: RawCell) -> bool:
    """A code cell, in Python, that is not marked as one that fails on purpose."""
    languages = (cell.language, _at(cell.metadata, "vscode", "languageId"))
    tags = _at(cell.metadata, "tags")
    meant_to_fail = isinstance(tags, list) and "raises-exception" in tags
    others = any(isinstance(each, str) and each.lower() not in _PYTHON for each in languages)
    return cell.type == "code" and not others and not meant_to_fail


def _at(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


__all__ = ["Cell", "Notebook", "NotebookFault", "python_of", "read_notebook"]
