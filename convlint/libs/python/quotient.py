"""Symbolic numbers that are no integers: a quotient of extents as a float, and a range of symbolic bounds.

Law: a quotient stands for a float only where float arithmetic is exact, so that rounding it is exact too.
"""

from __future__ import annotations

from math import gcd, isfinite

from msgspec import Struct

from convlint.dims import Dim, Expr, ceildiv, floordiv, maximum, mod
from convlint.dims.interval import interval
from convlint.values import NotModelled

MAX_SCALE = 1 << 20
"""Float factors of numerators and denominators up to this keep products with real extents below 2**53."""


class Quotient(Struct, frozen=True):
    """The float numerator / denominator, symbolic somewhere; a constant denominator is positive, reduced."""

    numerator: Dim
    denominator: Dim

    def __str__(self) -> str:
        if self.denominator == 1:
            return f"{self.numerator}.0"
        return f"{_bracketed(self.numerator)}/{_bracketed(self.denominator)}"


class Progression(Struct, frozen=True):
    """range(start, stop, step) with a symbolic bound: it has a length, and no items that could be listed."""

    start: Dim
    stop: Dim
    step: int

    @property
    def length(self) -> Dim:
        """How many items: max(0, ceil((stop - start) / step))."""
        whole = rounded_up(self.stop - self.start, self.step)
        return maximum(0, whole)


def _bracketed(d: Dim) -> str:
    return f"({d})" if isinstance(d, Expr) else str(d)


def quotient(a: Dim, b: Dim) -> Quotient | float:
    """a / b as a float, reduced. Raises ZeroDivisionError for the constant divisor 0."""
    if isinstance(a, int) and isinstance(b, int):
        return a / b
    if isinstance(b, Expr):
        return Quotient(a, b)
    if b == 0:
        raise ZeroDivisionError("division by zero")
    if b < 0:
        a, b = -a, -b
    shared = gcd(b, *_coefficients(a))
    return Quotient(floordiv(a, shared), b // shared)


def _coefficients(d: Dim) -> list[int]:
    return [d] if isinstance(d, int) else [d.constant, *(c for _, c in d.terms)]


def exact_ratio(value: float) -> tuple[int, int] | None:
    """A float as numerator and power-of-two denominator, both small; None where products would round."""
    if not isfinite(value):
        return None
    numerator, denominator = value.as_integer_ratio()
    if abs(numerator) > MAX_SCALE or denominator > MAX_SCALE:
        return None
    return numerator, denominator


def dyadic(q: Quotient) -> bool:
    """Whether the denominator is a power of two, so that sums and products are exact in floats."""
    d = q.denominator
    return isinstance(d, int) and d & (d - 1) == 0 and d <= MAX_SCALE


def positive_parts(q: Quotient) -> tuple[Dim, Dim]:
    """Numerator and a denominator that is certainly positive. Raises NotModelled where no sign is known."""
    low, high = interval(q.denominator)
    if low is not None and low > 0:
        return q.numerator, q.denominator
    if high is not None and high < 0:
        return -q.numerator, -q.denominator
    raise NotModelled(f"the sign of {q.denominator} is not known")


def floor(q: Quotient) -> Dim:
    """math.floor of the quotient."""
    return floordiv(*positive_parts(q))


def ceil(q: Quotient) -> Dim:
    """math.ceil of the quotient."""
    return rounded_up(*positive_parts(q))


def rounded_up(a: Dim, b: Dim) -> Dim:
    """a / b rounded up, for a positive constant b in the form that reads as shapes do: (a + b - 1) // b."""
    return floordiv(a + b - 1, b) if isinstance(b, int) and b > 0 else ceildiv(a, b)


def truncated(q: Quotient) -> Dim:
    """int() of the quotient: towards zero. Raises NotModelled where its sign is not known."""
    numerator, denominator = positive_parts(q)
    low, high = interval(numerator)
    if low is not None and low >= 0:
        return floordiv(numerator, denominator)
    if high is not None and high <= 0:
        return ceildiv(numerator, denominator)
    raise NotModelled(f"whether {q} is rounded up or down depends on its sign")


def rounded(q: Quotient) -> Dim:
    """round() of the quotient, ties to even: floor(q + 1/2), less 1 where q is an even number and a half.

    The indicator of `d divides x` is x // d - (x - 1) // d.
    """
    n, d = positive_parts(q)
    nearest = floordiv(2 * n + d, 2 * d)
    if isinstance(d, int):
        if d % 2:
            return nearest
        tie = n - d // 2
        return nearest - (floordiv(tie, 2 * d) - floordiv(tie - 1, 2 * d))
    raise NotModelled(f"round({q}) is not modelled")


def remainder(q: Quotient, divisor: int) -> Quotient | float:
    """q % divisor for a positive integer divisor."""
    n, d = positive_parts(q)
    return quotient(mod(n, d * divisor), d)
