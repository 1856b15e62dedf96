"""Resampling: interpolation to a size, sampling at the places of a grid, grids from affine maps.

Law: interpolation makes any size from any size, none of them 0; a sample has the grid's places and the
map's channels.
"""

from __future__ import annotations

from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape


def interpolate(x: Shape, sizes: Shape) -> Outcome:
    """(N, C, *space) → (N, C, *sizes). Fault KERNEL: an extent of 0 on either side."""
    first = len(x) - len(sizes)
    demands = Demands()
    for axis, (n, size) in enumerate(zip(x[first:], sizes, strict=True), first):
        demands.at_least(n, 1, Fault(Kind.KERNEL, 1, n, (x,), axis, (), "an empty axis"))
        fault = Fault(Kind.KERNEL, 1, size, (x,), axis, ("size", "scale_factor"), "an empty result")
        demands.at_least(size, 1, fault)
    return demands.outcome((*x[:first], *sizes))


def sample(x: Shape, grid: Shape) -> Outcome:
    """(N, C, *space) at (N, *places, number of axes) → (N, C, *places).

    Faults: RANK where the two differ or have neither two nor three spatial axes, JOIN for unequal batches,
    OTHER where the grid's last axis does not hold a number for each spatial axis.
    """
    if len(x) != len(grid) or len(x) not in (4, 5):
        return Fault(Kind.RANK, (4, 5), len(grid) if len(x) in (4, 5) else len(x), (x, grid))
    axes = len(x) - 2
    demands = Demands()
    demands.equal(x[0], grid[0], Fault(Kind.JOIN, x[0], grid[0], (x, grid), 0, ("grid",)))
    demands.equal(grid[-1], axes, Fault(Kind.OTHER, axes, grid[-1], (x, grid), len(grid) - 1, ("grid",)))
    for axis, n in enumerate(x[2:], 2):
        demands.at_least(n, 1, Fault(Kind.KERNEL, 1, n, (x, grid), axis, (), "an empty axis"))
    return demands.outcome((*x[:2], *grid[1:-1]))


def affine_grid(theta: Shape, size: Shape, *, least: int = 1) -> Outcome:
    """(N, d, d + 1) affine maps for results of (N, C, *space), none of it below `least`, → (N, *space, d)."""
    axes = len(size) - 2
    if len(theta) != 3:
        return Fault(Kind.RANK, 3, len(theta), (theta, size), arguments=("theta",))
    demands = Demands()
    for axis, wanted in ((1, axes), (2, axes + 1)):
        demands.equal(
            theta[axis], wanted, Fault(Kind.OTHER, wanted, theta[axis], (theta, size), axis, ("theta",))
        )
    for axis, n in enumerate(size):
        if axis == 1 and not least:
            continue  # the channels make no difference to the grid
        demands.at_least(n, least, Fault(Kind.ARGUMENT, least, n, (theta, size), axis, ("size",)))
    demands.equal(theta[0], size[0], Fault(Kind.JOIN, size[0], theta[0], (theta, size), 0, ("size",)))
    return demands.outcome((size[0], *size[2:], axes))
