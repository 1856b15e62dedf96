"""A model as a whole: its layers, their parameters and the total."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from convlint.lint.subjects.base import Subject
from convlint.lint.subjects.layer import Layer
from convlint.lint.wording import grouped

_SMALL_MODEL = 1_000_000
_SHARE = 0.5


class ModelLayer(Struct, frozen=True):
    """A layer with parameters of its own."""

    layer: Layer
    params: int


class Model(Subject, frozen=True, kw_only=True):
    """A model that a root called; `total` counts all its parameters, None where their number is not known."""

    name: str
    layers: tuple[ModelLayer, ...]
    total: int | None

    def heavier_than(self, params: float) -> Iterator[ModelLayer]:
        """The layers with more parameters than this, heaviest first."""
        ordered = sorted(self.layers, key=lambda each: -each.params)
        return (each for each in ordered if each.params > params)

    def heavy(self, limit: float) -> Iterator[ModelLayer]:
        """The layers over the limit, or with over half of the parameters of a model of at least a million.

        A classifier directly after global pooling is exempt from the share.
        """
        for each in self.heavier_than(0):
            most = self.total is not None and self.total >= _SMALL_MODEL and each.params > _SHARE * self.total
            if each.params > limit or (most and not each.layer.after_global_pooling):
                yield each

    def share(self, params: int) -> str:
        """`, 83 % of the model's 9,216,000`; empty where the total is not known."""
        if not self.total:
            return ""
        return f", {100 * params / self.total:.0f} % of the model's {grouped(self.total)}"
