"""One line above each model: "23.5 M parameters · 4.1 GMACs · out (N, 1000) · H, W multiples of 32"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from convlint.lint.sheet.data import ModelSeen, Place, Sheet
from convlint.lint.wording import millions, shortened

_FACT = re.compile(r"(?P<name>\w+) (?P<must>must be .+)")
_LONGEST_MACS = 40
_LONGEST_FACT = 80
_PLAIN = (
    (re.compile(r"must be a multiple of (\d+)"), r"multiple of \1"),
    (re.compile(r"must be at least (\d+)"), r"≥ \1"),
)


class Lens(Struct, frozen=True):
    """A line to show above a place, and the model it speaks of."""

    place: Place
    title: str
    model: ModelSeen


def lenses(sheet: Sheet) -> Iterator[Lens]:
    """A line for each model of which something is known."""
    for model in sheet.models:
        lens = lens_of(model)
        if lens is not None:
            yield lens


def lens_of(model: ModelSeen) -> Lens | None:
    """The line of one model; None where nothing is known of it."""
    parts = []
    if model.params is not None:
        parts.append(f"{millions(model.params)} parameter{'s' * (model.params != 1)}")
    if isinstance(model.macs, int):
        amount, _, unit = millions(model.macs).partition(" ")
        parts.append(f"{amount} {unit}MACs")
    elif model.macs is not None and len(model.macs) <= _LONGEST_MACS:
        parts.append(f"{model.macs.replace('*', '·')} MACs")
    if model.output is not None:
        parts.append(f"out {model.output}")
    parts += [shortened(fact, _LONGEST_FACT) for fact in _together(model.accepts)]
    return Lens(model.place, " · ".join(parts), model) if parts else None


def _together(facts: Sequence[str]) -> Iterator[str]:
    """`H, W multiples of 32`: symbols of which the same is said, in one phrase."""
    names: dict[str, list[str]] = {}
    for fact in facts:
        match = _FACT.fullmatch(fact)
        names.setdefault(match["must"] if match else fact, []).extend([match["name"]] if match else [])
    for must, symbols in names.items():
        words = must
        for pattern, short in _PLAIN:
            words = pattern.sub(short, words)
        if len(symbols) > 1:
            words = words.replace("multiple of", "multiples of")
        yield f"{', '.join(symbols)} {words}" if symbols else words
