"""Dense layers, bilinear forms, and layers that pass their input."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, T, cases
from tests.truth.draw import some


def _leading(rng: Random) -> tuple[int, ...]:
    return tuple(rng.randint(0 if some(rng, 0.1) else 1, 3) for _ in range(rng.choice([0, 1, 1, 1, 2, 3])))


def _wrong(rng: Random, count: int) -> int:
    return count if some(rng, 0.85) else count + 1


@cases("torch.nn.Linear")
def linear_layer(rng: Random) -> Case:
    inputs, outputs = rng.randint(1, 5), rng.randint(1, 5)
    x = T((*_leading(rng), _wrong(rng, inputs)), "float32" if some(rng, 0.97) else "int64")
    init: tuple[object, ...] = (inputs, outputs)
    if some(rng, 0.1):
        init = rng.choice([(inputs / 1, outputs), (inputs, outputs / 1), (-1, outputs), (inputs, 0)])
    return Case((x if some(rng, 0.97) else T(()),), {}, init, {"bias": some(rng)} if some(rng) else {})


@cases("torch.nn.LazyLinear")
def lazy_linear(rng: Random) -> Case:
    x = T((*_leading(rng), rng.randint(1, 4))) if some(rng, 0.9) else T(())
    return Case((x,), {}, (rng.choice([1, 2, 3, -1, 2.0]),), {"bias": some(rng)} if some(rng) else {})


@cases("torch.nn.functional.linear")
def linear(rng: Random) -> Case:
    inputs, outputs = rng.randint(1, 5), rng.randint(1, 5)
    x = T((*_leading(rng), _wrong(rng, inputs))) if some(rng, 0.97) else T(())
    weight = (
        T((outputs, inputs)) if some(rng, 0.9) else rng.choice([T((inputs,)), T((1, outputs, inputs)), T(())])
    )
    keywords: dict[str, object] = {}
    if some(rng) and len(weight.shape) != 1:
        keywords["bias"] = T((_wrong(rng, outputs),))
    return Case((x, weight), keywords)


def _pair(rng: Random, left: int, right: int) -> tuple[T, T]:
    leading = tuple(max(n, 1) for n in _leading(rng))
    other = leading if some(rng, 0.9) else _leading(rng)
    return T((*leading, _wrong(rng, left))), T((*other, _wrong(rng, right)))


@cases("torch.nn.Bilinear")
def bilinear_layer(rng: Random) -> Case:
    left, right, outputs = (rng.randint(1, 4) for _ in range(3))
    init: tuple[object, ...] = (left, right, outputs)
    if some(rng, 0.1):
        init = rng.choice([(0, right, outputs), (left, right, -1), (left / 1, right, outputs)])
    return Case(_pair(rng, left, right), {}, init, {"bias": some(rng)} if some(rng) else {})


@cases("torch.nn.functional.bilinear", "torch.bilinear")
def bilinear(rng: Random) -> Case:
    left, right, outputs = (rng.randint(1, 4) for _ in range(3))
    keywords: dict[str, object] = {"bias": T((_wrong(rng, outputs),))} if some(rng) else {}
    return Case((*_pair(rng, left, right), T((outputs, left, right))), keywords)


@cases("torch.nn.Identity")
def identity(rng: Random) -> Case:
    init: tuple[object, ...] = (54,) if some(rng) else ()
    return Case((T((*_leading(rng), 2)),), {}, init, {"unused": 0.1} if some(rng) else {})
