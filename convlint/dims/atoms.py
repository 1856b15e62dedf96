"""What expressions multiply: symbols, floors and extrema, each interned and ordered by its printed text.

Law: these constructors take operands as they are; `floor` and `extremum` normalise them first.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING, Literal
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from convlint.dims.expr import Dim


class Atom:
    """What a product multiplies: a symbol, a floor or an extremum; interned, ordered by its printed text."""

    __slots__ = ("__weakref__", "_text", "depth", "size")
    _text: str | None
    depth: int
    size: int

    @property
    def text(self) -> str:
        """How the atom prints on its own; also what orders atoms, so that no order depends on hash seeds."""
        if self._text is None:
            from convlint.dims.printing import atom_text

            self._text = atom_text(self)
        return self._text


class Symbol(Atom):
    """An unknown integer of at least 1."""

    __slots__ = ("name",)
    name: str

    def __reduce__(self) -> tuple[object, ...]:
        return symbol_atom, (self.name,)


class Floor(Atom):
    """floor(numerator / divisor), where no normalisation in `floor.py` applies any more."""

    __slots__ = ("divisor", "numerator")
    numerator: Dim
    divisor: Dim

    def __reduce__(self) -> tuple[object, ...]:
        return floor_atom, (self.numerator, self.divisor)


class Extremum(Atom):
    """The least ("min") or greatest ("max") of two or more operands."""

    __slots__ = ("kind", "operands")
    kind: Literal["min", "max"]
    operands: tuple[Dim, ...]

    def __reduce__(self) -> tuple[object, ...]:
        return extremum_atom, (self.kind, self.operands)


_making = Lock()
_symbols: WeakValueDictionary[str, Symbol] = WeakValueDictionary()
_floors: WeakValueDictionary[tuple[Dim, Dim], Floor] = WeakValueDictionary()
_extrema: WeakValueDictionary[tuple[str, tuple[Dim, ...]], Extremum] = WeakValueDictionary()


def symbol_atom(name: str) -> Symbol:
    """The interned symbol of that name."""
    found = _symbols.get(name)
    if found is not None:
        return found
    made = Symbol()
    made.name, made.size, made.depth, made._text = name, 1, 0, None
    with _making:
        return _symbols.setdefault(name, made)


def floor_atom(numerator: Dim, divisor: Dim) -> Floor:
    """The interned floor as it stands: callers have normalised it."""
    key = (numerator, divisor)
    found = _floors.get(key)
    if found is not None:
        return found
    made = Floor()
    made.numerator, made.divisor, made._text = numerator, divisor, None
    made.size, made.depth = _extent(key)
    with _making:
        return _floors.setdefault(key, made)


def extremum_atom(kind: Literal["min", "max"], operands: tuple[Dim, ...]) -> Extremum:
    """The interned extremum as it stands: callers have normalised and ordered its operands."""
    key = (kind, operands)
    found = _extrema.get(key)
    if found is not None:
        return found
    made = Extremum()
    made.kind, made.operands, made._text = kind, operands, None
    made.size, made.depth = _extent(operands)
    with _making:
        return _extrema.setdefault(key, made)


def _extent(parts: Iterable[Dim]) -> tuple[int, int]:
    size, depth = 1, 0
    for part in parts:
        if not isinstance(part, int):
            size += part.size
            depth = max(depth, part.depth)
    return size, depth + 1


def parts_of(atom: Atom) -> tuple[Dim, ...]:
    """The expressions directly inside an atom."""
    match atom:
        case Floor():
            return atom.numerator, atom.divisor
        case Extremum():
            return atom.operands
    return ()
