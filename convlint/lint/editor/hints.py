"""Text beside the code: shapes at the ends of statements and calls, parameters after constructors."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from convlint.lint.finding import Location
from convlint.lint.sheet.data import LayerSeen, Sheet
from convlint.lint.wording import grouped, shortened

_LONGEST = 60
_SHOWN = 2


class Hint(Struct, frozen=True):
    """Text to write at a place, and what an editor shows when it is pointed at."""

    where: Location
    label: str
    tooltip: str
    kind: str
    """`shape` or `parameters`."""


def hints(sheet: Sheet, first: int = 1, last: int | None = None) -> Iterator[Hint]:
    """The hints of the rows from `first` to `last`, in the order of their places."""
    found = [*_shapes(sheet), *_parameters(sheet)]
    for hint in sorted(found, key=lambda hint: (hint.where, hint.kind)):
        if first <= hint.where.row and (last is None or hint.where.row <= last):
            yield hint


def _shapes(sheet: Sheet) -> Iterator[Hint]:
    for seen in sheet.shapes:
        if seen.end is not None:
            yield Hint(seen.end, _joined(seen.shapes), "\n".join(seen.shapes), "shape")


def _joined(shapes: tuple[str, ...]) -> str:
    """One shape, two, or the first of more."""
    text = " | ".join(shapes if len(shapes) <= _SHOWN else (shapes[0], "…"))
    return shortened(text, _LONGEST)


def _parameters(sheet: Sheet) -> Iterator[Hint]:
    for layer in sheet.layers:
        label = _label(layer)
        if label:
            yield Hint(layer.place.end, label, _tooltip(layer), "parameters")


def _label(layer: LayerSeen) -> str:
    """How many parameters the constructor makes, and what comes out where no call in the file shows it."""
    counts = sorted({facts.params for facts in layer.facts if facts.params is not None})
    known = all(facts.params is not None for facts in layer.facts) and not layer.more
    parts = []
    if known and counts and counts[-1]:
        span = grouped(counts[0]) if len(counts) == 1 else f"{grouped(counts[0])} … {grouped(counts[-1])}"
        parts.append(f"{span} parameter{'s' * (counts[-1] != 1)}")
    if layer.facts and all(facts.alone for facts in layer.facts):
        outputs = tuple(dict.fromkeys(facts.output for facts in layer.facts if facts.output))
        parts += [f"→ {_joined(outputs)}"] if outputs else []
    return " ".join(parts)


def _tooltip(layer: LayerSeen) -> str:
    return "\n".join(
        dict.fromkeys(f"{facts.signature}: {facts.weights}" for facts in layer.facts if facts.weights)
    )
