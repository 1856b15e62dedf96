"""Pooling of every rank, global and adaptive (keras.io/api/layers/pooling_layers)."""

from __future__ import annotations

from functools import partial

from convlint.dims import Dim
from convlint.libs.keras.arguments import each, layout, padding, positive, windows
from convlint.libs.keras.declare import Body, held, layer, made, tensor
from convlint.libs.keras.wording import check_rank, no_room
from convlint.libs.op import Op
from convlint.shapes.window import Layout, pool, pool_to
from convlint.values import Value


def _checked(op: Op, rank: int) -> None:
    positive(op, "pool_size", rank)
    if held(op, "strides") is not None:
        positive(op, "strides", rank)
    padding(op)


def _pooled(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = tensor(op)
        xs = x.shape or ()
        check_rank(op, xs, rank + 2)
        outcome = pool(xs, windows(op, rank, "pool_size"), layout=layout(op), ranks=(rank + 2,))
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


def _adaptive(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = tensor(op)
        xs = x.shape or ()
        check_rank(op, xs, rank + 2)
        outcome = pool_to(xs, each(op, "output_size", rank), layout=layout(op), ranks=(rank + 2,))
        return made(op, x, op.lawful(outcome, lambda fault: no_room(op, fault.shapes[0])))

    return body


for _rank in (1, 2, 3):
    _size = "2" if _rank == 1 else str((2,) * _rank)
    for _name, _short in (("MaxPooling", "MaxPool"), ("AveragePooling", "AvgPool")):
        layer(
            f"{_name}{_rank}D",
            f"{_short}{_rank}D",
            signature=f"pool_size={_size}, strides=None, padding='valid', data_format=None",
            check=partial(_checked, rank=_rank),
        )(_pooled(_rank))
        layer(
            f"Global{_name}{_rank}D",
            f"Global{_short}{_rank}D",
            signature="data_format=None, keepdims=False",
        )(_global(_rank))
        layer(f"Adaptive{_name}{_rank}D", signature="output_size, data_format=None")(_adaptive(_rank))

__all__ = ["Layout"]
