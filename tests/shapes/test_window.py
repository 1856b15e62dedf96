"""The window law against windows that are really laid over an axis and counted."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from convlint.dims import Expr, Verdict, decide, substitute, symbol
from convlint.shapes.fault import Fault, Kind, Lawful
from convlint.shapes.window import (
    Filters,
    Layout,
    Window,
    causal,
    centred,
    convolve,
    convolve_transposed,
    extent,
    padding_at,
    pool,
    pool_to,
    room,
    sizes_giving,
    transposed_extent,
    unread,
)

exactly = settings(deadline=None, derandomize=True, max_examples=100)
EXTENTS = st.integers(1, 40)
NUMBERS = st.tuples(
    st.integers(1, 6), st.integers(1, 5), st.integers(1, 3), st.integers(0, 4), st.integers(0, 4)
)

FORMS = st.sampled_from(["plain", "ceil", "same"])


def starts(n: int, w: Window) -> list[int]:
    """Where windows start, by trial: each must end inside the padded axis."""
    assert isinstance(w.reach, int) and isinstance(w.stride, int)
    before, after = padding_at(n, w)
    assert isinstance(before, int) and isinstance(after, int)
    return list(range(-before, n + after - w.reach + 1, w.stride))


def ceiling_starts(n: int, w: Window) -> list[int]:
    """As torch's `ceil_mode` has it: one window more may hang over, if it starts before the padding after."""
    assert isinstance(w.reach, int) and isinstance(w.stride, int) and isinstance(w.before, int)
    found = starts(n, w)
    following = found[-1] + w.stride if found else -w.before
    assert isinstance(w.after, int)
    covered = found[-1] + w.reach if found else -w.before
    if covered < n + w.after and following < n:
        found.append(following)
    return found


def taken(w: Window, start: int) -> set[int]:
    """The places that a window reads."""
    assert isinstance(w.kernel, int) and isinstance(w.dilation, int)
    return {start + w.dilation * i for i in range(w.kernel)}


@exactly
@given(EXTENTS, NUMBERS)
def test_places_are_those_that_can_be_laid(n: int, numbers: tuple[int, int, int, int, int]) -> None:
    w = Window(*numbers)
    laid = starts(n, w)
    assert max(decided(extent(n, w)), 0) == len(laid)
    assert (decided(room(n, w)) >= 0) == bool(laid)


def decided(value: object) -> int:
    assert isinstance(value, int)
    return value


