"""`EinMix`: a product with a weight whose axes are named, between two rearrangements.

Law: the weight has the axes that its shape names; the bias those of the output that it names, 1 for others
after the first of them. Source: einops/layers/_einmix.py.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Mapping

from msgspec import Struct

from convlint.dims import Dim, Expr, product
from convlint.shapes.axis_pattern import ELLIPSIS, Axis, PatternError, Side, halves, side
from convlint.shapes.fault import Shape
from convlint.shapes.rearrange import shown


class Mix(Struct, frozen=True):
    """What the patterns of an `EinMix` come to: two rearrangements (None: not needed), the parameters, and
    the product's equation.
    """

    before: str | None
    given: tuple[str, ...]
    """The names of which the first rearrangement is told the extents."""
    after: str | None
    weight: Shape
    bias: Shape | None
    equation: str


def mix(pattern: str, weight_shape: str, bias_shape: str | None, lengths: Mapping[str, Dim]) -> Mix:
    """Reads the patterns. Raises PatternError."""
    before, after = halves(pattern)
    left, right, weight = side(before), side(after), side(weight_shape)
    names = frozenset(lengths)
    _check(pattern, weight_shape, (left, right, weight))
    first = f"{before}-> {_written(left)}" if _composed(left) else None
    last = f"{_written(right)} ->{after}" if _composed(right) or right.inside else None
    for axis in sorted(map(str, weight.axes)):
        if axis not in names:
            raise PatternError(f"Dimension {axis} of weight should be specified")
    _report(names - left.axes - weight.axes, "Axes {} are not used in pattern")
    _report(weight.axes - left.axes - right.axes, "Weight axes {} are redundant")
    shape = tuple(lengths[str(axis)] for axis in weight.flat)
    fan_in = product(lengths[str(axis)] for axis in weight.flat if axis not in right.axes)
    bias = None if bias_shape is None else _bias(bias_shape, right, lengths)
    if not isinstance(fan_in, Expr) and fan_in == 0:
        raise PatternError("division by zero", "ZeroDivisionError")
    letters = _letters(left.axes | right.axes | weight.axes)
    equation = f"{_mapped(left, letters)},{_mapped(weight, letters)}->{_mapped(right, letters)}"
    given = tuple(name for name in lengths if name in left.axes)
    return Mix(first, given if first else (), last, shape, bias, equation)


def _check(pattern: str, weight_shape: str, sides: tuple[Side, Side, Side]) -> None:
    left, right, weight = sides
    _report(right.axes - left.axes - weight.axes, "Unrecognized identifiers on the right side of EinMix {}")
    if weight.ellipsis:
        message = "Ellipsis is not supported in weight, as its shape should be fully specified"
        raise PatternError(message)
    if left.ellipsis != right.ellipsis:
        raise PatternError(f"Ellipsis in EinMix should be on both sides, {pattern}")
    if left.inside:
        raise PatternError(f"Ellipsis on left side can't be in parenthesis, got {pattern}")
    if any(each.numbers for each in sides):
        raise PatternError("Anonymous axes (numbers) are not allowed in EinMix")
    if "(" in weight_shape or ")" in weight_shape:
        raise PatternError(f"Parenthesis is not allowed in weight shape: {weight_shape}")
    if any(len(group) != 1 for group in weight.groups):
        raise PatternError("not enough values to unpack (expected 1, got 0)", "ValueError")


def _report(axes: Collection[Axis], message: str) -> None:
    if axes:
        raise PatternError(message.format(shown(axes)))


def _composed(found: Side) -> bool:
    return any(len(group) != 1 for group in found.groups)


def _written(found: Side) -> str:
    return " ".join("..." if axis is ELLIPSIS else str(axis) for axis in found.flat)


def _bias(text: str, right: Side, lengths: Mapping[str, Dim]) -> Shape:
    axes = side(text).axes
    _report(axes - right.axes, "Bias axes {} not present in output")
    _report(axes - frozenset(lengths), "Sizes not provided for bias axes {}")
    found: list[Dim] = []
    begun = False
    for axis in right.flat:
        if axis is ELLIPSIS:
            if begun:
                raise PatternError("all bias dimensions should go after ellipsis in the output")
        elif axis in axes:
            found.append(lengths[str(axis)])
            begun = True
        else:
            found.append(1)
    return tuple(found)


def _letters(axes: Collection[Axis]) -> dict[Axis, str]:
    names: list[Axis] = [*sorted(axis for axis in axes if isinstance(axis, str))]
    return {**dict(zip(names, string.ascii_lowercase, strict=False)), ELLIPSIS: "..."}


def _mapped(found: Side, letters: Mapping[Axis, str]) -> str:
    try:
        return "".join(letters[axis] for axis in found.flat)
    except KeyError as missing:
        raise PatternError(str(missing), "KeyError") from None
