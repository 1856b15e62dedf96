"""The rarer functions of the old `keras.backend`: windows, padding, choices, losses, what makes tensors."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case
from tests.truth.draw import some
from tests.truth.keras_case import K, functions
from tests.truth.keras_draw import chosen

CHANNELS_LAST = "channels_last"


def _backend(*names: str) -> list[str]:
    return [f"keras.backend.{name}" for name in names]


def _known(rng: Random, low: int = 2, high: int = 4) -> K:
    return K(tuple(rng.randint(1, 4) for _ in range(rng.randint(low, high))))


def _map(rng: Random, rank: int, channels: int) -> K:
    return K((2, *(rng.randint(4, 8) for _ in range(rank)), channels))


def _format(rng: Random) -> str:
    return CHANNELS_LAST if some(rng, 0.85) else "somewhere"


@functions(*_backend("pool3d"))
def _pooled(rng: Random) -> Case:
    size = tuple(rng.randint(1, 4) for _ in range(3))
    steps = tuple(rng.randint(1, 3) for _ in range(3))
    keywords = chosen(
        rng, 0.6, strides=steps, padding=rng.choice(["same", "valid", "odd"]), data_format=_format(rng),
        pool_mode=rng.choice(["max", "avg", "min"]),
    )  # fmt: skip
    return Case((_map(rng, 3, 2), size), keywords)


@functions(*_backend("conv2d_transpose"))
def _transposed(rng: Random) -> Case:
    x, size = _map(rng, 2, 4), rng.randint(1, 4)
    step, same = rng.randint(1, 3), some(rng)
    target = [n * step if same else (n - 1) * step + max(size, step) for n in x.shape[1:3] if n is not None]
    if some(rng, 0.3):
        target[0] += rng.choice([1, -1, 5])
    kernel = K((size, size, 3, 4 if some(rng, 0.85) else 5))
    keywords = {"strides": (step, step), "padding": "same" if same else "valid"}
    return Case((x, kernel, (2, *target, 3 if some(rng, 0.9) else 2)), keywords)


@functions(*_backend("separable_conv2d"))
def _separable(rng: Random) -> Case:
    size, step = rng.randint(1, 4), rng.randint(1, 2)
    depth = K((size, size, 4 if some(rng, 0.85) else 3, 2))
    point = K((1, 1, 8 if some(rng, 0.85) else 6, 5))
    keywords = chosen(rng, 0.6, strides=(step, step), padding=rng.choice(["same", "valid", "odd"]))
    return Case((_map(rng, 2, 4), depth, point), keywords)


@functions(*_backend("temporal_padding"))
def _temporal(rng: Random) -> Case:
    x = _map(rng, 1, 3) if some(rng, 0.8) else _map(rng, 2, 3)
    return Case((x,), chosen(rng, 0.7, padding=(rng.randint(0, 3), rng.randint(0, 3))))


@functions(*_backend("spatial_3d_padding"))
def _padded(rng: Random) -> Case:
    pairs = tuple((rng.randint(0, 2), rng.randint(0, 2)) for _ in range(3 if some(rng, 0.85) else 2))
    x = _map(rng, 3, 3) if some(rng, 0.85) else _map(rng, 2, 3)
    return Case((x,), chosen(rng, 0.7, padding=pairs, data_format=_format(rng)))


@functions(*_backend("resize_volumes"))
def _volumes(rng: Random) -> Case:
    factors = [rng.randint(1, 3) for _ in range(3)]
    where = rng.choice([CHANNELS_LAST, "channels_first", "somewhere"])
    return Case((_map(rng, 3, 3), *factors, where))


@functions(*_backend("switch"))
def _switched(rng: Random) -> Case:
    x = _known(rng)
    asked = rng.choice([(), x.shape, x.shape[:-1], (*x.shape[:-1], 1), (*x.shape, 2), (x.shape[0], 3)])
    return Case((K(asked, "bool"), x, x if some(rng, 0.8) else K((*x.shape[:-1], 9))))


@functions(*_backend("reverse"))
def _reversed(rng: Random) -> Case:
    return Case((_known(rng), rng.choice([0, 1, -1, [0, 1], [0, 0], 7])))


@functions(*_backend("cast_to_floatx", "to_dense", "variable"))
def _same(rng: Random) -> Case:
    return Case((_known(rng),)) if some(rng, 0.75) else Case(())


@functions(*_backend("eye"))
def _eye(rng: Random) -> Case:
    return Case((rng.randint(1, 9),)) if some(rng, 0.75) else Case(())


@functions(*_backend("truncated_normal", "random_bernoulli"))
def _drawn(rng: Random) -> Case:
    shape = tuple(rng.randint(1, 5) for _ in range(rng.randint(1, 3)))
    return Case((shape,)) if some(rng, 0.75) else Case(((3, -1),))


@functions(*_backend("random_normal_variable", "random_uniform_variable"))
def _variable(rng: Random) -> Case:
    shape = tuple(rng.randint(1, 5) for _ in range(rng.randint(1, 3)))
    return Case((shape, 0.0, 1.0)) if some(rng, 0.75) else Case((shape,))


@functions(*_backend("count_params"))
def _counted(rng: Random) -> Case:
    return Case((_known(rng),)) if some(rng, 0.75) else Case(())


@functions(*_backend("binary_crossentropy", "binary_focal_crossentropy"))
def _binary(rng: Random) -> Case:
    x = _known(rng)
    other = x if some(rng, 0.6) else K((*x.shape[:-1], rng.choice([1, 9])))
    return Case((x, other), chosen(rng, 0.5, from_logits=some(rng)))


@functions(*_backend("categorical_crossentropy", "categorical_focal_crossentropy"))
def _categorical(rng: Random) -> Case:
    x = _known(rng)
    other = x if some(rng, 0.7) else K((*x.shape[:-1], 9))
    return Case((x, other), chosen(rng, 0.5, from_logits=some(rng), axis=rng.choice([-1, 0, 1, 9])))


@functions(*_backend("sparse_categorical_crossentropy"))
def _sparse(rng: Random) -> Case:
    x = _known(rng)
    target = K(x.shape[:-1] if some(rng, 0.7) else (9, *x.shape[1:-1]), "int32")
    return Case((target, x), chosen(rng, 0.5, from_logits=some(rng)))


@functions(*_backend("in_top_k"))
def _top(rng: Random) -> Case:
    rows = rng.randint(1, 5)
    targets = K((rows if some(rng, 0.75) else rows + 1,), "int32")
    return Case((K((rows, 7)) if some(rng, 0.85) else K((rows,)), targets, rng.randint(1, 3)))


@functions(*_backend("ctc_decode"))
def _decoded(rng: Random) -> Case:
    x = K((2, 5, 4)) if some(rng, 0.75) else K((2, 5))
    return Case((x, [5, 5]), {} if some(rng, 0.6) else {"greedy": False, "top_paths": rng.randint(1, 2)})
