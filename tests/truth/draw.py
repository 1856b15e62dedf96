"""What generators of window cases draw from: small shapes, and numbers in all the forms that torch takes."""

from __future__ import annotations

from random import Random

from tests.truth.case import T


def per_axis(rng: Random, rank: int, low: int, high: int) -> object:
    """A number for each axis, as one int, a tuple or a list."""
    if rng.random() < 0.5:
        return rng.randint(low, high)
    numbers = [rng.randint(low, high) for _ in range(rank)]
    return numbers if rng.random() < 0.3 else tuple(numbers)


def wrong_per_axis(rng: Random, rank: int) -> object:
    """A number argument that is refused more often than not: wrong length, sign or type."""
    return rng.choice(
        [0, -1, 1.0, (1,) * (rank + 1), (2,), (0,) * rank, (-1,) + (1,) * (rank - 1), [1.5] * rank]
    )


def image(rng: Random, rank: int, channels: int, low: int = 4, high: int = 9) -> T:
    """A map of so many axes, batched or not."""
    batch = () if rng.random() < 0.25 else (rng.choice([0, 1, 1, 2, 2, 3]),)
    return T((*batch, channels, *(rng.randint(low, high) for _ in range(rank))))


def wrong_image(rng: Random, rank: int, channels: int) -> T:
    """A map that is refused more often than not: other channels, another rank, an empty or too small axis."""
    right = image(rng, rank, channels).shape
    return T(
        rng.choice(
            [
                (*right[: -rank - 1], channels + 1, *right[-rank:]),
                right[1:],
                (2, *right),
                (*right[:-1], 0),
                (*right[:-1], 1),
                right[:1],
                (*right[: -rank - 1], 0, *right[-rank:]),
                (),
            ]
        )
    )


def some(rng: Random, share: float = 0.5) -> bool:
    """True with this probability."""
    return rng.random() < share
