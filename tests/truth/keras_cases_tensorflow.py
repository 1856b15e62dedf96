"""TensorFlow's own functions with their parameter names, on data: it takes no symbolic Keras tensor."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case
from tests.truth.draw import some
from tests.truth.keras_case import Generator, K, functions
from tests.truth.keras_draw import chosen


def _known(rng: Random, low: int = 2, high: int = 4) -> K:
    return K(tuple(rng.randint(1, 4) for _ in range(rng.randint(low, high))))


def _map(rng: Random, channels: int = 4) -> K:
    return K((2, rng.choice([4, 6, 8]), rng.choice([4, 6, 8]), channels))


@functions("tensorflow.concat")
def _concat(rng: Random) -> Case:
    x = _known(rng)
    other = K(x.shape if some(rng, 0.7) else (*x.shape[:-1], 9))
    return Case((), {"values": [x, other], "axis": rng.choice([0, -1, 1])})


@functions("tensorflow.stack")
def _stack(rng: Random) -> Case:
    x = _known(rng)
    other = K(x.shape if some(rng, 0.7) else (*x.shape[:-1], 9))
    return Case(([x, other],), chosen(rng, 0.7, axis=rng.choice([0, -1, 1])))


@functions("tensorflow.reshape")
def _reshape(rng: Random) -> Case:
    target = rng.choice([(6, 4), (-1, 4), (24,), (5, 5), (-1, 7)])
    return Case((), {"tensor": K((2, 3, 4)), "shape": target})


@functions("tensorflow.transpose")
def _transpose(rng: Random) -> Case:
    order = rng.sample(range(3), 3)
    return Case((K((2, 3, 4)),), chosen(rng, 0.8, perm=order if some(rng, 0.75) else [0, 0, 1]))


@functions("tensorflow.reduce_mean", "tensorflow.reduce_max", "tensorflow.reduce_sum")
def _reduced(rng: Random) -> Case:
    axis = rng.choice([0, 1, -1, [0, 1]]) if some(rng, 0.75) else rng.choice([3, 9])
    return Case((), {"input_tensor": K((2, 3, 4)), **chosen(rng, 0.7, axis=axis, keepdims=some(rng))})


@functions("tensorflow.argmax")
def _argmax(rng: Random) -> Case:
    return Case((K((2, 3, 4)),), chosen(rng, 0.7, axis=rng.choice([0, 1, -1, 5])))


@functions("tensorflow.split")
def _split(rng: Random) -> Case:
    parts = rng.choice([1, 2, 3, 5, [1, 5], [2, 2, 2], [2, -1], [3, 4]])
    return Case((K((6, 6)), parts), chosen(rng, 0.5, axis=rng.choice([0, 1, -1])))


@functions("tensorflow.unstack")
def _unstack(rng: Random) -> Case:
    return Case((K((2, 3, 4)),), chosen(rng, 0.7, axis=rng.choice([0, 1, -1, 4])))


@functions("tensorflow.pad")
def _pad(rng: Random) -> Case:
    pairs = [[rng.randint(0, 2), rng.randint(0, 2)] for _ in range(3 if some(rng, 0.75) else 2)]
    return Case((K((2, 3, 4)), pairs))


@functions("tensorflow.matmul")
def _matmul(rng: Random) -> Case:
    left, right = K((2, 3, 4)), K(rng.choice([(2, 4, 5), (2, 5, 4), (2, 3, 5)]))
    return Case((left, right), chosen(rng, 0.5, transpose_a=some(rng), transpose_b=some(rng)))


@functions("tensorflow.gather")
def _gather(rng: Random) -> Case:
    at = K((rng.randint(1, 3),), "int32")
    return Case((_known(rng), at), chosen(rng, 0.7, axis=rng.choice([0, 1, -1, 7])))


@functions("tensorflow.nn.space_to_depth", "tensorflow.nn.depth_to_space")
def _blocks(rng: Random) -> Case:
    return Case((_map(rng, rng.choice([4, 8, 12])), rng.choice([2, 2, 2, 3, 4])))


@functions("tensorflow.expand_dims", "tensorflow.squeeze")
def _axis(rng: Random) -> Case:
    return Case((K((2, 1, 3)),), {"axis": rng.choice([1, 1, 1, -2, 0, 6])})


def _windowed(kind: str) -> Generator:
    def draw(rng: Random) -> Case:
        x = _map(rng, 4)
        padding = rng.choice(["SAME", "VALID"])
        strides: object = rng.choice([1, 2, [1, 2, 2, 1], [2, 2]])
        if kind == "pool":
            return Case((x, rng.randint(1, 5), strides, padding))
        size = rng.randint(1, 5)
        channels = 4 if some(rng, 0.75) else 3
        if kind == "depthwise":
            strides = [1, 2, 2, 1]
        return Case((x, K((size, size, channels, 2)), strides, padding))

    return draw


functions("tensorflow.nn.conv2d")(_windowed("plain"))
functions("tensorflow.nn.max_pool2d", "tensorflow.nn.avg_pool2d")(_windowed("pool"))
