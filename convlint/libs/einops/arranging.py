"""`rearrange`, `reduce`, `repeat`: one pattern, made into a recipe and applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from convlint.dims import Dim, Expr
from convlint.libs.einops.backend import Backend, tensor_of
from convlint.libs.einops.declaring import function
from convlint.libs.einops.errors import ERROR, extents, listed, refuse
from convlint.libs.op import Op
from convlint.shapes.axis_pattern import PatternError
from convlint.shapes.fault import Fault, Shape
from convlint.shapes.rearrange import Recipe, Steps, recipe, steps
from convlint.values import NotModelled, Tensor, Unknown, Value


@function("rearrange", "einops", signature="tensor, pattern, **axes_lengths")
def rearrange(op: Op) -> Value:
    """Axes in another order, split and joined."""
    return _arranged(op, "rearrange")


@function("repeat", "einops", signature="tensor, pattern, **axes_lengths")
def repeat(op: Op) -> Value:
    """The same with new axes, along which the tensor is repeated."""
    return _arranged(op, "repeat")


@function("reduce", "einops", signature="tensor, pattern, reduction, **axes_lengths")
def reduce(op: Op) -> Value:
    """The same with axes that are reduced, by the name of a reduction or a function `f(tensor, axes)`."""
    operation = op.known("reduction")
    plain = operation is None or isinstance(operation, int | float | list | tuple | dict)
    return _arranged(op, str(operation) if plain else operation)


def _arranged(op: Op, operation: Value) -> Value:
    """A pattern applied to a tensor, or to a list of tensors which are stacked first."""
    given = op["tensor"]
    if isinstance(given, list):
        if op.caller.uncertainty(given) is not None:
            raise NotModelled("the tensors of a list are not known")
        if not given:
            op.refuse("TypeError", "Rearrange/Reduce/Repeat can't be applied to an empty list", "tensor")
        given = tensor_of(op, given[0])[1].stack(op, given)
    x, backend = tensor_of(op, given)
    lengths = extents(op, op["axes_lengths"])
    assert x.shape is not None
    name = operation if isinstance(operation, str) else ""
    stacked = isinstance(op["tensor"], list)
    where = "Input is list." if stacked else f"Input tensor shape: {backend.shown(x.shape)}."
    around = (
        f' Error while processing {operation if name else "callable"}-reduction pattern "{op["pattern"]}". '
        f"{where} Additional info: {listed(lengths)}. "
    )
    try:
        made = recipe(op.text("pattern"), name, tuple(lengths), len(x.shape))
    except PatternError as error:
        refuse(op, error, x.shape, around)
    reduction = name if name or made.reduced == 0 else operation
    return apply(op, made, x, backend, reduction, lengths, lambda fault: f"{ERROR}: {around}{fault.detail}")


def apply(
    op: Op,
    made: Recipe,
    x: Tensor,
    backend: Backend,
    reduction: Value,
    lengths: Mapping[str, Value],
    words: Callable[[Fault], str],
) -> Value:
    """The steps of a recipe: split, put in order, reduce, add, join."""
    assert x.shape is not None
    found = _steps(op, made, x.shape, lengths, words)
    checked = any(isinstance(e, int) and e < 0 for e in (*found.split, *(n for _, n in found.added)))
    if checked:
        return _unusual(op, backend, x, found)
    y: Value = x
    if made.splits:
        y = backend.regroup(op, x, found.split)
    assert isinstance(y, Tensor)
    if found.order != tuple(range(len(found.order))):
        y = backend.reorder(op, y, found.order)
    if found.reduced:
        named = isinstance(reduction, str)
        axes = found.reduced
        y = backend.reduce(op, y, str(reduction), axes) if named else op.call(reduction, y, axes)
        if not isinstance(y, Tensor) or y.shape is None:
            raise NotModelled("what a reduction gives is not known")
        if not named:
            return _after_function(op, backend, y, made, found)
    if found.added:
        y = backend.stretch(op, y, found.added)
    return backend.regroup(op, y, found.shape) if made.joins else y


def _unusual(op: Op, backend: Backend, x: Tensor, found: Steps) -> Value:
    """Extents below 0 are left to the framework's own reshape, which refuses most of them."""
    backend.reshape(op, x, found.split)
    raise NotModelled("an axis of negative extent")


def _after_function(op: Op, backend: Backend, y: Tensor, made: Recipe, found: Steps) -> Value:
    """A function that reduces may give any shape, which the framework's reshape then has to fit."""
    return backend.reshape(op, y, found.shape) if made.joins else y


def _steps(
    op: Op, made: Recipe, shape: Shape, lengths: Mapping[str, Value], words: Callable[[Fault], str]
) -> Steps:
    known = {name: _extent(op, made, shape, name, value) for name, value in lengths.items()}
    if op.self is None:
        _remembered(op).add((made, shape, tuple(known.values())))
    try:
        found = steps(made, shape, known)
    except PatternError as error:
        refuse(op, error)
    if isinstance(found, Fault):
        op.caller.fault(found, words, op.self)
        raise NotModelled(f"{op.name} fails here")
    for requirement in found.requires:
        op.caller.require(requirement, words, op.self)
    return found


def _extent(op: Op, made: Recipe, shape: Shape, name: str, value: Value) -> Dim:
    """The extent that is given for a name. A float is not compared with an axis, but a reshape refuses it."""
    if isinstance(value, (int, Expr, Unknown)):
        return op.as_dim(value, name)
    if not isinstance(value, float):
        raise NotModelled(f"the extent of {name} is not a number")
    if value.is_integer() and any(seen[:2] == (made, shape) for seen in _remembered(op)):
        return int(value)  # a call that einops remembers, in which 2.0 is 2
    groups = made.left if made.splits else made.right
    place = 0
    for axis, group in enumerate(groups):
        if name in group:
            if not made.splits and not made.joins and not made.added:
                return shape[axis]
            where = place if made.splits else axis
            op.refuse("TypeError", _not_integer("reshape(): argument 'shape'", where), name)
        place += len(group)
    raise NotModelled(f"the extent of {name} is no integer")


def _remembered(op: Op) -> set[tuple[Recipe, Shape, tuple[Dim, ...]]]:
    """The calls of functions that einops keeps the answers to."""
    seen = op.caller.state.setdefault("einops.remembered", set())
    assert isinstance(seen, set)
    return seen


def _not_integer(argument: str, place: int) -> str:
    """PyTorch's words for a float among sizes."""
    if place == 0:
        return f"{argument} (position 1) must be tuple of ints, but found element of type float at pos 0"
    words = 'with error "type must be tuple of ints,but got float"'
    return f"{argument} failed to unpack the object at pos {place + 1} {words}"
