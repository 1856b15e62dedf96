"""Pooling of every rank, global and adaptive (keras.io/api/layers/pooling_layers)."""

from __future__ import annotations

from functools import partial

from convlint.dims import Dim, Expr
from convlint.libs.keras.arguments import each, layout, positive, windows
from convlint.libs.keras.declare import Body, layer, made, tensor
from convlint.libs.keras.setting import held
from convlint.libs.keras.wording import check_rank, no_room
from convlint.libs.op import Op
from convlint.shapes.window import pool, pool_to
from convlint.values import NotModelled, Unknown, Value


def _checked(op: Op, rank: int) -> None:
    positive(op, "pool_size", rank)
    if held(op, "strides") is not None:
        positive(op, "strides", rank, zero=True)


def _pooled(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = tensor(op)
        xs = x.shape or ()
        check_rank(op, xs, rank + 2)
        outcome = pool(xs, windows(op, rank, "pool_size", exact=True), layout=layout(op), ranks=(rank + 2,))
        return made(op, x, op.lawful(outcome, lambda fault: no_room(op, fault.shapes[0])))

    return body


def _global(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = tensor(op)
        xs = x.shape or ()
        check_rank(op, xs, rank + 2)
        where = layout(op)
        channels = xs[where.channel(rank)]
        ones: tuple[Dim, ...] = (1,) * rank
        shape = where.placed(xs[:1], channels, ones) if op.flag("keepdims") else (xs[0], channels)
        return made(op, x, shape)

    return body


def _check_output_size(op: Op, rank: int) -> None:
    """An integer, or a tuple of as many as there are axes."""
    size = held(op, "output_size")
    if isinstance(size, (Unknown, Expr, int)):
        return
    right = isinstance(size, (tuple, list)) and len(size) == rank
    if not right or not isinstance(size, (tuple, list)) or any(isinstance(n, (float, str)) for n in size):
        names = {1: "(length,)", 2: "(height, width)", 3: "(depth, height, width)"}[rank]
        words = f"`output_size` must be an integer or {names} tuple. Received: {size} of type {type(size)}"
        op.refuse("TypeError", words, "output_size")


def _adaptive(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = tensor(op)
        xs = x.shape or ()
        if len(xs) != rank + 2:
            raise NotModelled("adaptive pooling of a map of another rank")
        sizes = each(op, "output_size", rank)
        if any(isinstance(size, int) and size <= 0 for size in sizes):
            words = f"All `output_size` values must be positive. Received: output_size={sizes}"
            op.refuse("ValueError", words, "output_size")
        outcome = pool_to(xs, sizes, layout=layout(op), ranks=(rank + 2,))
        return made(op, x, op.lawful(outcome, lambda fault: no_room(op, fault.shapes[0])))

    return body


for _rank in (1, 2, 3):
    _size = "=2" if _rank == 1 else f"={(2,) * _rank}"
    for _name, _short in (("MaxPooling", "MaxPool"), ("AveragePooling", "AvgPool")):
        layer(
            f"{_name}{_rank}D",
            f"{_short}{_rank}D",
            signature=f"pool_size{_size if _short == 'MaxPool' else ''}, strides=None, padding='valid', "
            "data_format=None",
            check=partial(_checked, rank=_rank),
        )(_pooled(_rank))
        layer(
            f"Global{_name}{_rank}D",
            f"Global{_short}{_rank}D",
            signature="data_format=None, keepdims=False",
        )(_global(_rank))
        layer(
            f"Adaptive{_name}{_rank}D",
            signature="output_size, data_format=None",
            check=partial(_check_output_size, rank=_rank),
        )(_adaptive(_rank))
