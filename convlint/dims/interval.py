"""Interval arithmetic: bounds of an expression from bounds of its symbols, each occurrence by itself.

Law: the true range always lies within the answer; None is an open end.
"""

from __future__ import annotations

from collections.abc import Mapping

from convlint.dims.atoms import Atom, Extremum, Floor, Symbol
from convlint.dims.expr import Dim, Expr, Monomial

Interval = tuple[int | None, int | None]

POSITIVE: Interval = (1, None)
EVERYTHING: Interval = (None, None)
_NOTHING_GIVEN: Mapping[str, Interval] = {}


def interval(d: Dim, env: Mapping[str, Interval] = _NOTHING_GIVEN) -> Interval:
    """Bounds of `d` where each symbol lies in `env[name]`, by default in 1..∞."""
    if isinstance(d, int):
        return d, d
    if not env:
        if d._interval is None:
            d._interval = _of_expr(d, env)
        return d._interval
    return _of_expr(d, env)


def _of_expr(d: Expr, env: Mapping[str, Interval]) -> Interval:
    lo: int | None = d.constant
    hi: int | None = d.constant
    for monomial, coefficient in d.terms:
        low, high = _scaled(_of_monomial(monomial, env), coefficient)
        lo = None if lo is None or low is None else lo + low
        hi = None if hi is None or high is None else hi + high
        if lo is None and hi is None:
            break
    return lo, hi


def _of_monomial(monomial: Monomial, env: Mapping[str, Interval]) -> Interval:
    result: Interval | None = None
    for atom in dict.fromkeys(monomial):
        factor = _power(_of_atom(atom, env), monomial.count(atom))
        result = factor if result is None else times_interval(result, factor)
    return EVERYTHING if result is None else result


def _of_atom(atom: Atom, env: Mapping[str, Interval]) -> Interval:
    match atom:
        case Symbol(name=name):
            return env.get(name, POSITIVE)
        case Floor(numerator=numerator, divisor=divisor):
            return quotient(interval(numerator, env), interval(divisor, env))
        case Extremum(kind=kind, operands=operands):
            ends = [interval(operand, env) for operand in operands]
            return _least(ends) if kind == "min" else negated(_least([negated(end) for end in ends]))
    return EVERYTHING


def _least(ends: list[Interval]) -> Interval:
    lows = [low for low, _ in ends]
    highs = [high for _, high in ends if high is not None]
    known = [low for low in lows if low is not None]
    return (min(known) if len(known) == len(lows) else None), (min(highs) if highs else None)


def negated(i: Interval) -> Interval:
    """The bounds of -x."""
    low, high = i
    return (None if high is None else -high), (None if low is None else -low)


def _scaled(i: Interval, factor: int) -> Interval:
    if factor < 0:
        i, factor = negated(i), -factor
    return (None if i[0] is None else i[0] * factor), (None if i[1] is None else i[1] * factor)


def _power(base: Interval, exponent: int) -> Interval:
    result = base
    for _ in range(exponent - 1):
        result = times_interval(result, base)
    if exponent % 2 == 0 and (result[0] is None or result[0] < 0):
        result = (0, result[1])  # an even power of anything
    return result


def times_interval(a: Interval, b: Interval) -> Interval:
    """Bounds of x · y."""
    if a == (0, 0) or b == (0, 0):
        return 0, 0
    if a[0] is not None and a[0] >= 0 and b[0] is not None and b[0] >= 0:
        high = 0 if 0 in (a[1], b[1]) else None if a[1] is None or b[1] is None else a[1] * b[1]
        return a[0] * b[0], high
    if a[1] is not None and a[1] <= 0:
        return negated(times_interval(negated(a), b))
    if b[1] is not None and b[1] <= 0:
        return negated(times_interval(a, negated(b)))
    if None in a or None in b:
        return _times_open(a, b)
    corners = [x * y for x in a for y in b if x is not None and y is not None]
    return min(corners), max(corners)


def _times_open(a: Interval, b: Interval) -> Interval:
    """The product where an end is open and a factor may change sign."""
    inf = float("inf")
    ends_a = (-inf if a[0] is None else a[0], inf if a[1] is None else a[1])
    ends_b = (-inf if b[0] is None else b[0], inf if b[1] is None else b[1])
    corners: list[int | float] = []
    for x in ends_a:
        for y in ends_b:
            corners.append(0 if x == 0 or y == 0 else _corner(x, y))
    low, high = min(corners), max(corners)
    return (None if isinstance(low, float) else low), (None if isinstance(high, float) else high)


def _corner(x: int | float, y: int | float) -> int | float:
    if isinstance(x, int) and isinstance(y, int):
        return x * y
    return float("inf") if (x > 0) == (y > 0) else float("-inf")


def quotient(a: Interval, b: Interval) -> Interval:
    """Bounds of x // y for y ≠ 0: nothing is known unless the sign of the divisor is."""
    if b[1] is not None and b[1] < 0:
        a, b = negated(a), negated(b)
    if b[0] is None or b[0] < 1:
        return EVERYTHING
    return _quotient_end(a[0], b, low=True), _quotient_end(a[1], b, low=False)


def _quotient_end(x: int | None, divisor: Interval, *, low: bool) -> int | None:
    """An end of x // divisor (all positive): the extreme divisor that moves it furthest in that direction."""
    if x is None:
        return None
    smallest, largest = divisor
    assert smallest is not None
    if (x < 0) == low:  # dividing by little moves it away from zero
        return x // smallest
    if largest is None:
        return 0 if x >= 0 else -1
    return x // largest
