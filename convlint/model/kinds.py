"""Which kinds of numbers inputs hold where only their shapes are given: floats, unless the model refuses.

Law: another kind is taken only where the model raises what speaks of kinds, and with it runs to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from convlint.model.run import Outcome

P = TypeVar("P")

FLOAT, IDS, MASK = "float32", "int64", "bool"
_MOST_INPUTS = 4
_SPEAKS_OF_KINDS = ("dtype", "scalar type", "Boolean", "bool tensors", "Long", "integer")


def fitting(count: int, run: Callable[[tuple[str, ...]], P], ends: Callable[[P], Sequence[Outcome]]) -> P:
    """What `run` gives with floats, or with the first other kinds of the inputs that are not refused."""
    first = run((FLOAT,) * count)
    if not _refused(ends(first)) or count > _MOST_INPUTS:
        return first
    tried = (run(kinds) for kinds in _others(count))
    return next((each for each in tried if any(outcome.clean for outcome in ends(each))), first)


def _refused(outcomes: Sequence[Outcome]) -> bool:
    """Whether every way ends in an exception that speaks of kinds of numbers."""
    texts = [outcome.trace.raised or "" for outcome in outcomes]
    return bool(texts) and all(any(word in text for word in _SPEAKS_OF_KINDS) for text in texts)


def _others(count: int) -> Iterator[tuple[str, ...]]:
    """One input of another kind, then ids followed by masks, then all alike."""
    for kind in (MASK, IDS):
        for index in reversed(range(count)):
            yield (*(FLOAT,) * index, kind, *(FLOAT,) * (count - index - 1))
    for rest in (MASK, IDS):
        if count > 1:
            yield (IDS, *(rest,) * (count - 1))
            yield (FLOAT, *(rest,) * (count - 1))
