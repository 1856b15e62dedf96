"""Dense, embedding, what keeps a shape, normalisation, merging, reshaping."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case
from tests.truth.draw import some
from tests.truth.keras_case import Generator, K, called, layers
from tests.truth.keras_draw import anything, batch, chosen


@layers("Dense")
def _dense(rng: Random) -> Case:
    units = rng.randint(1, 8) if some(rng, 0.85) else rng.choice([0, -1, 2.5, None, "4"])
    keywords = chosen(rng, activation=rng.choice(["relu", None, "sofmax"]), use_bias=some(rng))
    x = anything(rng) if some(rng, 0.9) else K(rng.choice([(4,), (None,), ()]))
    if some(rng, 0.05):
        keywords["lora_rank"] = 2
    if some(rng, 0.04):
        keywords["output_dim"] = 3
    return called(x, units, **keywords)


@layers("Embedding")
def _embedding(rng: Random) -> Case:
    keywords = chosen(rng, 0.2, mask_zero=some(rng), lora_rank=2)
    x = K((batch(rng), *(rng.randint(1, 6) for _ in range(rng.randint(0, 2)))), "int32")
    if some(rng, 0.25):
        keywords["input_lenght"] = 10
    return called(x, rng.randint(1, 20), rng.randint(1, 8), **keywords)


@layers("ReversibleEmbedding")
def _reversible(rng: Random) -> Case:
    keywords = chosen(rng, tie_weights=some(rng), mask_zero=some(rng))
    if some(rng, 0.2):
        keywords["logit_cap"] = 1.0
    x = K((batch(rng), rng.randint(1, 6)), "int32")
    wide = rng.randint(1, 8)
    reverse = some(rng, 0.3)
    y = K((*x.shape, wide)) if reverse else x
    return Case((y,), {"reverse": True} if reverse else {}, (rng.randint(1, 20), wide), keywords)


def _kept(*init: object, wrong: tuple[object, ...] = (), **settings: tuple[object, ...]) -> Generator:
    def draw(rng: Random) -> Case:
        keywords = chosen(rng, **{name: rng.choice(values) for name, values in settings.items()})
        first = [rng.choice(wrong)] if wrong and some(rng, 0.2) else list(init)
        if some(rng, 0.12):
            keywords["unknown"] = 1
        return called(anything(rng), *first, **keywords)

    return draw


layers("Activation")(_kept("relu", wrong=("relow", 3, "Relu")))
layers("ReLU")(_kept(max_value=(None, 6.0, -1.0), negative_slope=(0.0, 0.1, -1.0), threshold=(0.0, -2.0)))
layers("LeakyReLU")(_kept(negative_slope=(0.1, 0.3, None, -0.5), alpha=(0.2, 0.1, -1.0)))
layers("ELU")(_kept(alpha=(1.0, 0.5)))
layers("Softmax")(_kept(axis=(-1, 1, (1, -1), [-1])))
layers("Dropout")(_kept(0.5, wrong=(-0.1, 1.5, 2, "half"), seed=(None, 3)))
layers("GaussianDropout")(_kept(0.5, wrong=(-0.1, 1.5)))
layers("AlphaDropout")(_kept(0.5, wrong=(-0.1, 1.5)))
layers("GaussianNoise")(_kept(0.5, wrong=(-0.1, 1.5)))
layers("ActivityRegularization")(_kept(l1=(0.0, 0.1), l2=(0.1,)))
layers("Masking")(_kept(mask_value=(0.0, -1.0)))
layers("Identity")(_kept())
layers("Rescaling")(_kept(1 / 255, offset=(0.0, -1.0)))


@layers("PReLU")
def _prelu(rng: Random) -> Case:
    x = anything(rng, low=3)
    axes = rng.choice([None, (1,), [1], tuple(range(1, len(x.shape) - 1)), (len(x.shape),), (9,)])
    return called(x, **chosen(rng, 0.8, shared_axes=axes), **({"alpha": 1} if some(rng, 0.1) else {}))


def _spatial(rank: int) -> Generator:
    def draw(rng: Random) -> Case:
        wide = rank + 2 if some(rng, 0.75) else rng.choice([rank + 1, rank + 3])
        shape = (batch(rng), *(rng.randint(1, 6) for _ in range(wide - 1)))
        keywords = chosen(rng, 0.3, seed=3)
        if rank > 1:
            keywords |= chosen(rng, 0.3, data_format=rng.choice(["channels_first", "channels_last", "x"]))
        return called(K(shape), rng.choice([0.5, 0.2, 0, 1.5]), **keywords)

    return draw


for _rank in (1, 2, 3):
    layers(f"SpatialDropout{_rank}D")(_spatial(_rank))


# -- normalisation -------------------------------------------------------------------------------------------


def _axis(rng: Random, x: K, several: bool) -> object:
    rank = len(x.shape)
    axes: list[object] = [-1, 1, rank - 1, -rank + 1]
    if several:
        axes += [(-2, -1), [1, -1], (rank - 1,)]
    return rng.choice(axes if some(rng, 0.8) else [rank, -rank - 1, 7, 1.5, "last"])


def _norm(several: bool, *extra: str) -> Generator:
    def draw(rng: Random) -> Case:
        x = anything(rng, low=3)
        keywords: dict[str, object] = chosen(rng, axis=_axis(rng, x, several))
        keywords |= chosen(rng, epsilon=1e-5, **{name: some(rng) for name in extra})
        if some(rng, 0.1):
            keywords["gamma"] = 1
        return called(x, **keywords)

    return draw


layers("BatchNormalization")(_norm(False, "center", "scale", "synchronized", "renorm", "trainable"))
layers("LayerNormalization")(_norm(True, "center", "scale", "rms_scaling"))
layers("RMSNormalization")(_norm(True))
layers("UnitNormalization")(_norm(True))


@layers("GroupNormalization")
def _group(rng: Random) -> Case:
    x = anything(rng, channels=rng.choice([4, 6, 8, 32]), low=3)
    keywords = chosen(rng, axis=_axis(rng, x, False), center=some(rng), scale=some(rng))
    return called(x, **({"groups": rng.choice([1, 2, 4, -1, 3, 64])} if some(rng, 0.8) else {}), **keywords)


@layers("Normalization")
def _data_norm(rng: Random) -> Case:
    x = anything(rng)
    keywords = chosen(rng, axis=rng.choice([-1, None, 1, (-1,), (1, -1), 0, 9]), invert=some(rng))
    if some(rng, 0.4):
        keywords |= {"mean": 1.0}
        if some(rng, 0.7):
            keywords |= {"variance": 2.0}
    return called(x, **keywords)


# -- merging -------------------------------------------------------------------------------------------------


def _operands(rng: Random) -> object:
    x = anything(rng)
    others = []
    for _ in range(rng.choice([1, 1, 1, 2])):
        way = rng.random()
        shape = x.shape
        if way < 0.15:
            at = rng.randrange(1, len(shape))
            shape = (*shape[:at], rng.choice([1, (shape[at] or 1) + 1]), *shape[at + 1 :])
        elif way < 0.25:
            shape = (shape[0], shape[-1])
        elif way < 0.3:
            shape = (7, *shape[1:])
        others.append(K(shape))
    return rng.choice([[x], x, []]) if some(rng, 0.12) else rng.choice([list, tuple])([x, *others])


def _merged(rng: Random) -> Case:
    return called(_operands(rng), **({"axis": 1} if some(rng, 0.06) else {}))


layers("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")(_merged)


@layers("Concatenate")
def _concatenated(rng: Random) -> Case:
    x = anything(rng)
    axis = rng.choice([-1, -1, 1, len(x.shape) - 1, 0])
    shapes = [list(x.shape) for _ in range(rng.choice([2, 2, 3]))]
    for shape in shapes[1:]:
        shape[axis] = rng.randint(1, 5)
        if some(rng, 0.12):
            shape[rng.randrange(1, len(shape))] = 9
        if some(rng, 0.06):
            shape.append(2)
    given: object = [K(tuple(shape)) for shape in shapes]
    if some(rng, 0.08):
        given = rng.choice([[x], x, []])
    return called(given, **({"axis": rng.choice([axis, axis, axis, 9])} if axis != -1 or some(rng) else {}))


@layers("Dot")
def _dot(rng: Random) -> Case:
    rows, inner, columns = rng.randint(1, 4), rng.randint(1, 4), rng.randint(1, 4)
    n = batch(rng)
    left, right = rng.choice(
        [((n, inner), (n, inner)), ((n, rows, inner), (n, inner, columns)), ((n, rows, inner), (n, inner))]
    )
    axes = (len(left) - 1, 1)
    axes = axes if some(rng, 0.8) else rng.choice([(1, 1), (2, 2), (-1, -1)])
    given: object = [K(left), K(right if some(rng, 0.85) else (*right[:-1], 9))]
    if some(rng, 0.1):
        given = rng.choice([[K(left)], K(left), [K(left)] * 3])
    wrong: list[object] = ["1", (1, 2, 3), (1.5, 2)]
    chosen_axes: object = axes if some(rng, 0.92) else rng.choice(wrong)
    return called(given, axes=chosen_axes, **chosen(rng, 0.2, normalize=True))


# -- reshaping -----------------------------------------------------------------------------------------------


@layers("Flatten")
def _flatten(rng: Random) -> Case:
    x = anything(rng) if some(rng, 0.8) else K(rng.choice([(None,), (3,), (2, None, 4), ()]))
    form = rng.choice(["channels_first", "channels_last", None, "last"])
    return called(x, **chosen(rng, 0.4, data_format=form))


@layers("Reshape")
def _reshape(rng: Random) -> Case:
    x = K((batch(rng), *rng.choice([(4, 6), (24,), (2, 3, 4), (2, None, 4)])))
    right = rng.choice([(6, 4), (24,), (2, 12), (-1, 4), (-1,), [2, -1], (3, 2, 4), 24])
    wrong: list[object] = [(5, 5), (-1, -1), (-1, 7), (-2, 12), (0, 24), (2.5,), "24", None]
    return called(x, right if some(rng, 0.7) else rng.choice(wrong))


@layers("Permute")
def _permute(rng: Random) -> Case:
    x = anything(rng, low=3)
    rank = len(x.shape)
    order = rng.sample(range(1, rank), rank - 1)
    wrong: list[object] = [tuple(range(rank - 1)), (1,) * (rank - 1), tuple(range(1, rank + 1)), (2, 1)]
    return called(x, tuple(order) if some(rng, 0.7) else rng.choice(wrong))


@layers("RepeatVector")
def _repeat(rng: Random) -> Case:
    x = K((batch(rng), 4)) if some(rng, 0.75) else K(rng.choice([(2, 3, 4), (4,)]))
    return called(x, rng.randint(1, 5) if some(rng, 0.85) else rng.choice([2.5, "3", None]))
