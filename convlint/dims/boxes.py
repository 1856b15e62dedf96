"""Solutions as boxes: for each symbol a range, an arithmetic progression with or without an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from msgspec import Struct

from convlint.dims.integers import Inexact, IntegerSet

_MOST_RANGES = 1024


class Range(Struct, frozen=True):
    """low, low + step, … up to `high`, which is a member; without end where it is None."""

    low: int
    high: int | None
    step: int = 1

    def __contains__(self, x: int) -> bool:
        return x >= self.low and (self.high is None or x <= self.high) and (x - self.low) % self.step == 0

    def __str__(self) -> str:
        if self.low == self.high:
            return str(self.low)
        every = f" step {self.step}" if self.step > 1 else ""
        return f"{self.low}..{'' if self.high is None else self.high}{every}"


class Box(Struct, frozen=True):
    """A set of solutions: each symbol takes any value of its range, whatever the others take."""

    ranges: tuple[tuple[str, Range], ...]

    def __getitem__(self, name: str) -> Range:
        """The range of a symbol. Raises KeyError for any other name."""
        return dict(self.ranges)[name]

    def __contains__(self, assignment: Mapping[str, int]) -> bool:
        return all(assignment[name] in values for name, values in self.ranges)

    def __str__(self) -> str:
        return ", ".join(f"{name} in {values}" for name, values in self.ranges)


def boxes(sets: Mapping[str, IntegerSet]) -> list[Box]:
    """The product of the sets, by name. Raises Inexact where it takes too many ranges."""
    names = sorted(sets)
    columns = [ranges(sets[name]) for name in names]
    return [Box(tuple(zip(names, row, strict=True))) for row in product(*columns)]


def ranges(values: IntegerSet) -> list[Range]:
    """A set as disjoint ranges, ascending by their lower ends. Raises Inexact where there are too many."""
    found: list[Range] = []
    for piece in _pieces(values):
        last = found[-1] if found else None
        if last and last.high is not None and last.step == piece.step == 1 and last.high + 1 == piece.low:
            found[-1] = Range(last.low, piece.high)
        else:
            found.append(piece)
        if len(found) > _MOST_RANGES:
            raise Inexact
    return found


def _pieces(values: IntegerSet) -> Iterator[Range]:
    """Band by band of q, in each of which the same residues are members."""
    edges = {edge for runs in values.runs for run in runs for edge in run if edge is not None}
    starts = sorted(edges)
    for i, start in enumerate(starts):
        stop = starts[i + 1] if i + 1 < len(starts) else None
        allowed = [
            r
            for r, runs in enumerate(values.runs)
            if any(low <= start and (high is None or start < high) for low, high in runs)
        ]
        yield from _band(values.modulus, start, stop, allowed)


def _band(modulus: int, start: int, stop: int | None, allowed: list[int]) -> Iterator[Range]:
    """The members within start ≤ q < stop."""
    if len(allowed) == modulus:
        yield Range(modulus * start, None if stop is None else modulus * stop - 1)
        return
    if stop == start + 1:
        yield from (Range(modulus * start + r, modulus * start + r) for r in allowed)
        return
    step = _least_period(modulus, set(allowed))
    for r in (r for r in allowed if r < step):
        low = modulus * start + r
        high = None if stop is None else low + (modulus * (stop - start) - r - 1) // step * step
        yield Range(low, high, step)


def _least_period(modulus: int, allowed: set[int]) -> int:
    for step in range(1, modulus):
        if modulus % step == 0 and all((r in allowed) == (r % step in allowed) for r in range(modulus)):
            return step
    return modulus
