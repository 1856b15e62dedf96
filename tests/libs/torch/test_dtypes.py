"""dtypes, devices and constructors as a program sees them."""

from __future__ import annotations

import pytest

from convlint.libs.torch.promotion import category, promoted
from convlint.values import Unknown
from tests.libs.torch.program import run


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("torch.float is torch.float32", True),
        ("torch.long == torch.int64 and torch.half != torch.float", True),
        ("str(torch.float32)", "torch.float32"),
        ("f'{torch.int64}'", "torch.int64"),
        ("torch.float16.itemsize", 2),
        ("torch.complex64.to_real() is torch.float32", True),
        ("torch.float64.to_complex() is torch.complex128", True),
        ("isinstance(torch.float32, torch.dtype)", True),
        ("torch.finfo(torch.float32).max", (2 - 2**-23) * 2.0**127),
        ("torch.finfo(torch.float16).min", -65504.0),
        ("torch.iinfo(torch.uint8).max", 255),
        ("torch.iinfo(torch.int64).min", -(2**63)),
        ("torch.result_type(torch.ones(1, dtype=torch.int64), 1.5) is torch.float32", True),
        ("torch.promote_types(torch.int8, torch.uint8) is torch.int16", True),
        ("torch.can_cast(torch.float32, torch.int64)", False),
        ("torch.get_default_dtype() is torch.float32", True),
        ("torch.zeros(2, dtype=float).dtype is torch.float64", True),
        ("torch.zeros(2, dtype=int).dtype is torch.int64", True),
        ("torch.device('cuda:1').index", 1),
        ("torch.device('cuda', 1) == torch.device('cuda:1')", True),
        ("torch.device('cpu') != torch.device('cuda')", True),
        ("str(torch.device('cuda', 0))", "cuda:0"),
        ("torch.zeros(2).to('cuda').device == torch.device('cpu')", True),
        ("isinstance(torch.zeros(2).shape, torch.Size)", True),
        ("torch.Size([2, 3]) == (2, 3)", True),
        ("torch.pi > 3 and torch.inf > 1e300", True),
        ("isinstance(torch.zeros(1), torch.FloatTensor.__mro__[1])", True),
    ],
)
def test_values(expression: str, value: object) -> None:
    ran = run(f"y = {expression}")
    assert ran.raised is None and ran.names["y"] == value


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("torch.finfo(torch.int32)", "TypeError: torch.finfo() requires a floating point input type."),
        ("torch.iinfo(torch.float32)", "TypeError: torch.iinfo() requires an integer input type."),
        ("torch.device('gpu')", "RuntimeError: Expected one of cpu, cuda, ipu"),
        ("torch.zeros(2, dtype='float32')", "TypeError: argument 'dtype' must be torch.dtype, not str"),
        ("torch.zeros(2.5)", "TypeError: zeros(): argument 'size' must be tuple of ints, not float"),
        ("torch.tensor([[1, 2], [3]])", "ValueError: expected sequence of length 2 at dim 1 (got 1)"),
    ],
)
def test_what_raises(expression: str, words: str) -> None:
    raised = run(f"y = {expression}").raised
    assert raised is not None and raised.startswith(words)


def test_the_default_dtype_is_the_program_s() -> None:
    ran = run("torch.set_default_dtype(torch.float64)\nx = torch.zeros(2)\ny = torch.arange(2) / 2")
    assert ran.tensor("x").dtype == "float64" and ran.tensor("y").dtype == "float64"


def test_a_dtype_that_is_not_known_makes_an_unknown_dtype() -> None:
    ran = run("x = torch.zeros(2, dtype=unknown)\ny = x + 1", unknown=Unknown("a test"))
    assert ran.shape("y") == (2,) and ran.tensor("y").dtype is None


@pytest.mark.parametrize(
    ("left", "right", "together"),
    [
        ("bool", "uint8", "uint8"),
        ("uint8", "int8", "int16"),
        ("int64", "float16", "float16"),
        ("float16", "bfloat16", "float32"),
        ("float64", "complex64", "complex128"),
        ("float32", "complex64", "complex64"),
        ("uint16", "int32", None),
    ],
)
def test_promotion(left: str, right: str, together: str | None) -> None:
    assert promoted(left, right) == together == promoted(right, left)
    assert promoted(left, None) is None


def test_categories_rank_truth_below_integers_below_floats() -> None:
    assert [category(name) for name in ("bool", "uint8", "bfloat16", "complex64")] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("expression", "shape", "dtype"),
    [
        ("torch.zeros(2, 3)", (2, 3), "float32"),
        ("torch.zeros((2, 3))", (2, 3), "float32"),
        ("torch.zeros(size=[2, 3])", (2, 3), "float32"),
        ("torch.zeros(())", (), "float32"),
        ("torch.full((2,), True)", (2,), "bool"),
        ("torch.randint(10, (4,))", (4,), "int64"),
        ("torch.randint(0, 10, size=(4,))", (4,), "int64"),
        ("torch.rand_like(torch.zeros(2))", (2,), "float32"),
        ("torch.zeros(2).new_zeros(3, 4)", (3, 4), "float32"),
        ("torch.zeros(2).new_tensor([[1]])", (1, 1), "float32"),
        ("torch.Tensor(2, 3)", (2, 3), "float32"),
        ("torch.Tensor([2, 3])", (2,), "float32"),
        ("torch.LongTensor([2, 3])", (2,), "int64"),
        ("torch.FloatTensor(3)", (3,), "float32"),
        ("torch.tensor([1, 2.5])", (2,), "float32"),
        ("torch.tensor([torch.tensor(1), torch.tensor(2)])", (2,), "int64"),
        ("torch.as_tensor([[1, 2]])", (1, 2), "int64"),
        ("torch.linspace(0, 1, 7)", (7,), "float32"),
        ("torch.hann_window(8)", (8,), "float32"),
    ],
)
def test_constructors(expression: str, shape: tuple[int, ...], dtype: str) -> None:
    ran = run(f"y = {expression}")
    assert ran.raised is None and not ran.failures
    assert ran.shape("y") == shape and ran.tensor("y").dtype == dtype


def test_data_of_unknown_nesting_has_no_shape() -> None:
    ran = run("x = torch.tensor([unknown])\ny = torch.tensor([unknown, 1])", unknown=Unknown("a test"))
    assert isinstance(ran.names["x"], Unknown)
    assert ran.shape("y") == (2,)


@pytest.mark.parametrize(
    "made", ["torch.FloatTensor(a)", "torch.Tensor(a)", "torch.as_tensor(a)", "torch.asarray(a)"]
)
def test_an_array_becomes_a_tensor(made: str) -> None:
    ran = run(f"import numpy as np\na = np.zeros((3, 4), dtype='float32')\nx = {made}.unsqueeze(0)")
    assert ran.raised is None and ran.shape("x") == (1, 3, 4)
    assert ran.tensor("x").kind == "torch.Tensor" and ran.tensor("x").dtype == "float32"
