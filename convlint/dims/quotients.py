"""Floors of one piecewise polynomial by another, where the quotient settles far out.

Law: exact, or Inexact is raised. Far out |rest| < |divisor|, so that the floor of their ratio is 0 or -1;
what comes before is worked out point by point.
"""

from __future__ import annotations

from collections.abc import Iterator

from convlint.dims import polynomial
from convlint.dims.integers import Inexact
from convlint.dims.polynomial import Pieces, Poly


def floor_quotient(a: Pieces, b: Pieces, first: int, points: int) -> Pieces:
    """a // b for q ≥ first, arbitrary before, with at most so many single points between steady stretches.

    Raises Inexact beyond, where b is 0, and where the quotient is no polynomial.
    """
    found: list[tuple[int, Poly]] = [(0, ())]
    for start, stop, p, divisor in polynomial.overlaps(a, b):
        low = max(start, first)
        if stop is not None and stop <= low:
            continue
        for at, value in _pieces(p, divisor, low, stop, points):
            if found[-1][0] == at:
                found.pop()
            if not found or found[-1][1] != value:
                found.append((at, value))
    return tuple(found)


def _pieces(p: Poly, divisor: Poly, low: int, stop: int | None, points: int) -> Iterator[tuple[int, Poly]]:
    whole, rest = _divided(p, divisor)
    settled = max(_settled(divisor, rest, low), low)
    if stop is not None:
        settled = min(settled, stop)
    if settled - low > points:
        raise Inexact
    for q in range(low, settled):
        by = polynomial.value(divisor, q)
        if not by:
            raise Inexact
        yield q, polynomial.trimmed([polynomial.value(p, q) // by])
    if stop is None or settled < stop:
        below = _signs_differ(rest, divisor, settled)
        yield settled, polynomial.minus(whole, (1,)) if below else whole


def _divided(p: Poly, divisor: Poly) -> tuple[Poly, Poly]:
    """Quotient and rest of polynomial division in integers. Raises Inexact where that needs fractions."""
    whole: Poly = ()
    while len(p) >= len(divisor) > 0:
        factor, remainder = divmod(p[-1], divisor[-1])
        if remainder:
            raise Inexact
        term = (0,) * (len(p) - len(divisor)) + (factor,)
        whole, p = polynomial.plus(whole, term), polynomial.minus(p, polynomial.times(term, divisor))
    if not divisor:
        raise Inexact
    return whole, p


def _settled(divisor: Poly, rest: Poly, low: int) -> int:
    """From where on |rest| < |divisor|, without a change of sign in either."""
    return max(
        polynomial.signs(p, low)[-1][0]
        for p in (polynomial.minus(divisor, rest), polynomial.plus(divisor, rest), divisor, rest)
    )


def _signs_differ(rest: Poly, divisor: Poly, at: int) -> bool:
    return polynomial.value(rest, at) * polynomial.value(divisor, at) < 0
