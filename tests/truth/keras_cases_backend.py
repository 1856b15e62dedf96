"""The functions of the old `keras.backend`, which `tf.keras.backend` still has."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case
from tests.truth.draw import some
from tests.truth.keras_case import K, functions
from tests.truth.keras_draw import FORMATS, chosen


def _backend(*names: str) -> list[str]:
    return [f"keras.backend.{name}" for name in names]


def _known(rng: Random, low: int = 2, high: int = 4) -> K:
    return K(tuple(rng.randint(1, 4) for _ in range(rng.randint(low, high))))


def _map(rng: Random, rank: int, channels: int, where: object = None, low: int = 4) -> K:
    spatial = tuple(rng.randint(low, 8) for _ in range(rank))
    return K((2, channels, *spatial) if where == "channels_first" else (2, *spatial, channels))


def _axis(rng: Random, rank: int) -> int:
    return rng.randrange(-rank, rank) if some(rng, 0.75) else rng.choice([rank, -rank - 1, 9])


@functions(
    *_backend(
        "abs", "cos", "elu", "exp", "hard_sigmoid", "log", "ones_like", "relu", "round", "sigmoid", "sign",
        "sin", "softplus", "softsign", "sqrt", "square", "stop_gradient", "tanh", "transpose", "zeros_like",
        "flatten", "batch_flatten",
    )
)  # fmt: skip
def _unary(rng: Random) -> Case:
    return Case((_known(rng),)) if some(rng, 0.75) else Case(())


@functions(*_backend("softmax"))
def _softmax(rng: Random) -> Case:
    return Case((_known(rng),), chosen(rng, 0.5, axis=rng.choice([-1, 0, 1]))) if some(rng, 0.8) else Case(())


@functions(
    *_backend("equal", "greater", "greater_equal", "less", "less_equal", "not_equal", "maximum", "minimum")
)
def _binary(rng: Random) -> Case:
    x = _known(rng)
    at = rng.randrange(len(x.shape))
    other = (*x.shape[:at], rng.choice([1, x.shape[at], 9]), *x.shape[at + 1 :])
    return Case((x, K(other if some(rng, 0.7) else x.shape[-1:])))


@functions(*_backend("max", "mean", "min", "prod", "std", "sum", "var"))
def _reduced(rng: Random) -> Case:
    x = _known(rng)
    axis: object = _axis(rng, len(x.shape))
    if some(rng, 0.2):
        axis = rng.choice([[0, 1], (0, -1), [0, 7]])
    return Case((x,), chosen(rng, 0.7, axis=axis, keepdims=some(rng)))


@functions(*_backend("all", "any"))
def _decided(rng: Random) -> Case:
    x = K(_known(rng).shape, "bool")
    return Case((x,), chosen(rng, 0.7, axis=_axis(rng, len(x.shape)), keepdims=some(rng)))


@functions(*_backend("argmax", "argmin", "cumprod", "cumsum"))
def _along(rng: Random) -> Case:
    x = _known(rng)
    return Case((x,), chosen(rng, 0.7, axis=_axis(rng, len(x.shape))))


@functions(*_backend("expand_dims"))
def _expanded(rng: Random) -> Case:
    return Case((_known(rng),), chosen(rng, 0.7, axis=rng.choice([0, 1, -1, 2, 9])))


@functions(*_backend("squeeze"))
def _squeezed(rng: Random) -> Case:
    return Case((K((2, 1, 3, 1)), rng.choice([1, -1, 3, 0, 9])))


@functions(*_backend("cast"))
def _cast(rng: Random) -> Case:
    return (
        Case((_known(rng), rng.choice(["int32", "float16", "bool"]))) if some(rng, 0.8) else Case((K((2,)),))
    )


@functions(*_backend("clip"))
def _clipped(rng: Random) -> Case:
    return Case((_known(rng), 0.0, 1.0)) if some(rng, 0.8) else Case((_known(rng),))


@functions(*_backend("concatenate", "stack"))
def _joined(rng: Random) -> Case:
    x = _known(rng)
    others = [K(x.shape if some(rng, 0.75) else (*x.shape[:-1], 9)) for _ in range(rng.randint(1, 3))]
    return Case(([x, *others],), chosen(rng, 0.7, axis=rng.choice([0, -1, 1, -1, 7])))


@functions(*_backend("reshape"))
def _reshaped(rng: Random) -> Case:
    x = K(rng.choice([(4, 6), (24,), (2, 3, 4)]))
    return Case((x, rng.choice([(6, 4), (-1, 4), (2, -1), (24,), (5, 5), (-1, 7), (2, 3, 4), (3, 3)])))


@functions(*_backend("permute_dimensions"))
def _permuted(rng: Random) -> Case:
    x = _known(rng)
    order = rng.sample(range(len(x.shape)), len(x.shape))
    return Case((x, order if some(rng, 0.7) else rng.choice([order[:-1], [0] * len(order), [*order, 9]])))


@functions(*_backend("repeat"))
def _repeated(rng: Random) -> Case:
    return Case((K((2, 3) if some(rng, 0.75) else (2, 3, 4)), rng.randint(1, 4)))


@functions(*_backend("repeat_elements"))
def _elements(rng: Random) -> Case:
    x = _known(rng)
    return Case((x, rng.randint(1, 3), _axis(rng, len(x.shape)))) if some(rng, 0.9) else Case((x,))


@functions(*_backend("tile"))
def _tiled(rng: Random) -> Case:
    x = _known(rng, 2, 3)
    times = [rng.randint(1, 3) for _ in x.shape]
    return Case((x, times if some(rng, 0.75) else [*times, 2]))


@functions(*_backend("one_hot"))
def _one_hot(rng: Random) -> Case:
    return Case((K(_known(rng, 1, 3).shape, "int32"), rng.randint(1, 9))) if some(rng, 0.8) else Case(())


@functions(*_backend("gather"))
def _gathered(rng: Random) -> Case:
    at = K(tuple(rng.randint(1, 3) for _ in range(rng.randint(1, 2))), "int32")
    return Case((_known(rng), at)) if some(rng, 0.8) else Case((_known(rng),))


@functions(*_backend("dot"))
def _dot(rng: Random) -> Case:
    inner = rng.randint(1, 4)
    left = (*_known(rng, 0, 2).shape, 3, inner)
    right = rng.choice([(inner, 5), (inner, 5), (inner + 1, 5), (2, inner, 4)])
    return Case((K(left), K(right)))


@functions(*_backend("batch_dot"))
def _batch_dot(rng: Random) -> Case:
    left, right = rng.choice(
        [
            ((2, 3), (2, 3)),
            ((2, 3, 4), (2, 4, 5)),
            ((2, 3, 4), (2, 4)),
            ((2, 3), (2, 3, 4)),
            ((2, 3, 4), (2, 5, 4)),
            ((2, 3, 4, 5), (2, 5, 6)),
            ((2, 3), (3, 3)),
            ((2,), (2, 3)),
        ]
    )
    return Case(
        (K(left), K(right)), chosen(rng, 0.5, axes=rng.choice([1, 2, (1, 2), (2, 1), (2, 2), (1, 1)]))
    )


@functions(*_backend("l2_normalize"))
def _normalized(rng: Random) -> Case:
    x = _known(rng)
    return Case((x,), chosen(rng, 0.7, axis=_axis(rng, len(x.shape))))


@functions(*_backend("pow"))
def _power(rng: Random) -> Case:
    return Case((_known(rng), 2)) if some(rng, 0.8) else Case((_known(rng),))


@functions(*_backend("dropout"))
def _dropout(rng: Random) -> Case:
    return Case((_known(rng), 0.5)) if some(rng, 0.8) else Case((_known(rng),))


@functions(*_backend("int_shape", "ndim"))
def _asked(rng: Random) -> Case:
    return Case((_known(rng),)) if some(rng, 0.8) else Case(())


@functions(*_backend("ones", "zeros", "random_normal", "random_uniform"))
def _made(rng: Random) -> Case:
    shape = _known(rng).shape
    return Case((shape,)) if some(rng, 0.75) else Case(rng.choice([(), ((2, -3),), ("two",)]))


@functions(*_backend("constant"))
def _constant(rng: Random) -> Case:
    return Case((1.0,), chosen(rng, 0.7, shape=_known(rng).shape)) if some(rng, 0.8) else Case(())


@functions(*_backend("arange"))
def _range(rng: Random) -> Case:
    numbers = [rng.randint(0, 9) for _ in range(rng.randint(1, 3))]
    if len(numbers) == 3:
        numbers[2] = rng.randint(1, 3)
    return Case(tuple(numbers) if some(rng, 0.8) else ())


# -- windows and images --------------------------------------------------------------------------------------


def _convolution(rank: int) -> None:
    @functions(*_backend(f"conv{rank}d"))
    def draw(rng: Random) -> Case:
        x = _map(rng, rank, 4)
        size = tuple(rng.randint(1, 4) for _ in range(rank))
        channels = 4 if some(rng, 0.8) else 3
        strides: object = rng.randint(1, 2)
        keywords = chosen(rng, 0.6, padding=rng.choice(["same", "valid", "odd"]))
        if rank > 1 or some(rng):
            keywords |= chosen(rng, 0.6, strides=strides if rank == 1 else (strides,) * rank)
        return Case((x, K((*size, channels, 2))), keywords)


for _rank in (1, 2, 3):
    _convolution(_rank)


@functions(*_backend("pool2d"))
def _pooled(rng: Random) -> Case:
    size = rng.randint(1, 3)
    keywords = chosen(rng, 0.6, padding=rng.choice(["same", "valid"]), strides=(2, 2), pool_mode="avg")
    if some(rng, 0.25):
        keywords |= {"pool_mode": "least"}
    return Case((_map(rng, 2, 3, low=3), (size, size)), keywords)


@functions(*_backend("resize_images"))
def _resized(rng: Random) -> Case:
    where = rng.choice(FORMATS[1:]) if some(rng, 0.8) else "somewhere"
    return Case((_map(rng, 2, 3, where), rng.randint(1, 3), rng.randint(1, 3), where))


@functions(*_backend("spatial_2d_padding"))
def _padded(rng: Random) -> Case:
    pair = [(rng.randint(0, 2), rng.randint(0, 2)) for _ in range(2)]
    padding = tuple(pair) if some(rng, 0.8) else ((1, 1),)
    where = rng.choice(FORMATS) if some(rng, 0.9) else "somewhere"
    return Case((_map(rng, 2, 3, where),), chosen(rng, 0.7, padding=padding, data_format=where))


@functions(*_backend("depthwise_conv2d"))
def _depthwise(rng: Random) -> Case:
    size = rng.randint(1, 4)
    keywords = chosen(rng, 0.6, padding=rng.choice(["same", "valid", "odd"]), strides=(2, 2))
    return Case((_map(rng, 2, 4), K((size, size, 4 if some(rng, 0.8) else 3, 2))), keywords)


@functions(*_backend("bias_add"))
def _biased(rng: Random) -> Case:
    return Case((_map(rng, 2, 4), K((4,)))) if some(rng, 0.75) else Case((_map(rng, 2, 4),))


@functions(*_backend("batch_normalization"))
def _batch_normalized(rng: Random) -> Case:
    one = K((4,))
    return Case((_map(rng, 2, 4), one, one, one, one)) if some(rng, 0.75) else Case((one,))
