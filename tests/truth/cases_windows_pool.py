"""Max, average and power-average pooling; adaptive pooling."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Generator, T, cases
from tests.truth.draw import image, per_axis, some, wrong_image, wrong_per_axis


def _numbers(rng: Random, rank: int, dilated: bool) -> dict[str, object]:
    keywords: dict[str, object] = {
        "stride": rng.choice([per_axis(rng, rank, 1, 3), None]),
        "padding": per_axis(rng, rank, 0, 2 if some(rng, 0.2) else 1),
        "ceil_mode": some(rng),
    }
    if dilated:
        keywords["dilation"] = per_axis(rng, rank, 1, 2)
    chosen = {k: v for k, v in keywords.items() if some(rng, 0.5)}
    names = [k for k in sorted(chosen) if k != "ceil_mode"]
    if names and some(rng, 0.1):
        chosen[rng.choice(names)] = wrong_per_axis(rng, rank)
    return chosen


def _pool(rank: int, kind: str, layer: bool) -> Generator:
    def draw(rng: Random) -> Case:
        x = image(rng, rank, rng.randint(1, 3), 3, 7) if some(rng, 0.85) else wrong_image(rng, rank, 2)
        kernel = per_axis(rng, rank, 1, 4) if some(rng, 0.9) else wrong_per_axis(rng, rank)
        keywords = _numbers(rng, rank, kind == "max")
        if kind == "native" and keywords.get("stride", 1) is None:
            keywords["stride"] = ()
        if kind == "max" and some(rng, 0.3):
            keywords["return_indices"] = some(rng)
        if kind == "avg":
            if keywords.get("stride", 1) is None and not layer:
                keywords["stride"] = ()
            if some(rng, 0.3):
                keywords["count_include_pad"] = some(rng)
            if rank > 1 and some(rng, 0.2):
                keywords["divisor_override"] = rng.choice([None, 1, 3, -1, 0, 1.5])
        return Case((x,), {}, (kernel,), keywords) if layer else Case((x, kernel), keywords)

    return draw


def _power(rank: int, layer: bool) -> Generator:
    def draw(rng: Random) -> Case:
        x = image(rng, rank, rng.randint(1, 3), 3, 7) if some(rng, 0.85) else wrong_image(rng, rank, 2)
        kernel = per_axis(rng, rank, 1, 4) if some(rng, 0.9) else wrong_per_axis(rng, rank)
        if rank == 1 and some(rng, 0.8):
            kernel = rng.randint(1, 4)
        norm = rng.choice([1, 2, 2.0, 3.5, float("inf")]) if some(rng, 0.95) else 0
        keywords = {k: v for k, v in _numbers(rng, rank, False).items() if k != "padding"}
        return Case((x,), {}, (norm, kernel), keywords) if layer else Case((x, norm, kernel), keywords)

    return draw


def _adaptive(rank: int, kind: str, layer: bool) -> Generator:
    def draw(rng: Random) -> Case:
        x = image(rng, rank, rng.randint(1, 3), 3, 7) if some(rng, 0.85) else wrong_image(rng, rank, 2)
        size: object = per_axis(rng, rank, 0, 5)
        if isinstance(size, (list, tuple)) and some(rng, 0.3):
            size = tuple(None if some(rng) else n for n in size)
        if some(rng, 0.1):
            size = rng.choice([None, -1, 2.0, (2,) * (rank + 1), (2,), (-1,) * rank, (2.0,) * rank])
        keywords: dict[str, object] = {"return_indices": some(rng)} if kind == "max" and some(rng) else {}
        return Case((x,), {}, (size,), keywords) if layer else Case((x, size), keywords)

    return draw


for _rank in (1, 2, 3):
    cases(f"torch.nn.MaxPool{_rank}d")(_pool(_rank, "max", True))
    cases(f"torch.nn.functional.max_pool{_rank}d")(_pool(_rank, "max", False))
    cases(f"torch.nn.functional.max_pool{_rank}d_with_indices")(_pool(_rank, "max", False))
    cases(f"torch.max_pool{_rank}d")(_pool(_rank, "native", False))
    cases(f"torch.nn.AvgPool{_rank}d")(_pool(_rank, "avg", True))
    cases(f"torch.nn.functional.avg_pool{_rank}d")(_pool(_rank, "avg", False))
    cases(f"torch.nn.LPPool{_rank}d")(_power(_rank, True))
    cases(f"torch.nn.functional.lp_pool{_rank}d")(_power(_rank, False))
    cases(f"torch.nn.AdaptiveAvgPool{_rank}d")(_adaptive(_rank, "avg", True))
    cases(f"torch.nn.functional.adaptive_avg_pool{_rank}d")(_adaptive(_rank, "avg", False))
    cases(f"torch.nn.AdaptiveMaxPool{_rank}d")(_adaptive(_rank, "max", True))
    cases(f"torch.nn.functional.adaptive_max_pool{_rank}d")(_adaptive(_rank, "max", False))
    cases(f"torch.nn.functional.adaptive_max_pool{_rank}d_with_indices")(_adaptive(_rank, "max", False))
cases("torch.max_pool1d_with_indices")(_pool(1, "native", False))
cases("torch.avg_pool1d")(_pool(1, "native", False))
cases("torch.adaptive_avg_pool1d", "torch.adaptive_max_pool1d")(_adaptive(1, "native", False))


# -- unpooling and fractional pooling ------------------------------------------------------------------------


def _unpool(rank: int, layer: bool) -> Generator:
    def draw(rng: Random) -> Case:
        shape = (*((2,) if some(rng, 0.8) else ()), 2, *(rng.randint(2, 3) for _ in range(rank)))
        if some(rng, 0.1):
            shape = rng.choice([shape[-rank:], (1, 1, *shape), (*shape[:-1], 0), (0, *shape[1:])])
        indices = T(shape, "int64", 1)
        if some(rng, 0.05):
            indices = rng.choice([T((1, *shape[1:]), "int64", 1), T(shape, "int32", 1)])
        kernel = per_axis(rng, rank, 1, 3)
        keywords: dict[str, object] = {}
        if some(rng, 0.4):
            keywords["stride"] = rng.choice([None, per_axis(rng, rank, 1, 3)])
        if some(rng, 0.3):
            keywords["padding"] = per_axis(rng, rank, 0, 1)
        call: dict[str, object] = {}
        if some(rng, 0.4):
            size = [n * 2 + rng.randint(-1, 1) for n in shape[-rank:]]
            call["output_size"] = rng.choice([size, tuple(size), [2, 2, *size], size[1:], 4])
        x = T(shape)
        if layer:
            return Case((x, indices), call, (kernel,), keywords)
        return Case((x, indices, kernel), keywords | call)

    return draw


def _fractional(rank: int, layer: bool) -> Generator:
    def draw(rng: Random) -> Case:
        x = image(rng, rank, 2, 5, 8) if some(rng, 0.9) else wrong_image(rng, rank, 2)
        keywords: dict[str, object] = {}
        if some(rng):
            keywords["output_size"] = per_axis(rng, rank, 0, 5)
        if "output_size" not in keywords or some(rng, 0.05):
            keywords["output_ratio"] = tuple(rng.choice([0.5, 0.3, 0.75]) for _ in range(rank))
        if layer and "output_ratio" in keywords and some(rng, 0.3):
            keywords["output_ratio"] = rng.choice([0.5, 0.6, 1.5])
        if some(rng, 0.05):
            keywords = rng.choice([{}, {"output_size": (2,)}, {"output_size": -1}, {"output_ratio": (0.5,)}])
        if some(rng, 0.3):
            keywords["return_indices"] = some(rng)
        kernel = (
            per_axis(rng, rank, 1, 3) if some(rng, 0.95) else rng.choice([(2,), 2.0, 9, (2,) * (rank + 1)])
        )
        return Case((x,), {}, (kernel,), keywords) if layer else Case((x, kernel), keywords)

    return draw


for _rank in (1, 2, 3):
    cases(f"torch.nn.MaxUnpool{_rank}d")(_unpool(_rank, True))
    cases(f"torch.nn.functional.max_unpool{_rank}d")(_unpool(_rank, False))
for _rank in (2, 3):
    cases(f"torch.nn.FractionalMaxPool{_rank}d")(_fractional(_rank, True))
    cases(f"torch.nn.functional.fractional_max_pool{_rank}d")(_fractional(_rank, False))
    cases(f"torch.nn.functional.fractional_max_pool{_rank}d_with_indices")(_fractional(_rank, False))
