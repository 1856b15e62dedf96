"""Floor division: the identities of the normal form, and agreement with Python on every small case."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import Expr, ceildiv, evaluate, floordiv, mod, symbol

H, W, N, C = symbol("H"), symbol("W"), symbol("N"), symbol("C")
H4, W4 = (H - 12) // 4, (W - 12) // 4


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((H + 4) // 2, H // 2 + 2),
        ((H - 1) // 2 + 1, (H + 1) // 2),
        ((6 * H + 9) // 15, (2 * H + 3) // 5),
        ((6 * H + 10) // 15, (2 * H + 3) // 5),
        ((H // 3 + 5) // 4, (H + 15) // 12),
        ((H // 3 + W) // 4, (H + 3 * W) // 12),
        ((H // 2 // 3) // 5, H // 30),
        (H // -2, (-H) // 2),
        ((-H) // 2, H // 2 - H),
        ((4 * H + 6) // 2, 2 * H + 3),
        ((H * W) // W, H),
        ((H * W + 3) // W, H + 3 // W),
        ((H * W + 2 * W) // W, H + 2),
        ((H * W) // (2 * W), H // 2),
        ((2 * H) // (2 * W), H // W),
        ((2 * H + 1) // (2 * W), H // W),
        ((N * 16 * H4 * W4) // (16 * H4 * W4), N),
        ((N * 16 * H4 * W4) // (N * 16 * W4), H4),
        ((N * 16 * H4 * W4) // (H4 * N), 16 * W4),
        ((H * H - 1) // (H + 1), H - 1),
        ((2 * H - 1) // H, 1),
        (H // (H + 1), 0),
        ((H // W) // N, H // (N * W)),
        ((-H) // (-W), H // W),
        (3 // (H + 3), 0),
        (ceildiv(H, 32), (H + 31) // 32),
        (ceildiv(7, 2), 4),
        (mod(H, 2), H - 2 * (H // 2)),
        (mod(-H, 2), mod(H, 2)),
        (mod(H + 5 * W, W), mod(H, W)),
        (mod(-7, 3), 2),
    ],
)
def test_identities(left, right):
    assert left == right


def test_five_strided_convolutions_are_one_floor():
    extent = H
    for _ in range(5):
        extent = (extent + 2 - 3) // 2 + 1
    assert extent == (H + 31) // 32


def test_a_vgg_stack_is_one_floor():
    extent = H
    for _ in range(5):
        for _ in range(3):
            extent = (extent + 2 - 3) // 1 + 1
        extent = (extent - 2) // 2 + 1
    assert extent == H // 32


def test_division_by_what_may_be_negative_keeps_pythons_rounding():
    d = H // (W - 5)
    for h, w in itertools.product(range(1, 20), range(1, 10)):
        if w != 5:
            assert evaluate(d, {"H": h, "W": w}) == h // (w - 5)


def test_every_small_nest_agrees_with_python():
    for a, b, c in itertools.product(range(-3, 4), range(-3, 4), (1, 2, 3, 4, 6, -2)):
        for e, d in itertools.product((-5, 0, 2), (2, 3, -3)):
            nested = ((a * H + b) // c + e * H + b) // d
            for h in range(1, 26):
                assert evaluate(nested, {"H": h}) == ((a * h + b) // c + e * h + b) // d


def test_every_small_symbolic_division_agrees_with_python():
    for a, b, c, d in itertools.product(range(-2, 3), repeat=4):
        divisor = c * H + d * W
        if isinstance(divisor, int):
            continue
        quotient, rest = floordiv(a * H * W + b, divisor), mod(a * H * W + b, divisor)
        for h, w in itertools.product(range(1, 7), repeat=2):
            by = c * h + d * w
            if by:
                at = {"H": h, "W": w}
                assert (evaluate(quotient, at), evaluate(rest, at)) == divmod(a * h * w + b, by)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    steps=st.lists(
        st.tuples(st.integers(-3, 3), st.integers(-9, 9), st.sampled_from([1, 2, 3, 4, 7, -2])),
        min_size=3,
        max_size=3,
    ),
    start=st.tuples(st.integers(1, 4), st.integers(-3, 3), st.integers(-9, 9)),
)
def test_three_nested_floors_of_two_symbols_agree_with_python(steps, start):
    a, b, c = start
    extent = a * H + b * W + c
    for factor, shift, divisor in steps:
        extent = (extent + factor * W + shift) // divisor
    for h, w in itertools.product(range(1, 14), range(1, 9)):
        expected = a * h + b * w + c
        for factor, shift, divisor in steps:
            expected = (expected + factor * w + shift) // divisor
        assert evaluate(extent, {"H": h, "W": w}) == expected


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    windows=st.lists(
        st.tuples(st.integers(1, 7), st.integers(1, 4), st.integers(0, 3)), min_size=1, max_size=12
    )
)
def test_a_chain_of_windows_stays_one_floor(windows):
    """Convolutions and pools alone nest to ⌊(H + c) / s⌋ + k: one atom, however deep the network."""
    extent, expected = H, range(200, 260)
    for kernel, stride, padding in windows:
        extent = (extent + 2 * padding - kernel) // stride + 1
        expected = [(n + 2 * padding - kernel) // stride + 1 for n in expected]
    assert isinstance(extent, Expr) and len(extent.terms) == 1
    assert [evaluate(extent, {"H": h}) for h in range(200, 260)] == expected
