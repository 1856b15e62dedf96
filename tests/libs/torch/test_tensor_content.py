"""Known numbers of small tensors: kept where torch computes the very same, else forgotten."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlint.dims import symbol
from convlint.libs.torch.content import converted, held, rounded
from convlint.libs.torch.inexact import Inexact
from convlint.values import Tensor, Unknown
from tests.libs.torch.program import run

N, H = symbol("N"), symbol("H")


def single(number: float) -> float:
    result: float = struct.unpack("f", struct.pack("f", number))[0]
    return result


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("torch.arange(5)", [0, 1, 2, 3, 4]),
        ("torch.arange(1, 2, 0.25)", [1.0, 1.25, 1.5, 1.75]),
        ("torch.arange(6).reshape(2, 3).T", [[0, 3], [1, 4], [2, 5]]),
        ("torch.arange(3) * 2 + 1", [1, 3, 5]),
        ("torch.arange(4) // 2", [0, 0, 1, 1]),
        ("torch.arange(4) % 3", [0, 1, 2, 0]),
        ("torch.arange(3) ** 2", [0, 1, 4]),
        ("torch.arange(1, 4) / 2", [0.5, 1.0, 1.5]),
        ("torch.arange(4).cumsum(0)", [0, 1, 3, 6]),
        ("torch.arange(4).flip(0)", [3, 2, 1, 0]),
        ("torch.arange(4)[[3, 0]]", [3, 0]),
        ("torch.arange(4)[torch.arange(4) > 1]", [2, 3]),
        ("torch.arange(6).view(2, 3).sum(1)", [3, 12]),
        ("torch.arange(6).view(2, 3).max(0).values", [3, 4, 5]),
        ("torch.eye(2)", [[1.0, 0.0], [0.0, 1.0]]),
        ("torch.ones(2, 2).triu(1)", [[0.0, 1.0], [0.0, 0.0]]),
        ("torch.cat([torch.arange(2), torch.ones(1)])", [0.0, 1.0, 1.0]),
        ("torch.stack(torch.meshgrid(torch.arange(2), torch.arange(2), indexing='ij'))[1]", [[0, 1], [0, 1]]),
        ("torch.full((2,), 3)", [3, 3]),
        ("torch.zeros(2).bool()", [False, False]),
        ("torch.tensor([1.9, -1.9]).int()", [1, -1]),
        ("torch.tensor([2.5, 3.5]).round()", [2.0, 4.0]),
        ("torch.where(torch.arange(3) > 0, 1, 9)", [9, 1, 1]),
        ("torch.tensor([4.0, 9.0]).sqrt()", [2.0, 3.0]),
        ("torch.tril_indices(2, 2)", [[0, 1, 1], [0, 0, 1]]),
        ("torch.arange(2).repeat(2)", [0, 1, 0, 1]),
    ],
)
def test_numbers(expression: str, values: object) -> None:
    ran = run(f"y = ({expression}).tolist()")
    assert ran.raised is None and ran.names["y"] == values


def test_drop_path_rates_decide_which_blocks_drop() -> None:
    ran = run("rates = [x.item() for x in torch.linspace(0, 0.1, 5)]\nkept = [r > 0. for r in rates]")
    assert ran.names["rates"] == [0.0, *(single(0.025 * i) for i in (1, 2)), single(0.075), single(0.1)]
    assert ran.names["kept"] == [False, True, True, True, True]


def test_float_sums_that_may_round_are_not_known() -> None:
    ran = run("y = torch.tensor([0.1, 0.2, 0.3]).sum().item()\nz = torch.tensor([1.0, 2.0]).sum().item()")
    assert isinstance(ran.names["y"], Unknown) and ran.names["z"] == 3.0


def test_large_tensors_keep_no_content() -> None:
    assert run("y = torch.zeros(4097)").tensor("y").data is None
    assert run("y = torch.zeros(4096)").tensor("y").data is not None


def test_symbolic_numbers_of_an_integer_tensor() -> None:
    ran = run("s = torch.tensor(x.shape[-2:])\ny = (s * 2)[1].item()", x=Tensor((N, 3, H, 8)))
    assert ran.names["y"] == 16
    assert run("y = (torch.tensor(x.shape) // 2)[0].item()", x=Tensor((H,))).names["y"] == H // 2


@pytest.mark.parametrize(
    "write",
    [
        "v += 1",
        "v[0] = 5",
        "v.zero_()",
        "v.copy_(torch.ones(2))",
        "torch.nn.init.constant_(v, 1.0)",
        "v.normal_()",
        "nn.functional.relu(v, inplace=True)",
        "torch.add(v, 1, out=v)",
    ],
)
def test_writing_to_a_view_forgets_what_its_base_held(write: str) -> None:
    ran = run(f"x = torch.zeros(4)\nv = x[:2]\n{write}\ny = x.tolist()")
    assert ran.raised is None and all(isinstance(v, Unknown) for v in ran.names["y"])  # type: ignore[attr-defined]


def test_writing_to_the_base_forgets_what_a_view_held() -> None:
    ran = run("x = torch.zeros(4)\nv = x.view(2, 2)\nx.fill_(3)\na, b = x.tolist(), v.tolist()")
    assert ran.names["a"] == [3.0] * 4
    assert isinstance(ran.names["b"][0][0], Unknown)  # type: ignore[index]


def test_a_copy_is_no_view() -> None:
    ran = run("x = torch.zeros(2)\nc = x.clone()\nx.fill_(3)\ny = c.tolist()")
    assert ran.names["y"] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("number", "dtype", "kept"),
    [
        (0.1, "float32", single(0.1)),
        (0.1, "float64", 0.1),
        (1 / 3, "float16", 0.333251953125),
        (1 / 3, "bfloat16", 0.333984375),
        (1e39, "float32", math.inf),
        (300, "uint8", 44),
        (200, "int8", -56),
        (-1, "uint8", 255),
        (-2.7, "int64", -2),
        (0.0, "bool", False),
        (2, "bool", True),
    ],
)
def test_numbers_as_dtypes_hold_them(number: float, dtype: str, kept: object) -> None:
    assert rounded(number, dtype) == kept and type(rounded(number, dtype)) is type(kept)


def test_numbers_that_are_not_certain() -> None:
    for number, dtype in ((math.nan, "int64"), (1e30, "int32"), (1j, "complex64"), (H, "float32"), (1, None)):
        with pytest.raises(Inexact):
            rounded(number, dtype)
    assert converted((1, H), "float32") is None
    assert converted((1, H), "int64") == (1, H)


NUMBERS = st.one_of(
    st.lists(st.booleans()),
    st.lists(st.integers()),
    st.lists(st.floats()),
    st.lists(st.integers(-(1 << 64), 1 << 64)),
    st.lists(st.floats(-(2.0**33), 2.0**33)),
    st.lists(st.one_of(st.booleans(), st.integers(-300, 300), st.floats(-300, 300))),
)


@given(NUMBERS, st.sampled_from(["float64", "float32", "float16", "int64", "int32", "uint8", "bool"]))
def test_many_numbers_are_held_as_each_is(numbers: list[float], dtype: str) -> None:
    try:
        alone = [rounded(number, dtype) for number in numbers]
    except (Inexact, OverflowError) as error:
        with pytest.raises(type(error)):
            held(numbers, dtype)
    else:
        assert list(map(repr, held(numbers, dtype))) == list(map(repr, alone))
