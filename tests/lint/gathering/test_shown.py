"""Rules see a model as its call left it, also where that cannot be undone."""

from __future__ import annotations

import pytest

from convlint.config import Settings
from convlint.lint.engine import check_source

BODY = "self.body = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8))"
ASKS = "self.width = self.body(torch.zeros(2, 3, 8, 8)).shape[1]"
TRAIN = """
    def train(self, mode=True):
        super().train(mode)
        self.body[1].eval()
        return self
"""
HEAD = """
        if self.head is None:
            self.head = nn.Conv2d(8, 4, 1)
        return self.head(self.body(x))
"""
MODEL = """
import torch
import unheard
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {built}
{method}
    def forward(self, x):{forward}
"""


def codes(built: str, forward: str, method: str = "") -> set[str]:
    text = MODEL.format(built="\n        ".join(built.split("; ")), method=method, forward=forward)
    settings = Settings(select=("CL501", "CL502", "CL504", "CL505"))
    return {finding.code for finding in check_source(text, "net.py", settings).findings}


@pytest.mark.parametrize(
    ("built", "method"),
    [
        (f"{BODY}; self.head = None", ""),
        (f"{BODY}; self.head = None; {ASKS}", ""),
        (f"{BODY}; self.head = None", TRAIN),
    ],
)
def test_a_layer_that_the_first_call_builds_is_kept(built: str, method: str) -> None:
    assert codes(built, HEAD, method) == set()


def test_a_layer_that_each_call_builds_is_not_kept() -> None:
    forward = "\n        head = nn.Conv2d(8, 4, 1)\n        return head(self.body(x))\n"
    assert codes(f"{BODY}; {ASKS}", forward) == {"CL504"}


def test_a_list_that_the_call_fills_is_a_plain_list() -> None:
    forward = """
        x = self.body(x)
        if not self.blocks:
            self.blocks.append(nn.Conv2d(8, 8, 1))
        for block in self.blocks:
            x = block(x)
        return x
"""
    assert codes(f"{BODY}; {ASKS}; self.blocks = []", forward) == {"CL501"}


@pytest.mark.parametrize("before", ["", "self.count += 1\n        "])
def test_a_model_that_went_where_nothing_follows_it_may_use_any_layer(before: str) -> None:
    forward = f"""
        {before}x = unheard.of(self, x)
        x = self.body(x)
        self.cache.clear()
        return x
"""
    built = f"{BODY}; {ASKS}; self.count = 0; self.cache = {{}}; self.spare = nn.Conv2d(8, 8, 1)"
    assert codes(built, forward) == set()
    assert codes(built, forward.replace("of(self, x)", "of(x)")) == {"CL502"}
