"""What losses ask of a target: exactly the shapes that give one loss a place are accepted."""

from __future__ import annotations

from itertools import product as shapes_of

import pytest

from convlint.dims import symbol
from convlint.shapes.fault import Fault, Kind, Lawful
from convlint.shapes.target import (
    MULTI,
    ROWS,
    SPATIAL,
    class_indices,
    class_probabilities,
    same_shape,
    together,
)

SMALL = [shape for rank in range(4) for shape in shapes_of((1, 2), repeat=rank)]


@pytest.mark.parametrize("output", [(3,), (2, 3), (2, 3, 1), (2, 3, 2, 1)])
def test_one_index_a_place_and_nothing_else(output: tuple[int, ...]) -> None:
    accepted = [target for target in SMALL if isinstance(class_indices(output, target), Lawful)]
    assert accepted == ([(), (1,)] if len(output) == 1 else [(2, *output[2:])])
    for target in accepted:
        outcome = class_indices(output, target)
        assert isinstance(outcome, Lawful)
        assert outcome.shape == (() if len(output) == 1 else (2, *output[2:]))


@pytest.mark.parametrize(
    ("output", "target", "detail"),
    [
        ((8, 10), (4,), ROWS),
        ((8, 10), (), ROWS),
        ((8, 10), (8, 1), MULTI),
        ((2, 5, 8, 8), (2, 1, 8, 8), SPATIAL),
        ((3,), (2,), ROWS),
    ],
)
def test_what_is_wrong_has_a_name(output: tuple[int, ...], target: tuple[int, ...], detail: str) -> None:
    outcome = class_indices(output, target)
    assert isinstance(outcome, Fault) and outcome.kind is Kind.TARGET and outcome.detail == detail


def test_probabilities_lose_the_class_axis() -> None:
    N, H = symbol("N"), symbol("H")
    outcome = class_probabilities((N, 10, H), (N, 10, H))
    assert isinstance(outcome, Lawful) and outcome.shape == (N, H) and not outcome.requires
    assert isinstance(class_probabilities((2, 10), (2, 9)), Fault)


def test_symbols_become_requirements_that_blame_the_target() -> None:
    N, M = symbol("N"), symbol("M")
    for outcome in (same_shape((N, 3), (M, 3)), together((N, 3), (M, 3))):
        assert isinstance(outcome, Lawful)
        assert [r.otherwise.kind for r in outcome.requires] == [Kind.TARGET]
        assert [str(r.question) for r in outcome.requires] == ["N = M"]
