"""Combining and parting: concatenation, stacking, and cutting one axis into pieces.

Law: concatenated shapes agree on every axis but one, where extents add up; pieces of an axis add up to it
again.
"""

from __future__ import annotations

from collections.abc import Sequence

from convlint.dims import Dim, Expr, ceildiv, floordiv
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape


def concatenate(shapes: Sequence[Shape], axis: int) -> Outcome:
    """The shapes joined along `axis` (from 0).

    Faults: RANK where ranks differ, CONCAT where another axis does. `shapes` of the fault ends with the
    operand that does not fit (so its number in the list is known) and `axis` is the one that disagrees.
    """
    first = shapes[0]
    others = first[:axis], first[axis + 1 :]
    demands = Demands()
    total: Dim = first[axis]
    for number, shape in enumerate(shapes[1:], start=2):
        if len(shape) != len(first):
            return Fault(Kind.RANK, len(first), len(shape), tuple(shapes[:number]))
        if (shape[:axis], shape[axis + 1 :]) != others:
            for i, (expected, got) in enumerate(zip(first, shape, strict=True)):
                if i != axis and expected != got:
                    seen = tuple(shapes[:number])
                    demands.equal(expected, got, Fault(Kind.CONCAT, expected, got, seen, i, ("dim",)))
        total = total + shape[axis]
    return demands.outcome((*first[:axis], total, *first[axis + 1 :]))


def certain_concatenation(shapes: Sequence[Shape], axis: int) -> tuple[Dim | None, ...]:
    """What is certain of a concatenation after a fault: None on the axes that disagree. Ranks are equal."""
    result: list[Dim | None] = []
    for i, extents in enumerate(zip(*shapes, strict=True)):
        if i == axis:
            result.append(_sum(extents))
        else:
            result.append(extents[0] if all(e == extents[0] for e in extents) else None)
    return tuple(result)


def _sum(extents: Sequence[Dim]) -> Dim:
    total: Dim = 0
    for extent in extents:
        total = total + extent
    return total


def stack(shapes: Sequence[Shape], axis: int) -> Outcome:
    """Equal shapes along a new axis (from 0, at most the rank).

    Fault CONCAT with the whole shapes where they differ.
    """
    first = shapes[0]
    demands = Demands()
    for number, shape in enumerate(shapes[1:], start=2):
        fault = Fault(Kind.CONCAT, first, shape, tuple(shapes[:number]), arguments=("tensors",))
        if len(shape) != len(first):
            return fault
        for i, (expected, got) in enumerate(zip(first, shape, strict=True)):
            if expected != got:
                demands.equal(
                    expected, got, Fault(fault.kind, first, shape, fault.shapes, i, fault.arguments)
                )
    return demands.outcome((*first[:axis], len(shapes), *first[axis:]))


# -- pieces of one axis --------------------------------------------------------------------------------------


def pieces_of_size(extent: Dim, size: Dim) -> tuple[Dim, ...] | None:
    """An axis cut into pieces of `size`, the last one perhaps smaller; None where their number depends on
    sizes.

    An empty axis is one empty piece.
    """
    if not isinstance(extent, Expr) and extent == 0:
        return (0,)
    if not isinstance(size, Expr) and size == 0:
        return None
    number = ceildiv(extent, size)
    if isinstance(number, Expr) or number < 1:
        return None
    return (*(size,) * (number - 1), extent - size * (number - 1))


def chunks(extent: Dim, number: int) -> tuple[Dim, ...]:
    """An axis cut into at most `number` pieces of ⌈extent / number⌉.

    Holds for an extent n > (number − 1)·⌈n / number⌉; an integer extent may give fewer pieces.
    """
    size = ceildiv(extent, number)
    if isinstance(extent, Expr):
        return (*(size,) * (number - 1), extent - size * (number - 1))
    if extent == 0:
        return (0,) * number
    pieces = pieces_of_size(extent, size)
    assert pieces is not None
    return pieces


def even_pieces(extent: Dim, number: int) -> tuple[Dim, ...]:
    """An axis cut into exactly `number` pieces that differ by at most 1, the larger ones first."""
    return tuple(floordiv(extent + (number - 1 - i), number) for i in range(number))


def listed_pieces(extent: Dim, sizes: Shape) -> Outcome:
    """The sizes themselves, where they add up to the extent.

    Fault RESHAPE: `expected` the extent, `got` their sum.
    """
    total = _sum(sizes)
    fault = Fault(Kind.RESHAPE, extent, total, ((extent,), sizes), arguments=("split_size_or_sections",))
    demands = Demands()
    demands.equal(extent, total, fault)
    return demands.outcome(sizes)
