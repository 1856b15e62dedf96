"""Reshaping: the same elements in row-major order under other extents, as a copy or as a view of the same
memory.

Law: the numbers of elements agree; for a view, no new axis spans elements that do not lie at one distance.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from convlint.dims import (
    AtLeast,
    Dim,
    Equal,
    Expr,
    certain,
    floordiv,
    mod,
    product,
    substitute,
    symbol,
    symbols_of,
)
from convlint.shapes.demand import Demands, remembered
from convlint.shapes.fault import Fault, Kind, Outcome, Shape


@remembered
def reshape(shape: Shape, sizes: Shape) -> Outcome:
    """The sizes, with a -1 among them replaced by what the number of elements leaves.

    Faults (RESHAPE): `expected` is the number of elements that the given sizes make, `got` the number there
    is; `shapes` the shape and the sizes. The details "two inferred", "negative size" and "ambiguous" mark
    the rest.
    """
    total, given = product(shape), product(s for s in sizes if not _is(s, -1))
    demands = Demands()
    fault = Fault(Kind.RESHAPE, given, total, (shape, sizes), arguments=("shape",))
    free = [axis for axis, size in enumerate(sizes) if _is(size, -1)]
    if len(free) > 1:
        return _refusal(fault, "two inferred")
    if any(not isinstance(s, Expr) and s < -1 for s in sizes):
        return _refusal(fault, "negative size")
    if not free:
        demands.equal(total, given, fault)
        return demands.outcome(sizes)
    if _is(given, 0):
        return _refusal(fault, "ambiguous") if _is(total, 0) else fault
    inferred = floordiv(total, given)
    if not _is(mod(total, given), 0):
        demands.divides(given, total, fault)
    return demands.outcome((*sizes[: free[0]], inferred, *sizes[free[0] + 1 :]))


def _refusal(fault: Fault, detail: str) -> Fault:
    return Fault(fault.kind, fault.expected, fault.got, fault.shapes, None, fault.arguments, detail)


def _is(size: Dim, number: int) -> bool:
    return not isinstance(size, Expr) and size == number


def flatten(shape: Shape, start: int, end: int) -> Shape:
    """The axes start … end (both from 0, inclusive) as one."""
    return (*shape[:start], product(shape[start : end + 1]), *shape[end + 1 :])


def unflatten(shape: Shape, axis: int, sizes: Shape) -> Outcome:
    """One axis as several, with at most one -1 among the sizes. Faults as `reshape`, with the axis."""
    outcome = reshape((shape[axis],), sizes)
    if isinstance(outcome, Fault):
        return Fault(
            outcome.kind,
            outcome.expected,
            outcome.got,
            (shape, sizes),
            axis,
            ("unflattened_size",),
            outcome.detail,
        )
    demands = Demands()
    demands.requires.extend(outcome.requires)
    return demands.outcome((*shape[:axis], *outcome.shape, *shape[axis + 1 :]))


# -- memory --------------------------------------------------------------------------------------------------


@remembered
def row_major(shape: Shape) -> Shape:
    """The strides of a contiguous tensor, in elements.

    The last axis moves by 1; an empty axis counts as 1.
    """
    strides: list[Dim] = []
    step: Dim = 1
    for extent in reversed(shape):
        strides.append(step)
        if not _is(extent, 0):
            step = step * extent
    return tuple(reversed(strides))


def is_row_major(shape: Shape, strides: Shape) -> bool | None:
    """Whether elements lie in row-major order without gaps.

    Axes of extent 1 do not count. None: depends on sizes.
    """
    if any(_is(extent, 0) for extent in shape):
        return True
    step: Dim = 1
    known = True
    for extent, stride in zip(reversed(shape), reversed(strides), strict=True):
        if not _is(extent, 1) and stride != step:
            if certain(Equal(stride, step)) is False and _more_than_one(extent):
                return False
            known = False
        step = step * extent
    return True if known else None


def _more_than_one(extent: Dim) -> bool:
    return certain(AtLeast(extent, 2)) is True


@remembered
def view_strides(shape: Shape, strides: Shape, target: Shape) -> Shape | Fault | None:
    """The strides with which `target` (of as many elements) looks at the memory of shape and strides.

    Neighbouring axes that lie as one run form a chunk; every chunk has to be filled exactly by new axes. A
    fault (RESHAPE, detail "strides") where that is impossible for every size, None where it depends on
    sizes. Source: computeStride in ATen/TensorUtils.cpp.
    """
    answer = _viewed(shape, strides, target)
    names = sorted(frozenset().union(*(symbols_of(extent) for extent in shape)))
    if answer is not None or len(names) > _MAX_SYMBOLS:
        return answer
    for values in _ones_and_more(names):
        case = (tuple(substitute(d, values) for d in dims) for dims in (shape, strides, target))
        try:
            seen = _viewed(*case)
        except ZeroDivisionError:  # an extent such as H // (K - 1), which this size has not
            return None
        if not isinstance(seen, Fault):
            return None
    return Fault(Kind.RESHAPE, shapes=(shape, strides, target), arguments=("shape",), detail="strides")


_MAX_SYMBOLS = 4


def _ones_and_more(names: list[str]) -> Iterator[dict[str, Dim]]:
    """Each symbol is 1, so that its axis does not count, or more: written n + 1."""
    for choice in itertools.product((False, True), repeat=len(names)):
        yield {name: symbol(name) + 1 if more else 1 for name, more in zip(names, choice, strict=True)}


def _viewed(shape: Shape, strides: Shape, target: Shape) -> Shape | Fault | None:
    fault = Fault(Kind.RESHAPE, shapes=(shape, strides, target), arguments=("shape",), detail="strides")
    if any(_is(extent, 0) for extent in shape):
        return strides if shape == target else row_major(target)
    chunks = _chunks(shape, strides)
    if chunks is None:
        return None
    result: list[Dim] = []
    rest = list(target)
    for elements, step in reversed(chunks):
        filled: Dim = 1
        while rest and _goes_on(filled, rest[-1], elements):
            result.append(filled * step)
            filled = filled * rest.pop()
        if filled != elements:
            impossible = not rest or certain(AtLeast(filled, elements + 1)) is True
            return fault if impossible and certain(Equal(filled, elements)) is False else None
    return None if rest else tuple(reversed(result))


def _goes_on(filled: Dim, extent: Dim, elements: Dim) -> bool:
    """Whether the axis is certainly the chunk's: its extent is 1 or divides what is left, or room is left."""
    if _is(extent, 0):
        return False
    if _is(extent, 1) or _is(mod(elements, filled * extent), 0):
        return True
    return certain(AtLeast(elements, filled + 1)) is True


def _chunks(shape: Shape, strides: Shape) -> list[tuple[Dim, Dim]] | None:
    """Runs of axes as (elements, step of the last one), first to last.

    None where sizes decide what runs together.
    """
    axes = [(e, s) for e, s in zip(shape, strides, strict=True) if not _is(e, 1)]
    if not axes:
        return [(1, 1)]
    chunks: list[tuple[Dim, Dim]] = [axes[-1]]
    for extent, stride in reversed(axes[:-1]):
        elements, step = chunks[-1]
        if stride == elements * step:
            chunks[-1] = (extent * elements, step)
        elif (
            certain(Equal(stride, elements * step)) is False
            and _more_than_one(extent)
            and _more_than_one(elements)
        ):
            chunks.append((extent, stride))
        else:
            return None
    return chunks[::-1]
