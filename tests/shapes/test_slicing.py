"""Slices against Python's own."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import Dim, Expr, Question, holds, substitute, symbol
from convlint.shapes.slicing import sliced

exactly = settings(deadline=None, derandomize=True, max_examples=400)
BOUNDS = st.none() | st.integers(-9, 9)
H = symbol("H")


def ask_for(values: dict[str, int]):  # type: ignore[no-untyped-def]
    return lambda question: holds(question, values)


def never_sure(question: Question) -> bool:
    return False


@exactly
@given(st.integers(0, 7), BOUNDS, BOUNDS, st.integers(1, 4))
def test_numbers(extent: int, start: int | None, stop: int | None, step: int) -> None:
    first, length = sliced(extent, start, stop, step, ask_for({}), never_sure)
    expected = range(extent)[start:stop:step]
    assert length == len(expected)
    if expected:
        assert first == expected[0]


@exactly
@given(st.integers(1, 9), BOUNDS, BOUNDS, st.integers(1, 3))
def test_a_symbolic_extent(extent: int, start: int | None, stop: int | None, step: int) -> None:
    values = {"H": extent}
    first, length = sliced(H, start, stop, step, ask_for(values), never_sure)
    expected = range(extent)[start:stop:step]
    assert substitute(length, values) == len(expected)
    if expected:
        assert substitute(first, values) == expected[0]


@exactly
@given(st.integers(1, 9), st.integers(-9, 9).filter(bool), st.integers(1, 9))
def test_a_symbolic_bound(extent: int, offset: int, at: int) -> None:
    values = {"H": extent, "S": at}
    bound: Dim = symbol("S") + offset
    length = sliced(H, None, bound, 1, ask_for(values), never_sure)[1]
    assert substitute(length, values) == len(range(extent)[: at + offset])
    length = sliced(H, bound, None, 1, ask_for(values), never_sure)[1]
    assert substitute(length, values) == len(range(extent)[at + offset :])


def test_common_slices_read_well() -> None:
    def certain(question: Question) -> bool:
        return str(question) in ("H ≥ 0", "2*H ≥ H", "H-1 ≥ 0")

    assert sliced(H, 1, None, 1, certain, certain)[1] == H - 1
    assert sliced(H, None, -1, 1, certain, certain)[1] == H - 1
    assert sliced(H, None, None, 2, certain, certain)[1] == (H + 1) // 2
    assert sliced(2 * H, None, H, 1, certain, certain)[1] == H
    assert isinstance(sliced(H, -3, None, 1, certain, certain)[1], Expr)
