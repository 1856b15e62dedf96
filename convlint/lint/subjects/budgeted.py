"""A model for which the configuration sets limits."""

from __future__ import annotations

from convlint.config.readers import ModelSettings
from convlint.lint.subjects.base import Place, Subject
from convlint.trace import Span

Heaviest = tuple[tuple[str, int], ...]


class Budgeted(Subject, frozen=True, kw_only=True):
    """A model by the name in the configuration, its limits, and what it takes.

    `params` and `macs` (of one sample, where the batch is free) are None where they are not known; the
    heaviest layers of each are by name, the heaviest first; `shapes` are the inputs that `macs` hold for.
    """

    name: str
    limits: ModelSettings
    params: int | None
    macs: int | None
    most_params: Heaviest
    most_macs: Heaviest
    shapes: str
    span: Span

    def here(self) -> Place:
        """The model's class or factory, or the call that builds it."""
        return self.pointing(self.span)


class MissingModel(Subject, frozen=True, kw_only=True):
    """Models that the configuration names in a file which nowhere speaks of them; with each a name that the
    file has and that may be meant, in words, or nothing.
    """

    names: tuple[tuple[str, str], ...]
    span: Span

    def here(self) -> Place:
        """The beginning of the file."""
        return self.pointing(self.span)
