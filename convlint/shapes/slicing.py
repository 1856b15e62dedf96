"""Slices of an axis whose extent and bounds may be symbolic.

Law: bounds below 0 count from the end, both are clamped into the axis, and a step keeps each n-th element.
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import AtLeast, Dim, Expr, Question, ceildiv, maximum, minimum

Ask = Callable[[Question], bool]
"""Whether a question holds; one that nothing decides is answered by a choice."""


def sliced(
    extent: Dim, start: Dim | None, stop: Dim | None, step: Dim, ask: Ask, sure: Ask
) -> tuple[Dim, Dim]:
    """The first index and the number of elements of extent[start:stop:step], step ≥ 1.

    `ask` decides the sign of a symbolic bound, `sure` says whether something holds without deciding
    anything new.
    """
    first = _bound(extent, 0 if start is None else start, ask, sure)
    last = extent if stop is None else _bound(extent, stop, ask, sure)
    if stop is None and start is not None and not isinstance(start, Expr) and start < 0:
        # extent - max(extent + start, 0), said shorter
        length = -start if sure(AtLeast(extent, -start)) else minimum(extent, -start)
    else:
        length = _positive_part(last - first, sure)
    return first, ceildiv(length, step)


def _bound(extent: Dim, bound: Dim, ask: Ask, sure: Ask) -> Dim:
    negative = bound < 0 if not isinstance(bound, Expr) else not ask(AtLeast(bound, 0))
    if negative:
        return _positive_part(extent + bound, sure)
    if (isinstance(extent, Expr) or isinstance(bound, Expr)) and sure(AtLeast(extent, bound)):
        return bound
    return minimum(bound, extent)


def _positive_part(value: Dim, sure: Ask) -> Dim:
    if isinstance(value, Expr):
        return value if sure(AtLeast(value, 0)) else maximum(value, 0)
    return max(value, 0)
