"""What is found reaches the editor: where, as what, with what belongs to it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lsprotocol import types

WRONG = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 64, 3)
        self.b = nn.Conv2d(32, 64, 1)

    def forward(self, x):
        return self.b(self.a(x))


Net()(torch.randn(1, 3, 32, 32))
"""
RIGHT = WRONG.replace("Conv2d(32", "Conv2d(64")


def codes(found: list[types.Diagnostic]) -> list[str]:
    return [str(each.code) for each in found]


def test_a_wrong_layer_is_told_and_its_repair_as_well(tmp_path: Path, connect) -> None:
    async def scenario() -> None:
        async with connect() as client:
            uri = client.open(tmp_path / "net.py", WRONG)
            found = await client.diagnostics_of(uri, 1)
            error = next(each for each in found if each.code == "CL102")
            assert error.severity is types.DiagnosticSeverity.Error
            assert error.range.start.line == 8
            assert error.source == "convlint"
            client.change(uri, 2, RIGHT)
            assert "CL102" not in codes(await client.diagnostics_of(uri, 2))

    asyncio.run(scenario())
