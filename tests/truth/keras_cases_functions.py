"""Functions on tensors: keras.ops, and those of TensorFlow that models use."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case
from tests.truth.draw import some
from tests.truth.keras_case import Generator, K, functions
from tests.truth.keras_draw import anything, chosen, image


def _ops(*names: str) -> list[str]:
    return [f"keras.ops.{name}" for name in names]


def _known(rng: Random, low: int = 2, high: int = 4) -> K:
    return K(tuple(rng.randint(1, 4) for _ in range(rng.randint(low, high))))


def _axis(rng: Random, rank: int) -> int:
    return rng.choice([-1, 0, 1, rank - 1]) if some(rng, 0.75) else rng.choice([rank, -rank - 1, 9])


@functions(
    *_ops(
        "relu", "exp", "softmax", "abs", "sqrt", "sigmoid", "tanh", "gelu", "log", "zeros_like", "cbrt",
        "deg2rad", "erfc", "fabs", "isfinite", "isnan", "sinc", "signbit", "squareplus", "sparse_plus",
        "rms_normalization",
    )
)  # fmt: skip
def _unary(rng: Random) -> Case:
    return Case((anything(rng),)) if some(rng, 0.75) else Case(())


@functions(
    *_ops(
        "add", "multiply", "maximum", "subtract", "divide", "power", "equal", "less", "divide_no_nan", "fmax",
        "fmod", "heaviside", "hypot", "nextafter",
    )
)  # fmt: skip
def _binary(rng: Random) -> Case:
    x = anything(rng)
    at = rng.randrange(1, len(x.shape))
    other = (*x.shape[:at], rng.choice([1, x.shape[at], 9]), *x.shape[at + 1 :])
    return Case((x, K(other if some(rng, 0.7) else x.shape[-1:])))


@functions(*_ops("matmul"))
def _product(rng: Random) -> Case:
    inner = rng.randint(1, 4)
    left = (*_known(rng, 0, 2).shape, 3, inner)
    right = (inner if some(rng, 0.75) else inner + 1, 5)
    return Case((K(left), K(right)))


@functions(*_ops("mean", "sum", "max", "any", "std", "logsumexp", "argmax", "nanmax", "nansum", "norm"))
def _reduced(rng: Random) -> Case:
    x = anything(rng)
    keywords = chosen(rng, 0.6, axis=_axis(rng, len(x.shape)), keepdims=some(rng))
    return Case((x,), keywords)


@functions(*_ops("reshape"))
def _reshape(rng: Random) -> Case:
    x = K(rng.choice([(4, 6), (24,), (2, 3, 4)]))
    target = rng.choice([(6, 4), (-1, 4), (2, -1), (24,), (5, 5), (-1, 7), (2, 3, 4), (3, 3)])
    return Case((x, target))


@functions(*_ops("transpose"))
def _transpose(rng: Random) -> Case:
    x = anything(rng)
    order = rng.sample(range(len(x.shape)), len(x.shape))
    wrong: list[object] = [order[:-1], [0] * len(order), [*order, len(order)]]
    return Case((x,), chosen(rng, 0.7, axes=order if some(rng, 0.7) else rng.choice(wrong)))


@functions(*_ops("expand_dims", "flip", "cumsum"))
def _one_axis(rng: Random) -> Case:
    x = anything(rng)
    return Case((x, rng.choice([0, -1, 1])) if some(rng, 0.8) else ())


@functions(*_ops("squeeze"))
def _squeeze(rng: Random) -> Case:
    return Case((K((2, 1, 3, 1)), rng.choice([1, -1, 3, 0, 2, (1, 3), 9])))


@functions(*_ops("concatenate", "stack"))
def _joined(rng: Random) -> Case:
    x = _known(rng)
    others = [K(x.shape if some(rng, 0.75) else (*x.shape[:-1], 9)) for _ in range(rng.randint(1, 3))]
    return Case(([x, *others],), chosen(rng, 0.7, axis=rng.choice([0, -1, 1, -1, 7])))


@functions(*_ops("split"))
def _split(rng: Random) -> Case:
    x = K((6, 4, 12))
    return Case(
        (x, rng.choice([1, 2, 3, 4, 5, [2], [1, 3]])), chosen(rng, 0.7, axis=rng.choice([0, -1, 1, 7]))
    )


@functions(*_ops("take", "take_along_axis"))
def _take(rng: Random) -> Case:
    x = _known(rng)
    at = K(x.shape if some(rng) else tuple(rng.randint(1, 3) for _ in range(rng.randint(1, 3))), "int32")
    return Case((x, at), chosen(rng, 0.8, axis=rng.choice([0, -1, 1])))


@functions(*_ops("roll", "tile", "repeat"))
def _repeated(rng: Random) -> Case:
    return Case((_known(rng), rng.randint(1, 3))) if some(rng, 0.8) else Case((_known(rng),), {"times": 2})


@functions(*_ops("moveaxis", "swapaxes"))
def _moved(rng: Random) -> Case:
    x = anything(rng, low=3)
    rank = len(x.shape)
    axes = [rng.randrange(-rank, rank) for _ in range(2)]
    return Case((x, *axes)) if some(rng, 0.8) else Case((x, 9, 0))


@functions(*_ops("einsum"))
def _einsum(rng: Random) -> Case:
    n, a, b, c = (rng.randint(2, 4) for _ in range(4))
    text, shapes = rng.choice(
        [
            ("ij,jk->ik", ((n, a), (a, b))),
            ("bij,bjk->bik", ((n, a, b), (n, b, c))),
            ("bhwc,cd->bhwd", ((n, a, a, b), (b, c))),
            ("...i,ij->...j", ((n, a, b), (b, c))),
            ("ij->ji", ((n, a),)),
            ("ii->i", ((a, a),)),
            ("bqd,bkd->bqk", ((n, a, c), (n, b, c))),
            ("ij,jk->ik", ((n, a), (a + 1, b))),
            ("ij,jk->iz", ((n, a), (a, b))),
            ("ijk,kl->il", ((n, a), (a, b))),
        ]
    )
    return Case((text, *map(K, shapes)))


@functions(*_ops("tensordot"))
def _tensordot(rng: Random) -> Case:
    return Case(
        (K((2, 3, 4)), K(rng.choice([(3, 4, 5), (4, 3), (4, 5)]))),
        {"axes": rng.choice([1, 2, ((1, 2), (0, 1))])},
    )


@functions(*_ops("arange"))
def _arange(rng: Random) -> Case:
    numbers = [rng.randint(0, 9) for _ in range(rng.randint(1, 3))]
    if len(numbers) == 3:
        numbers[2] = rng.randint(1, 3)
    return Case(tuple(numbers) if some(rng, 0.85) else ())


@functions(*_ops("linspace"))
def _linspace(rng: Random) -> Case:
    return Case((0.0, 1.0), chosen(rng, 0.7, num=rng.randint(1, 9))) if some(rng, 0.8) else Case((0.0,))


@functions(*_ops("meshgrid"))
def _meshgrid(rng: Random) -> Case:
    lines = [K((rng.randint(1, 5),)) for _ in range(rng.randint(1, 3))]
    return Case(tuple(lines), chosen(rng, 0.7, indexing=rng.choice(["xy", "ij", "ij"])))


@functions(*_ops("one_hot"))
def _one_hot(rng: Random) -> Case:
    return Case((K(_known(rng, 1, 3).shape, "int32"), rng.randint(1, 9))) if some(rng, 0.8) else Case(())


@functions(*_ops("pad"))
def _pad(rng: Random) -> Case:
    x = _known(rng)
    pairs = tuple((rng.randint(0, 2), rng.randint(0, 2)) for _ in x.shape)
    return Case((x, rng.choice([pairs, pairs, 1, (*pairs, (1, 1))])))


@functions(*_ops("where"))
def _where(rng: Random) -> Case:
    x = _known(rng)
    return Case((K(x.shape, "bool"), x, K(x.shape if some(rng, 0.75) else (*x.shape[:-1], 9))))


for _name in ("unstack", "vstack", "hstack", "outer", "top_k"):

    def _draw(name: str) -> Generator:
        def draw(rng: Random) -> Case:
            x = K((3, 4))
            match name:
                case "unstack":
                    return Case((x,), chosen(rng, 0.7, axis=rng.choice([0, 1, -1, 5])))
                case "vstack" | "hstack":
                    return Case(([x, K(rng.choice([(3, 4), (2, 4), (3, 2), (3, 4)]))],))
                case "outer":
                    return Case((K((3,)), K((rng.randint(1, 4),)))) if some(rng, 0.8) else Case((x,))
            return Case((x,), {"k": rng.randint(1, 4)}) if some(rng, 0.8) else Case(())

        return draw

    functions(f"keras.ops.{_name}")(_draw(_name))


# -- windows and images --------------------------------------------------------------------------------------


def _conv(kind: str) -> Generator:
    def draw(rng: Random) -> Case:
        rank = rng.choice([1, 2, 2, 3]) if kind != "depthwise" else rng.choice([1, 2])
        x = image(rng, rank, 4, None, 4, 8)
        size = tuple(rng.randint(1, 4) for _ in range(rank))
        channels = 4 if some(rng, 0.8) else 3
        ends = (2, channels) if kind == "transposed" else (channels, 2)
        keywords = chosen(rng, 0.5, padding=rng.choice(["same", "valid"]), strides=rng.randint(1, 2))
        return Case((x, K((*size, *ends))), keywords)

    return draw


functions(*_ops("conv"))(_conv("plain"))
functions(*_ops("depthwise_conv"))(_conv("depthwise"))
functions(*_ops("conv_transpose"))(_conv("transposed"))


@functions(*_ops("max_pool", "average_pool"))
def _pool(rng: Random) -> Case:
    rank = rng.choice([1, 2, 3])
    keywords = chosen(rng, 0.5, padding=rng.choice(["same", "valid"]), strides=rng.randint(1, 3))
    return Case((image(rng, rank, 3, None, 2, 6), rng.randint(1, 4)), keywords)


@functions("keras.ops.image.resize")
def _resize(rng: Random) -> Case:
    size: object = (rng.randint(1, 9), rng.randint(1, 9)) if some(rng, 0.8) else rng.choice([(3,), (1, 2, 3)])
    x = K((2, 5, 6, 3)) if some(rng) else K((5, 6, 3))
    return Case((x, size), chosen(rng, 0.3, data_format="channels_last"))


@functions("keras.ops.image.rgb_to_grayscale")
def _grey(rng: Random) -> Case:
    x = K((2, 5, 6, 3)) if some(rng) else K((5, 6, 3))
    return Case((x,)) if some(rng, 0.8) else Case(())


@functions("keras.ops.image.extract_patches")
def _patches(rng: Random) -> Case:
    size = rng.choice([2, 3, (2, 3), (2, 2, 2), (4,), (9, 9)])
    rank = 3 if size == (2, 2, 2) else 2
    spatial = tuple(rng.randint(4, 8) for _ in range(rank))
    x = K((None, *spatial, 3) if some(rng, 0.75) else (*spatial, 3))
    keywords = chosen(rng, 0.5, strides=rng.randint(1, 3), padding=rng.choice(["same", "valid"]))
    return Case((x, size), keywords)
