"""The data of a sheet; places are rows and columns of code points from 1, shapes are written out."""

from __future__ import annotations

from msgspec import Struct

from convlint.lint.finding import Location


class Place(Struct, frozen=True, order=True):
    """A stretch of the file from `start` up to, not including, `end`."""

    start: Location
    end: Location

    def holds(self, where: Location) -> bool:
        """Whether a place between two characters lies in it, its two ends included."""
        return self.start <= where <= self.end


class Facts(Struct, frozen=True):
    """One way in which a constructor's call was seen at work; texts are empty where nothing is known."""

    signature: str
    """The class by its qualified name, with what the constructor was given, defaults among it."""
    formula: tuple[str, ...] = ()
    """Extents by the layer's law, with the numbers put in: `H: (224 + 6 - 7)//2 + 1 = 112`."""
    input: str = ""
    output: str = ""
    params: int | None = None
    weights: str = ""
    """Its own parameters: `weight 64×3×7×7, bias 64`."""
    macs: str = ""
    field: int | None = None
    """The receptive field of its output."""
    alone: bool = False
    """Whether no call of it stands in the file: a container calls it."""


class LayerSeen(Struct, frozen=True):
    """The call of a constructor, and what it made, each different thing once; `more` were left out."""

    place: Place
    name: str
    facts: tuple[Facts, ...]
    more: int = 0


class ShapeSeen(Struct, frozen=True):
    """The different shapes that stood at a place, in the order in which they were seen.

    `end` is where a statement or call ends: there an editor may write them. Of a shape that stands only to be
    asked for (a name's, an inner call's that says nothing new) it is None.
    """

    place: Place
    shapes: tuple[str, ...]
    end: Location | None = None


class ModelSeen(Struct, frozen=True):
    """A model at its class, factory or construction; what different ones there do not agree on is None."""

    place: Place
    name: str
    params: int | None
    macs: int | str | None
    """Multiply-accumulates, of one sample where the batch is free."""
    output: str | None
    accepts: tuple[str, ...]
    """What its inputs must be, in words."""


class Symbol(Struct, frozen=True):
    """A class, function or layer attribute of the outline; `selection` is its name."""

    name: str
    kind: str
    """`class`, `function`, `method` or `layer`."""
    detail: str
    place: Place
    selection: Place
    children: tuple[Symbol, ...] = ()


class Sheet(Struct, frozen=True):
    """Everything that an editor shows of one file."""

    layers: tuple[LayerSeen, ...] = ()
    shapes: tuple[ShapeSeen, ...] = ()
    models: tuple[ModelSeen, ...] = ()
    symbols: tuple[Symbol, ...] = ()
