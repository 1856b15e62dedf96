"""Reshaping, cropping, padding, upsampling (keras.io/api/layers/reshaping_layers)."""

from __future__ import annotations

from functools import partial

from convlint.dims import Dim, Expr, product
from convlint.libs.keras.arguments import each, layout, positive
from convlint.libs.keras.declare import Body, layer, made, tensor
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.setting import held
from convlint.libs.keras.wording import check_rank
from convlint.libs.op import Op
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.pad import pad
from convlint.shapes.reshape import reshape
from convlint.shapes.window import Layout
from convlint.values import NotModelled, Unknown, Value


@layer("Flatten", signature="data_format=None")
def flatten(op: Op) -> Value:
    """Everything but the batch on one axis."""
    x = tensor(op)
    xs = x.shape or ()
    check_rank(op, xs, 1, least=True)
    return made(op, x, (xs[0], product(xs[1:])))


def _check_target(op: Op) -> None:
    target = held(op, "target_shape")
    if isinstance(target, (int, float)) or target is None:
        words = f"'{type(target).__name__}' object is not iterable"
        op.refuse("TypeError", words, "target_shape")


@layer("Reshape", signature="target_shape", check=_check_target)
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


def _check_dims(op: Op) -> None:
    order = op.dims("dims")
    if sorted(order, key=str) != sorted(range(1, len(order) + 1), key=str):
        words = (
            "Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be "
            f"consecutive and start from 1. Received dims={order}"
        )
        op.refuse("ValueError", words, "dims")


@layer("Permute", signature="dims", check=_check_dims)
def permuted(op: Op) -> Value:
    """The axes after the batch in another order, counted from 1."""
    x = tensor(op)
    xs = x.shape or ()
    order = op.dims("dims")
    check_rank(op, xs, len(order) + 1)
    return made(op, x, (xs[0], *(xs[axis] for axis in order if isinstance(axis, int))))


def _check_times(op: Op) -> None:
    n = held(op, "n")
    if isinstance(n, (bool, float, str)) or n is None:
        op.refuse("TypeError", f"Expected an integer value for `n`, got {type(n)}.", "n")
    if isinstance(n, int) and n <= 0:
        op.refuse("ValueError", f"Argument `n` should be a positive integer. Received: n={n}", "n")


@layer("RepeatVector", signature="n", check=_check_times)
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
    if rank == 1:
        before, after = each(op, name, 2)
        return [(before, after)]
    if len(value) != rank:
        raise NotModelled(f"`{name}` has {len(value)} entries for {rank} axes")
    found = []
    for entry in value:
        before, after = each(op, name, 2, entry)
        found.append((before, after))
    return found


def _check_pairs(op: Op, name: str, rank: int) -> None:
    """What Keras' constructors check of a padding or cropping."""
    value = held(op, name)
    if isinstance(value, (Unknown, Expr)):
        return
    if rank == 1:
        positive(op, name, 2, zero=True)
    elif isinstance(value, int):
        if name == "cropping" and value < 0:
            op.refuse("ValueError", f"`cropping` cannot be negative. Received: cropping={value}.", name)
    elif isinstance(value, (list, tuple, str)):
        if len(value) != rank:
            count = {2: "two", 3: "3"}[rank]
            op.refuse("ValueError", f"`{name}` should have {count} elements. Received: {name}={value}.", name)
        for number, entry in enumerate(value):
            place = ("1st", "2nd", "3rd")[number]
            _check_pair(op, f"{place} entry of {name}", entry, name)
    else:
        words = (
            f"`{name}` should be either an int, a tuple of {rank} ints or a tuple of {rank} tuples of 2 ints."
        )
        op.refuse("ValueError", f"{words} Received: {name}={value}.", name)


def _check_pair(op: Op, what: str, entry: Value, name: str) -> None:
    members = (entry,) if isinstance(entry, int) else entry
    if isinstance(entry, (Unknown, Expr)):
        return
    words = f"The `{what}` argument must be a tuple of 2 integers. Received {what}={entry}"
    if not isinstance(members, (list, tuple)) or (len(members) != 2 and not isinstance(entry, int)):
        op.refuse("ValueError", words, name)
    wrong = {m for m in members if isinstance(m, (int, float)) and m < 0}
    if wrong:
        words += f", including values {wrong} that do not satisfy `value >= 0`"
        op.refuse("ValueError", words, name)


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
        words = (
            "Values in `cropping` argument should be smaller than the corresponding spatial dimension of the "
            f"input. Received: input_shape={shown_shape(xs)}, cropping={held(op, name)}"
        )
        shape = op.lawful(outcome, lambda _: f"ValueError: {words}")
        if sign < 0 and any(shape[axis] == 0 for axis in where.spatial(rank)):
            op.refuse("ValueError", words, name, kind=Kind.KERNEL)
        return made(op, x, shape)

    return body


def _check_size(op: Op, rank: int) -> None:
    size = held(op, "size")
    if rank > 1:
        positive(op, "size", rank)
    elif not isinstance(size, (int, Unknown, Expr)) or isinstance(size, bool):
        op.refuse("TypeError", f"Expected an integer value for `size`, got {type(size)}.", "size")
    elif isinstance(size, int) and size <= 0:
        op.refuse(
            "ValueError", f"Argument `size` should be a positive integer. Received: size={size}", "size"
        )


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
    _two = "2" if _rank == 1 else str((2,) * _rank)
    _pad = "1" if _rank == 1 else "(1, 1)" if _rank == 2 else "((1, 1), (1, 1), (1, 1))"
    _crop = {1: "(1, 1)", 2: "((0, 0), (0, 0))", 3: "((1, 1), (1, 1), (1, 1))"}[_rank]
    _format = ", data_format=None"
    layer(
        f"ZeroPadding{_rank}D",
        signature=f"padding={_pad}{_format}",
        check=partial(_check_pairs, name="padding", rank=_rank),
    )(_bordered(_rank, "padding", 1))
    layer(
        f"Cropping{_rank}D",
        signature=f"cropping={_crop}{_format if _rank > 1 else ''}",
        check=partial(_check_pairs, name="cropping", rank=_rank),
    )(_bordered(_rank, "cropping", -1))
    layer(
        f"UpSampling{_rank}D",
        signature=f"size={_two}"
        + ("" if _rank == 1 else _format)
        + (", interpolation='nearest'" if _rank == 2 else ""),
        check=partial(_check_size, rank=_rank),
    )(_upsampled(_rank))
