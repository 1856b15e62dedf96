"""Boxes are all solutions and nothing else."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import AtLeast, Box, Divides, Equal, Range, holds, minimum, solve_equal, symbol

H, W, N, D, K = map(symbol, "HWNDK")
H4, W4 = (H - 12) // 4, (W - 12) // 4


def words(found):
    return None if found is None else [str(box) for box in found]


@pytest.mark.parametrize(
    ("d", "value", "names", "given", "expected"),
    [
        (16 * H4 * H4, 400, "H", [], ["H in 32..35"]),
        (
            16 * H4 * W4,
            400,
            "HW",
            [],
            ["H in 16..19, W in 112..115", "H in 32..35, W in 32..35", "H in 112..115, W in 16..19"],
        ),
        (16 * H4 * W4, 400, "HW", [Equal(H, W)], [f"H in {n}, W in {n}" for n in range(32, 36)]),
        (16 * H4 * W4, 400, "HW", [Equal(W, 33)], ["H in 32..35, W in 33"]),
        (16 * H4 * W4, 401, "HW", [], []),
        (N * 16 * H4 * H4, 400 * N, "H", [], ["H in 32..35"]),
        (H4 * W4, 1, "HW", [], ["H in 8..11, W in 8..11", "H in 16..19, W in 16..19"]),
        (H4 * W4, 1, "HW", [AtLeast(H4, 1), AtLeast(W4, 1)], ["H in 16..19, W in 16..19"]),
        (512 * (H // 32) * (H // 32), 25088, "H", [], ["H in 224..255"]),
        (H // 16 * (H // 16) + 1, 197, "H", [], ["H in 224..239"]),
        (H // 16 * (W // 16) + 1, 50, "HW", [AtLeast(H + W, H * W)], []),
        (H // 16 * (W // 16) + 1, 50, "HW", [AtLeast(H // 16, W // 16 + 1)], ["H in 784..799, W in 16..31"]),
        (H % 3, 1, "H", [], ["H in 1.. step 3"]),
        (H // 4 % 2, 0, "H", [], ["H in 1..3", *(f"H in {n}.. step 8" for n in range(8, 12))]),
        (H + W, 4, "HW", [], ["H in 1, W in 3", "H in 2, W in 2", "H in 3, W in 1"]),
        (H // 4 * (W // 4), 0, "HW", [], ["H in 1..3, W in 1..", "H in 1.., W in 1..3"]),
        (minimum(H, 5), 5, "H", [], ["H in 5.."]),
        (minimum(H, 5), 6, "H", [], []),
        (D * H * W, 4, "DHW", [AtLeast(D, 2), AtLeast(2, H)],
         ["D in 2, H in 1, W in 2", "D in 2, H in 2, W in 1", "D in 4, H in 1, W in 1"]),
        (7, 7, "H", [Divides(2, H)], ["H in 2.. step 2"]),
        (7, 8, "H", [], []),
        (H, W, "HW", [], None),
        (H * W + D, 9, "HWD", [], None),
        (H * W * N, 9, "HW", [], None),
        (H, 3, "H", [AtLeast(H, 4)], []),
        (H, 3, "H", [AtLeast(H, 4), AtLeast(3, H)], None),
        (H * W, 6, "HW", [Equal(H, W + 1)], ["H in 3, W in 2"]),
        ((2**61 - 1) * H, (2**61 - 1) * 5, "H", [], ["H in 5"]),
    ],
)  # fmt: skip
def test_solutions(d, value, names, given, expected):
    assert words(solve_equal(d, value, list(names), given)) == expected


def test_large_periods_are_bisected():
    deep = (H + 3 * 10**6) // (10**7 + 19)
    (box,) = solve_equal(64 * deep * deep, 64 * 49, ["H"])
    assert box["H"] == Range(7 * (10**7 + 19) - 3 * 10**6, 8 * (10**7 + 19) - 3 * 10**6 - 1)


def test_hostile_values_end():
    assert solve_equal(H * W, (2**89 - 1) * (2**107 - 1), ["H", "W"]) is None
    assert solve_equal(H * W, 2**300, ["H", "W"]) is None
    assert solve_equal(H + W, 10**30, ["H", "W"]) is None


def test_boxes_and_ranges_are_containers():
    box = Box((("H", Range(3, 11, 4)), ("W", Range(5, None))))
    assert {"H": 7, "W": 10**9} in box and {"H": 8, "W": 9} not in box and {"H": 7, "W": 4} not in box
    assert [h for h in range(20) if h in box["H"]] == [3, 7, 11]
    with pytest.raises(KeyError):
        box["D"]


@settings(deadline=None, derandomize=True, max_examples=150)
@given(data=st.data())
def test_boxes_are_exactly_the_solutions(texts, data):
    names = data.draw(st.sampled_from(["H", "HW"]))
    text = data.draw(texts.strategy(names, symbolic_divisors=False, nests=4))
    d = texts.dim(text)
    if d is None:
        return
    value = data.draw(st.one_of(st.integers(-9, 60), st.just(texts.value(text, {"H": 11, "W": 7}))))
    facts = data.draw(st.sampled_from([[], [AtLeast(H, 4)], [Divides(2, H)], [AtLeast(H, W)]]))
    found = solve_equal(d, value, list(names), facts)
    if found is None:
        return
    for point in itertools.product(range(1, 121) if names == "H" else range(1, 16), repeat=len(names)):
        assignment = {"W": 1} | dict(zip(names, point, strict=True))
        if names == "H" and facts == [AtLeast(H, W)]:
            continue
        expected = texts.value(text, assignment) == value and all(holds(fact, assignment) for fact in facts)
        assert any(assignment in box for box in found) == expected


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    windows=st.lists(
        st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(0, 2)), min_size=1, max_size=6
    ),
    size=st.integers(40, 300),
)
def test_the_linear_layer_at_the_end_finds_the_input(windows, size):
    """Every size that gives the features is found, among squares and among rectangles."""

    def extent(n):
        for kernel, stride, padding in windows:
            n = (n + 2 * padding - kernel) // stride + 1
        return n

    features = 8 * extent(size) ** 2
    if extent(size) < 1:
        return
    positive = [AtLeast(extent(H), 1), AtLeast(extent(W), 1)]
    squares = solve_equal(8 * extent(H) * extent(H), features, ["H"], positive)
    assert {h for h in range(1, 600) if any({"H": h} in box for box in squares)} == {
        h for h in range(1, 600) if extent(h) == extent(size)
    }
    boxes = solve_equal(8 * extent(H) * extent(W), features, ["H", "W"], positive)
    assert any({"H": size, "W": size} in box for box in boxes)
    for box in boxes:
        corner = {name: values.low for name, values in box.ranges}
        assert 8 * extent(corner["H"]) * extent(corner["W"]) == features
