"""Interpolation, upsampling layers, grid sampling and affine grids."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, T, cases
from tests.truth.draw import image, per_axis, some, wrong_image

MODES = {
    1: ("nearest", "linear", "area", "nearest-exact"),
    2: ("nearest", "bilinear", "bicubic", "area"),
    3: ("nearest", "trilinear", "area"),
}
FACTORS = (2, 2.0, 0.5, 1.5, 0.3, 1.7, 3, 0.1, 1.0)


def _map(rng: Random, rank: int) -> T:
    shape = image(rng, rank, 2, 3, 6).shape if some(rng, 0.9) else wrong_image(rng, rank, 2).shape
    if len(shape) == rank + 1:
        shape = (1, *shape)
    return T(shape, "float32" if some(rng, 0.97) else rng.choice(["uint8", "int64"]))


def _target(rng: Random, rank: int) -> dict[str, object]:
    form = rng.random()
    if form < 0.4:
        return {"size": per_axis(rng, rank, 1, 7)}
    if form < 0.65:
        return {"scale_factor": rng.choice(FACTORS)}
    if form < 0.85:
        return {"scale_factor": tuple(rng.choice(FACTORS) for _ in range(rank))}
    wrong: list[dict[str, object]] = [
        {},
        {"size": 3, "scale_factor": 2.0},
        {"size": 0},
        {"size": (2,) * (rank + 1)},
        {"size": 2.0},
        {"size": (2.0,) * rank},
        {"scale_factor": (2.0,) * (rank + 1)},
        {"scale_factor": 0.0},
        {"scale_factor": -1.0},
    ]
    return rng.choice(wrong)


def _mode(rng: Random, rank: int) -> dict[str, object]:
    keywords: dict[str, object] = {}
    if some(rng, 0.7):
        keywords["mode"] = rng.choice(MODES[rank])
    if some(rng, 0.08):
        keywords["mode"] = rng.choice(["cubic", "bilinear", "trilinear", "linear", "lanczos"])
    linear = "linear" in str(keywords.get("mode")) or keywords.get("mode") == "bicubic"
    if some(rng, 0.4) and (linear or some(rng, 0.2)):
        keywords["align_corners"] = some(rng)
    return keywords


@cases("torch.nn.functional.interpolate")
def interpolate(rng: Random) -> Case:
    rank = rng.choice([1, 2, 2, 2, 3])
    keywords = _target(rng, rank) | _mode(rng, rank)
    if some(rng, 0.2):
        keywords["recompute_scale_factor"] = some(rng)
    if some(rng, 0.1):
        keywords["antialias"] = some(rng)
    return Case((_map(rng, rank),), keywords)


@cases("torch.nn.functional.upsample")
def upsample(rng: Random) -> Case:
    rank = rng.choice([1, 2, 2, 2, 3])
    return Case((_map(rng, rank),), _target(rng, rank) | _mode(rng, rank))


@cases("torch.nn.Upsample")
def upsample_layer(rng: Random) -> Case:
    rank = rng.choice([1, 2, 2, 2, 3])
    init = _target(rng, rank) | _mode(rng, rank)
    if some(rng, 0.1) and "scale_factor" in init:
        init["scale_factor"] = rng.choice([[2.0] * rank, "2", "a"])
    return Case((_map(rng, rank),), {}, (), init)


@cases("torch.nn.UpsamplingNearest2d", "torch.nn.UpsamplingBilinear2d")
def upsampling_layer(rng: Random) -> Case:
    return Case((_map(rng, rng.choice([1, 2, 2, 2, 2, 3])),), {}, (), _target(rng, 2))


@cases("torch.nn.functional.upsample_nearest", "torch.nn.functional.upsample_bilinear")
def upsampling(rng: Random) -> Case:
    return Case((_map(rng, rng.choice([1, 2, 2, 2, 2, 3])),), _target(rng, 2))


# -- grids ---------------------------------------------------------------------------------------------------


def _sampled(rng: Random) -> tuple[T, T]:
    rank = rng.choice([2, 2, 3])
    batch = rng.choice([0, 1, 2, 2])
    x = (batch, rng.randint(1, 3), *(rng.randint(1, 4) for _ in range(rank)))
    grid = (batch, *(rng.randint(0 if some(rng, 0.1) else 1, 4) for _ in range(rank)), rank)
    if some(rng, 0.2):
        grid = rng.choice([(batch + 1, *grid[1:]), (*grid[:-1], rank + 1), grid[1:], (*grid, 1)])
    if some(rng, 0.1):
        x = rng.choice([x[1:], (*x[:-1], 0), (batch, 0, *x[2:])])
    return T(x), T(grid)


@cases("torch.nn.functional.grid_sample")
def grid_sample(rng: Random) -> Case:
    keywords: dict[str, object] = {
        "mode": rng.choice(["bilinear", "nearest", "bicubic"]) if some(rng, 0.95) else "linear",
        "padding_mode": rng.choice(["zeros", "border", "reflection"]) if some(rng, 0.95) else "reflect",
        "align_corners": rng.choice([None, True, False]),
    }
    return Case(_sampled(rng), {k: v for k, v in keywords.items() if some(rng)})


@cases("torch.grid_sampler")
def grid_sampler(rng: Random) -> Case:
    return Case((*_sampled(rng), rng.choice([0, 1, 2]), rng.choice([0, 1, 2]), some(rng)))


def _theta(rng: Random) -> tuple[T, object]:
    rank, batch = rng.choice([2, 2, 3]), rng.randint(1, 3)
    theta = (batch, rank, rank + 1)
    size = [batch, 3, *(rng.randint(1, 4) for _ in range(rank))]
    if some(rng, 0.2):
        theta = rng.choice(
            [(batch + 1, rank, rank + 1), (batch, rank + 1, rank + 2), (rank, rank + 1), (batch, 1, 1)]
        )
    if some(rng, 0.1):
        size = rng.choice([size[1:], [*size, 1, 1], [*size[:-1], 0], [*size[:-1], -1]])
    return T(theta, "float32" if some(rng, 0.95) else "int64"), size if some(rng) else tuple(size)


@cases("torch.nn.functional.affine_grid")
def affine_grid(rng: Random) -> Case:
    return Case(_theta(rng), {"align_corners": rng.choice([None, True, False])} if some(rng) else {})


@cases("torch.affine_grid_generator")
def affine_grid_generator(rng: Random) -> Case:
    return Case((*_theta(rng), some(rng)))
