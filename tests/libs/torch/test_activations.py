"""Activations in all their forms: what they return, what they remember, what they refuse."""

from __future__ import annotations

from convlint.dims import symbol
from convlint.values import Tensor
from tests.libs.torch.program import parameters, run

H = symbol("H")


def test_in_place_returns_the_same_object_and_leaves_a_trace() -> None:
    ran = run(
        "x = torch.zeros(2, 3)\ny = F.relu(x, inplace=True)\nz = nn.ReLU(inplace=True)(x)\nsame = y is x "
        "and z is x"
    )
    assert ran.names["same"] is True
    origin = ran.tensor("x").origin
    assert origin is not None and origin.layer is not None and origin.layer.cls.name == "ReLU"
    assert origin.before is not None and origin.before.origin is not None
    assert origin.before.origin.what == "relu"


def test_out_of_place_leaves_the_operand_alone() -> None:
    ran = run("x = torch.tensor([-1, 2])\ny = F.relu(x)")
    assert ran.tensor("y").data == (0, 2) and ran.tensor("x").data == (-1, 2)


def test_relu6_is_a_hardtanh() -> None:
    ran = run("m = nn.ReLU6(inplace=True)\nok = isinstance(m, nn.Hardtanh)\nlow, high = m.min_val, m.max_val")
    assert ran.names["ok"] is True and (ran.names["low"], ran.names["high"]) == (0.0, 6.0)
    assert len(ran.machine.trace.built) == 1


def test_permuted_strides_pass_through() -> None:
    ran = run("y = F.gelu(torch.zeros(2, 3, 4).permute(0, 2, 1))\nz = torch.sigmoid(y)")
    assert ran.tensor("z").strides == (12, 1, 4)


def test_integers_become_floats_where_they_must() -> None:
    ran = run("x = torch.tensor([1, 2])\na = torch.sigmoid(x).dtype\nb = F.relu(x).dtype")
    assert ran.names["a"] is run("t = torch.float32").names["t"]
    assert ran.names["b"] is run("t = torch.int64").names["t"]


def test_glu_asks_for_an_even_axis() -> None:
    ran = run("y = nn.GLU(1)(x)", x=Tensor((2, H, 4)))
    assert ran.shape("y") == (2, H // 2, 4)
    assert [str(r.requirement.question) for r in ran.machine.trace.required] == ["H is a multiple of 2"]
    (failure,) = run("F.glu(torch.zeros(2, 3))").failures
    assert failure.words == "RuntimeError: Halving dimension must be even, but dimension 1 is size 3"


def test_prelu_owns_a_weight_a_channel() -> None:
    ran = run("m = nn.PReLU(3)\ny = m(torch.zeros(2, 4, 5, 5))")
    assert parameters(ran.module("m")) == {"weight": (3,)}
    (failure,) = ran.failures
    assert failure.fault.arguments == ("num_parameters",) and ran.shape("y") == (2, 4, 5, 5)


def test_softmax_with_a_dtype() -> None:
    ran = run("y = F.softmax(torch.zeros(2, 3), dim=-1, dtype=torch.float64)")
    assert ran.tensor("y").dtype == "float64"


def test_an_unknown_axis_does_not_hide_the_shape() -> None:
    ran = run("y = F.softmax(x, dim=d)", x=Tensor((2, H)), d=symbol("d"))
    assert ran.shape("y") == (2, H)
