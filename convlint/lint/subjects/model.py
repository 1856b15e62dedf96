"""A model as a whole: its layers, their parameters and the total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from convlint.lint.subjects.base import Subject, Voice
from convlint.lint.subjects.layer import Layer


@dataclass(frozen=True, slots=True)
class ModelLayer:
    """A layer with parameters of its own."""

    layer: Layer
    params: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Subject):
    """A model that a root called; `total` counts all its parameters, None where their number is not known."""

    name: str
    layers: tuple[ModelLayer, ...]
    total: int | None

    def under(self, voice: Voice) -> Model:
        """The same model and layers, spoken of by a rule."""
        layers = tuple(replace(each, layer=each.layer.under(voice)) for each in self.layers)
        return replace(self, voice=voice, layers=layers)

    def heavier_than(self, params: float) -> Iterator[ModelLayer]:
        """The layers with more parameters than this, heaviest first."""
        ordered = sorted(self.layers, key=lambda each: -each.params)
        return (each for each in ordered if each.params > params)
