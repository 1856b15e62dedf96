"""What generators of tensor operations draw from: small shapes, axes, dtypes, operands that broadcast."""

from __future__ import annotations

from random import Random

from tests.truth.case import Named, T

FLOATS = ("float32", "float32", "float32", "float64", "float16")
INTEGERS = ("int64", "int64", "int32", "uint8")
ANY = (*FLOATS, *INTEGERS, "bool", "complex64")
REAL = (*FLOATS, *INTEGERS, "bool")
DTYPES = tuple(
    Named(f"torch.{name}")
    for name in ("float32", "float64", "int64", "int32", "bool", "float16", "long", "complex64")
)


def some(rng: Random, share: float = 0.5) -> bool:
    """True with this probability."""
    return rng.random() < share


def extents(rng: Random, low: int = 0, high: int = 4, *, least: int | None = None) -> tuple[int, ...]:
    """A shape of `low` to `high` axes with small extents, now and then one of 0."""
    smallest = least if least is not None else (0 if some(rng, 0.1) else 1)
    return tuple(rng.randint(smallest, 4) for _ in range(rng.randint(low, high)))


def tensor(rng: Random, low: int = 0, high: int = 4, dtypes: tuple[str, ...] = FLOATS) -> T:
    """A tensor of `low` to `high` axes."""
    return T(extents(rng, low, high), rng.choice(dtypes))


def axis(rng: Random, rank: int, wrong: float = 0.12) -> int:
    """An axis from either end; out of range with a small probability."""
    if some(rng, wrong):
        return rng.choice([rank, rank + 1, -rank - 1])
    rank = max(rank, 1)
    return rng.randint(-rank, rank - 1)


def some_axes(rng: Random, rank: int, wrong: float = 0.08) -> object:
    """One axis, or several as a tuple or list; now and then named twice or out of range."""
    if rank == 0 or some(rng, 0.4):
        return axis(rng, rank, wrong)
    chosen = rng.sample(range(rank), rng.randint(1, rank))
    signed = [a - rank if some(rng, 0.3) else a for a in chosen]
    if some(rng, wrong):
        signed.append(rng.choice([signed[0], rank]))
    return tuple(signed) if some(rng, 0.7) else signed


def joined(rng: Random, count: int = 2, wrong: float = 0.15, least_rank: int = 0) -> list[tuple[int, ...]]:
    """Shapes that broadcast: some axes missing or of extent 1; now and then one that does not fit."""
    whole = extents(rng, max(least_rank, 0), 4)
    shapes = []
    for _ in range(count):
        start = rng.randint(0, len(whole) - least_rank) if some(rng, 0.3) else 0
        shapes.append(tuple(1 if some(rng, 0.2) else n for n in whole[start:]))
    if some(rng, wrong) and whole:
        odd = rng.randrange(count)
        shapes[odd] = tuple(n + rng.choice([0, 2]) for n in whole)
    return shapes


def options(rng: Random, share: float = 0.4, **values: object) -> dict[str, object]:
    """Some of the keywords."""
    return {name: value for name, value in values.items() if some(rng, share)}


def sizes(rng: Random, shape: tuple[int, ...]) -> tuple[object, ...]:
    """A shape as separate arguments, as one tuple or as one list."""
    form = rng.randrange(3)
    if form == 0 and shape:
        return shape
    return (list(shape),) if form == 1 else (shape,)
