"""Embeddings, bags, one-hot vectors, parameters and initialisers."""

from __future__ import annotations

from math import sqrt

import pytest

from convlint.dims import symbol
from convlint.values import Tensor, Unknown, is_opaque
from tests.libs.torch.program import parameters, run

N, L = symbol("N"), symbol("L")


def test_an_embedding_appends_its_features() -> None:
    ran = run(
        "m = nn.Embedding(10, 4, padding_idx=-1)\ny = m(x)\np = m.padding_idx", x=Tensor((N, L), "int64")
    )
    assert ran.shape("y") == (N, L, 4) and ran.tensor("y").dtype == "float32"
    assert ran.names["p"] == 9 and parameters(ran.module("m")) == {"weight": (10, 4)}


def test_a_pretrained_table_is_frozen_unless_asked() -> None:
    ran = run(
        "a = nn.Embedding.from_pretrained(torch.zeros(10, 4))\n"
        "b = nn.EmbeddingBag.from_pretrained(torch.zeros(10, 4), freeze=False, mode='sum')\n"
        "fa, fb, how = a.weight.requires_grad, b.weight.requires_grad, b.mode"
    )
    assert (ran.names["fa"], ran.names["fb"], ran.names["how"]) == (False, True, "sum")


def test_a_subclass_makes_its_own_kind() -> None:
    ran = run(
        "class Mine(nn.Embedding):\n    pass\nm = Mine.from_pretrained(torch.zeros(3, 2))\nok = type(m) is "
        "Mine"
    )
    assert ran.names["ok"] is True


def test_an_index_outside_the_table() -> None:
    (failure,) = run("nn.Embedding(3, 4)(torch.tensor([0, 3]))").failures
    assert failure.words == "IndexError: index out of range in self"
    assert failure.fault.arguments == ("num_embeddings",)


def test_a_float_input_of_a_root_is_no_fault() -> None:
    """The dtype of a model's input is a guess until the code says otherwise."""
    assert not run("nn.Embedding(3, 4)(x)", x=Tensor((N, L))).failures


def test_bags_are_rows_or_lie_between_offsets() -> None:
    ran = run(
        "m = nn.EmbeddingBag(10, 4, include_last_offset=True)\ny = m(x, o)\nz = nn.EmbeddingBag(10, 4)(r)",
        x=Tensor((L,), "int64"),
        o=Tensor((N,), "int64"),
        r=Tensor((N, L), "int64"),
    )
    assert ran.shape("y") == (N - 1, 4) and ran.shape("z") == (N, 4)


def test_one_hot() -> None:
    ran = run(
        "a = F.one_hot(torch.tensor([0, 2]))\nb = F.one_hot(x, 5)\nc = F.one_hot(x)", x=Tensor((N,), "int64")
    )
    assert ran.shape("a") == (2, 3) and ran.tensor("a").data == (1, 0, 0, 0, 0, 1)
    assert ran.shape("b") == (N, 5)
    extents = ran.shape("c")
    assert extents is not None and is_opaque(extents[1])


# -- parameters and initialisers -----------------------------------------------------------------------------


def test_a_parameter_is_a_new_object_that_counts() -> None:
    ran = run(
        "class M(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        t = torch.zeros(3, 4)\n"
        "        self.a = nn.Parameter(t)\n"
        "        self.b = nn.Parameter(t, requires_grad=False)\n"
        "        self.c = self.a\n"
        "        self.t = t\n"
        "m = M()\nn = sum(p.numel() for p in m.parameters())\n"
        "ok = isinstance(m.a, nn.Parameter) and isinstance(m.b, torch.nn.parameter.Parameter)\n"
        "no = isinstance(m.t, nn.Parameter)\nis_tensor = isinstance(m.a, torch.Tensor)"
    )
    assert ran.names["n"] == 24 and ran.names["ok"] is True
    assert ran.names["no"] is False and ran.names["is_tensor"] is True


def test_a_parameter_of_an_unknown_tensor_is_unknown() -> None:
    assert isinstance(run("p = nn.Parameter(x)", x=Unknown("a file")).names["p"], Unknown)


def test_initialisers_give_their_tensor_back_and_forget_its_content() -> None:
    ran = run(
        "w = torch.zeros(2)\nv = nn.init.normal_(w)\nsame = v is w\nu = nn.init.constant_(torch.zeros(2), 3)"
    )
    assert ran.names["same"] is True and ran.tensor("w").data is None
    assert ran.tensor("u").data == (3.0, 3.0)


@pytest.mark.parametrize(
    ("expression", "number"),
    [
        ("nn.init.calculate_gain('relu')", sqrt(2)),
        ("nn.init.calculate_gain('leaky_relu', 0.2)", sqrt(2 / 1.04)),
        ("nn.init.calculate_gain('tanh')", 5 / 3),
        ("nn.init._calculate_fan_in_and_fan_out(nn.Conv2d(3, 8, 5).weight)", (75, 200)),
        ("nn.init._calculate_fan_in_and_fan_out(nn.Linear(3, 8).weight)", (3, 8)),
    ],
)
def test_numbers_of_initialisers(expression: str, number: object) -> None:
    assert run(f"n = {expression}").names["n"] == number


def test_fans_need_two_axes() -> None:
    (failure,) = run("nn.init.xavier_uniform_(nn.Linear(3, 8).bias)").failures
    assert "fewer than 2 dimensions" in failure.words
