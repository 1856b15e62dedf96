"""What a window reads, against the positions of its taps counted one by one."""

from __future__ import annotations

from itertools import product

import pytest

from convlint.lint.gathering.windows import Axis

SIZES = range(1, 12)


def taps(axis: Axis, start: int, after: int) -> list[list[int]]:
    """The places that each window reads, padding included."""
    first = [start + i * axis.stride for i in range(after)]
    return [[place + t * axis.dilation for t in range(axis.kernel)] for place in first]


def axes() -> list[Axis]:
    grid = product((1, 2, 3, 5), (1, 2, 3, 4), (1, 2, 3), (0, 1, 2))
    return [Axis("H", 0, k, s, d, p, p) for k, s, d, p in grid]


def test_unread_places_and_taps_on_the_map() -> None:
    seen = 0
    for axis, n in product(axes(), SIZES):
        assert axis.before is not None
        room = n + 2 * axis.before - axis.reach
        if room < 0:
            continue
        after = room // axis.stride + 1
        windows = taps(axis, -axis.before, after)
        last = max(place for window in windows for place in window)
        assert axis.start(n, after) == -axis.before
        assert axis.unread(n, after) == max(n - 1 - last, 0)
        most = max(sum(0 <= place < n for place in window) for window in windows)
        inside = axis.most_inside(n, after)
        assert inside == most or (inside == axis.kernel and n >= axis.reach + axis.stride)
        seen += 1
    assert seen > 1000


def test_a_stride_leaves_places_out_where_no_tap_falls() -> None:
    for axis in axes():
        read = {(place % axis.stride) for window in taps(axis, 0, 12) for place in window}
        assert {r for r in range(axis.stride) if axis.residues[r]} == read
        assert sum(axis.residues) == axis.kernel


@pytest.mark.parametrize(
    ("n", "kernel", "stride", "start"),
    [(5, 3, 1, -1), (5, 4, 1, -1), (6, 3, 2, 0), (7, 5, 2, -2), (4, 1, 2, 0)],
)
def test_same_padding_begins_as_keras_begins(n: int, kernel: int, stride: int, start: int) -> None:
    """Keras puts the smaller half of the padding before the map."""
    axis = Axis("H", 0, kernel, stride, 1, None, None, same=True)
    after = -(-n // stride)
    assert axis.start(n, after) == start
    assert axis.unread(n, after) == max(n - (start + (after - 1) * stride + kernel), 0)


def test_unknown_padding_says_nothing() -> None:
    axis = Axis("H", 0, 3, 2, 1, None, None)
    assert (axis.start(8, 4), axis.unread(8, 4), axis.most_inside(8, 4)) == (None, None, None)
