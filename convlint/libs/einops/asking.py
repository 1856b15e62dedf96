"""`parse_shape`, `einsum` and `asnumpy`: extents by name, a product by names, an array."""

from __future__ import annotations

import string
from collections.abc import Sequence

from convlint.dims import Dim
from convlint.libs.einops.backend import tensor_of, unknown_type
from convlint.libs.einops.declaring import function
from convlint.libs.einops.errors import ERROR, refuse
from convlint.libs.op import Op
from convlint.shapes.axis_pattern import ELLIPSIS, Anonymous, Group, PatternError, Side, side
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Unknown, Value


@function("parse_shape", "einops", signature="x, pattern")
def parse_shape(op: Op) -> Value:
    """The extents by the names of a pattern; `_` leaves an axis out."""
    x, backend = tensor_of(op, op["x"])
    shape = x.shape or ()
    pattern = op.text("pattern")
    try:
        found = side(pattern, underscore=True)
    except PatternError as error:
        refuse(op, error)
    tail = f"{pattern} {backend.shown(shape)}"
    if any(len(group) > 1 for group in found.groups):
        _refuse_shape(op, f"Can't parse shape with composite axes: {tail}", shape)
    groups = _spread(op, found, shape, tail)
    named: dict[Value, Value] = {}
    demands = Demands()
    for axis, (group, extent) in enumerate(zip(groups, shape, strict=True)):
        match group:
            case ():
                words = f"Length of axis is not 1: {tail}"
                demands.equal(extent, 1, _fault(shape, words, axis, 1, extent))
            case (Anonymous(extent=wanted),):
                words = f"Length of anonymous axis does not match: {tail}"
                demands.equal(extent, wanted, _fault(shape, words, axis, wanted, extent))
            case (str(name),) if name != "_":
                named[name] = extent
    op.lawful(demands.outcome(shape), lambda fault: f"RuntimeError: {fault.detail}")
    return named


def _spread(op: Op, found: Side, shape: Shape, tail: str) -> Sequence[Group]:
    """A group for each axis; those under an ellipsis have no name."""
    own = len(found.groups)
    if not found.ellipsis:
        if len(shape) != own:
            _refuse_shape(op, f"Can't parse shape with different number of dimensions: {tail}", shape, own)
        return found.groups
    if len(shape) < own - 1:
        _refuse_shape(op, f"Can't parse shape with this number of dimensions: {tail}", shape)
    at = found.groups.index((ELLIPSIS,))
    return (*found.groups[:at], *(("_",),) * (len(shape) - own + 1), *found.groups[at + 1 :])


def _fault(shape: Shape, words: str, axis: int | None, expected: Dim | None, got: Dim | None) -> Fault:
    return Fault(Kind.RESHAPE, expected, got, (shape,), axis, ("pattern",), words)


def _refuse_shape(op: Op, words: str, shape: Shape, expected: int | None = None) -> None:
    fault = Fault(Kind.RANK, expected, len(shape), (shape,), arguments=("pattern",), detail=words)
    op.caller.fault(fault, lambda _: f"RuntimeError: {words}", op.self)
    raise NotModelled(f"{op.name} refuses: {words}")


# -- products ------------------------------------------------------------------------------------------------


@function("einsum", "einops", signature="*tensors_and_pattern")
def einsum(op: Op) -> Value:
    """Tensors first, their pattern last: `einsum(x, w, "batch n i, i o -> batch n o")`."""
    given = op["tensors_and_pattern"]
    assert isinstance(given, tuple)
    if len(given) <= 1:
        words = (
            "`einops.einsum` takes at minimum two arguments: the tensors (at least one), followed by the "
            "pattern."
        )
        op.refuse("ValueError", words)
    *tensors, pattern = given
    if isinstance(pattern, Unknown):
        raise NotModelled(pattern.reason)
    if not isinstance(pattern, str):
        words = (
            "The last argument passed to `einops.einsum` must be a string, representing the einsum pattern."
        )
        op.refuse("ValueError", words)
    equation = _equation(op, pattern)
    if isinstance(tensors[0], (list, tuple)):
        unknown_type(op, tensors[0])
    return tensor_of(op, tensors[0])[1].product(op, equation, tensors)


def _equation(op: Op, pattern: str) -> str:
    """The pattern with a letter for each name."""
    if "->" not in pattern:
        op.refuse("ValueError", "Einsum pattern must contain '->'.")
    try:
        lefts, *more = pattern.split("->")
        if len(more) > 1:
            raise PatternError("too many values to unpack (expected 2)", "ValueError")
        inputs = [side(text, underscore=True, repeated=True) for text in lefts.split(",")]
        output = side(more[0], underscore=True)
    except PatternError as error:
        refuse(op, error)
    letters: dict[str, str] = {}
    for each in inputs:
        for name in _names(op, each):
            if name != "..." and name not in letters:
                if len(letters) >= len(string.ascii_letters):
                    op.refuse("RuntimeError", "Too many axes in einsum.")
                letters[name] = string.ascii_letters[len(letters)]
    letters["..."] = "..."
    for name in _names(op, output):
        if name not in letters:
            op.refuse(ERROR, f"Unknown axis {name} on right side of einsum {pattern}.")
    terms = ["".join(letters[name] for name in _names(op, each)) for each in (*inputs, output)]
    return ",".join(terms[:-1]) + "->" + terms[-1]


def _names(op: Op, found: Side) -> list[str]:
    """The names of the axes, each of which has to stand alone."""
    names: list[str] = []
    for group in found.groups:
        match group:
            case ():
                _refuse_axis(op, "Singleton () axes are not yet supported in einsum.")
            case (str(name),):
                names.append(name)
            case (axis,) if axis is ELLIPSIS and not found.inside:
                names.append("...")
            case (Anonymous(),):
                _refuse_axis(op, "Anonymous axes are not yet supported in einsum.")
            case _ if len(group) > 1:
                _refuse_axis(op, "Shape rearrangement is not yet supported in einsum.")
            case _:
                raise NotModelled("an ellipsis in parentheses")
    return names


def _refuse_axis(op: Op, words: str) -> None:
    op.refuse("NotImplementedError", words)


@function("asnumpy", "einops", signature="tensor")
def asnumpy(op: Op) -> Value:
    """The tensor as an array."""
    x, backend = tensor_of(op, op["tensor"])
    return backend.array(op, x)
