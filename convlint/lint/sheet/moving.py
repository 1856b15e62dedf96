"""A sheet with its places elsewhere: in a text that was edited since, or in the cells of a notebook.

Law: what has no place there is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from convlint.lint.finding import Location
from convlint.lint.sheet.data import LayerSeen, ModelSeen, Place, ShapeSeen, Sheet, Symbol

if TYPE_CHECKING:
    from convlint.source.notebooks import Cell, Notebook

Move = Callable[[Location], Location | None]
"""Where a place between two characters is; None for one that is gone."""
Seen = LayerSeen | ShapeSeen | ModelSeen | Symbol
T = TypeVar("T")


def moved_sheet(sheet: Sheet, move: Move) -> Sheet:
    """The sheet with what still has a place."""
    return Sheet(
        layers=tuple(_present(_placed(each, move) for each in sheet.layers)),
        shapes=tuple(_present(_shape(each, move) for each in sheet.shapes)),
        models=tuple(_present(_placed(each, move) for each in sheet.models)),
        symbols=tuple(_present(_symbol(each, move) for each in sheet.symbols)),
    )


def sheets_of_cells(sheet: Sheet, notebook: Notebook) -> dict[int, Sheet]:
    """The parts of a notebook's sheet by the numbers of their cells, with rows that count in these."""
    cells: dict[int, Cell] = {}
    parts: dict[int, dict[str, list[Seen]]] = {}
    for name in ("layers", "shapes", "models", "symbols"):
        for each in getattr(sheet, name):
            cell = notebook.cell_at(each.place.start.row)
            if cell is not None:
                cells[cell.number] = cell
                parts.setdefault(cell.number, {}).setdefault(name, []).append(each)
    return {
        number: moved_sheet(
            Sheet(**{name: tuple(found) for name, found in part.items()}),  # type: ignore[arg-type]
            _within(cells[number]),
        )
        for number, part in parts.items()
    }


def _within(cell: Cell) -> Move:
    def move(where: Location) -> Location | None:
        row, column = cell.place(where.row, where.column)
        return Location(row, column) if 1 <= row <= len(cell.lines) else None

    return move


def place_moved(place: Place, move: Move) -> Place | None:
    """The place, where both its ends have one."""
    start, end = move(place.start), move(place.end)
    return None if start is None or end is None else Place(start, end)


def _present(found: Iterable[T | None]) -> Iterator[T]:
    return (each for each in found if each is not None)


P = TypeVar("P", LayerSeen, ModelSeen)


def _placed(seen: P, move: Move) -> P | None:
    place = place_moved(seen.place, move)
    return None if place is None else replace(seen, place=place)


def _shape(seen: ShapeSeen, move: Move) -> ShapeSeen | None:
    place = place_moved(seen.place, move)
    end = None if seen.end is None else move(seen.end)
    return None if place is None else replace(seen, place=place, end=end)


def _symbol(symbol: Symbol, move: Move) -> Symbol | None:
    place, selection = place_moved(symbol.place, move), place_moved(symbol.selection, move)
    if place is None or selection is None:
        return None
    children = tuple(_present(_symbol(each, move) for each in symbol.children))
    return replace(symbol, place=place, selection=selection, children=children)
