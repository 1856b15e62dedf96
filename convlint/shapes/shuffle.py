"""Shuffles between channels and space: the same elements, other places.

Law: r·r channels become one of r × r pixels, or the other way round; the counts must divide.
"""

from __future__ import annotations

from convlint.dims import Dim, floordiv
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape


def space_from_channels(x: Shape, factor: Dim) -> Outcome:
    """(…, C·r², H, W) → (…, C, H·r, W·r): the pixel shuffle of arXiv 1609.05158."""
    if len(x) < 3:
        return Fault(Kind.RANK, 3, len(x), (x,))
    *leading, channels, height, width = x
    square = factor * factor
    demands = Demands()
    axis = len(x) - 3
    demands.divides(square, channels, Fault(Kind.CHANNELS, square, channels, (x,), axis, ("upscale_factor",)))
    return demands.outcome((*leading, floordiv(channels, square), height * factor, width * factor))


def channels_from_space(x: Shape, factor: Dim) -> Outcome:
    """(…, C, H·r, W·r) → (…, C·r², H, W): the inverse."""
    if len(x) < 3:
        return Fault(Kind.RANK, 3, len(x), (x,))
    *leading, channels, height, width = x
    demands = Demands()
    for axis in (len(x) - 2, len(x) - 1):
        demands.divides(
            factor, x[axis], Fault(Kind.RESHAPE, factor, x[axis], (x,), axis, ("downscale_factor",))
        )
    space = (floordiv(height, factor), floordiv(width, factor))
    return demands.outcome((*leading, channels * factor * factor, *space))


def channels_among_groups(x: Shape, groups: Dim) -> Outcome:
    """(N, g·c, …) with channels interleaved: the groups must divide them (ShuffleNet, arXiv 1707.01083)."""
    if len(x) < 3:
        return Fault(Kind.RANK, 3, len(x), (x,))
    demands = Demands()
    demands.divides(groups, x[1], Fault(Kind.GROUPS, groups, x[1], (x,), 1, ("groups",)))
    return demands.outcome(x)
