"""`F.pad` in every mode, and the padding layers."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Generator, T, cases
from tests.truth.draw import image, some, wrong_image

MODES = ("constant", "reflect", "replicate", "circular")


def _numbers(rng: Random, count: int) -> object:
    high = rng.choice([1, 2, 3, 5])
    numbers = [rng.randint(0, high) for _ in range(count)]
    if some(rng, 0.1):
        numbers = [rng.randint(-1, 1) for _ in range(count)]
    if some(rng, 0.05):
        return rng.choice([numbers[1:], [*numbers, 1], [1.0] * count, [-5] * count, 1, []])
    return numbers if some(rng) else tuple(numbers)


@cases("torch.nn.functional.pad")
def functional(rng: Random) -> Case:
    rank = rng.choice([1, 2, 3])
    mode = rng.choice(MODES)
    x = image(rng, rank, 2, 2, 5) if some(rng, 0.9) else wrong_image(rng, rank, 2)
    count = 2 * rank if some(rng, 0.8) else 2 * rng.randint(0, 5)
    keywords: dict[str, object] = {}
    if mode != "constant" or some(rng):
        keywords["mode"] = mode if some(rng, 0.98) else "zeros"
    if some(rng, 0.2):
        keywords["value"] = rng.choice([None, 0, 0.0, 1.5])
    return Case((x, _numbers(rng, count)), keywords)


@cases("torch.constant_pad_nd")
def constant(rng: Random) -> Case:
    x = T(tuple(rng.randint(0, 4) for _ in range(rng.randint(0, 4))))
    return Case((x, _numbers(rng, 2 * rng.randint(0, 4))), {"value": 1.0} if some(rng) else {})


def _layer(rank: int, constant: bool) -> Generator:
    def draw(rng: Random) -> Case:
        x = image(rng, rank, 2, 2, 5) if some(rng, 0.9) else wrong_image(rng, rank, 2)
        x = T(x.shape if x.shape[:1] != (0,) or some(rng, 0.3) else (1, *x.shape[1:]))
        padding = rng.randint(-1, 3) if some(rng) else _numbers(rng, 2 * rank)
        return Case((x,), {}, (padding, 1.5) if constant else (padding,))

    return draw


for _rank in (1, 2, 3):
    cases(f"torch.nn.ConstantPad{_rank}d")(_layer(_rank, True))
    for _name in ("ZeroPad", "ReflectionPad", "ReplicationPad", "CircularPad"):
        cases(f"torch.nn.{_name}{_rank}d")(_layer(_rank, False))
