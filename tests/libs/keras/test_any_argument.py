"""Whatever a Keras function or layer is given, it gives a value or raises what a program could catch."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest

from convlint.dims import symbol
from convlint.interp.budget import Exhausted
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.values import Class, Instance, NotModelled, Raised, Tensor, Unknown

H, N = symbol("H"), symbol("N")
NAMES = [*registry.names("keras."), *registry.names("tensorflow.")]
GROUPS = 24


def anything(rng: Random, depth: int = 0) -> object:
    """A value of any kind that a program may hold."""
    few = rng.randrange(3) if depth < 2 else 0
    match rng.randrange(12):
        case 0:
            return Unknown("a setting")
        case 1:
            return rng.choice([H, N, H // 2, 3 * N])
        case 2:
            return rng.choice([None, {"a": 1}])
        case 3:
            return rng.choice(["same", "channels_first", "int", "relu", "concat", "ab,bc->ac", ""])
        case 4:
            return rng.choice([0.5, -1.0, 2.0, 1e30, float("nan")])
        case 5:
            return [anything(rng, depth + 1) for _ in range(few)]
        case 6:
            return tuple(anything(rng, depth + 1) for _ in range(few + 1))
        case 7:
            return rng.choice([True, False, 0, -1])
        case 8 | 9:
            return rng.choice([1, 2, 3, 4, 8])
    shapes = [None, (), (2,), (2, 4), (N, 3, H), (N, 4, 4, 4), (1, 2, 4, 4, 4)]
    return Tensor(rng.choice(shapes), rng.choice(["float32", "int32", None]), kind="keras.KerasTensor")


def attempt(name: str, rng: Random) -> None:
    """One call; a layer that comes of it is called too."""
    target, signature = registry.lookup(name), registry.signature(name)
    parameters = [p.name for p in signature.parameters] if signature is not None else ["a", "b"]
    machine = Machine(Loader(), training=rng.random() < 0.5)
    positional = [anything(rng) for _ in parameters[: rng.randint(0, len(parameters))]]
    rest = {p: anything(rng) for p in parameters[len(positional) :] if rng.random() < 0.2}
    with suppress(Raised, NotModelled, Exhausted):
        made = machine.call(target, positional, rest)
        if isinstance(target, Class) and isinstance(made, Instance):
            machine.call(made, [anything(rng) for _ in range(rng.choice([1, 1, 2]))])


@pytest.mark.parametrize("group", range(GROUPS))
def test_any_argument(group: int) -> None:
    for name in NAMES[group::GROUPS]:
        rng = Random(name)
        for _ in range(12):
            attempt(name, rng)
