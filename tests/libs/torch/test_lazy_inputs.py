"""A lazy layer that was never called says how many axes its input has, and leaves the channels open."""

from __future__ import annotations

import textwrap

import pytest

from convlint.config import Settings
from convlint.lint.engine import check_source
from convlint.model.files import analyse_tree, parse_text

MODEL = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.{first}
        self.b = nn.{second}

    def forward(self, x):
        return self.b(self.a(x))
"""


def text(first: str, second: str) -> str:
    return textwrap.dedent(MODEL).format(first=first, second=second)


@pytest.mark.parametrize(
    ("first", "second", "shape"),
    [
        ("LazyConv1d(8, 1)", "Conv1d(8, 4, 1)", "N, C, L"),
        ("LazyConv2d(8, 1)", "Conv2d(8, 4, 1)", "N, C, H, W"),
        ("LazyConv3d(8, 1)", "Conv3d(8, 4, 1)", "N, C, D, H, W"),
        ("LazyConvTranspose2d(8, 1)", "Conv2d(8, 4, 1)", "N, C, H, W"),
        ("LazyBatchNorm2d()", "Conv2d(8, 4, 1)", "N, C, H, W"),
        ("LazyBatchNorm3d()", "Conv3d(8, 4, 1)", "N, C, D, H, W"),
        ("LazyInstanceNorm1d()", "Conv1d(8, 4, 1)", "N, C, L"),
        ("LazyInstanceNorm2d(affine=False)", "Conv2d(8, 4, 1)", "N, C, H, W"),
        ("LazyLinear(8)", "Linear(8, 4)", "N, C"),
    ],
)
def test_channels_are_open_and_the_rank_is_known(first: str, second: str, shape: str) -> None:
    source = text(first, second)
    (outcome, *_) = analyse_tree(parse_text(source, "net.py"), "net.py").runs[-1].outcomes
    assert str(outcome.trace.calls[0].inputs) == f"(Tensor({shape}),)"
    assert outcome.clean
    assert not check_source(source, "net.py", Settings(select=("CL1",))).findings


def test_what_the_next_layer_refuses_is_said_in_the_numbers_that_arrive() -> None:
    source = text("LazyConv2d(8, 1)", "Conv2d(9, 4, 1)")
    (finding,) = check_source(source, "net.py", Settings(select=("CL1",))).findings
    assert finding.message == "`b` expects 9 channels, 8 arrive"


def test_a_layer_that_was_called_takes_what_it_took() -> None:
    source = text("LazyConv2d(8, 1)", "Conv2d(8, 4, 1)").replace(
        "self.b =", "self.a(torch.zeros(1, 5, 8, 8))\n        self.b ="
    )
    source = f"import torch\n{source}"
    (outcome, *_) = analyse_tree(parse_text(source, "net.py"), "net.py").runs[-1].outcomes
    assert "(Tensor(N, 5, H, W),)" in [str(call.inputs) for call in outcome.trace.calls]
