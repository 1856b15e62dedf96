"""Reshaping, cropping, padding, upsampling (keras.io/api/layers/reshaping_layers)."""

from __future__ import annotations

from convlint.dims import Dim, product
from convlint.libs.keras.arguments import each, layout
from convlint.libs.keras.declare import Body, held, layer, made, tensor
from convlint.libs.keras.layer import shown_shape
from convlint.libs.keras.wording import check_rank
from convlint.libs.op import Op
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.pad import pad
from convlint.shapes.reshape import reshape
from convlint.shapes.window import Layout
from convlint.values import NotModelled, Value


@layer("Flatten", signature="data_format=None")
def flatten(op: Op) -> Value:
    """Everything but the batch on one axis."""
    x = tensor(op)
    xs = x.shape or ()
    check_rank(op, xs, 1, least=True)
    return made(op, x, (xs[0], product(xs[1:])))


@layer("Reshape", signature="target_shape")
def reshaped(op: Op) -> Value:
    """The batch kept, the rest in another shape; one extent may be −1."""
    x = tensor(op)
    xs = x.shape or ()
    target = op.dims("target_shape")
    shape = reshape_to(op, xs[1:], target, "target_shape")
    return made(op, x, (xs[0], *shape))


def reshape_to(op: Op, shape: Shape, target: Shape, argument: str) -> Shape:
    """The shape that a reshape gives; with Keras' sentence where the elements do not fit."""
    outcome = reshape(shape, target)
    cannot = (
        ", however, the input size cannot by divided by the specified dimensions in target_shape"
        if -1 in target
        else ""
    )
    words = (
        f"ValueError: The total size of the tensor must be unchanged{cannot}. Received: "
        f"input_shape={shown_shape(shape)}, target_shape={shown_shape(target)}"
    )
    instead = None if -1 in target else target
    if isinstance(outcome, Fault):
        outcome = Fault(Kind.RESHAPE, outcome.expected, outcome.got, outcome.shapes, arguments=(argument,))
    return op.lawful(outcome, lambda _: words, instead)


@layer("Permute", signature="dims")
def permuted(op: Op) -> Value:
    """The axes after the batch in another order, counted from 1."""
    x = tensor(op)
    xs = x.shape or ()
    order = op.dims("dims")
    if sorted(order, key=str) != sorted(range(1, len(order) + 1), key=str):
        words = (
            "Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be "
            f"consecutive and start from 1. Received dims={order}"
        )
        op.refuse("ValueError", words, "dims")
    check_rank(op, xs, len(order) + 1)
    return made(op, x, (xs[0], *(xs[axis] for axis in order if isinstance(axis, int))))


@layer("RepeatVector", signature="n")
def repeated(op: Op) -> Value:
    """(N, features) as (N, n, features)."""
    x = tensor(op)
    xs = x.shape or ()
    check_rank(op, xs, 2)
    return made(op, x, (xs[0], op.dim("n"), xs[1]))


def _pairs(op: Op, name: str, rank: int) -> list[tuple[Dim, Dim]]:
    """One number, one an axis, or two an axis."""
    value = held(op, name)
    if not isinstance(value, (list, tuple)):
        amount = op.as_dim(value, name)
        return [(amount, amount)] * rank
    if rank == 1 and len(value) == 2 and not isinstance(value[0], (list, tuple)):
        return [(op.as_dim(value[0], name), op.as_dim(value[1], name))]
    if len(value) != rank:
        raise NotModelled(f"`{name}` has {len(value)} entries for {rank} axes")
    found = []
    for entry in value:
        if isinstance(entry, (list, tuple)):
            found.append((op.as_dim(entry[0], name), op.as_dim(entry[1], name)))
        else:
            found.append((op.as_dim(entry, name), op.as_dim(entry, name)))
    return found


def _bordered(rank: int, name: str, sign: int) -> Body:
    """Zero padding, or cropping, which is padding below 0."""

    def body(op: Op) -> Value:
        x = tensor(op)
        xs = x.shape or ()
        check_rank(op, xs, rank + 2)
        where = layout(op)
        amounts: list[tuple[Dim, Dim]] = [(0, 0)] * len(xs)
        for axis, (before, after) in zip(where.spatial(rank), _pairs(op, name, rank), strict=True):
            amounts[axis] = (before * sign, after * sign)
        outcome = pad(xs, amounts)
        words = f"ValueError: `{name}` parameter of a cropping layer must be smaller than the input shape. Received: inputs.shape={shown_shape(xs)}"
        return made(op, x, op.lawful(outcome, lambda _: words))

    return body


def _upsampled(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = tensor(op)
        xs = x.shape or ()
        check_rank(op, xs, rank + 2)
        where: Layout = layout(op)
        sizes = each(op, "size", rank)
        spatial = tuple(xs[axis] * size for axis, size in zip(where.spatial(rank), sizes, strict=True))
        return made(op, x, where.placed(xs[:1], xs[where.channel(rank)], spatial))

    return body


for _rank in (1, 2, 3):
    _one = "1" if _rank == 1 else str((1,) * _rank)
    _two = "2" if _rank == 1 else str((2,) * _rank)
    _crop = {1: "(1, 1)", 2: "((0, 0), (0, 0))", 3: "((1, 1), (1, 1), (1, 1))"}[_rank]
    _format = ", data_format=None"
    layer(f"ZeroPadding{_rank}D", signature=f"padding={_one}{_format}")(_bordered(_rank, "padding", 1))
    layer(f"Cropping{_rank}D", signature=f"cropping={_crop}{_format if _rank > 1 else ''}")(
        _bordered(_rank, "cropping", -1)
    )
    layer(
        f"UpSampling{_rank}D",
        signature=f"size={_two}"
        + ("" if _rank == 1 else _format)
        + (", interpolation='nearest'" if _rank == 2 else ""),
    )(_upsampled(_rank))
