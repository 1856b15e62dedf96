"""Sliding blocks as columns, and columns added back into a map (im2col, col2im).

Law: an axis has as many blocks as a window has places; a column holds channels × the window's elements.
"""

from __future__ import annotations

from convlint.dims import floordiv, product
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape
from convlint.shapes.window import Window, extent, fits


def unfold(x: Shape, windows: tuple[Window, ...]) -> Outcome:
    """(…, C, *space) → (…, C · Π k, blocks). Fault KERNEL where no block fits."""
    count = len(windows)
    if len(x) not in (count + 1, count + 2):
        return Fault(Kind.RANK, (count + 1, count + 2), len(x), (x,))
    demands = Demands()
    first = len(x) - count
    for axis, window in enumerate(windows, first):
        fits(demands, x, axis, window)
    blocks = product(extent(n, w) for n, w in zip(x[first:], windows, strict=True))
    return demands.outcome((*x[: first - 1], x[first - 1] * product(w.kernel for w in windows), blocks))


def fold(x: Shape, sizes: Shape, windows: tuple[Window, ...]) -> Outcome:
    """(…, C · Π k, blocks) → (…, C, *sizes).

    Faults: CHANNELS where the window's elements do not divide the columns, RESHAPE where the number of
    columns is not the number of blocks that the sizes have.
    """
    if len(x) not in (2, 3):
        return Fault(Kind.RANK, (2, 3), len(x), (x,))
    demands = Demands()
    elements = product(w.kernel for w in windows)
    blocks = product(extent(n, w) for n, w in zip(sizes, windows, strict=True))
    axis = len(x) - 2
    demands.divides(elements, x[-2], Fault(Kind.CHANNELS, elements, x[-2], (x,), axis, ("kernel_size",)))
    demands.equal(x[-1], blocks, Fault(Kind.RESHAPE, blocks, x[-1], (x,), axis + 1, ("output_size",)))
    for n, window in zip(sizes, windows, strict=True):
        places = extent(n, window)
        demands.at_least(
            places, 1, Fault(Kind.KERNEL, 1, places, (x,), arguments=("output_size", "kernel_size"))
        )
    for n in sizes:
        demands.at_least(n, 1, Fault(Kind.ARGUMENT, 1, n, (x,), arguments=("output_size",)))
    return demands.outcome((*x[:-2], floordiv(x[-2], elements), *sizes))
