"""An analysis as sheets look at it: the outcomes that count, and places of this file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from convlint.lint.sheet.data import Place
from convlint.lint.sources import Sources
from convlint.model.census import census
from convlint.model.portrait import receptive_fields
from convlint.model.roots import Analysis, RootKind, RootRun
from convlint.model.run import Outcome
from convlint.model.shapes import shown
from convlint.trace import Called, Instance, Span, Tensor, Value

MOST_SHAPES = 6
"""Different shapes of one place that are kept."""


@dataclass(slots=True)
class View:
    """The analysis of one file, with what several parts of a sheet ask for."""

    analysis: Analysis
    sources: Sources
    _totals: dict[tuple[int, int], int | None] = field(default_factory=dict)
    _fields: dict[int, dict[int, int]] = field(default_factory=dict)

    def outcomes(self) -> Iterator[tuple[RootRun, Outcome]]:
        """Every path of every root, evaluation before training."""
        for training in (False, True):
            for run in self.analysis.runs:
                if (run.training and run.kind is not RootKind.MODULE) is training:
                    yield from ((run, outcome) for outcome in run.outcomes)

    def place(self, span: Span) -> Place | None:
        """A span of this file; None for any other file's."""
        if span.filename != self.analysis.filename:
            return None
        _, start, end = self.sources.locate(span)
        return Place(start, end)

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


def has_shape(value: Value) -> bool:
    """Whether a value is a tensor of known rank, or holds one."""
    if isinstance(value, (tuple, list)):
        return any(has_shape(each) for each in value)
    if isinstance(value, dict):
        return any(has_shape(each) for each in value.values())
    return isinstance(value, Tensor) and value.shape is not None


def text_of(value: Value) -> str:
    """The shape of a tensor, or of what holds tensors: `(N, 64, H//2, W//2)`; empty where there is none."""
    return written(shown(value)) if has_shape(value) else ""


def written(shape: object) -> str:
    """A shape as a summary shows it, as text: `?` is unknown, `None` an extent that is free."""
    match shape:
        case None:
            return "?"
        case tuple():
            inner = [str(extent) if extent is not None else "?" for extent in _extents(shape)]
            return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
        case list():
            return f"[{', '.join(map(written, shape))}]"
        case dict():
            return f"{{{', '.join(f'{key}: {written(value)}' for key, value in shape.items())}}}"
        case _:
            return str(shape)


def _extents(shape: object) -> Sequence[object]:
    return cast("Sequence[object]", shape)


def given(call: Called) -> str:
    """The shapes that a call was given."""
    texts = [text_of(value) for value in call.inputs if has_shape(value)]
    return ", ".join(texts)
