"""Unpooling: the inverse of a pooling's extents.

Law: an axis of n comes out at (n − 1)·s + k − 2p, or at an asked size less than a stride away from it.
"""

from __future__ import annotations

from collections.abc import Sequence

from convlint.dims import Dim
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape
from convlint.shapes.window import Window


def unpooled(n: Dim, w: Window) -> Dim:
    """(n − 1)·s + k − before − after."""
    return (n - 1) * w.stride + w.kernel - w.before - w.after


def unpool(x: Shape, windows: Sequence[Window], wanted: Shape | None) -> Outcome:
    """The result of unpooling the last axes. Fault ARGUMENT: the asked size is a stride or more away."""
    first = len(x) - len(windows)
    least = tuple(unpooled(n, w) for n, w in zip(x[first:], windows, strict=True))
    demands = Demands()
    for axis, (size, default, window) in enumerate(zip(wanted or least, least, windows, strict=True)):
        if wanted is not None:
            fault = Fault(Kind.ARGUMENT, default, size, (x,), axis, ("output_size",))
            demands.at_least(size, default - window.stride + 1, fault)
            demands.at_least(default + window.stride - 1, size, fault)
        demands.at_least(size, 0, Fault(Kind.KERNEL, 0, size, (x,), axis, ("kernel_size", "padding")))
    return demands.outcome((*x[:first], *(wanted or least)))
