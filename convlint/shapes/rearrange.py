"""Rearrangement by a pattern of names: axes are split, put in another order, reduced, added and joined.

Law: an axis that several names make is their product; of its names one may be without a given extent, which
the others then divide it into. Source: einops/einops.py (TransformRecipe).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from msgspec import Struct

from convlint.dims import Dim, Expr, floordiv, mod, product
from convlint.shapes.axis_pattern import (
    Anonymous,
    Axis,
    Group,
    PatternError,
    Side,
    halves,
    side,
    unfit,
)
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Requirement, Shape

REDUCTIONS = ("min", "max", "sum", "mean", "prod", "any", "all")


class WrongRank(PatternError):
    """The tensor has another number of axes than the pattern; `expected` is that number, None beside an
    ellipsis.
    """

    def __init__(self, message: str, expected: int | None) -> None:
        super().__init__(message)
        self.expected = expected


class Recipe(Struct, frozen=True):
    """A pattern made ready for tensors of one rank.

    `left` and `right` are the groups of either side; `order` is the permutation of the left side's axes, the
    `reduced` ones last; `added` are the axes that only the right side has, by their places on it.
    """

    left: tuple[Group, ...]
    right: tuple[Group, ...]
    order: tuple[int, ...]
    reduced: int
    added: tuple[tuple[int, Axis], ...]
    given: frozenset[str]

    @property
    def splits(self) -> bool:
        """Whether an axis of the tensor is several names, or none."""
        return any(len(group) != 1 for group in self.left)

    @property
    def joins(self) -> bool:
        """Whether an axis of the result is several names, or none."""
        return any(len(group) != 1 for group in self.right)


class Steps(Struct, frozen=True):
    """What a recipe makes of one shape: each step with its extents, and what they require."""

    split: Shape
    order: tuple[int, ...]
    reduced: tuple[int, ...]
    added: tuple[tuple[int, Dim], ...]
    shape: Shape
    requires: tuple[Requirement, ...]


@lru_cache(maxsize=512)
def recipe(pattern: str, operation: str, names: tuple[str, ...], rank: int) -> Recipe:
    """The recipe of a pattern for a rank. `operation` is "rearrange", "repeat", a reduction, or "" for a
    function that reduces; `names` are those whose extents are given. Raises PatternError.
    """
    left, right = (side(text) for text in halves(pattern))
    _agree(pattern, operation, names, left, right)
    hidden = _hidden(left, rank)
    groups, result = left.spread(hidden), right.spread(hidden)
    ordered = [axis for group in groups for axis in group]
    wanted = [axis for group in result for axis in group]
    for name in names:
        if unfit(name):
            raise PatternError(f"('Invalid name for an axis', '{name}')")
        if name not in ordered and name not in wanted:
            raise PatternError(f"Axis {name} is not used in transform")
    for group in groups:
        free = [axis for axis in group if not isinstance(axis, Anonymous) and axis not in names]
        if len(free) > 1:
            raise PatternError(f"Could not infer sizes for {shown(free)}")
    gone = [axis for axis in ordered if axis not in wanted]
    kept = [axis for axis in wanted if axis in ordered]
    added = tuple((place, axis) for place, axis in enumerate(wanted) if axis not in ordered)
    order = tuple(ordered.index(axis) for axis in (*kept, *gone))
    return Recipe(groups, result, order, len(gone), added, frozenset(names))


def ranks(pattern: str) -> range:
    """The numbers of axes for which einops' layers prepare a pattern. Raises PatternError."""
    left = side(halves(pattern)[0])
    own = len(left.groups)
    return range(own - 1, own + 7) if left.ellipsis else range(own, own + 1)


