"""Padding: every axis grows by what is put before and after it; a negative number crops.

Law: constants fit everywhere; a reflection must be shorter than its axis, a wrap no longer than it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from convlint.dims import Dim, minimum
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape


class Fill(StrEnum):
    """What the new places hold, by torch's names."""

    CONSTANT = "constant"
    REFLECT = "reflect"
    REPLICATE = "replicate"
    CIRCULAR = "circular"


def pad(x: Shape, pads: Sequence[tuple[Dim, Dim]], fill: Fill = Fill.CONSTANT) -> Outcome:
    """Pad the last axes of `x` by (before, after) each, in the order of the axes.

    Faults (KERNEL): `expected` is the least extent that the padding can stand on, `got` the axis' own; with
    the detail "cropped away", `got` is what a negative padding leaves.
    """
    demands = Demands()
    first = len(x) - len(pads)
    shape = list(x)
    for axis, (before, after) in reversed(list(enumerate(pads, first))):
        n = x[axis]
        shape[axis] = n + before + after
        if fill in (Fill.REFLECT, Fill.CIRCULAR):
            for amount in (before, after):
                needed = amount + 1 if fill is Fill.REFLECT else amount
                if not (isinstance(amount, int) and amount <= 0):
                    demands.at_least(n, needed, Fault(Kind.KERNEL, needed, n, (x,), axis, ("padding",)))
        left = n + _cropped(before) + _cropped(after) if fill is Fill.CONSTANT else shape[axis]
        if left is not n:
            demands.at_least(left, 0, Fault(Kind.KERNEL, 0, left, (x,), axis, ("padding",), "cropped away"))
    if fill in (Fill.REFLECT, Fill.REPLICATE) and all(isinstance(n, int) and n < 1 for n in shape[first:]):
        demands.refuse(Fault(Kind.KERNEL, 1, shape[-1], (x,), len(x) - 1, ("padding",), "cropped away"))
    return demands.outcome(tuple(shape))


def _cropped(amount: Dim) -> Dim:
    return minimum(amount, 0)
