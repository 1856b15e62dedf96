"""Extents times a float factor, as torch computes sizes from ratios and scales: cut off after the point.

Law: a factor that is a short binary fraction p/q gives ⌊n·p/q⌋ exactly; for any other the rounding of floats
decides, which only known extents can follow.
"""

from __future__ import annotations

from fractions import Fraction

from convlint.dims import Dim, Expr, floordiv
from convlint.libs.op import Op
from convlint.libs.python.quotient import Quotient
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
    if isinstance(factor, Quotient):
        return _by_quotient(op, extent, factor, what)
    if not isinstance(factor, (int, float)):
        return op.unknown(f"{what} is not a number").dim
    if isinstance(extent, int):
        return int(extent * factor)
    exact = Fraction(factor)
    if exact.denominator > SHORT or exact <= 0:
        return _rounded(op, extent, factor, what)
    return floordiv(extent * exact.numerator, exact.denominator)


def _by_quotient(op: Op, extent: Dim, factor: Quotient, what: str) -> Dim:
    """Halves and quarters of an extent are exact; h/w times w need not come back to h."""
    below = factor.denominator
    if isinstance(below, int) and below & (below - 1) == 0 and below <= SHORT:
        return floordiv(extent * factor.numerator, below)
    return _rounded(op, extent, factor, what)


def _rounded(op: Op, extent: Dim, factor: object, what: str) -> Dim:
    """One opaque extent for each extent and factor of a run, so that equal sizes stay equal."""
    seen = op.caller.state.setdefault(_STATE, {})
    assert isinstance(seen, dict)
    key = (extent, factor)
    if key not in seen:
        seen[key] = op.unknown(f"{what} {factor} of an extent that is not known depends on rounding").dim
    return seen[key]  # type: ignore[no-any-return]


_STATE = "extents scaled by a factor that rounds"
