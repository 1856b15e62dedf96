"""What generators of Keras cases draw from: small maps, sequences and settings."""

from __future__ import annotations

from random import Random

from tests.truth.draw import some
from tests.truth.keras_case import K

FORMATS = (None, "channels_last", "channels_first")


def batch(rng: Random) -> int | None:
    """A free batch, or a small one."""
    return rng.choice([None, None, 1, 2, 3])


def image(
    rng: Random, rank: int, channels: int, data_format: object = None, low: int = 4, high: int = 9
) -> K:
    """A map of so many spatial axes; at times one of them is free."""
    spatial: list[int | None] = [rng.randint(low, high) for _ in range(rank)]
    if some(rng, 0.1):
        spatial[rng.randrange(rank)] = None
    first = data_format == "channels_first"
    return K((batch(rng), channels, *spatial) if first else (batch(rng), *spatial, channels))


def wrong_image(rng: Random, rank: int, channels: int, data_format: object = None) -> K:
    """A map with an axis too many or too few, or with too small an extent."""
    right = image(rng, rank, channels, data_format).shape
    return K(
        rng.choice([right[:-1], (2, *right), (*right, 2), right[:2], (right[0], *(1,) * rank, channels)])
    )


def anything(rng: Random, channels: int = 4, low: int = 2, high: int = 5) -> K:
    """A tensor of any rank from 2 to 5 with known channels last."""
    middle = tuple(rng.randint(1, 6) for _ in range(rng.randint(low, high) - 2))
    return K((batch(rng), *middle, channels))


def chosen(rng: Random, share: float = 0.4, **settings: object) -> dict[str, object]:
    """Some of the settings."""
    return {name: value for name, value in settings.items() if some(rng, share)}
