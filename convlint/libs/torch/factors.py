"""Extents times a float factor, as torch computes sizes from ratios and scales: cut off after the point.

Law: a factor that is a short binary fraction p/q gives ⌊n·p/q⌋ exactly; for any other the rounding of floats
decides, which only known extents can follow.
"""

from __future__ import annotations

from fractions import Fraction

from convlint.dims import Dim, Expr, floordiv
from convlint.libs.op import Op
from convlint.values import Tensor, Unknown, Value

SHORT = 1 << 10
"""Greatest denominator of a factor that is followed for symbolic extents: no float rounds then."""


def scaled(op: Op, extent: Dim, factor: Value, what: str) -> Dim:
    """int(extent · factor); an opaque extent where the factor or the rounding is not known."""
    if isinstance(factor, Tensor) and factor.data is not None and len(factor.data) == 1:
        factor = factor.data[0]
    if isinstance(factor, Unknown):
        return factor.derive(("scaled", extent)).dim
    if isinstance(factor, Expr):
        return extent * factor
    if not isinstance(factor, (int, float)):
        return op.unknown(f"{what} is not a number").dim
    if isinstance(extent, int):
        return int(extent * factor)
    exact = Fraction(factor)
    if exact.denominator > SHORT or exact <= 0:
        return op.unknown(f"{what} {factor} of an extent that is not known depends on rounding").dim
    return floordiv(extent * exact.numerator, exact.denominator)
