"""Broadcasting against its definition: every element of the result has one of each operand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import Equal, holds, substitute, symbol
from convlint.shapes.broadcast import broadcast, expand, fits_into, torn, unchanged
from convlint.shapes.fault import Fault, Kind, Lawful, Shape

exactly = settings(deadline=None, derandomize=True, max_examples=200)
EXTENTS = st.integers(0, 4)
SHAPES = st.lists(EXTENTS, max_size=4).map(tuple)
H, W, C = symbol("H"), symbol("W"), symbol("C")


def joined(*shapes: tuple[int, ...]) -> tuple[int, ...] | None:
    """The definition: pad with 1 in front, then all extents of an axis that are not 1 are the same."""
    rank = max(map(len, shapes))
    result = []
    for axis in zip(*((1,) * (rank - len(s)) + s for s in shapes), strict=True):
        others = {n for n in axis if n != 1}
        if len(others) > 1:
            return None
        result.append(others.pop() if others else 1)
    return tuple(result)


@exactly
@given(st.lists(SHAPES, min_size=1, max_size=3))
def test_numbers_follow_the_definition(shapes: list[tuple[int, ...]]) -> None:
    outcome, expected = broadcast(*shapes), joined(*shapes)
    if expected is None:
        assert isinstance(outcome, Fault) and outcome.kind is Kind.JOIN
        assert None in torn(*shapes)
    else:
        assert outcome == Lawful(expected) and torn(*shapes) == expected


@exactly
@given(SHAPES, SHAPES, st.integers(0, 3))
def test_a_symbol_stands_for_its_number(left: tuple[int, ...], right: tuple[int, ...], at: int) -> None:
    if at >= len(left) or left[at] == 0:
        return
    symbolic: Shape = (*left[:at], symbol("s"), *left[at + 1 :])
    outcome, values = broadcast(symbolic, right), {"s": left[at]}
    expected = joined(left, right)
    met = isinstance(outcome, Lawful) and all(holds(r.question, values) for r in outcome.requires)
    assert met is (expected is not None)
    if expected is not None:
        assert isinstance(outcome, Lawful)
        assert tuple(substitute(n, values) for n in outcome.shape) == expected


def test_the_last_axis_that_disagrees_is_the_one_that_is_named() -> None:
    outcome = broadcast((2, 3, 4), (5, 6, 4))
    assert isinstance(outcome, Fault)
    assert (outcome.expected, outcome.got, outcome.axis) == (3, 6, 1)


def test_a_residual_join_asks_for_equal_maps() -> None:
    outcome = broadcast((1, 8, 2 * (H // 2)), (1, 8, H))
    assert isinstance(outcome, Lawful)
    assert [r.question for r in outcome.requires] == [Equal(2 * (H // 2), H)]


def test_a_lone_symbol_may_be_the_number_or_one() -> None:
    outcome = broadcast((C, 4), (3, 4))
    assert isinstance(outcome, Lawful) and outcome.shape == (3, 4)
    (requirement,) = outcome.requires
    assert [c for c in range(1, 6) if holds(requirement.question, {"C": c})] == [1, 3]


def test_maps_that_never_are_equal_join_only_where_one_is_1() -> None:
    outcome = broadcast((W + 1,), (W,))
    assert isinstance(outcome, Lawful) and outcome.shape == (W + 1,)
    assert [r.question for r in outcome.requires] == [Equal(W, 1)]
    assert isinstance(broadcast((W + 2,), (W + 1,)), Fault)


@pytest.mark.parametrize(
    ("shape", "sizes", "expected"),
    [
        ((3, 1), (3, 4), (3, 4)),
        ((3, 1), (2, -1, 4), (2, 3, 4)),
        ((3, 1), (-1, -1), (3, 1)),
        ((), (2, 2), (2, 2)),
        ((1,), (0,), (0,)),
        ((3,), (4,), Kind.JOIN),
        ((3, 1), (4,), Kind.RANK),
        ((3,), (-1, 3), Kind.JOIN),
        ((H, 1), (H, W), (H, W)),
    ],
)
def test_expand(shape: Shape, sizes: Shape, expected: Shape | Kind) -> None:
    outcome = expand(shape, sizes)
    if isinstance(expected, Kind):
        assert isinstance(outcome, Fault) and outcome.kind is expected
    else:
        assert outcome == Lawful(expected)


def test_a_target_keeps_its_shape() -> None:
    assert fits_into((2, 3), (3,)) == Lawful((2, 3))
    assert isinstance(fits_into((3,), (2, 3)), Fault)
    assert isinstance(fits_into((2, 3), (2,)), Fault)
    assert unchanged((2, 3), (2, 3)) == Lawful((2, 3))
    assert isinstance(unchanged((3,), (1, 3)), Fault)
    outcome = unchanged((1, H), (W, H))
    assert isinstance(outcome, Lawful) and [r.question for r in outcome.requires] == [Equal(W, 1)]
