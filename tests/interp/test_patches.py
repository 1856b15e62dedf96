"""What one program makes of a library's classes is nothing to another, nor to another run of the same one."""

from __future__ import annotations

import pytest

from convlint import check_source

PATCHING = """
import torch
from torch import nn

plain = nn.Conv2d.forward
nn.Conv2d.forward = lambda self, x: plain(self, x.unsqueeze(0))
nn.Conv2d.added = True
setattr(nn.functional, "relu", lambda x, tag: x)
torch.Tensor.pooled = lambda self: self.mean((2, 3))
del nn.Linear.forward
nn.Conv2d(3, 8, 1)(torch.randn(3, 32, 32))
"""
PLAIN = """
import torch
from torch import nn

image = nn.functional.relu(torch.randn(1, 3, 32, 32))
nn.Linear(3, 8)(image.mean((2, 3)))
nn.Conv2d(5, 8, 1)(image)
"""
TWICE = """
import os

import torch
from torch import nn

plain = nn.Conv2d.forward
nn.Conv2d.forward = lambda self, x: plain(self, x.unsqueeze(0))
if os.environ["OTHER"]:
    print("another way")
image = nn.Conv2d(3, 8, 1)(torch.randn(3, 32, 32))
nn.BatchNorm1d(8)(image)
"""


def codes(text: str, filename: str = "net.py") -> list[str]:
    return [finding.code for finding in check_source(text, filename=filename) if finding.code[:3] == "CL1"]


def test_another_program_finds_the_library_as_it_is() -> None:
    assert codes(PLAIN) == ["CL102"]
    assert codes(PATCHING) == []
    assert codes(PLAIN) == ["CL102"]


def test_every_way_through_a_program_begins_with_the_library_as_it_is() -> None:
    found = [f.message for f in check_source(TWICE, filename="net.py") if f.code == "CL105"]
    assert len(found) == 1
    assert "1×8×32×32" in found[0]


@pytest.mark.parametrize(
    "change",
    ["nn.Conv2d.forward = scaled", "setattr(nn.Conv2d, 'forward', scaled)", "nn.Conv2d.__call__ = scaled"],
)
def test_what_was_patched_holds_for_the_rest_of_the_program(change: str) -> None:
    text = f"""
import torch
from torch import nn

def scaled(self, x, factor):
    return x.mean((2, 3)) * factor

{change}
nn.Linear(3, 4)(nn.Conv2d(3, 8, 1)(torch.randn(1, 3, 8, 8), 2))
nn.Linear(8, 4)(nn.Conv2d(3, 8, 1)(torch.randn(1, 3, 8, 8), 2))
"""
    assert codes(text) == ["CL101"]
