"""Looks for small assignments that meet some forms: a find is certain, a miss proves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from convlint.dims.integers import IntegerSet
from convlint.dims.question import Form

_FIRST = 64
_DEPTH = {1: 1000, 2: 48, 3: 16, 4: 10}
"""For so many symbols, the sum of ranks up to which all small assignments are tried."""
_DOUBLINGS = 24
_STEPS = (1, 63, 1 << 12)
"""How far samples lie from the least assignment."""


def witness(wanted: Sequence[Form], sets: Mapping[str, IntegerSet], limit: int) -> dict[str, int] | None:
    """The first assignment, from small to large, that meets all forms; None where `limit` tries find none."""
    for assignment in islice(_candidates(sets), limit):
        if satisfied(wanted, assignment):
            return assignment
    return None


def satisfied(wanted: Sequence[Form], assignment: Mapping[str, int]) -> bool:
    """Whether all forms hold; one that divides by zero does not."""
    try:
        return all(form.holds(assignment) for form in wanted)
    except ZeroDivisionError:
        return False


def samples(sets: Mapping[str, IntegerSet]) -> Iterator[dict[str, int]]:
    """A few assignments far apart: the least, somewhat and much larger ones of all symbols, or of one."""
    if any(values.empty for values in sets.values()):
        return
    least = {name: values.smallest() for name, values in sets.items()}
    yield least
    for step in _STEPS:
        larger = {name: _member_from(values, least[name] + step) for name, values in sorted(sets.items())}
        moved = {name: at for name, at in larger.items() if at is not None}
        yield least | moved
        if len(least) > 1:
            for name, at in moved.items():
                yield least | {name: at}


def _candidates(sets: Mapping[str, IntegerSet]) -> Iterator[dict[str, int]]:
    """The least values by the sum of their ranks, then all ranks equal, then single large values."""
    names = sorted(sets)
    if any(values.empty for values in sets.values()):
        return
    yield {name: sets[name].smallest() for name in names}
    depth = _DEPTH.get(len(names), 5)
    values = [list(islice(sets[name].members(), max(depth, _FIRST))) for name in names]
    for total in range(1, depth):
        for ranks in _compositions(total, len(names)):
            if all(rank < len(column) for rank, column in zip(ranks, values, strict=True)):
                chosen = (column[rank] for column, rank in zip(values, ranks, strict=True))
                yield dict(zip(names, chosen, strict=True))
    for row in zip(*values, strict=False):
        yield dict(zip(names, row, strict=True))
    yield from _spikes(names, values, sets)


def _compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total, -1, -1):
        for rest in _compositions(total - first, parts - 1):
            yield (first, *rest)


def _spikes(
    names: list[str], values: list[list[int]], sets: Mapping[str, IntegerSet]
) -> Iterator[dict[str, int]]:
    least = {name: column[0] for name, column in zip(names, values, strict=True)}
    for exponent in range(6, 6 + _DOUBLINGS):
        for name in names:
            at = _member_from(sets[name], least[name] + (1 << exponent))
            if at is not None:
                yield least | {name: at}


def _member_from(values: IntegerSet, start: int) -> int | None:
    """A member at or soon after `start`."""
    return next((x for x in range(start, start + values.modulus) if x in values), None)
