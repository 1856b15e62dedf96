"""A module is evaluated once for all paths: what it decides by an unknown condition is not taken as known."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlint.model import summarize

SOURCE = """
import os
import torch.nn.functional as F
from torch import nn

def chosen():
    if os.environ.get("WIDE"):
        return 3
    return 5

by_expression = 3 if os.environ.get("WIDE") else 5
by_function = chosen()
untouched = 7
by_name = 3 if "silu" in dir(F) else 5

class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer = nn.Linear(128, width)

    def forward(self, x):
        return self.layer(x)
"""


@pytest.mark.parametrize(
    ("width", "extent"),
    [("by_expression", None), ("by_function", None), ("untouched", 7), ("by_name", 3)],
)
def test_width(tmp_path: Path, width: str, extent: int | None) -> None:
    (tmp_path / "net.py").write_text(SOURCE)
    summary = summarize(f"{tmp_path}/net.py:Net({width})", [(1, 128)])
    assert summary.output_shape == (1, extent)
