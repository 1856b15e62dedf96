"""Reshaping against elements laid out in memory and counted."""

from __future__ import annotations

from itertools import permutations, product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import Equal, substitute, symbol
from convlint.shapes.fault import Fault, Kind, Lawful, Shape
from convlint.shapes.reshape import flatten, is_row_major, reshape, row_major, unflatten, view_strides

exactly = settings(deadline=None, derandomize=True, max_examples=300)
N, C, H, W = (symbol(name) for name in "NCHW")
EXTENTS = st.integers(1, 4)


def addresses(shape: tuple[int, ...], strides: tuple[int, ...]) -> list[int]:
    """Where the elements lie, in row-major order of their indices."""
    return [
        sum(i * s for i, s in zip(place, strides, strict=True))
        for place in product(*(range(n) for n in shape))
    ]


@settings(exactly, max_examples=100)
@given(st.lists(EXTENTS, max_size=3).filter(lambda extents: prod(extents) <= 12), st.data())
def test_a_view_sees_the_elements_in_their_order(extents: list[int], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(extents))))
    whole = row_major(tuple(extents))
    shape = tuple(extents[i] for i in order)
    strides = tuple(int(str(whole[i])) for i in order)
    target = data.draw(st.sampled_from(factorings(prod(extents))))
    seen = view_strides(shape, strides, target)
    assert seen is not None
    wanted = addresses(shape, strides)
    if isinstance(seen, Fault):
        steps = range(max(wanted, default=0) + 1)
        assert not any(
            addresses(target, candidate) == wanted for candidate in product(steps, repeat=len(target))
        )
    else:
        assert addresses(target, tuple(int(str(s)) for s in seen)) == wanted


def factorings(count: int) -> list[tuple[int, ...]]:
    """Shapes of up to three axes with so many elements."""
    found = {(count,)}
    for a in range(1, count + 1):
        if count % a == 0:
            found.add((a, count // a))
            found |= {(a, b, count // a // b) for b in range(1, count // a + 1) if count // a % b == 0}
    return sorted(found)


@pytest.mark.parametrize(
    ("shape", "sizes", "expected"),
    [
        ((2, 3, 4), (-1, 4), (6, 4)),
        ((2, 3, 4), (24,), (24,)),
        ((2, 3), (4, -1), None),
        ((2, 3), (7,), None),
        ((0, 3), (0, -1), None),
        ((0, 3), (-1, 3), (0, 3)),
        ((N, 3, H, W), (N, -1), (N, 3 * H * W)),
        ((N, 16, 5, 5), (-1, 400), (N, 400)),
        ((N, C, H, W), (N, C, -1), (N, C, H * W)),
        ((N, C, H, W), (N, 2, C // 2, H, W), "requires"),
        ((), (1, 1), (1, 1)),
    ],
)
def test_sizes(shape: Shape, sizes: Shape, expected: Shape | str | None) -> None:
    outcome = reshape(shape, sizes)
    if expected is None:
        assert isinstance(outcome, Fault) and outcome.kind is Kind.RESHAPE
    elif expected == "requires":
        assert isinstance(outcome, Lawful) and outcome.requires
    else:
        assert outcome == Lawful(expected)


def test_what_is_wrong_with_sizes_is_told_apart() -> None:
    details = [reshape((2, 3), sizes) for sizes in ((-1, -1), (-2, 3), (6, 2))]
    assert [d.detail for d in details if isinstance(d, Fault)] == ["two inferred", "negative size", ""]
    ambiguous = reshape((0, 3), (0, -1))
    assert isinstance(ambiguous, Fault) and ambiguous.detail == "ambiguous"
    assert isinstance(details[2], Fault) and (details[2].expected, details[2].got) == (12, 6)


def test_folding_the_batch_asks_for_a_multiple() -> None:
    outcome = reshape((N, 9), (-1, 4))
    assert isinstance(outcome, Lawful) and outcome.shape == (9 * N // 4, 4)
    (requirement,) = outcome.requires
    assert requirement.otherwise.kind is Kind.RESHAPE


def test_flatten_and_unflatten_undo_each_other() -> None:
    assert flatten((N, C, H, W), 1, 3) == (N, C * H * W)
    assert unflatten((N, 12), 1, (3, -1)) == Lawful((N, 3, 4))
    fault = unflatten((2, 12), 1, (5, -1))
    assert isinstance(fault, Fault) and fault.axis == 1


def test_a_permuted_map_cannot_be_viewed_flat_whatever_its_batch() -> None:
    shape, strides = (N, 7, 7, 512), (25088, 7, 1, 49)
    assert isinstance(view_strides(shape, strides, (N, 25088)), Fault)
    assert not isinstance(view_strides(shape, strides, (N, 49, 512)), Fault)


def test_axes_of_extent_one_do_not_count() -> None:
    assert view_strides((N, 1, 1, 512), (512, 1, 1, 1), (N, 512)) == (512, 1)
    assert is_row_major((4, 1), (1, 9)) is True
    assert is_row_major((4, 2), (1, 4)) is False
    assert is_row_major((C, 2), (1, C)) is None  # row-major for C = 1


def test_a_view_that_some_size_allows_is_no_fault() -> None:
    shape, strides = (N, H, W, C), (C * H * W, W, 1, H * W)
    assert view_strides(shape, strides, (N, H * W * C)) is None
    assert view_strides(shape, strides, (N, H, W, C)) is None or not isinstance(
        view_strides(shape, strides, (N, H, W, C)), Fault
    )


def test_every_order_of_a_contiguous_map_is_judged() -> None:
    whole = row_major((2, 3, 4))
    kept = [
        order
        for order in permutations(range(3))
        if not isinstance(
            view_strides(tuple((2, 3, 4)[i] for i in order), tuple(whole[i] for i in order), (24,)), Fault
        )
    ]
    assert kept == [(0, 1, 2)]


def test_row_major_strides_of_symbols() -> None:
    strides = row_major((N, 3, H, W))
    assert strides == (3 * H * W, H * W, W, 1)
    assert [substitute(s, {"H": 4, "W": 5}) for s in strides] == [60, 20, 5, 1]
    assert is_row_major((N, 3, H, W), strides) is True
    assert Equal(strides[0], 3 * H * W).a is strides[0]
