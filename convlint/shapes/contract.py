"""Dense layers and normalisation: laws about one axis, or a few trailing ones, that must have a certain size.

Law: a dense layer replaces the last axis; a norm keeps the shape and only asks for its axes.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape


def dense(x: Shape, inputs: Dim, outputs: Dim | None, *, detail: str = "") -> Outcome:
    """A dense layer on the last axis; `outputs` None drops the axis (a weight vector)."""
    if not x:
        return Fault(Kind.RANK, expected=1, got=0, shapes=(x,))
    demands = Demands()
    fault = Fault(Kind.FEATURES, inputs, x[-1], (x,), len(x) - 1, ("in_features",), detail)
    demands.equal(x[-1], inputs, fault)
    return demands.outcome(x[:-1] if outputs is None else (*x[:-1], outputs))


def normalised_channels(x: Shape, channels: Dim, *, axis: int = 1, argument: str) -> Outcome:
    """A norm with one number a channel; the channels stand at `axis`."""
    demands = Demands()
    at = axis % len(x)
    demands.equal(x[at], channels, Fault(Kind.NORM, channels, x[at], (x,), at, (argument,)))
    return demands.outcome(x)


def grouped_channels(x: Shape, groups: Dim, *, axis: int = 1) -> Outcome:
    """A norm over groups of channels, which the groups must divide."""
    demands = Demands()
    demands.divides(groups, x[axis], Fault(Kind.NORM, groups, x[axis], (x,), axis, ("num_groups",)))
    return demands.outcome(x)


def normalised_trailing(x: Shape, normalised: Shape, *, argument: str = "normalized_shape") -> Outcome:
    """A norm over the last axes, which must have these sizes."""
    if len(x) < len(normalised):
        return Fault(
            Kind.RANK, expected=len(normalised), got=len(x), shapes=(x, normalised), arguments=(argument,)
        )
    demands = Demands()
    start = len(x) - len(normalised)
    for axis, wanted in enumerate(normalised, start):
        demands.equal(x[axis], wanted, Fault(Kind.NORM, wanted, x[axis], (x, normalised), axis, (argument,)))
    return demands.outcome(x)


def bilinear(a: Shape, b: Shape, weight: Shape) -> Outcome:
    """y = aᵀ W b on the last axes, with `weight` (outputs, features of a, features of b)."""
    if len(a) != len(b) or not a:
        return Fault(Kind.RANK, len(a), len(b), (a, b))
    demands = Demands()
    for axis, (left, right) in enumerate(zip(a[:-1], b[:-1], strict=True)):
        demands.equal(left, right, Fault(Kind.JOIN, left, right, (a, b), axis))
    last = len(a) - 1
    demands.equal(a[-1], weight[1], Fault(Kind.FEATURES, weight[1], a[-1], (a,), last, ("in1_features",)))
    demands.equal(b[-1], weight[2], Fault(Kind.FEATURES, weight[2], b[-1], (b,), last, ("in2_features",)))
    return demands.outcome((*a[:-1], weight[0]))
