"""Convolutions, pooling, padding, cropping and upsampling."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case
from tests.truth.draw import per_axis, some, wrong_per_axis
from tests.truth.keras_case import Generator, called, layers
from tests.truth.keras_draw import FORMATS, chosen, image, wrong_image


def _settings(rng: Random, rank: int, *, causal: bool = False, dilated: bool = True) -> dict[str, object]:
    keywords: dict[str, object] = chosen(
        rng,
        0.5,
        strides=per_axis(rng, rank, 1, 3),
        padding=rng.choice(["valid", "same", "SAME", *(["causal"] if causal else [])]),
        data_format=rng.choice(FORMATS),
        use_bias=some(rng),
        activation=rng.choice(["relu", "softmax", None]),
    )
    if dilated and ("strides" not in keywords or some(rng, 0.1)) and some(rng, 0.4):
        keywords["dilation_rate"] = per_axis(rng, rank, 1, 3)
    if some(rng, 0.08):
        keywords[rng.choice(["strides", "dilation_rate"])] = wrong_per_axis(rng, rank)
    if some(rng, 0.05):
        keywords["padding"] = rng.choice(["full", "causal", "half", 1])
    if some(rng, 0.02):
        keywords["data_format"] = "channels"
    if some(rng, 0.03):
        keywords["subsample"] = 2
    return keywords


def _map(rng: Random, rank: int, channels: int, keywords: dict[str, object]) -> object:
    form = keywords.get("data_format")
    return (image if some(rng, 0.8) else wrong_image)(rng, rank, channels, form)


def _conv(rank: int, kind: str) -> Generator:
    def draw(rng: Random) -> Case:
        plain = kind == "plain"
        keywords = _settings(rng, rank, causal=rank == 1 and plain)
        channels = rng.choice([1, 2, 3, 4, 6])
        init: list[object] = []
        if kind != "depthwise":
            init.append(rng.choice([2, 4, 6, 8]) if some(rng, 0.93) else rng.choice([0, -1, 2.5, None]))
        init.append(per_axis(rng, rank, 1, 4) if some(rng, 0.93) else wrong_per_axis(rng, rank))
        if plain and some(rng, 0.3):
            keywords["groups"] = rng.choice([1, 2, 2, 3, 0, -1])
        if kind in ("depthwise", "separable") and some(rng, 0.4):
            keywords["depth_multiplier"] = rng.choice([1, 2, 3, 3, 0])
        if kind == "transposed" and some(rng, 0.3):
            keywords["output_padding"] = per_axis(rng, rank, 0, 2)
        return called(_map(rng, rank, channels, keywords), *init, **keywords)

    return draw


def _pool(rank: int) -> Generator:
    def draw(rng: Random) -> Case:
        keywords = _settings(rng, rank, dilated=False)
        for name in ("use_bias", "activation", "dilation_rate", "subsample"):
            keywords.pop(name, None)
        if some(rng, 0.6):
            keywords["pool_size"] = (
                per_axis(rng, rank, 1, 4) if some(rng, 0.85) else wrong_per_axis(rng, rank)
            )
        return called(_map(rng, rank, 3, keywords), **keywords)

    return draw


def _global(rank: int) -> Generator:
    def draw(rng: Random) -> Case:
        keywords = chosen(rng, data_format=rng.choice(FORMATS), keepdims=some(rng))
        if some(rng, 0.15):
            keywords["pool_size"] = 2
        return called(_map(rng, rank, 3, keywords), **keywords)

    return draw


def _adaptive(rank: int) -> Generator:
    def draw(rng: Random) -> Case:
        keywords = chosen(rng, data_format=rng.choice(FORMATS))
        size = per_axis(rng, rank, 1, 5) if some(rng, 0.8) else wrong_per_axis(rng, rank)
        return called(_map(rng, rank, 3, keywords), size, **keywords)

    return draw


def _pairs(rng: Random, rank: int) -> object:
    def pair() -> tuple[int, int]:
        return rng.randint(0, 3), rng.randint(0, 3)

    forms: list[object] = [rng.randint(0, 3), pair() if rank == 1 else tuple(pair() for _ in range(rank))]
    forms.append(tuple(rng.randint(0, 3) for _ in range(rank)) if rank > 1 else list(pair()))
    wrong: list[object] = [(1,) * (rank + 2), "1", ((1, 2, 3),) * rank, None, -1]
    return rng.choice(forms if some(rng, 0.85) else wrong)


def _bordered(rank: int, name: str) -> Generator:
    def draw(rng: Random) -> Case:
        keywords: dict[str, object] = {name: _pairs(rng, rank)} if some(rng, 0.8) else {}
        if name == "padding" or rank > 1:
            keywords |= chosen(rng, data_format=rng.choice(FORMATS))
        return called(_map(rng, rank, 3, keywords), **keywords)

    return draw


def _upsampled(rank: int) -> Generator:
    def draw(rng: Random) -> Case:
        keywords: dict[str, object] = {}
        if some(rng, 0.7):
            keywords["size"] = per_axis(rng, rank, 1, 3) if some(rng, 0.8) else wrong_per_axis(rng, rank)
        if rank > 1:
            keywords |= chosen(rng, data_format=rng.choice(FORMATS))
        if rank == 2:
            keywords |= chosen(rng, interpolation=rng.choice(["nearest", "bilinear", "bicubic", "cubic"]))
        return called(_map(rng, rank, 3, keywords), **keywords)

    return draw


for _rank in (1, 2, 3):
    layers(f"Conv{_rank}D")(_conv(_rank, "plain"))
    layers(f"Conv{_rank}DTranspose")(_conv(_rank, "transposed"))
    if _rank < 3:
        layers(f"DepthwiseConv{_rank}D")(_conv(_rank, "depthwise"))
        layers(f"SeparableConv{_rank}D")(_conv(_rank, "separable"))
    for _kind in ("Max", "Average"):
        layers(f"{_kind}Pooling{_rank}D")(_pool(_rank))
        layers(f"Global{_kind}Pooling{_rank}D")(_global(_rank))
        layers(f"Adaptive{_kind}Pooling{_rank}D")(_adaptive(_rank))
    layers(f"ZeroPadding{_rank}D")(_bordered(_rank, "padding"))
    layers(f"Cropping{_rank}D")(_bordered(_rank, "cropping"))
    layers(f"UpSampling{_rank}D")(_upsampled(_rank))
