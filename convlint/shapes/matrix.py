"""Matrix products: which axes meet, what remains, and what it costs.

Law: the last axis of the left operand meets the next to last of the right one; axes before these broadcast.
"""

from __future__ import annotations

from convlint.dims import Dim, product
from convlint.shapes.broadcast import broadcast
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape


def matrix_product(left: Shape, right: Shape) -> Outcome:
    """The shape of `left @ right` as NumPy and its kin define it: a lone axis is a row or a column that
    goes away.

    Faults: RANK for an operand without axes, FEATURES where the inner extents differ (`expected` is the
    right one's), JOIN where the batches do not broadcast.
    """
    if not left or not right:
        return Fault(Kind.RANK, expected=1, got=0, shapes=(left, right))
    demands = Demands()
    batch = broadcast(left[:-2], right[:-2])
    if isinstance(batch, Fault):
        return Fault(batch.kind, batch.expected, batch.got, (left, right), batch.axis)
    inner, outer = left[-1], right[-2] if len(right) > 1 else right[0]
    demands.equal(inner, outer, Fault(Kind.FEATURES, outer, inner, (left, right), len(left) - 1))
    demands.requires.extend(batch.requires)
    rows = left[-2:-1]
    columns = right[-1:] if len(right) > 1 else ()
    return demands.outcome((*batch.shape, *rows, *columns))


def product_macs(left: Shape, right: Shape, result: Shape) -> Dim:
    """One multiply-accumulate for each element of the result and each inner index."""
    del right
    return product(result) * left[-1]


def batched(left: Shape, right: Shape) -> Outcome:
    """(b, n, k) with (b, k, m): batches are equal, nothing broadcasts."""
    if len(left) != 3 or len(right) != 3:
        return Fault(Kind.RANK, expected=3, got=len(left if len(left) != 3 else right), shapes=(left, right))
    demands = Demands()
    fault = Fault(Kind.FEATURES, right[1], left[2], (left, right), 2)
    demands.equal(left[0], right[0], Fault(Kind.JOIN, left[0], right[0], (left, right), 0))
    demands.equal(left[2], right[1], fault)
    return demands.outcome((left[0], left[1], right[2]))


def tensordot(left: Shape, right: Shape, axes: tuple[tuple[int, ...], tuple[int, ...]]) -> Outcome:
    """The listed axes (from 0, in pairs) meet; the others remain, those of the left operand first."""
    demands = Demands()
    for a, b in zip(*axes, strict=True):
        if 1 not in (left[a], right[b]):
            demands.equal(left[a], right[b], Fault(Kind.FEATURES, right[b], left[a], (left, right), a))
    mine = tuple(extent for axis, extent in enumerate(left) if axis not in axes[0])
    others = tuple(extent for axis, extent in enumerate(right) if axis not in axes[1])
    return demands.outcome((*mine, *others))
