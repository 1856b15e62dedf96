"""Integer polynomials of one variable q, as coefficients from the constant up, and piecewise ones over q ≥ 0.

Law: signs are found on integers alone: a polynomial is monotone where its finite difference keeps its sign,
so bisection finds each change exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest

Poly = tuple[int, ...]
Pieces = tuple[tuple[int, Poly], ...]
"""(start, polynomial) from start up to the next start; the first start is 0, the last piece is unbounded."""

Signs = list[tuple[int, int]]
"""(start, -1 | 0 | 1) with the same reading."""


def trimmed(coefficients: list[int]) -> Poly:
    """Without leading zeros; the zero polynomial is empty."""
    while coefficients and not coefficients[-1]:
        coefficients.pop()
    return tuple(coefficients)


def plus(a: Poly, b: Poly) -> Poly:
    """a + b."""
    return trimmed([x + y for x, y in zip_longest(a, b, fillvalue=0)])


def times(a: Poly, b: Poly) -> Poly:
    """a · b."""
    result = [0] * (len(a) + len(b) - 1) if a and b else []
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            result[i + j] += x * y
    return trimmed(result)


def minus(a: Poly, b: Poly) -> Poly:
    """a - b."""
    return trimmed([x - y for x, y in zip_longest(a, b, fillvalue=0)])


def value(p: Poly, q: int) -> int:
    """p(q), by Horner's scheme."""
    result = 0
    for coefficient in reversed(p):
        result = result * q + coefficient
    return result


def difference(p: Poly) -> Poly:
    """p(q + 1) - p(q)."""
    shifted: Poly = ()
    for coefficient in reversed(p):
        shifted = plus(times(shifted, (1, 1)), (coefficient,))
    return minus(shifted, p)


def signs(p: Poly, start: int) -> Signs:
    """The sign of p(q) for every integer q ≥ start, neighbours of one sign joined."""
    if len(p) < 2:
        return [(start, _sign(value(p, start)))]
    found: Signs = []
    steps = signs(difference(p), start)
    for i, (first, direction) in enumerate(steps):
        stop = steps[i + 1][0] if i + 1 < len(steps) else None
        for at, sign in _signs_where_monotone(p, first, stop, direction):
            if not found or found[-1][1] != sign:
                found.append((at, sign))
    return found


def _signs_where_monotone(p: Poly, first: int, stop: int | None, direction: int) -> Iterator[tuple[int, int]]:
    """The signs of p on first ≤ q < stop, where every step, also the one onto `stop`, has `direction`."""
    yield first, _sign(value(p, first))
    if direction:
        rising = p if direction > 0 else tuple(-c for c in p)
        zero, beyond = (_first_at_least(rising, level, first, stop) for level in (0, 1))
        if zero is not None and first < zero != beyond:
            yield zero, 0
        if beyond is not None and first < beyond:
            yield beyond, direction


def _first_at_least(p: Poly, level: int, first: int, stop: int | None) -> int | None:
    """The least q in first ≤ q < stop with p(q) ≥ level, for p increasing there."""
    low, step = first, 1
    if value(p, low) >= level:
        return low
    while True:  # p grows by at least 1 a step, so that doubling ends
        high = low + step if stop is None else min(low + step, stop - 1)
        if value(p, high) >= level:
            break
        if stop is not None and high == stop - 1:
            return None
        low, step = high, step * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if value(p, middle) >= level else (middle, high)
    return high


def _sign(x: int) -> int:
    return (x > 0) - (x < 0)


def constant(c: int) -> Pieces:
    """The same value everywhere."""
    return ((0, (c,) if c else ()),)


def combined(a: Pieces, b: Pieces, operation: Callable[[Poly, Poly], Poly]) -> Pieces:
    """operation(a, b), piece by piece."""
    if len(a) == len(b) == 1:
        return ((0, operation(a[0][1], b[0][1])),)
    return tuple((start, operation(p, q)) for start, _, p, q in overlaps(a, b))


def overlaps(a: Pieces, b: Pieces) -> Iterator[tuple[int, int | None, Poly, Poly]]:
    """(start, stop, piece of a, piece of b) for every stretch on which neither changes."""
    starts = sorted({start for start, _ in a + b})
    for i, start in enumerate(starts):
        stop = starts[i + 1] if i + 1 < len(starts) else None
        yield start, stop, _at(a, start), _at(b, start)


def _at(pieces: Pieces, q: int) -> Poly:
    return next(p for start, p in reversed(pieces) if start <= q)


def lesser(a: Pieces, b: Pieces) -> Pieces:
    """min(a, b), with a piece more wherever they cross."""
    return _chosen(a, b, 1)


def greater(a: Pieces, b: Pieces) -> Pieces:
    """max(a, b)."""
    return _chosen(a, b, -1)


def _chosen(a: Pieces, b: Pieces, avoid: int) -> Pieces:
    result: list[tuple[int, Poly]] = []
    for start, stop, p, q in overlaps(a, b):
        for at, sign in signs(minus(p, q), start):
            chosen = q if sign == avoid else p
            if (stop is None or at < stop) and not (result and result[-1][1] == chosen):
                result.append((at, chosen))
    return tuple(result)


def piece_signs(pieces: Pieces) -> Signs:
    """The sign of a piecewise polynomial for every q ≥ 0."""
    found: Signs = []
    for i, (start, p) in enumerate(pieces):
        stop = pieces[i + 1][0] if i + 1 < len(pieces) else None
        for at, sign in signs(p, start):
            if (stop is None or at < stop) and not (found and found[-1][1] == sign):
                found.append((at, sign))
    return found
