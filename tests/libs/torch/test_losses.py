"""Losses: what a target must look like, whose fault it is where it does not, what stays open."""

from __future__ import annotations

import pytest

from convlint.dims import symbol
from convlint.shapes.fault import Kind
from convlint.values import Tensor, Unknown
from tests.libs.torch.program import run

N, H, W = symbol("N"), symbol("H"), symbol("W")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "nn.CrossEntropyLoss()(torch.zeros(8, 10), torch.zeros(4, dtype=torch.long))",
            "ValueError: Expected input batch_size (8) to match target batch_size (4).",
        ),
        (
            "nn.CrossEntropyLoss()(torch.zeros(8, 10), torch.zeros(8, 1, dtype=torch.long))",
            "RuntimeError: 0D or 1D target tensor expected, multi-target not supported",
        ),
        (
            "F.cross_entropy(torch.zeros(2, 5, 8, 8), torch.zeros(2, 4, 8, dtype=torch.long))",
            "RuntimeError: size mismatch (got input: [2, 5, 8, 8] , target: [2, 4, 8]",
        ),
        (
            "nn.BCEWithLogitsLoss()(torch.zeros(8, 1), torch.zeros(8))",
            "ValueError: Target size (torch.Size([8])) must be the same as input size (torch.Size([8, 1]))",
        ),
        (
            "F.mse_loss(torch.zeros(8, 3), torch.zeros(8, 4))",
            "RuntimeError: The size of tensor a (3) must match the size of tensor b (4) at non-singleton "
            "dimension 1",
        ),
    ],
)
def test_a_wrong_target_is_the_targets_fault(source: str, words: str) -> None:
    (failure,) = run(source).failures
    assert failure.words == words
    assert failure.fault.kind is Kind.TARGET


def test_a_broadcast_target_is_no_fault() -> None:
    ran = run("y = nn.MSELoss(reduction='none')(torch.zeros(8, 1), torch.zeros(8))")
    assert not ran.failures and ran.shape("y") == (8, 8)


def test_classes_outside_the_scores_are_a_fault_of_values() -> None:
    (failure,) = run("F.cross_entropy(torch.zeros(2, 3), torch.tensor([0, 3]))").failures
    assert failure.fault.detail == "values" and failure.words == "IndexError: Target 3 is out of bounds."
    assert not run("F.cross_entropy(torch.zeros(2, 3), torch.tensor([0, -100]))").failures


def test_the_class_axis_leaves_and_the_map_stays() -> None:
    ran = run(
        "y = F.cross_entropy(x, t, reduction='none')",
        x=Tensor((N, 21, H, W)),
        t=Tensor((N, H, W), "int64"),
    )
    assert not ran.failures and ran.shape("y") == (N, H, W)


def test_symbolic_maps_of_other_sizes_become_requirements() -> None:
    ran = run("F.cross_entropy(x, t)", x=Tensor((N, 21, H // 2, W)), t=Tensor((N, H, W), "int64"))
    assert ran.failures or ran.machine.trace.required


def test_a_target_of_unknown_dtype_may_hold_probabilities() -> None:
    assert not run("F.cross_entropy(x, t)", x=Tensor((4, 10)), t=Tensor((4, 10), None)).failures


def test_retired_arguments_still_decide() -> None:
    ran = run(
        "m = nn.L1Loss(size_average=False)\nhow = m.reduction\n"
        "y = F.l1_loss(torch.zeros(3), torch.zeros(3), reduce=False)"
    )
    assert ran.names["how"] == "sum" and ran.shape("y") == (3,)


def test_weights_are_buffers() -> None:
    ran = run(
        "m = nn.CrossEntropyLoss(weight=torch.ones(5))\nn = len(list(m.parameters()))\nb = "
        "len(list(m.buffers()))"
    )
    assert ran.names["n"] == 0 and ran.names["b"] == 1


def test_an_unknown_reduction_leaves_the_loss_open() -> None:
    ran = run("y = nn.MSELoss(reduction=how)(torch.zeros(3), torch.zeros(3))", how=Unknown("a setting"))
    assert isinstance(ran.names["y"], Unknown) and not ran.failures


def test_a_distance_of_the_programs_own() -> None:
    ran = run(
        "loss = nn.TripletMarginWithDistanceLoss(distance_function=lambda a, b: (a - b).abs().sum(-1), "
        "reduction='none')\ny = loss(x, x, x)",
        x=Tensor((N, 16)),
    )
    assert not ran.failures and ran.shape("y") == (N,)
