"""Broadcasting: shapes are aligned at their last axes, and an axis of extent 1 stretches to its partner.

Law: on each axis the extents are equal or one of them is 1.
"""

from __future__ import annotations

from itertools import zip_longest

from convlint.dims import Dim, Equal, Expr, certain
from convlint.shapes.demand import Demands, remembered
from convlint.shapes.fault import Fault, Kind, Outcome, Requirement, Shape


@remembered
def broadcast(*shapes: Shape) -> Outcome:
    """The shape that all operands stretch to, folded from the left as every framework does.

    The fault's axis counts in the result; `expected` and `got` are the two extents, of what came before and
    of the operand that does not join.
    """
    if not shapes:
        return Demands().outcome(())
    demands = Demands()
    result = shapes[0]
    for shape in shapes[1:]:
        if shape != result:
            result = _pair(result, shape, demands)
        if demands.fault is not None:
            break
    return demands.outcome(result)


def _pair(left: Shape, right: Shape, demands: Demands) -> Shape:
    """The last axis is looked at first: it is the one that runtimes name."""
    rank = max(len(left), len(right))
    extents: list[Dim] = []
    for back, (a, b) in enumerate(zip_longest(reversed(left), reversed(right), fillvalue=1)):
        fault = Fault(Kind.JOIN, expected=a, got=b, shapes=(left, right), axis=rank - 1 - back)
        extents.append(stretched(a, b, fault, demands))
        if demands.fault is not None:
            break
    return tuple(reversed(extents))


def stretched(a: Dim, b: Dim, otherwise: Fault, demands: Demands) -> Dim:
    """The extent of an axis where a meets b; what that takes is added to the demands.

    Two different expressions are asked to be equal, which is what a join of maps means, though a size that
    makes one of them 1 would do, too. A lone symbol against a number may be that number or 1.
    """
    if a is b or a == b or _is_one(b):
        return a
    if _is_one(a):
        return b
    if not isinstance(a, Expr) and not isinstance(b, Expr):
        demands.refuse(otherwise)
        return a
    if certain(Equal(a, b)) is False:
        return _only_by_stretching(a, b, otherwise, demands)
    if isinstance(a, Expr) and isinstance(b, Expr):
        demands.requires.append(Requirement(Equal(a, b), otherwise))
        return a
    varying, number = (a, b) if isinstance(a, Expr) else (b, a)
    question = Equal((varying - number) * (varying - 1), 0) if _lone(varying) else Equal(varying, number)
    demands.requires.append(Requirement(question, otherwise))
    return number


def _lone(e: Dim) -> bool:
    """Whether the expression is one symbol and nothing else."""
    return isinstance(e, Expr) and e.symbols == {str(e)}


def _only_by_stretching(a: Dim, b: Dim, otherwise: Fault, demands: Demands) -> Dim:
    """Unequal for every size: one of them has to be 1, where that is possible at all."""
    ones = [e for e in (a, b) if isinstance(e, Expr) and certain(Equal(e, 1)) is not False]
    if not ones:
        demands.refuse(otherwise)
        return a
    question = Equal(ones[0], 1) if len(ones) == 1 else Equal((a - 1) * (b - 1), 0)
    demands.requires.append(Requirement(question, otherwise))
    if len(ones) == 1:
        return b if ones[0] is a else a
    return a * b


def _is_one(extent: Dim) -> bool:
    return not isinstance(extent, Expr) and extent == 1


def torn(*shapes: Shape) -> tuple[Dim | None, ...]:
    """The broadcast shape with None on the axes that do not join.

    What is certain of a result after a fault.
    """
    result: list[Dim | None] = []
    for extents in zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1):
        others = [e for e in dict.fromkeys(extents) if not _is_one(e)]
        result.append(1 if not others else others[0] if len(others) == 1 else None)
    return tuple(reversed(result))


def expand(shape: Shape, sizes: Shape) -> Outcome:
    """The shape stretched to `sizes`, where -1 keeps an axis; new axes come in front.

    Faults: RANK where `sizes` has fewer axes or a new axis is -1, JOIN where an axis neither is 1 nor has
    the size.
    """
    demands = Demands()
    new = len(sizes) - len(shape)
    if new < 0:
        return Fault(
            Kind.RANK, expected=len(shape), got=len(sizes), shapes=(shape, sizes), arguments=("size",)
        )
    result: list[Dim] = []
    for axis, size in enumerate(sizes):
        fault = Fault(Kind.JOIN, got=size, shapes=(shape, sizes), axis=axis, arguments=("size",))
        if axis < new:
            if not isinstance(size, Expr) and size < 0:
                demands.refuse(fault)
            result.append(size)
            continue
        extent = shape[axis - new]
        if not isinstance(size, Expr) and size == -1:
            size = extent
        elif not _is_one(extent):
            fault = Fault(Kind.JOIN, extent, size, (shape, sizes), axis, ("size",))
            _keep_or_stretch(extent, size, fault, demands)
        elif not isinstance(size, Expr) and size < 0:
            demands.refuse(fault)
        result.append(size)
    return demands.outcome(tuple(result))


def _keep_or_stretch(extent: Dim, size: Dim, otherwise: Fault, demands: Demands) -> None:
    """`expand` stretches only the tensor: its extent is the size, or 1."""
    if extent == size:
        return
    if isinstance(extent, Expr) and certain(Equal(extent, size)) is False:
        demands.equal(extent, 1, otherwise)
    else:
        demands.equal(extent, size, otherwise)


def fits_into(target: Shape, shape: Shape) -> Outcome:
    """The target itself, where `shape` broadcasts to exactly it.

    What an in-place operation asks of its result.
    """
    demands = Demands()
    fault = Fault(Kind.JOIN, expected=target, got=shape, shapes=(target, shape))
    if len(shape) > len(target):
        demands.refuse(fault)
    else:
        for have, want in zip(reversed(shape), reversed(target), strict=False):
            if have != want and not _is_one(have):
                demands.equal(have, want, fault)
    return demands.outcome(target)


def unchanged(target: Shape, result: Shape) -> Outcome:
    """The target, where an operation on it gives its own shape again: what working in place asks for."""
    demands = Demands()
    fault = Fault(Kind.JOIN, expected=target, got=result, shapes=(target, result))
    if len(result) != len(target):
        return fault
    for have, want in zip(result, target, strict=True):
        if have != want:
            demands.equal(have, want, fault)
    return demands.outcome(target)