def _agree(pattern: str, operation: str, names: tuple[str, ...], left: Side, right: Side) -> None:
    """What einops asks of the axes of both sides."""
    if right.ellipsis and not left.ellipsis:
        raise PatternError(f"Ellipsis found in right side, but not left side of a pattern {pattern}")
    if left.inside:
        raise PatternError(f"Ellipsis inside parenthesis in the left side is not allowed: {pattern}")
    match operation:
        case "rearrange":
            if left.numbers or right.numbers:
                message = "Non-unitary anonymous axes are not supported in rearrange (exception is length 1)"
                raise PatternError(message)
            _none(left.axes ^ right.axes, "Identifiers only on one side of expression (should be on both)")
        case "repeat":
            _none(left.axes - right.axes, "Unexpected identifiers on the left side of repeat")
            new = {axis for axis in right.axes if not isinstance(axis, Anonymous)}
            _none(new - left.axes - set(names), "Specify sizes for new axes in repeat")
        case _ if not operation or operation in REDUCTIONS:
            _none(right.axes - left.axes, f"Unexpected identifiers on the right side of reduce {operation}")
        case _:
            raise PatternError(f"Unknown reduction {operation}. Expect one of {REDUCTIONS}.")


def _none(axes: Collection[Axis], message: str) -> None:
    if axes:
        raise PatternError(f"{message}: {shown(axes)}")


def shown(axes: Collection[Axis]) -> str:
    """Axes as Python shows a set of them, in alphabetical order."""
    return "{" + ", ".join(sorted(map(repr, axes))) + "}" if axes else "set()"


def _hidden(left: Side, rank: int) -> int:
    """How many axes the ellipsis stands for."""
    own = len(left.groups)
    if not left.ellipsis:
        if rank != own:
            raise WrongRank(f"Wrong shape: expected {own} dims. Received {rank}-dim tensor.", own)
        return 0
    if rank < own - 1:
        raise WrongRank(f"Wrong shape: expected >={own - 1} dims. Received {rank}-dim tensor.", None)
    return rank - own + 1


def steps(made: Recipe, shape: Shape, lengths: Mapping[str, Dim]) -> Steps | Fault:
    """What the recipe does to a tensor of that shape. A fault (RESHAPE) where an axis is not what its names
    make: `expected` is their product, `got` the axis, `arguments` the names whose extents were given. A name
    whose extent is given and that is no number has none here: it is not checked.
    """
    demands = Demands()
    extents: dict[Axis, Dim] = {axis: axis.extent for axis in _all(made) if isinstance(axis, Anonymous)}
    extents.update((name, extent) for name, extent in lengths.items())
    for axis, (group, length) in enumerate(zip(made.left, shape, strict=True)):
        _measure(made, group, length, extents, demands, (shape, axis))
    if demands.fault is not None:
        return demands.fault
    split = tuple(extents[axis] for group in made.left for axis in group)
    result = tuple(product(extents[axis] for axis in group) for group in made.right)
    reduced = tuple(range(len(made.order) - made.reduced, len(made.order)))
    added = tuple((place, extents[axis]) for place, axis in made.added)
    return Steps(split, made.order, reduced, added, result, tuple(demands.requires))


def _all(made: Recipe) -> list[Axis]:
    return [axis for group in (*made.left, *made.right) for axis in group]


def _measure(
    made: Recipe,
    group: Group,
    length: Dim,
    extents: dict[Axis, Dim],
    demands: Demands,
    place: tuple[Shape, int],
) -> None:
    """The extents of the names that make one axis."""
    free = [axis for axis in group if not isinstance(axis, Anonymous) and axis not in made.given]
    if len(group) == 1 and free:
        extents[free[0]] = length
        return
    known = product(extents[axis] for axis in group if axis not in free)
    names = tuple(axis for axis in group if isinstance(axis, str) and axis in made.given)
    shape, axis = place

    def fault(detail: str) -> Fault:
        return Fault(Kind.RESHAPE, known, length, (shape,), axis, (*names, "pattern"), detail)

    if not free:
        demands.equal(length, known, fault(f"Shape mismatch, {length} != {known}"))
        return
    if not isinstance(known, Expr) and known == 0:
        raise PatternError("integer modulo by zero", "ZeroDivisionError")
    if isinstance(known, Expr) or known > 0 or not isinstance(length, Expr):
        words = f"Shape mismatch, can't divide axis of length {length} in chunks of {known}"
        rest = mod(length, known)
        if isinstance(rest, Expr) or rest != 0:
            demands.divides(known, length, fault(words))
    extents[free[0]] = floordiv(length, known)
