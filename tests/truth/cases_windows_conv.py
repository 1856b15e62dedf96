"""Convolutions, transposed convolutions and their lazy forms, as layers and functions.

Left out: transposed convolutions with a result of no elements, which torch refuses or not as its backend
pleases.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.truth.case import Case, Generator, T, cases
from tests.truth.draw import image, per_axis, some, wrong_image, wrong_per_axis

MODES = ("reflect", "replicate", "circular", "zeros")


# a dilation of 0 passes in some of torch's backends
_WRONG: dict[str, object] = {"padding_mode": "odd", "bias": 5, "dilation": -1}


def _channels(rng: Random) -> tuple[int, int, int]:
    """Groups, and channels in and out that they divide."""
    groups = rng.choice([1, 1, 2, 3])
    return groups, groups * rng.randint(1, 2), groups * rng.randint(1, 2)


def _optional(rng: Random, rank: int, keywords: dict[str, object]) -> dict[str, object]:
    """Some of the keywords; at times one of them wrong."""
    chosen = {name: value for name, value in keywords.items() if some(rng, 0.4)}
    if chosen and some(rng, 0.1):
        name = rng.choice(sorted(chosen))
        chosen[name] = _WRONG[name] if name in _WRONG else wrong_per_axis(rng, rank)
    return chosen


def _layer(rank: int, lazy: bool) -> Generator:
    def draw(rng: Random) -> Case:
        groups, inputs, outputs = _channels(rng)
        keywords = _optional(
            rng,
            rank,
            {
                "stride": per_axis(rng, rank, 1, 3),
                "padding": rng.choice([per_axis(rng, rank, 0, 2), "same", "valid"]),
                "dilation": per_axis(rng, rank, 1, 2),
                "padding_mode": rng.choice(MODES),
                "bias": some(rng),
            },
        )
        keywords["groups"] = groups if some(rng, 0.95) else rng.choice([0, -1, 4, 1.0])
        kernel = per_axis(rng, rank, 1, 4) if some(rng, 0.95) else wrong_per_axis(rng, rank)
        if some(rng, 0.05):
            outputs = rng.choice([0, -1, outputs + 1, float(outputs)])
        x = image(rng, rank, inputs) if some(rng, 0.9) else wrong_image(rng, rank, inputs)
        init = (outputs, kernel) if lazy else (inputs if some(rng, 0.97) else inputs / 1, outputs, kernel)
        return Case((x,), {}, init, keywords)

    return draw


def _transposed_layer(rank: int, lazy: bool) -> Generator:
    def draw(rng: Random) -> Case:
        groups, inputs, outputs = _channels(rng)
        keywords = _optional(
            rng,
            rank,
            {
                "stride": per_axis(rng, rank, 1, 3),
                "padding": per_axis(rng, rank, 0, 2),
                "output_padding": per_axis(rng, rank, 0, 2),
                "dilation": per_axis(rng, rank, 1, 2),
                "bias": some(rng),
            },
        )
        keywords["groups"] = groups if some(rng, 0.95) else rng.choice([0, -1, 4, 1.0])
        if lazy and keywords["groups"] == 4:
            keywords["groups"] = groups
        if some(rng, 0.05):
            keywords["padding_mode"] = rng.choice(MODES)
        kernel = per_axis(rng, rank, 1, 4) if some(rng, 0.95) else wrong_per_axis(rng, rank)
        if not _made(rank, kernel, keywords):
            keywords.pop("padding", None)
        x = image(rng, rank, inputs, 2, 4) if some(rng, 0.9) else wrong_image(rng, rank, inputs)
        call: dict[str, object] = {}
        if some(rng, 0.3):
            call["output_size"] = _asked(rng, rank, x, keywords, kernel)
        init = (outputs, kernel) if lazy else (inputs, outputs, kernel)
        return Case((x,), call, init, keywords)

    return draw


def _at(value: object, axis: int) -> int:
    if isinstance(value, (tuple, list)) and value:
        value = value[min(axis, len(value) - 1)]
    return value if isinstance(value, int) else 1


def _made(rank: int, kernel: object, keywords: dict[str, object]) -> bool:
    """Whether a map of 2 and up gives elements on every axis: s + d(k − 1) + 1 exceeds the padding."""
    return all(
        _at(keywords.get("stride", 1), axis)
        + _at(keywords.get("dilation", 1), axis) * (_at(kernel, axis) - 1)
        + 1
        > 2 * _at(keywords.get("padding", 0), axis)
        for axis in range(rank)
    )


def _asked(rng: Random, rank: int, x: T, keywords: dict[str, object], kernel: object) -> object:
    """An output size near the least one; at times with the leading axes too."""

    sizes = []
    for axis, n in enumerate(x.shape[-rank:]):
        stride, dilation = _at(keywords.get("stride", 1), axis), _at(keywords.get("dilation", 1), axis)
        least = (
            (n - 1) * stride
            - 2 * _at(keywords.get("padding", 0), axis)
            + dilation * (_at(kernel, axis) - 1)
            + 1
        )
        sizes.append(least + (rng.randint(0, max(stride - 1, 0)) if some(rng, 0.9) else rng.randint(-1, 4)))
    form = rng.random()
    if form < 0.2:
        return [*x.shape[:-rank], *sizes]
    return sizes[1:] if form > 0.95 else tuple(sizes)


def _function(rank: int) -> Generator:
    def draw(rng: Random) -> Case:
        groups, inputs, outputs = _channels(rng)
        kernel = tuple(rng.randint(1, 4) for _ in range(rank))
        if some(rng, 0.05):
            kernel = rng.choice([kernel[1:], (*kernel, 2), (0, *kernel[1:])])
        weight = T((outputs, inputs // groups, *kernel))
        x = image(rng, rank, inputs) if some(rng, 0.9) else wrong_image(rng, rank, inputs)
        if some(rng, 0.03):
            x = T((2, *x.shape[1:]), "int64")
        keywords = _optional(
            rng,
            rank,
            {
                "stride": per_axis(rng, rank, 1, 3),
                "padding": rng.choice([per_axis(rng, rank, 0, 2), "same", "valid"]),
                "dilation": per_axis(rng, rank, 1, 2),
                "bias": T((outputs,))
                if some(rng, 0.9)
                else rng.choice([T((outputs + 1,)), T((outputs, 1)), None]),
            },
        )
        if groups > 1 or some(rng):
            keywords["groups"] = groups if some(rng, 0.9) else rng.choice([0, -1, groups + 1])
        return Case((x, weight), keywords)

    return draw


def _transposed_function(rank: int) -> Generator:
    def draw(rng: Random) -> Case:
        groups, inputs, outputs = _channels(rng)
        kernel = tuple(rng.randint(1, 4) for _ in range(rank))
        if some(rng, 0.05):
            kernel = rng.choice([kernel[1:], (*kernel, 2), (0, *kernel[1:])])
        weight = T((inputs, outputs // groups, *kernel))
        x = image(rng, rank, inputs, 2, 4) if some(rng, 0.9) else wrong_image(rng, rank, inputs)
        keywords = _optional(
            rng,
            rank,
            {
                "stride": per_axis(rng, rank, 1, 3),
                "padding": per_axis(rng, rank, 0, 2),
                "output_padding": per_axis(rng, rank, 0, 2),
                "dilation": per_axis(rng, rank, 1, 2),
                "bias": T((outputs,))
                if some(rng, 0.9)
                else rng.choice([T((outputs + 1,)), T((outputs, 1)), None]),
            },
        )
        if not _made(rank, kernel, keywords):
            keywords.pop("padding", None)
        if groups > 1 or some(rng):
            keywords["groups"] = groups if some(rng, 0.9) else rng.choice([0, -1, groups + 1])
        return Case((x, weight), keywords)

    return draw


def _with_batch(draw: Generator) -> Generator:
    """A wrong dilation goes with a batch that is not empty: torch does not look at it otherwise."""

    def again(rng: Random) -> Case:
        case = draw(rng)
        x = case.args[0]
        if isinstance(x, T) and x.shape[:1] == (0,) and _odd(case):
            return replace(case, args=(T((1, *x.shape[1:]), x.dtype), *case.args[1:]))
        return case

    return again


def _odd(case: Case) -> bool:
    """Whether a dilation is wrong."""
    value = {**case.kwargs, **case.init_kwargs}.get("dilation", 1)
    numbers = value if isinstance(value, (tuple, list)) else [value]
    return any(isinstance(n, int) and n < 1 for n in numbers)


for _rank in (1, 2, 3):
    cases(f"torch.nn.Conv{_rank}d")(_with_batch(_layer(_rank, False)))
    cases(f"torch.nn.LazyConv{_rank}d")(_with_batch(_layer(_rank, True)))
    cases(f"torch.nn.ConvTranspose{_rank}d")(_with_batch(_transposed_layer(_rank, False)))
    cases(f"torch.nn.LazyConvTranspose{_rank}d")(_with_batch(_transposed_layer(_rank, True)))
    cases(f"torch.nn.functional.conv{_rank}d", f"torch.conv{_rank}d")(_with_batch(_function(_rank)))
    cases(f"torch.nn.functional.conv_transpose{_rank}d", f"torch.conv_transpose{_rank}d")(
        _with_batch(_transposed_function(_rank))
    )


@cases("torch.nn.functional.conv_tbc", "torch.conv_tbc")
def conv_tbc(rng: Random) -> Case:
    inputs, outputs, kernel = rng.randint(1, 3), rng.randint(1, 3), rng.randint(1, 3)
    x = T((rng.randint(3, 6), rng.randint(1, 2), inputs if some(rng, 0.9) else inputs + 1))
    weight = T((kernel, inputs, outputs)) if some(rng, 0.95) else T((inputs, outputs))
    bias = T((outputs,)) if some(rng, 0.95) else T((outputs, 1))
    return Case((x, weight, bias, rng.randint(0, 2)) if some(rng) else (x, weight, bias))