@exactly
@given(EXTENTS, NUMBERS)
@example(2, (3, 2, 1, 0, 0))
@example(5, (2, 2, 1, 1, 1))
def test_ceiling_lets_one_window_hang_over(n: int, numbers: tuple[int, int, int, int, int]) -> None:
    kernel, stride, dilation, before, after = numbers
    assume(before <= kernel // 2 and after <= kernel // 2)
    w = Window(kernel, stride, dilation, before, after, ceil=True)
    free = n + before + after - decided(w.reach)
    # ATen's pooling_output_shape, with its correction by one
    places = -(-free // stride) + 1
    if (places - 1) * stride >= n + before:
        places -= 1
    assert extent(n, w) == places
    if free >= 0:
        assert places == len(ceiling_starts(n, w))


@exactly
@given(EXTENTS, st.integers(1, 7), st.integers(1, 5), st.integers(1, 3))
def test_same_pads_what_the_places_need(n: int, kernel: int, stride: int, dilation: int) -> None:
    w = Window(kernel, stride, dilation, same=True)
    places = extent(n, w)
    assert places == -(-n // stride) == len(starts(n, w))
    before, after = map(decided, padding_at(n, w))
    assert after - before in (0, 1)
    assert before + after == max((decided(places) - 1) * stride + decided(w.reach) - n, 0)


@exactly
@given(EXTENTS, st.integers(1, 7), st.integers(1, 4))
def test_centred_padding_keeps_the_size(n: int, kernel: int, dilation: int) -> None:
    before, after = centred(kernel, dilation)
    assert extent(n, Window(kernel, 1, dilation, before, after)) == n
    assert decided(after) - decided(before) in (0, 1)


@exactly
@given(EXTENTS, st.integers(1, 7), st.integers(1, 4), st.integers(1, 4))
def test_causal_padding_sees_nothing_later(n: int, kernel: int, stride: int, dilation: int) -> None:
    w = Window(kernel, stride, dilation, *causal(kernel, dilation))
    assert extent(n, w) == -(-n // stride)
    for place, start in enumerate(starts(n, w)):
        assert max(taken(w, start)) == place * stride


@exactly
@given(EXTENTS, NUMBERS, FORMS)
def test_what_is_left_unread(n: int, numbers: tuple[int, int, int, int, int], form: str) -> None:
    kernel, stride, dilation, before, after = numbers
    assume(before <= kernel // 2 and after <= kernel // 2)
    w = Window(kernel, stride, dilation, before, after, same=form == "same", ceil=form == "ceil")
    laid = ceiling_starts(n, w) if form == "ceil" else starts(n, w)
    assume(laid)
    end = max(max(taken(w, start)) for start in laid)
    assert max(decided(unread(n, w)), 0) == max(n - 1 - end, 0)


@exactly
@given(st.integers(1, 20), NUMBERS, FORMS)
def test_sizes_that_give_so_many_places(
    places: int, numbers: tuple[int, int, int, int, int], form: str
) -> None:
    kernel, stride, dilation, before, after = numbers
    assume(before <= kernel // 2 and after <= kernel // 2)
    w = Window(kernel, stride, dilation, before, after, same=form == "same", ceil=form == "ceil")
    least, greatest = map(decided, sizes_giving(places, w))
    assert [n for n in range(1, 130) if extent(n, w) == places] == list(range(max(least, 1), greatest + 1))


@pytest.mark.parametrize(
    ("places", "kernel", "stride", "least"), [(55, 11, 4, 227), (27, 5, 1, 31), (13, 3, 1, 15)]
)
def test_input_sizes_of_alexnet(places: int, kernel: int, stride: int, least: int) -> None:
    assert sizes_giving(places, Window(kernel, stride))[0] == least


@exactly
@given(st.integers(1, 15), NUMBERS, st.integers(0, 3))
def test_transposed_inverts_the_convolution(
    n: int, numbers: tuple[int, int, int, int, int], extra: int
) -> None:
    w = Window(*numbers)
    assume(extra < w.stride)  # type: ignore[operator]
    size = decided(transposed_extent(n, w, extra))
    assume(size >= 1)
    assert extent(size, w) == n


@pytest.mark.parametrize(
    ("n", "kernel", "stride", "same", "output_padding", "expected"),
    [
        (4, 3, 2, False, None, 9),
        (4, 2, 2, False, None, 8),
        (4, 1, 3, False, None, 12),
        (4, 3, 2, True, None, 8),
        (4, 3, 2, False, 1, 10),
        (4, 3, 2, True, 1, 8),
        (4, 3, 2, True, 0, 7),
        (4, 4, 2, True, 0, 6),
    ],
)
def test_transposed_forms_of_keras(
    n: int, kernel: int, stride: int, same: bool, output_padding: int | None, expected: int
) -> None:
    assert transposed_extent(n, Window(kernel, stride, same=same), output_padding) == expected


@exactly
@given(EXTENTS, NUMBERS, st.booleans())
def test_symbols_follow_the_numbers(n: int, numbers: tuple[int, int, int, int, int], ceil: bool) -> None:
    kernel, stride, dilation, before, after = numbers
    w = Window(kernel, stride, dilation, before, after, ceil=ceil)
    for law in (extent, unread, lambda m, v: transposed_extent(m, v, 0)):
        symbolic = law(symbol("H"), w)
        assert substitute(symbolic, {"H": n}) == law(n, w)


# -- whole shapes --------------------------------------------------------------------------------------------


def test_a_convolution_asks_for_its_channels() -> None:
    filters = Filters(3, 8, (Window(3), Window(3)))
    assert convolve((2, 3, 9, 8), filters) == Lawful((2, 8, 7, 6))
    fault = convolve((2, 4, 9, 8), filters)
    assert isinstance(fault, Fault)
    assert (fault.kind, fault.expected, fault.got, fault.axis) == (Kind.CHANNELS, 3, 4, 1)


def test_channels_may_stand_last() -> None:
    filters = Filters(3, 8, (Window(3, same=True), Window(3, 2)), layout=Layout.CHANNELS_LAST, ranks=(4,))
    assert convolve((2, 9, 8, 3), filters) == Lawful((2, 9, 3, 8))
    assert pool((9, 8, 3), (Window(2, 2),) * 2, layout=Layout.CHANNELS_LAST) == Lawful((4, 4, 3))


def test_a_window_must_fit() -> None:
    fault = convolve((3, 4, 9), Filters(3, 8, (Window(5), Window(5))))
    assert isinstance(fault, Fault)
    assert (fault.kind, fault.expected, fault.got, fault.axis) == (Kind.KERNEL, 5, 4, 1)


def test_what_symbols_require() -> None:
    height = symbol("H")
    outcome = convolve((1, 3, height, 9), Filters(3, 8, (Window(5, 2), Window(5))))
    assert isinstance(outcome, Lawful)
    assert str(outcome.shape[2]) == str((height - 3) // 2)
    [requirement] = outcome.requires
    decision = decide(requirement.question)
    assert decision.verdict is Verdict.SOMETIMES
    assert str(requirement.question) == "H-5 ≥ 0"


def test_symbolic_channels_are_a_question() -> None:
    outcome = convolve((1, symbol("C"), 9, 9), Filters(3, 8, (Window(3), Window(3))))
    assert isinstance(outcome, Lawful)
    assert [str(r.question) for r in outcome.requires] == ["C = 3"]


def test_a_transposed_convolution_undoes_a_convolution() -> None:
    shape = (2, 8, symbol("H"), 7)
    filters = Filters(8, 3, (Window(4, 2, 1, 1, 1),) * 2)
    outcome = convolve_transposed(shape, filters, (0, 0))
    assert isinstance(outcome, Lawful)
    assert isinstance(outcome.shape[2], Expr)
    assert [str(d) for d in outcome.shape] == ["2", "3", "2*H", "14"]


def test_ranks() -> None:
    for shape in ((8, 8), (1, 1, 3, 8, 8)):
        fault = convolve(shape, Filters(3, 8, (Window(3), Window(3))))
        assert isinstance(fault, Fault)
        assert (fault.kind, fault.expected, fault.got) == (Kind.RANK, (3, 4), len(shape))


def test_adaptive_pooling_keeps_what_is_not_asked_for() -> None:
    width = symbol("W")
    assert pool_to((1, 3, 9, width), (7, None)) == Lawful((1, 3, 7, width))


def test_five_halvings_are_one_floor() -> None:
    size = symbol("H")
    made: object = size
    for _ in range(5):
        made = extent(made, Window(3, 2, 1, 1, 1))  # type: ignore[arg-type]
    assert str(made) == "(H+31)//32"
