"""A symbolic answer, at the numbers, is the answer to the numbers: for every window operation."""

from __future__ import annotations

from importlib import import_module
from random import Random
from typing import Any

import pytest

from convlint.dims import Dim, substitute, symbol
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.values import Class, Tensor
from tests.truth.case import GENERATORS, Case, T
from tests.truth.compare import Refused, abstract, ours

FAMILIES = ("conv", "linear", "norm", "pad", "pool", "resample", "shuffle")
CASES = 6
NAMES = sorted(
    {
        name
        for family in FAMILIES
        for module in [import_module(f"tests.truth.cases_windows_{family}").__name__]
        for name, generator in GENERATORS.items()
        if generator.__module__ == module
    }
)


def symbolic(name: str, case: Case) -> tuple[object, dict[str, int], Machine]:
    """The answer for an input with a symbol in place of each extent, and what the symbols stand for."""
    x = case.args[0]
    assert isinstance(x, T)
    numbers = {f"d{i}": n for i, n in enumerate(x.shape) if n >= 1}
    shape: tuple[Dim, ...] = tuple(symbol(f"d{i}") if n >= 1 else n for i, n in enumerate(x.shape))
    machine = Machine(Loader(), training=True)
    target: Any = registry.lookup(name)
    if isinstance(target, Class):
        target = machine.call(target, abstract(case.init), abstract(case.init_kwargs))
    arguments = [Tensor(shape, x.dtype), *abstract(case.args[1:])]
    return machine.call(target, arguments, abstract(case.kwargs)), numbers, machine


def agrees(mine: object, expected: object, numbers: dict[str, int]) -> bool:
    """Whether every extent that is certain comes out as expected."""
    if isinstance(mine, (tuple, list)):
        return isinstance(expected, list) and all(
            agrees(m, e, numbers) for m, e in zip(mine, expected, strict=True)
        )
    if not isinstance(mine, Tensor) or mine.shape is None or not isinstance(expected, tuple):
        return True
    found = [substitute(d, numbers) for d in mine.shape]
    return len(found) == len(expected) and all(
        f == e or not isinstance(f, int) or not isinstance(e, int)
        for f, e in zip(found, expected, strict=True)
    )


@pytest.mark.parametrize("name", NAMES)
def test_symbols_answer_as_numbers_do(name: str) -> None:
    rng = Random(name)
    for _ in range(CASES):
        case = GENERATORS[name](rng)
        if not case.args or not isinstance(case.args[0], T):
            continue
        try:
            expected = ours(name, case)
        except Refused:
            continue
        answer, numbers, machine = symbolic(name, case)
        assert not machine.trace.failures, (case, machine.trace.failures[0].words)
        assert agrees(answer, expected, numbers), (case, answer, expected)
