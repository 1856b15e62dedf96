"""An analysis as sheets look at it: the outcomes that count, and places of this file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct, field

from convlint.dims import Dim
from convlint.lint.sheet.data import Place
from convlint.lint.sheet.reached import Reached
from convlint.lint.sources import Sources
from convlint.model.census import census
from convlint.model.portrait import receptive_fields
from convlint.model.roots import Analysis, RootKind, RootRun
from convlint.model.run import Outcome
from convlint.model.shapes import free_batches
from convlint.trace import Called, Instance, Span, Tensor, Value, is_opaque

MOST_SHAPES = 6
"""Different shapes of one place that are kept."""
_MOST_WRITTEN = 2000
"""Shapes whose text is kept, from one edit to the next."""


class View(Struct):
    """The analysis of one file, with what several parts of a sheet ask for."""

    analysis: Analysis
    sources: Sources
    _totals: dict[tuple[int, int], int | None] = field(default_factory=dict)
    _fields: dict[int, dict[int, int]] = field(default_factory=dict)
    _reached: dict[int, Reached] = field(default_factory=dict)
    _inner: dict[int, dict[int, list[Called]]] = field(default_factory=dict)
    """By outcome and call: the calls that stand right inside it."""

    def outcomes(self) -> Iterator[tuple[RootRun, Outcome]]:
        """Every path of every root, evaluation before training."""
        for training in (False, True):
            for run in self.analysis.runs:
                if (run.training and run.kind is not RootKind.MODULE) is training:
                    for outcome in run.outcomes:
                        outcome.show()
                        yield run, outcome

    def reached(self, outcome: Outcome) -> Reached:
        """What the program comes by on a path."""
        if id(outcome) not in self._reached:
            self._reached[id(outcome)] = Reached(outcome)
        return self._reached[id(outcome)]

    def place(self, span: Span) -> Place | None:
        """A span of this file; None for any other file's."""
        if span.filename != self.analysis.filename:
            return None
        _, start, end = self.sources.locate(span)
        return Place(start, end)

    def inside(self, outcome: Outcome, call: Called) -> Iterator[Called]:
        """A call and all calls in it; the calls of a path are looked through once for all of them."""
        inner = self._inner.get(id(outcome))
        if inner is None:
            inner = self._inner[id(outcome)] = {}
            for each in outcome.trace.calls:
                if each.parent is not None:
                    inner.setdefault(id(each.parent), []).append(each)
        waiting = [call]
        while waiting:
            each = waiting.pop()
            yield each
            waiting += inner.get(id(each), ())

    def total(self, outcome: Outcome, instance: Instance) -> int | None:
        """All parameters of a layer or model; None where they are not known."""
        key = id(outcome), id(instance)
        if key not in self._totals:
            counted = census(outcome, instance)
            self._totals[key] = None if counted is None else counted.total
        return self._totals[key]

    def receptive_field(self, outcome: Outcome, call: Called) -> int | None:
        """The receptive field of a call's output."""
        if id(outcome) not in self._fields:
            self._fields[id(outcome)] = receptive_fields(outcome.trace.calls)
        return self._fields[id(outcome)].get(call.order)


def has_shape(value: Value, *, now: bool = False) -> bool:
    """Whether a value is a tensor of known rank, or holds one.

    What was changed since it was kept says nothing of then: a tensor that got another shape in place has none
    here, nor has a list or dict, of which no one can tell; unless it is asked for as it is `now`.
    """
    match value:
        case Tensor(shape=shape, restated=restated):
            return shape is not None and (now or not restated)
        case tuple():
            return any(has_shape(each, now=now) for each in value)
        case list() if now:
            return any(has_shape(each, now=True) for each in value)
        case dict() if now:
            return any(has_shape(each, now=True) for each in value.values())
    return False


def text_of(value: Value, *, now: bool = False) -> str:
    """The shape of a tensor, or of what holds tensors: `(N, 64, H//2, W//2)`; empty where there is none.

    `?` is an unknown extent, `None` one that the framework leaves free.
    """
    return _written(value, now) if has_shape(value, now=now) else ""


def _written(value: Value, now: bool) -> str:
    match value:
        case Tensor(shape=shape) if shape is not None and has_shape(value, now=now):
            return _shape(shape, frozenset(free_batches([value])))
        case tuple() | list() if now or isinstance(value, tuple):
            return f"[{', '.join(_written(each, now) for each in value)}]"
        case dict() if now:
            return f"{{{', '.join(f'{key}: {_written(each, now)}' for key, each in value.items())}}}"
    return "?"


@lru_cache(_MOST_WRITTEN)
def _shape(shape: tuple[Dim, ...], free: frozenset[str]) -> str:
    """The layers of a model share their shapes: each is written once."""
    extents = ["?" if is_opaque(d) else "None" if str(d) in free else str(d) for d in shape]
    return f"({', '.join(extents)}{',' if len(extents) == 1 else ''})"


def given(call: Called) -> str:
    """The shapes that a call was given."""
    texts = [text_of(value) for value in call.inputs if has_shape(value)]
    return ", ".join(texts)
