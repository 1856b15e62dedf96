"""Losses: what the target of an output must look like, and the shape of the loss before it is reduced.

Law: a loss on class indices takes one index where the input has an axis of classes (axis 1, or 0 without a
batch); a loss on numbers takes a target that broadcasts with the input or has its very shape.
"""

from __future__ import annotations

from msgspec.structs import replace

from convlint.dims import Dim
from convlint.shapes.broadcast import broadcast
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Lawful, Outcome, Requirement, Shape

ROWS, MULTI, SPATIAL, EXTENTS, SAME, NO_AXIS = "rows", "multi", "spatial", "extents", "same", "no axis"
RANKS = "ranks"
"""What a fault's `detail` says: unequal batches, an axis too many, not one index a place, other places, other
sizes.
"""


def together(*shapes: Shape) -> Outcome:
    """The shape that output, target and weights broadcast to; a clash is the target's fault."""
    return _blamed(broadcast(*shapes))


def _blamed(outcome: Outcome) -> Outcome:
    if isinstance(outcome, Fault):
        return replace(outcome, kind=Kind.TARGET, arguments=("target",))
    blamed = (Requirement(r.question, replace(r.otherwise, kind=Kind.TARGET)) for r in outcome.requires)
    return Lawful(outcome.shape, tuple(blamed))


def same_shape(output: Shape, target: Shape) -> Outcome:
    """A target of exactly the output's shape."""
    wrong = Fault(Kind.TARGET, output, target, (output, target), None, ("target",), SAME)
    demands = Demands()
    if len(output) != len(target):
        return wrong
    for want, have in zip(output, target, strict=True):
        demands.equal(want, have, wrong)
    return demands.outcome(output)


def class_indices(output: Shape, target: Shape) -> Outcome:
    """Class indices for scores `(C,)`, `(N, C)` or `(N, C, d1, …)`: the answer is one loss an index."""

    def wrong(detail: str, expected: Dim | Shape, got: Dim | Shape) -> Fault:
        return Fault(Kind.TARGET, expected, got, (output, target), None, ("target",), detail)

    demands = Demands()
    if not output:
        return wrong(NO_AXIS, 1, 0)
    if len(output) == 1:
        if len(target) == 1:
            demands.equal(target[0], 1, wrong(ROWS, 1, target[0]))
        elif target:
            demands.refuse(wrong(MULTI, 1, len(target)))
        return demands.outcome(())
    expected = (output[0], *output[2:])
    if target:
        demands.equal(output[0], target[0], wrong(ROWS, output[0], target[0]))
    else:
        demands.refuse(wrong(ROWS, output[0], 0))
    if len(output) == 2 and len(target) != 1:
        demands.refuse(wrong(MULTI, 1, len(target)))
    elif len(target) != len(expected):
        demands.refuse(wrong(SPATIAL, expected, target))
    else:
        for want, have in zip(expected[1:], target[1:], strict=True):
            demands.equal(want, have, wrong(EXTENTS, expected, target))
    return demands.outcome(expected)


def class_probabilities(output: Shape, target: Shape) -> Outcome:
    """A probability for each score: the target has the scores' shape, the loss no axis of classes."""
    outcome = same_shape(output, target)
    if isinstance(outcome, Fault):
        return outcome
    axis = 1 if len(output) > 1 else 0
    return Lawful((*output[:axis], *output[axis + 1 :]), outcome.requires)


# -- classes on the last axis: samples come first, and how many they are is not compared --------------------


def alike_ranks(output: Shape, target: Shape) -> tuple[Shape, Shape]:
    """The pair; where ranks differ by 1, the longer lost a last axis of 1, or a vector gained one."""
    longer, shorter = (output, target) if len(output) > len(target) else (target, output)
    if len(longer) != len(shorter) + 1 or longer[-1] != 1:
        return output, target
    if len(shorter) == 1:
        return (*output, 1)[: len(longer)], (*target, 1)[: len(longer)]
    return output[: len(shorter)], target[: len(shorter)]


def per_class(output: Shape, target: Shape) -> Outcome:
    """A number for each class: the target has the output's very axes."""
    have, want = alike_ranks(output, target)
    wrong = Fault(Kind.TARGET, output, target, (output, target), None, ("y",), SAME)
    if len(have) != len(want):
        return replace(wrong, detail=RANKS)
    return wrong if _differ(have[1:], want[1:]) else Lawful(output)


def class_index(output: Shape, target: Shape) -> Outcome:
    """One class for each place: the target has the output's axes but the last."""
    have, want = alike_ranks(output, target)
    if len(have) == len(want) and want and want[-1] == 1:
        want = want[:-1]
    wrong = Fault(Kind.TARGET, output[:-1], target, (output, target), None, ("y",), MULTI)
    if len(have) != len(want) + 1:
        return wrong
    return replace(wrong, detail=EXTENTS) if _differ(have[1:-1], want[1:]) else Lawful(output)


def per_number(output: Shape, target: Shape) -> Outcome:
    """A number for each number: the axes after the samples stretch to each other."""
    have, want = alike_ranks(output, target)
    wrong = Fault(Kind.TARGET, output, target, (output, target), None, ("y",), SAME)
    if len(have) != len(want):
        return Lawful(output)  # the samples' axis takes part, and batches are of any size
    pairs = [(a, b) for a, b in zip(have[1:], want[1:], strict=True) if 1 not in (a, b)]
    return wrong if any(_differ((a,), (b,)) for a, b in pairs) else Lawful(output)


def _differ(have: Shape, want: Shape) -> bool:
    """Whether two extents at one place are known to differ."""
    known = (pair for pair in zip(have, want, strict=True) if all(isinstance(each, int) for each in pair))
    return any(a != b for a, b in known)
