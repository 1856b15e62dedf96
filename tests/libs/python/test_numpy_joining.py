"""Arrays joined, repeated, turned and indexed: what numpy makes of them (recorded from numpy 2)."""

from __future__ import annotations

import pytest

from convlint.values import Raised
from tests.libs.python.running import run

GIVEN = """
import numpy as np
a = np.arange(6).reshape(2, 3)
b = np.arange(4).reshape(2, 2)
c = np.arange(6).reshape(3, 2)
f = np.array([[0.5], [1.5]])
v = np.arange(3)
w = np.array([4, 5])
t = np.arange(24).reshape(2, 3, 4)
"""

RECORDED: dict[str, object] = {
    "np.eye(2).tolist()": [[1.0, 0.0], [0.0, 1.0]],
    "np.eye(2, 3, k=1, dtype=int).tolist()": [[0, 1, 0], [0, 0, 1]],
    "np.identity(2).tolist()": [[1.0, 0.0], [0.0, 1.0]],
    "np.tri(2, 3, dtype='int64').tolist()": [[1, 0, 0], [1, 1, 0]],
    "np.tri(3, k=-1).tolist()": [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0]],
    "(np.concatenate([a, b], 1)).tolist()": [[0, 1, 2, 0, 1], [3, 4, 5, 2, 3]],
    "(np.concatenate([a, f], axis=-1)).tolist()": [[0.0, 1.0, 2.0, 0.5], [3.0, 4.0, 5.0, 1.5]],
    "(np.concatenate((a, a), axis=None)).tolist()": [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5],
    "(np.stack([a, a])).tolist()": [[[0, 1, 2], [3, 4, 5]], [[0, 1, 2], [3, 4, 5]]],
    "(np.stack([a, a], axis=-1)).tolist()": [[[0, 0], [1, 1], [2, 2]], [[3, 3], [4, 4], [5, 5]]],
    "(np.stack([a, a], 1)).tolist()": [[[0, 1, 2], [0, 1, 2]], [[3, 4, 5], [3, 4, 5]]],
    "(np.stack([v, v, v], axis=1)).tolist()": [[0, 0, 0], [1, 1, 1], [2, 2, 2]],
    "(np.hstack([a, b])).tolist()": [[0, 1, 2, 0, 1], [3, 4, 5, 2, 3]],
    "(np.hstack([v, v])).tolist()": [0, 1, 2, 0, 1, 2],
    "(np.vstack([v, v])).tolist()": [[0, 1, 2], [0, 1, 2]],
    "(np.vstack([a, v])).tolist()": [[0, 1, 2], [3, 4, 5], [0, 1, 2]],
    "(np.meshgrid(v, w)[0]).tolist()": [[0, 1, 2], [0, 1, 2]],
    "(np.meshgrid(v, w)[1]).tolist()": [[4, 4, 4], [5, 5, 5]],
    "(np.meshgrid(v, w, indexing='ij')[0]).tolist()": [[0, 0], [1, 1], [2, 2]],
    "(np.meshgrid(range(2), range(3), indexing='ij')[1]).tolist()": [[0, 1, 2], [0, 1, 2]],
    "(np.meshgrid(v, w, [7, 8])[2]).tolist()": [[[7, 8], [7, 8], [7, 8]], [[7, 8], [7, 8], [7, 8]]],
    "(np.tile(a, 2)).tolist()": [[0, 1, 2, 0, 1, 2], [3, 4, 5, 3, 4, 5]],
    "(np.tile(a, [2, 1])).tolist()": [[0, 1, 2], [3, 4, 5], [0, 1, 2], [3, 4, 5]],
    "(np.tile(v, (2, 1, 2))).tolist()": [[[0, 1, 2, 0, 1, 2]], [[0, 1, 2, 0, 1, 2]]],
    "(np.repeat(v, 2)).tolist()": [0, 0, 1, 1, 2, 2],
    "(np.repeat(a, 2, axis=-1)).tolist()": [[0, 0, 1, 1, 2, 2], [3, 3, 4, 4, 5, 5]],
    "(np.repeat(a, 3, 0)).tolist()": [[0, 1, 2], [0, 1, 2], [0, 1, 2], [3, 4, 5], [3, 4, 5], [3, 4, 5]],
    "(a.repeat(2)).tolist()": [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
    "(np.expand_dims(a, 0)).tolist()": [[[0, 1, 2], [3, 4, 5]]],
    "(np.expand_dims(a, -1)).tolist()": [[[0], [1], [2]], [[3], [4], [5]]],
    "(np.expand_dims(a, (0, 2))).tolist()": [[[[0, 1, 2]], [[3, 4, 5]]]],
    "(np.squeeze(np.expand_dims(a, 1))).tolist()": [[0, 1, 2], [3, 4, 5]],
    "(a[:, None].squeeze(1)).tolist()": [[0, 1, 2], [3, 4, 5]],
    "(np.transpose(a)).tolist()": [[0, 3], [1, 4], [2, 5]],
    "(a.transpose(1, 0)).tolist()": [[0, 3], [1, 4], [2, 5]],
    "(np.transpose(t, (2, 0, 1))).tolist()": [
        [[0, 4, 8], [12, 16, 20]],
        [[1, 5, 9], [13, 17, 21]],
        [[2, 6, 10], [14, 18, 22]],
        [[3, 7, 11], [15, 19, 23]],
    ],
    "(t.transpose([1, 0, 2])).tolist()": [
        [[0, 1, 2, 3], [12, 13, 14, 15]],
        [[4, 5, 6, 7], [16, 17, 18, 19]],
        [[8, 9, 10, 11], [20, 21, 22, 23]],
    ],
    "(t.T).tolist()": [
        [[0, 12], [4, 16], [8, 20]],
        [[1, 13], [5, 17], [9, 21]],
        [[2, 14], [6, 18], [10, 22]],
        [[3, 15], [7, 19], [11, 23]],
    ],
    "(a.T).tolist()": [[0, 3], [1, 4], [2, 5]],
    "(np.swapaxes(t, 0, -1)).tolist()": [
        [[0, 12], [4, 16], [8, 20]],
        [[1, 13], [5, 17], [9, 21]],
        [[2, 14], [6, 18], [10, 22]],
        [[3, 15], [7, 19], [11, 23]],
    ],
    "(t[..., 0]).tolist()": [[0, 4, 8], [12, 16, 20]],
    "(t[:, None, 1]).tolist()": [[[4, 5, 6, 7]], [[16, 17, 18, 19]]],
    "(t[None]).tolist()": [
        [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]], [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]]]
    ],
    "(v[:, None] - v[None, :]).tolist()": [[0, -1, -2], [1, 0, -1], [2, 1, 0]],
    "t[..., None, :].shape": (2, 3, 1, 4),
    "(a[[1, 0]]).tolist()": [[3, 4, 5], [0, 1, 2]],
    "(t[np.array([[0, 1], [1, 0]])]).tolist()": [
        [
            [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]],
            [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]],
        ],
        [
            [[12, 13, 14, 15], [16, 17, 18, 19], [20, 21, 22, 23]],
            [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]],
        ],
    ],
    "(v[[0, -1]]).tolist()": [0, 2],
    "(np.sum(a, axis=0)).tolist()": [3, 5, 7],
    "(np.sum(t, axis=-1)).tolist()": [[6, 22, 38], [54, 70, 86]],
    "(t.max(axis=(0, 2))).tolist()": [15, 19, 23],
    "(np.mean(a, axis=1, keepdims=True)).tolist()": [[1.0], [4.0]],
    "(np.sum(a, keepdims=True)).tolist()": [[15]],
    "(t.sum(axis=1, keepdims=True)).tolist()": [[[12, 15, 18, 21]], [[48, 51, 54, 57]]],
    "(np.prod(a, axis=-2)).tolist()": [0, 4, 10],
    "(np.min(t, 2)).tolist()": [[0, 4, 8], [12, 16, 20]],
    "(np.argmax(a, axis=1)).tolist()": [2, 2],
    "(np.cumsum(v)).tolist()": [0, 1, 3],
    "(np.reshape(np.stack(np.meshgrid(range(2), range(3)), axis=-1), [-1, 2])).tolist()": [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
        [0, 2],
        [1, 2],
    ],
    "((lambda c: c[:, :, None] - c[:, None, :])(np.stack(np.meshgrid(range(2), range(2), "
    "indexing='ij')).reshape(2, -1))).tolist()": [
        [[0, 0, -1, -1], [0, 0, -1, -1], [1, 1, 0, 0], [1, 1, 0, 0]],
        [[0, -1, 0, -1], [1, 0, 1, 0], [0, -1, 0, -1], [1, 0, 1, 0]],
    ],
}
REFUSED = [
    "np.concatenate([a, b], axis=0)",
    "np.concatenate([a, v])",
    "np.concatenate([a, c], 0)",
    "np.stack([a, c])",
    "np.squeeze(a, 0)",
]


@pytest.mark.parametrize(("expression", "expected"), RECORDED.items())
def test_what_numpy_gives(expression: str, expected: object) -> None:
    assert run(f"{GIVEN}result = {expression}")["result"] == expected


@pytest.mark.parametrize("expression", REFUSED)
def test_what_numpy_refuses(expression: str) -> None:
    with pytest.raises(Raised, match="ValueError"):
        run(f"{GIVEN}result = {expression}")


def test_a_shape_is_known_where_the_content_is_not() -> None:
    source = "import numpy as np\na = np.random.randn(3, 4)\n"
    assert run(f"{source}r = np.stack([a, a], -1).transpose(2, 0, 1)[:, None].shape")["r"] == (2, 1, 3, 4)
    assert run(f"{source}r = np.tile(np.concatenate([a, a]), (1, 2)).mean(axis=0).shape")["r"] == (8,)
    assert run(f"{source}r = (a.T @ a).shape, np.matmul(a[0], a.T).shape")["r"] == ((4, 4), (3,))
    with pytest.raises(Raised, match="ValueError"):
        run(f"{source}a @ a")
