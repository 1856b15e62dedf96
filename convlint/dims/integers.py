"""Sets of integers ≥ 0 that are periodic from some point on: the answer to a question about one symbol.

Law: closed under intersection and complement, exactly; a modulus beyond the limit raises Inexact instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import count
from math import lcm

from msgspec import Struct

MAX_MODULUS = 1 << 14

Run = tuple[int, int | None]
"""start ≤ q < stop; without a stop, all from start on."""


class Inexact(Exception):
    """No exact answer within the limits."""


class IntegerSet(Struct, frozen=True):
    """{modulus·q + r : q in runs[r]}: for each residue r ascending, disjoint, non-empty runs of q."""

    modulus: int
    runs: tuple[tuple[Run, ...], ...]

    def __contains__(self, x: int) -> bool:
        if x < 0:
            return False
        q, r = divmod(x, self.modulus)
        return any(start <= q and (stop is None or q < stop) for start, stop in self.runs[r])

    @property
    def empty(self) -> bool:
        """Whether there is no member."""
        return not any(self.runs)

    @property
    def bounded(self) -> bool:
        """Whether there is a largest member, or none at all."""
        return not any(runs and runs[-1][1] is None for runs in self.runs)

    @property
    def size(self) -> int | None:
        """How many members; None where there is no end of them."""
        if not self.bounded:
            return None
        return sum(stop - start for runs in self.runs for start, stop in runs if stop is not None)

    def smallest(self) -> int:
        """The least member. Raises ValueError where there is none."""
        return min(self.modulus * runs[0][0] + r for r, runs in enumerate(self.runs) if runs)

    def largest(self) -> int | None:
        """The greatest member; None where there is no end. Raises ValueError where there is none at all."""
        ends = [(r, runs[-1][1]) for r, runs in enumerate(self.runs) if runs]
        if any(stop is None for _, stop in ends):
            return None
        return max(self.modulus * (stop - 1) + r for r, stop in ends if stop is not None)

    def members(self) -> Iterator[int]:
        """All members, ascending."""
        return merge(*(self._of_residue(r) for r, runs in enumerate(self.runs) if runs))

    def _of_residue(self, r: int) -> Iterator[int]:
        for start, stop in self.runs[r]:
            for q in count(start) if stop is None else range(start, stop):
                yield self.modulus * q + r

    def lifted(self, modulus: int) -> IntegerSet:
        """The same set over a multiple of its modulus."""
        factor = modulus // self.modulus
        if factor == 1:
            return self
        if modulus > MAX_MODULUS:
            raise Inexact
        return IntegerSet(
            modulus,
            tuple(_thinned(self.runs[r % self.modulus], factor, r // self.modulus) for r in range(modulus)),
        )

    def intersection(self, other: IntegerSet) -> IntegerSet:
        """What is in both."""
        modulus = lcm(self.modulus, other.modulus)
        pairs = zip(self.lifted(modulus).runs, other.lifted(modulus).runs, strict=True)
        return IntegerSet(modulus, tuple(common(a, b) for a, b in pairs))

    def complement(self) -> IntegerSet:
        """All integers ≥ 0 that are not in it."""
        return IntegerSet(self.modulus, tuple(map(_gaps, self.runs)))

    def minus(self, other: IntegerSet) -> IntegerSet:
        """What is in this set only."""
        return self.intersection(other.complement())


def between(low: int, high: int | None) -> IntegerSet:
    """low..high, both included; without an upper end, all from `low` on; below 0 there is nothing."""
    low = max(low, 0)
    if high is not None and high < low:
        return IntegerSet(1, ((),))
    return IntegerSet(1, (((low, None if high is None else high + 1),),))


def residues(modulus: int, allowed: set[int]) -> IntegerSet:
    """All integers ≥ 0 whose residue is allowed."""
    return IntegerSet(modulus, tuple(((0, None),) if r in allowed else () for r in range(modulus)))


POSITIVE = between(1, None)


def _thinned(runs: tuple[Run, ...], factor: int, offset: int) -> tuple[Run, ...]:
    """The runs of t where factor·t + offset lies in the runs."""
    result: list[Run] = []
    for start, stop in runs:
        low = max(0, -((offset - start) // factor))
        high = None if stop is None else -((offset - stop) // factor)
        if high is None or low < high:
            result.append((low, high))
    return tuple(result)


def common(a: tuple[Run, ...], b: tuple[Run, ...]) -> tuple[Run, ...]:
    """The intersection of two ascending sequences of runs."""
    result: list[Run] = []
    for start, stop in a:
        for other_start, other_stop in b:
            low = max(start, other_start)
            ends = [end for end in (stop, other_stop) if end is not None]
            high = min(ends) if ends else None
            if high is None or low < high:
                result.append((low, high))
    return tuple(result)


def _gaps(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    result: list[Run] = []
    low: int | None = 0
    for start, stop in runs:
        if low is not None and start > low:
            result.append((low, start))
        low = stop
    if low is not None:
        result.append((low, None))
    return tuple(result)
