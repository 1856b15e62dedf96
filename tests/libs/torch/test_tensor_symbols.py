"""A symbolic answer, at the numbers, is the answer to the numbers: for every tensor operation.

What works for the numbers is not refused for the symbols, and meets every requirement they leave.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest

from convlint.dims import Dim, Expr, Question, evaluate, holds, symbol
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.values import Condition, Instance, Raised, Tensor, Unknown
from tests.truth.case import GENERATORS, Case, Named, T

_TRUTH = Path(__file__).parents[2] / "truth"
for _file in sorted(_TRUTH.glob("cases_tensors_*.py")):
    import_module(f"tests.truth.{_file.stem}")
NAMES = sorted(
    n for n, g in GENERATORS.items() if g.__module__.rpartition(".")[2].startswith("cases_tensors_")
)
CASES = 4


class Numbered(Machine):
    """A machine whose undecided questions are answered by what the symbols stand for."""

    numbers: dict[str, int]

    def truth(self, value: object) -> bool:
        question = getattr(value, "question", None)
        return holds(question, self.numbers) if question is not None else super().truth(value)


def drawn(value: object, rng: Random, numbers: dict[str, int], *, symbolic: bool) -> object:
    """Arguments with a symbol in place of some extents of at least 2; an extent of 1 may broadcast."""
    match value:
        case T(shape=shape, dtype=dtype):
            extents: list[Dim] = []
            for n in shape:
                name = f"d{n}" if rng.random() < 0.6 else f"d{n}_{rng.randint(0, 2)}"
                use = rng.random() < 0.6 and n >= 2
                if use:
                    numbers[name] = n
                extents.append(symbol(name) if use and symbolic else n)
            return Tensor(tuple(extents), dtype)
        case Named(name=name):
            return registry.lookup(name)
        case list():
            return [drawn(v, rng, numbers, symbolic=symbolic) for v in value]
        case tuple():
            return tuple(drawn(v, rng, numbers, symbolic=symbolic) for v in value)
        case dict():
            return {k: drawn(v, rng, numbers, symbolic=symbolic) for k, v in value.items()}
    return value


def answer(name: str, case: Case, seed: float, *, symbolic: bool) -> tuple[object, bool, Numbered]:
    """The answer, whether it was refused, and the machine."""
    rng, machine = Random(seed), Numbered(Loader(), training=True)
    machine.numbers = {}
    args: Any = drawn(case.args, rng, machine.numbers, symbolic=symbolic)
    kwargs: Any = drawn(case.kwargs, rng, machine.numbers, symbolic=symbolic)
    try:
        result = machine.call(registry.lookup(name), args, kwargs)
    except Raised:
        return None, True, machine
    return result, bool(machine.trace.failures), machine


def broken(machine: Numbered) -> list[Question]:
    """Requirements that the numbers do not meet."""
    found = []
    for required in machine.trace.required:
        try:
            met = holds(required.requirement.question, machine.numbers)
        except KeyError:  # rests on something unknown
            continue
        if not met:
            found.append(required.requirement.question)
    return found


def agrees(mine: object, expected: object, numbers: dict[str, int]) -> bool:
    """Whether all that is certain comes out as expected."""
    if isinstance(mine, Unknown) or isinstance(expected, Unknown):
        return True
    if isinstance(mine, Instance) and isinstance(expected, Instance):
        return agrees(mine.payload, expected.payload, numbers)
    if isinstance(mine, (tuple, list)) and isinstance(expected, (tuple, list)):
        pairs = zip(mine, expected, strict=False)
        return len(mine) == len(expected) and all(agrees(a, b, numbers) for a, b in pairs)
    if isinstance(mine, Tensor) and isinstance(expected, Tensor):
        return mine.dtype == expected.dtype and agrees(mine.shape, expected.shape, numbers)
    if isinstance(mine, Condition):
        return holds(mine.question, numbers) is expected  # type: ignore[arg-type]
    if isinstance(mine, Expr):
        return not numbers.keys() >= mine.symbols or evaluate(mine, numbers) == expected
    return not isinstance(expected, (int, str)) or mine == expected


@pytest.mark.parametrize("name", NAMES)
def test_symbols_agree_with_numbers(name: str) -> None:
    rng = Random(name)
    for _ in range(CASES):
        case, seed = GENERATORS[name](rng), rng.random()
        expected, refused, _ = answer(name, case, seed, symbolic=False)
        mine, refuses, machine = answer(name, case, seed, symbolic=True)
        shown = f"{case}\n{machine.numbers}\n{[f.words for f in machine.trace.failures]}"
        if not refused:
            assert not refuses, f"only the symbols are refused: {shown}"
            assert not broken(machine), f"required without need: {broken(machine)} {shown}"
            assert agrees(mine, expected, machine.numbers), f"{mine} is not {expected}: {shown}"
