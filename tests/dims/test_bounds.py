"""Bounds enclose every value, and are attained where they are exact; monotone is a proof."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import AtLeast, Divides, Equal, bounds, maximum, minimum, monotone, symbol

H, W, N = symbol("H"), symbol("W"), symbol("N")
H4, W4 = (H - 12) // 4, (W - 12) // 4


@pytest.mark.parametrize(
    ("d", "given", "expected"),
    [
        (7, [], (7, 7)),
        (H, [], (1, None)),
        (-H, [], (None, -1)),
        (H % 32, [], (0, 31)),
        (H - 2 * (H // 2), [], (0, 1)),
        ((H - 3) * (H - 5), [], (-1, None)),
        (H % 4 + W % 3, [], (0, 5)),
        ((H % 4) * (W % 3 + 1), [], (0, 9)),
        (minimum(H, 5), [], (1, 5)),
        (maximum(H, 5), [], (5, None)),
        (H * W, [], (1, None)),
        (H * W - H - W, [], (-1, None)),
        (H - W, [], (None, None)),
        (H4, [], (-3, None)),
        (H4, [AtLeast(H, 16)], (1, None)),
        (16 * H4 * W4, [AtLeast(H4, 1), AtLeast(W4, 2)], (32, None)),
        (H, [AtLeast(10, H), Divides(3, H)], (3, 9)),
        (H * W, [Equal(H, 3), AtLeast(4, W)], (3, 12)),
        (H + W, [Equal(W, 10 - H)], (10, 10)),
        (100 // H, [AtLeast(H, 7)], (0, 14)),
    ],
)
def test_bounds(d, given, expected):
    assert bounds(d, given) == expected


@settings(deadline=None, derandomize=True, max_examples=150)
@given(data=st.data())
def test_bounds_enclose(texts, data):
    names = data.draw(st.sampled_from(["H", "HW"]))
    text = data.draw(texts.strategy(names, nests=8))
    d = texts.dim(text)
    if d is None:
        return
    low, high = bounds(d)
    for point in itertools.product(range(1, 41) if names == "H" else range(1, 9), repeat=len(names)):
        value = texts.value(text, dict(zip(names, point, strict=True)))
        if value is not None:
            assert (low is None or low <= value) and (high is None or value <= high)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(data=st.data())
def test_bounds_of_one_symbol_are_attained(texts, data):
    text = data.draw(texts.strategy("H", symbolic_divisors=False, nests=3))
    d = texts.dim(text)
    if d is None:
        return
    values = {texts.value(text, {"H": h}) for h in range(1, 1200)}
    for end in bounds(d):
        assert end is None or end in values


@pytest.mark.parametrize(
    ("d", "name", "expected"),
    [
        (7, "H", True),
        (H, "H", True),
        (H, "W", True),
        (-H, "H", False),
        ((H + 31) // 32, "H", True),
        (H - 2 * (H // 2), "H", False),
        (5 - (9 - H) // 2, "H", True),
        (H - (H + 2) // 3, "H", True),
        (H * W - H, "H", True),
        (minimum(H, W) * maximum(H, 3), "H", True),
        ((H * H - H) // 2, "H", True),
        (16 * H4 * W4, "H", False),  # while W // 4 - 3 is negative it falls
        (16 * (H // 4) * (W // 4), "H", True),
        (W // H, "H", False),
        (W // H, "W", True),
        ((H - 10) * (H - 10), "H", False),
        (H + W % 3, "W", False),
    ],
)
def test_monotone(d, name, expected):
    assert monotone(d, name) is expected


def test_monotone_where_given_makes_it_so():
    assert monotone(16 * H4 * W4, "H", [AtLeast(W4, 1)])
    assert not monotone(16 * H4 * W4, "H", [AtLeast(H4, 1)])
    assert monotone((H - 10) * (H - 10), "H", [AtLeast(H, 10)])
    assert not monotone(9 * (H % 4) - (H // 4) * 4, "H", [Equal(H % 4, 1)])  # from 1 to 5 it falls


@settings(deadline=None, derandomize=True, max_examples=100)
@given(data=st.data())
def test_what_is_called_monotone_never_falls(texts, data):
    text = data.draw(texts.strategy("HW", nests=5))
    d = texts.dim(text)
    if d is None or not monotone(d, "H"):
        return
    for w in range(1, 6):
        values = [texts.value(text, {"H": h, "W": w}) for h in range(1, 60)]
        known = [value for value in values if value is not None]
        assert known == sorted(known)
