"""Small arrays: what structure is computed from them is what numpy computes (recorded from numpy 2)."""

from __future__ import annotations

import pytest

from convlint.dims import symbol
from convlint.values import Raised, Tensor, Unknown
from tests.libs.python.running import run

H = symbol("H")


def value(source: str) -> object:
    return run(f"import numpy as np\nresult = {source}", H=H)["result"]


RECORDED: dict[str, object] = {
    "np.arange(4).tolist()": [0, 1, 2, 3],
    "np.arange(1, 2, 0.25).tolist()": [1.0, 1.25, 1.5, 1.75],
    "np.linspace(0, 0.1, 5).tolist()": [0.0, 0.025, 0.05, 0.07500000000000001, 0.1],
    "np.linspace(0, 1, 4, endpoint=False).tolist()": [0.0, 0.25, 0.5, 0.75],
    "(np.arange(3) * 2 + 1).tolist()": [1, 3, 5],
    "(np.array([[1, 2], [3, 4]]) + np.array([10, 20])).tolist()": [[11, 22], [13, 24]],
    "(np.array([1, 2]) / 2).tolist()": [0.5, 1.0],
    "(np.array([1, 2, 3]) > 1).tolist()": [False, True, True],
    "np.array([1, 2, 3])[np.array([1, 2, 3]) > 1].tolist()": [2, 3],
    "np.array([[1, 2], [3, 4]])[1].tolist()": [3, 4],
    "np.array([[1, 2], [3, 4]])[:, 0].tolist()": [1, 3],
    "np.array([1, 2, 3])[-1].item()": 3,
    "np.array([1, 2, 3])[1:].tolist()": [2, 3],
    "np.array([[1, 2], [3, 4]]).shape": (2, 2),
    "np.zeros((2, 3)).shape": (2, 3),
    "np.zeros(2).tolist()": [0.0, 0.0],
    "np.ones(2, dtype=int).tolist()": [1, 1],
    "np.full(2, 7).tolist()": [7, 7],
    "np.random.randn(2, 3).shape": (2, 3),
    "int(np.prod((3, 4)))": 12,
    "int(np.prod([]))": 1,
    "np.cumsum([1, 2, 3]).tolist()": [1, 3, 6],
    "np.unique([3, 1, 1]).tolist()": [1, 3],
    "[a.tolist() for a in np.unique([3, 1, 1], return_counts=True)]": [[1, 3], [2, 1]],
    "[a.tolist() for a in np.split(np.arange(5), [2, 3])]": [[0, 1], [2], [3, 4]],
    "np.round(np.array([0.5, 1.5, 2.5])).tolist()": [0.0, 2.0, 2.0],
    "np.round(2.567, 1).item()": 2.6,
    "np.ceil(np.array([1.2, -1.2])).astype(int).tolist()": [2, -1],
    "np.log2(8).item()": 3.0,
    "np.sqrt(16).item()": 4.0,
    "np.maximum([1, 5], 3).tolist()": [3, 5],
    "np.clip([1, 5, 9], 2, 8).tolist()": [2, 5, 8],
    "np.power(2.0, np.arange(3)).tolist()": [1.0, 2.0, 4.0],
    "np.argmax([1, 5, 2]).item()": 1,
    "np.mean([1, 2]).item()": 1.5,
    "np.array([[1, 2], [3, 4]]).reshape(-1).tolist()": [1, 2, 3, 4],
    "np.array([1, 2, 3, 4]).reshape(2, 2).tolist()": [[1, 2], [3, 4]],
    "len(np.zeros((2, 3)))": 2,
    "[x.item() for x in np.linspace(0, 1, 3)]": [0.0, 0.5, 1.0],
    "isinstance(np.float64(1), float)": True,
    "isinstance(np.int64(1), int)": False,
    "[10, 20, 30][np.int64(2)]": 30,
    "{3: 'a'}[np.int64(3)]": "a",
    "[0] * np.int64(2)": [0, 0],
    "f'{np.prod((2, 3))}'": "6",
    "range(np.int64(3))": range(3),
    "max(np.int64(3), 2).item()": 3,
    "bool(np.array([1]) == 1)": True,
    # the widths of RegNetY-400MF's quantised line, as the papers' code computes them
    "(np.round(24 * np.power(2.54, np.round(np.log((np.arange(5) * 24.48 + 24) / 24) / np.log(2.54))) / 8)"
    " * 8).astype(int).tolist()": [24, 64, 64, 152, 152],
}


@pytest.mark.parametrize("source", RECORDED)
def test_recorded(source: str) -> None:
    found = value(source)
    assert repr(found) == repr(RECORDED[source])


@pytest.mark.parametrize(
    ("source", "text"),
    [("int(np.prod([2, H]))", "2*H"), ("int(np.ceil(H / 2))", "(H+1)//2"), ("int(np.floor(H / 3))", "H//3")],
)
def test_symbols_pass_through(source: str, text: str) -> None:
    assert str(value(source)) == text


@pytest.mark.parametrize(
    "source",
    [
        "np.array([1, 2]) / 0",
        "np.log(0)",
        "np.sqrt(-1)",
        "np.int64(2**40) * np.int64(2**40)",
        "np.load('x.npy')",
        "np.random.randn(2)[0] > 0",
        "np.linalg.norm([1, 2])",
    ],
)
def test_what_numpy_rounds_or_wraps_is_not_given(source: str) -> None:
    found = value(source)
    assert isinstance(found, Unknown) or (isinstance(found, Tensor) and found.data is None)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("np.array([1, 2]) + np.array([1, 2, 3])", "ValueError: operands could not be broadcast together"),
        ("np.arange(6).reshape(4, 2)", "ValueError: cannot reshape array of size 6 into shape (4, 2)"),
        ("np.arange(3)[5]", "IndexError: index 5 is out of bounds for axis 0 with size 3"),
        ("bool(np.array([1, 2]))", "ValueError: The truth value of an array"),
    ],
)
def test_errors_are_numpys(source: str, error: str) -> None:
    with pytest.raises(Raised) as caught:
        value(source)
    assert caught.value.text.startswith(error)
