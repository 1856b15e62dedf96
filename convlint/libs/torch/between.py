"""Numbers known up to rounding: an interval that holds what torch computes, whatever its kernel's last
bits are.

A transcendental function gives an interval; arithmetic carries it on, and rounding to an integer gives a
certain
number again where the whole interval rounds alike. So `torch.round(torch.log(w / w0) / c)` decides a
structure.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from msgspec import Struct

from convlint.libs.torch.inexact import Inexact

_RELATIVE = {"float32": 2.0**-21, "float64": 2.0**-50}
"""The widest error of one operation: four units in the last place."""


class Between(Struct, frozen=True, eq=False):
    """A number of which only low ≤ x ≤ high is certain. Comparisons and truth that it does not decide
    raise `Inexact`.
    """

    low: float
    high: float

    def __add__(self, other: object) -> Between:
        low, high = _ends(other)
        return Between(self.low + low, self.high + high)

    def __neg__(self) -> Between:
        return Between(-self.high, -self.low)

    def __sub__(self, other: object) -> Between:
        low, high = _ends(other)
        return Between(self.low - high, self.high - low)

    def __rsub__(self, other: object) -> Between:
        return -self + other

    def __mul__(self, other: object) -> Between:
        return _corners(lambda a, b: a * b, self, other)

    def __truediv__(self, other: object) -> Between:
        return _quotient(self, other)

    def __rtruediv__(self, other: object) -> Between:
        return _quotient(other, self)

    def __pow__(self, other: object) -> Between:
        return powered(self, other)

    def __rpow__(self, other: object) -> Between:
        return powered(other, self)

    __radd__ = __add__
    __rmul__ = __mul__

    def __abs__(self) -> Between:
        if self.low >= 0:
            return self
        return -self if self.high <= 0 else Between(0.0, max(-self.low, self.high))

    def __lt__(self, other: object) -> bool:
        low, high = _ends(other)
        return _decided(self.high < low, self.low >= high)

    def __ge__(self, other: object) -> bool:
        return not self < other

    def __gt__(self, other: object) -> bool:
        low, high = _ends(other)
        return _decided(self.low > high, self.high <= low)

    def __le__(self, other: object) -> bool:
        return not self > other

    def __eq__(self, other: object) -> bool:
        low, high = _ends(other)
        return _decided(False, self.high < low or self.low > high)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        return self != 0

    def __float__(self) -> float:
        raise Inexact

    def snapped(self, step: Callable[[float], float]) -> float:
        """The number after a rounding step, where both ends round alike."""
        low, high = step(self.low), step(self.high)
        if low != high:
            raise Inexact
        return low

    def __round__(self, digits: int | None = None) -> float:
        return self.snapped(lambda x: float(round(x)))

    def __floor__(self) -> int:
        return int(self.snapped(math.floor))

    def __ceil__(self) -> int:
        return int(self.snapped(math.ceil))

    def __trunc__(self) -> int:
        return int(self.snapped(math.trunc))

    def widened(self, dtype: str) -> Between:
        """With the error of one operation in the dtype. Raises `Inexact` for a dtype that is not modelled."""
        relative = _RELATIVE.get(dtype)
        if relative is None or not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise Inexact
        return Between(self.low - abs(self.low) * relative, self.high + abs(self.high) * relative)


def _decided(yes: bool, no: bool) -> bool:
    if not yes and not no:
        raise Inexact
    return yes


def _ends(value: object) -> tuple[float, float]:
    if isinstance(value, Between):
        return value.low, value.high
    if isinstance(value, (int, float)):
        return float(value), float(value)
    raise Inexact


def _corners(function: Callable[[float, float], float], left: object, right: object) -> Between:
    found = [function(a, b) for a in _ends(left) for b in _ends(right)]
    return Between(min(found), max(found))


def _quotient(left: object, right: object) -> Between:
    low, high = _ends(right)
    if low <= 0 <= high:
        raise Inexact
    return _corners(lambda a, b: a / b, left, right)


def powered(base: object, exponent: object) -> Between:
    """A power of a positive base: monotone in both, so the corners bound it."""
    if _ends(base)[0] <= 0:
        raise Inexact
    return _corners(lambda a, b: a**b, base, exponent)


def rising(function: Callable[[float], float]) -> Callable[[object], Between]:
    """A non-decreasing function on intervals."""

    def run(value: object) -> Between:
        low, high = _ends(value)
        return Between(function(low), function(high))

    return run


RISING: dict[str, Callable[[object], Between]] = {
    name: rising(function)
    for name, function in {
        "log": math.log,
        "log2": math.log2,
        "log10": math.log10,
        "log1p": math.log1p,
        "exp": math.exp,
        "exp2": lambda x: 2.0**x,
        "expm1": math.expm1,
        "sqrt": math.sqrt,
        "tanh": math.tanh,
        "atan": math.atan,
        "sinh": math.sinh,
        "asinh": math.asinh,
        "erf": math.erf,
        "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    }.items()
}
