"""Less common forms of a call, and the slips that torch refuses, each recorded from torch 2.13."""

from __future__ import annotations

import pytest

from tests.libs.torch.program import run


@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        ("torch.add(x, 3, x)", (2, 3)),
        ("x.add_(0.5, x)", (2, 3)),
        ("torch.addcmul(x, 0.5, x, x)", (2, 3)),
        ("torch.zeros(1, 2, 1).squeeze(0, 2)", (2,)),
        ("x.hsplit(1, 2)[2]", (2, 1)),
        ("x.histogram(range=(0.0, 1.0)).hist", (100,)),
        ("torch.linalg.pinv(x, 1e-6)", (3, 2)),
        ("torch.cumulative_trapezoid(torch.zeros(4, 1, 2), torch.zeros(4, 1, 1))", (4, 1, 0)),
        ("torch.trapezoid(torch.zeros(1, 4), torch.zeros(3, 4))", (3,)),
        ("torch.fft.fftshift(x, (0, 0))", (2, 3)),
        ("torch.zeros(0, 1, 0).repeat(-7, 3, 3)", (0, 3, 0)),
        ("torch.cummax(torch.zeros(0, 4), 7).values", (0, 4)),
        ("F.cross_entropy(x, x, label_smoothing=-1.0)", ()),
        ("x.nansum(keepdim=True)", (1, 1)),
        ("F.ctc_loss(torch.zeros(5, 2, 4), torch.ones(2, 3, dtype=torch.long), (5, 5), (3, 1))", ()),
    ],
)
def test_taken(expression: str, shape: tuple[int, ...]) -> None:
    ran = run(f"x = torch.zeros(2, 3)\ny = {expression}")
    assert ran.raised is None and not ran.failures
    assert ran.shape("y") == shape


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("torch.add(x, x, x)", "TypeError: add() takes 2 positional arguments but 3 were given"),
        ("x.sum(0, 1)", "TypeError: sum(): argument 'keepdim' must be bool, not int"),
        ("x.mean(keepdim=True)", "TypeError: mean() received an invalid combination of arguments"),
        ("torch.max(x, keepdim=True)", "TypeError: max() received an invalid combination of arguments"),
        ("x.flip()", 'TypeError: flip() missing 1 required positional arguments: "dims"'),
        ("torch.randint(6 / 2, (2,))", "TypeError: randint(): argument 'low' must be int, not float"),
        ("x.renorm(2, 0, -1.0)", "RuntimeError: renorm: expected maxnorm to be >= 0 but got -1"),
        ("torch.normal(0.0, -1.5, (2,))", "RuntimeError: normal expects std >= 0.0, but found std -1.5"),
        ("nn.init.eye_(3)", "AttributeError: 'int' object has no attribute 'shape'"),
        (
            "F.ctc_loss(torch.zeros(5, 2, 4), torch.ones(2, 3, dtype=torch.long), (5, 5), (4, 1))",
            "RuntimeError: Expected tensor to have size at least 4 at dimension 1, but got size 3 for "
            "argument #2 'targets' (while checking arguments for ctc_loss_allocate_outputs)",
        ),
        (
            "nn.Conv2d(3, 4, 1)(torch.zeros(2, 3, 8, 5).transpose(2, 3)).transpose(2, 3).view(2, -1)",
            "RuntimeError: view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
        ),
    ],
)
def test_refused(expression: str, words: str) -> None:
    ran = run(f"x = torch.zeros(2, 3)\ny = {expression}")
    assert [failure.words for failure in ran.failures] == [words]
