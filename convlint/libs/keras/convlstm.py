"""Convolutional LSTMs: a cell whose products are convolutions (keras.io, ConvLSTM2D).

Law: the states have the size that the input's convolution gives; the recurrent kernel (kernel, filters,
4·filters) keeps it.
"""

from __future__ import annotations

from functools import partial

from convlint.dims import Expr
from convlint.libs.keras.arguments import each, layout, many, padding, positive, windows
from convlint.libs.keras.declare import Body, layer, made, tensor
from convlint.libs.keras.layer import add_weight
from convlint.libs.keras.recurrent import CALL
from convlint.libs.keras.setting import held
from convlint.libs.keras.wording import check_rank, no_room, wrong_axis
from convlint.libs.op import Op
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.window import Filters, convolve
from convlint.values import NotModelled, Value


def _check(op: Op, rank: int) -> None:
    positive(op, "kernel_size", rank)
    positive(op, "strides", rank, zero=True)
    padding(op)
    positive(op, "dilation_rate", rank)
    strides, dilations = each(op, "strides", rank), each(op, "dilation_rate", rank)
    if any(map(many, strides)) and any(map(many, dilations)):
        words = (
            "Specifying `strides > 1` is not compatible with `dilation_rate > 1`. Please provide `strides=1` "
            f"or `dilation_rate=1`. Received: strides={strides} and dilation_rate={dilations}"
        )
        op.refuse("ValueError", words, "dilation_rate", "strides")
    filters = held(op, "filters")
    if not isinstance(filters, (int, Expr)) or isinstance(filters, bool):
        raise NotModelled("the filters of a convolutional LSTM are no number")


def _build(op: Op, shape: Shape, rank: int) -> None:
    check_rank(op, shape, rank + 3)
    assert op.self is not None
    inputs, filters = shape[layout(op).channel(rank)], op.dim("filters")
    if isinstance(filters, int) and filters <= 0:
        raise NotModelled("the filters of a convolutional LSTM are not positive")
    kernel = each(op, "kernel_size", rank)
    add_weight(op.self, (*kernel, inputs, 4 * filters))
    add_weight(op.self, (*kernel, filters, 4 * filters))
    if op.flag("use_bias"):
        add_weight(op.self, (4 * filters,))
    op.self.attrs["_channels"] = inputs
    spatial = [shape[axis] for axis in layout(op).spatial(rank)]
    if any(isinstance(extent, Expr) for extent in spatial):
        raise NotModelled("a convolutional LSTM needs a map of known size")
    if op.flag("stateful") and isinstance(shape[0], Expr):
        raise NotModelled("a stateful layer needs a batch of known size")


def _body(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = tensor(op, "sequences")
        xs = x.shape or ()
        check_rank(op, xs, rank + 3)
        step = (xs[0], *xs[2:])
        where = layout(op)
        filters = Filters(
            op.dim("_channels"),
            op.dim("filters"),
            windows(op, rank, "kernel_size"),
            1,
            where,
            (rank + 2,),
        )
        shape = op.lawful(convolve(step, filters), partial(_words, op, rank, step))
        _count(op, rank, step, shape, xs)
        full = (shape[0], xs[1], *shape[1:]) if op.flag("return_sequences") else shape
        result = made(op, x, full)
        if not op.flag("return_state"):
            return result
        return result, made(op, x, shape), made(op, x, shape)

    return body


def _words(op: Op, rank: int, step: Shape, fault: Fault) -> str:
    if fault.kind is Kind.CHANNELS:
        return wrong_axis(op, layout(op).channel(rank), fault.expected, step)
    return no_room(op, step)


def _count(op: Op, rank: int, step: Shape, shape: Shape, xs: Shape) -> None:
    """Both convolutions of every step."""
    macs = op.dim("_channels") + op.dim("filters")
    macs = macs * 4 * op.dim("filters") * shape[0] * xs[1]
    for size in each(op, "kernel_size", rank):
        macs = macs * size
    for axis in layout(op).spatial(rank):
        macs = macs * shape[axis]
    op.caller.count_macs(macs)


_REST = (
    "padding='valid', data_format=None, dilation_rate=1, activation='tanh', recurrent_activation='sigmoid', "
    "use_bias=True, kernel_initializer='glorot_uniform', recurrent_initializer='orthogonal', "
    "bias_initializer='zeros', unit_forget_bias=True, kernel_regularizer=None, recurrent_regularizer=None, "
    "bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, "
    "bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, seed=None, return_sequences=False, "
    "return_state=False, go_backwards=False, stateful=False"
)
for _rank in (1, 2, 3):
    layer(
        f"ConvLSTM{_rank}D",
        signature=f"filters, kernel_size, strides=1, {_REST}",
        check=partial(_check, rank=_rank),
        build=partial(_build, rank=_rank),
        call=CALL,
    )(_body(_rank))
