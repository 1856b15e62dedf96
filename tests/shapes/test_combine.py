"""Concatenation, stacking and cutting against lists that are really joined and cut."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import Equal, substitute, symbol
from convlint.shapes.combine import (
    certain_concatenation,
    chunks,
    concatenate,
    even_pieces,
    listed_pieces,
    pieces_of_size,
    stack,
)
from convlint.shapes.fault import Fault, Kind, Lawful

exactly = settings(deadline=None, derandomize=True, max_examples=200)
N, C, H, W = (symbol(name) for name in "NCHW")


@exactly
@given(st.integers(0, 30), st.integers(1, 9))
def test_pieces_of_a_size_add_up(extent: int, size: int) -> None:
    pieces = pieces_of_size(extent, size)
    assert pieces == tuple(len(range(extent)[i : i + size]) for i in range(0, extent, size)) or (0,)
    assert pieces is not None and sum(int(str(p)) for p in pieces) == extent


@exactly
@given(st.integers(0, 30), st.integers(1, 9))
def test_even_pieces_differ_by_one_at_most(extent: int, number: int) -> None:
    pieces = [int(str(p)) for p in even_pieces(extent, number)]
    assert sum(pieces) == extent and len(pieces) == number
    assert pieces == sorted(pieces, reverse=True) and pieces[0] - pieces[-1] <= 1


@exactly
@given(st.integers(1, 30), st.integers(1, 5))
def test_chunks_of_a_symbol_are_those_of_its_number_where_none_is_missing(extent: int, number: int) -> None:
    numbers = chunks(extent, number)
    if len(numbers) == number:
        assert tuple(substitute(c, {"H": extent}) for c in chunks(H, number)) == numbers


def test_extents_add_up_along_the_axis() -> None:
    assert concatenate([(N, 3, H, W), (N, C, H, W)], 1) == Lawful((N, C + 3, H, W))


def test_another_axis_has_to_agree() -> None:
    outcome = concatenate([(1, 64, 56, 56), (1, 64, 56, 56), (1, 32, 55, 56)], 1)
    assert isinstance(outcome, Fault) and outcome.kind is Kind.CONCAT
    assert (outcome.expected, outcome.got, outcome.axis, len(outcome.shapes)) == (56, 55, 2, 3)
    assert certain_concatenation([(1, 64, 56, 56), (1, 32, 55, 56)], 1) == (1, 96, None, 56)


def test_symbols_make_a_requirement_for_each_axis() -> None:
    outcome = concatenate([(N, 8, 2 * (H // 2), W), (N, 8, H, W)], 1)
    assert isinstance(outcome, Lawful) and outcome.shape == (N, 16, 2 * (H // 2), W)
    assert [r.question for r in outcome.requires] == [Equal(2 * (H // 2), H)]


def test_ranks_have_to_agree() -> None:
    outcome = concatenate([(1, 2, 3), (1, 2)], 0)
    assert isinstance(outcome, Fault) and outcome.kind is Kind.RANK


def test_stacking_asks_for_equal_shapes() -> None:
    assert stack([(2, 3)] * 4, 1) == Lawful((2, 4, 3))
    outcome = stack([(2, 3), (2, 4)], 0)
    assert isinstance(outcome, Fault) and outcome.got == (2, 4)
    assert isinstance(stack([(2, 3), (2,)], 0), Fault)


def test_listed_pieces_have_to_add_up() -> None:
    assert listed_pieces(3 * C, (C, C, C)) == Lawful((C, C, C))
    outcome = listed_pieces(10, (4, 4))
    assert isinstance(outcome, Fault) and (outcome.expected, outcome.got) == (10, 8)


def test_a_symbol_splits_by_its_own_share() -> None:
    assert pieces_of_size(3 * C, C) == (C, C, C)
    assert pieces_of_size(H, 2) is None
    assert chunks(2 * C, 2) == (C, C)
