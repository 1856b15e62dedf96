"""Layers that drop, flatten, shuffle, fold and unfold."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Generator, T, cases
from tests.truth.draw import image, per_axis, some, wrong_image, wrong_per_axis


def _any(rng: Random) -> T:
    shape = tuple(rng.randint(0 if some(rng, 0.1) else 1, 3) for _ in range(rng.randint(0, 5)))
    return T(shape, "float32" if some(rng, 0.95) else "int64")


def _probability(rng: Random) -> float:
    return rng.choice([0.1, 0.5, 0.9, 0, 1, 0.0, 1.0]) if some(rng, 0.9) else rng.choice([-0.1, 1.5, 2])


def _dropout_layer(rng: Random) -> Case:
    keywords: dict[str, object] = {"p": _probability(rng), "inplace": some(rng)}
    return Case((_any(rng),), {}, (), {k: v for k, v in keywords.items() if some(rng)})


cases(
    "torch.nn.Dropout",
    "torch.nn.Dropout1d",
    "torch.nn.Dropout2d",
    "torch.nn.Dropout3d",
    "torch.nn.AlphaDropout",
    "torch.nn.FeatureAlphaDropout",
)(_dropout_layer)


# -- flatten -------------------------------------------------------------------------------------------------


@cases("torch.nn.Flatten")
def flatten(rng: Random) -> Case:
    keywords: dict[str, object] = {"start_dim": rng.randint(-3, 4), "end_dim": rng.randint(-3, 4)}
    return Case((_any(rng),), {}, (), {k: v for k, v in keywords.items() if some(rng, 0.4)})


@cases("torch.nn.Unflatten")
def unflatten(rng: Random) -> Case:
    sizes = [rng.randint(1, 3) for _ in range(rng.randint(1, 3))]
    count = 1
    for size in sizes:
        count *= size
    shape = [rng.randint(1, 3) for _ in range(rng.randint(0, 2))]
    axis = rng.randint(0, len(shape))
    shape.insert(axis, count if some(rng, 0.9) else count + 1)
    if some(rng, 0.4):
        sizes[rng.randrange(len(sizes))] = -1
    given: object = sizes if some(rng) else tuple(sizes)
    if some(rng, 0.1):
        given = rng.choice([(), (-1, -1), 4, (2.0, 2), [-2], (0,)])
    return Case((T(tuple(shape)),), {}, (axis - rng.choice([0, len(shape)]) if some(rng, 0.95) else 5, given))


# -- shuffles ------------------------------------------------------------------------------------------------


def _shuffled(rng: Random) -> T:
    leading = tuple(rng.randint(0 if some(rng, 0.1) else 1, 2) for _ in range(rng.randint(0, 2)))
    shape = (*leading, rng.choice([1, 4, 8, 9, 12, 6]), rng.choice([2, 4, 6, 3]), rng.choice([2, 4, 6, 3]))
    return T(shape if some(rng, 0.95) else shape[-2:])


def _factor(rng: Random) -> object:
    return rng.choice([1, 2, 2, 2, 3]) if some(rng, 0.9) else rng.choice([0, -1, 2.0])


def _shuffle_layer(rng: Random) -> Case:
    return Case((_shuffled(rng),), {}, (_factor(rng),))


def _shuffle_function(rng: Random) -> Case:
    return Case((_shuffled(rng), _factor(rng)))


cases("torch.nn.PixelShuffle", "torch.nn.PixelUnshuffle", "torch.nn.ChannelShuffle")(_shuffle_layer)
for _name in ("pixel_shuffle", "pixel_unshuffle", "channel_shuffle", "native_channel_shuffle"):
    cases(f"torch.nn.functional.{_name}", f"torch.{_name}")(_shuffle_function)


# -- blocks --------------------------------------------------------------------------------------------------


def _numbers(rng: Random) -> dict[str, object]:
    keywords: dict[str, object] = {
        "dilation": per_axis(rng, 2, 1, 2),
        "padding": per_axis(rng, 2, 0, 2),
        "stride": per_axis(rng, 2, 1, 3),
    }
    chosen = {k: v for k, v in keywords.items() if some(rng, 0.4)}
    if chosen and some(rng, 0.1):
        chosen[rng.choice(sorted(chosen))] = wrong_per_axis(rng, 2)
    return chosen


def _unfold(layer: bool) -> Generator:
    def draw(rng: Random) -> Case:
        x = image(rng, 2, 2) if some(rng, 0.85) else wrong_image(rng, 2, 2)
        kernel = per_axis(rng, 2, 1, 4) if some(rng, 0.9) else wrong_per_axis(rng, 2)
        return Case((x,), {}, (kernel,), _numbers(rng)) if layer else Case((x, kernel), _numbers(rng))

    return draw


def _at(value: object, axis: int) -> int:
    if isinstance(value, (tuple, list)) and value:
        value = value[min(axis, len(value) - 1)]
    return value if isinstance(value, int) else 1


def _fold(layer: bool) -> Generator:
    def draw(rng: Random) -> Case:
        kernel = per_axis(rng, 2, 1, 3) if some(rng, 0.9) else wrong_per_axis(rng, 2)
        output = per_axis(rng, 2, 3, 6) if some(rng, 0.9) else wrong_per_axis(rng, 2)
        numbers = _numbers(rng)
        blocks = 1
        for axis in (0, 1):
            reach = _at(numbers.get("dilation", 1), axis) * (_at(kernel, axis) - 1) + 1
            free = _at(output, axis) + 2 * _at(numbers.get("padding", 0), axis) - reach
            blocks *= free // max(_at(numbers.get("stride", 1), axis), 1) + 1
        columns = _at(kernel, 0) * _at(kernel, 1) * 2
        shape = (max(columns, 0), max(blocks, 0) if some(rng, 0.9) else 5)
        if some(rng, 0.1):
            shape = rng.choice([(shape[0] + 1, shape[1]), (0, shape[1]), (shape[0], 0)])
        batch = rng.choice([(), (0,), (1,), (2,), (2,), (2,)]) if some(rng, 0.95) else (1, 1)
        x = T((*batch, *shape) if some(rng, 0.98) else shape[1:])
        return Case((x,), {}, (output, kernel), numbers) if layer else Case((x, output, kernel), numbers)

    return draw


cases("torch.nn.Unfold")(_unfold(True))
cases("torch.nn.functional.unfold")(_unfold(False))
cases("torch.nn.Fold")(_fold(True))
cases("torch.nn.functional.fold")(_fold(False))
