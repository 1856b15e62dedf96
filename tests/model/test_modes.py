"""The training run is left out only where it shows nothing, and leaves the evaluation's records alone."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pytest

from convlint.model import modes, roots
from convlint.model.files import analyse_tree, parse_text
from convlint.trace import Called

MODEL = """
import torch
import unheard
from torch import nn
from torch.nn import functional as F

class Held:
    def __init__(self, x):
        self.x = x

class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, padding=1)
        self.drop = nn.Dropout()
        self.seen = {{"a": []}}

    def forward(self, x):
{part}

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        self.part = Part()

    def forward(self, x):
        x = self.stem(x)
{whole}
        return x

def net():
    return Net()
"""
DEEP = "return F.dropout(self.conv(x), training=self.training)"
CALL = "x = self.part(x)"


def shown(part: str, whole: str) -> dict[bool, list[tuple[object, ...]]]:
    """By the mode: the output, the failures and the calls of each way through."""
    text = MODEL.format(part=textwrap.indent(part, " " * 8), whole=textwrap.indent(whole, " " * 8))
    found: dict[bool, list[tuple[object, ...]]] = {False: [], True: []}
    for run in analyse_tree(parse_text(text, "net.py"), "net.py").runs:
        if run.name == "net()":
            found[run.training] += [
                (
                    str(o.value),
                    [failure.words for failure in o.trace.failures],
                    [(c.module.cls.name, str(c.inputs), str(c.output)) for c in o.trace.calls],
                )
                for o in run.outcomes
            ]
    return found


@pytest.mark.parametrize(
    ("part", "whole", "left_out"),
    [
        (DEEP, CALL, True),
        (f"if self.training:\n    F.pad(x, (0, 1))\n{DEEP}", CALL, True),
        (f"y = self.conv(x)\ny.view(-1)\n{DEEP}", CALL, True),
        (f"y = unheard.of(x)\n{DEEP}", CALL, True),
        (f"if unheard.asks(1):\n    x = F.relu(x)\n{DEEP}", CALL, True),
        (f"if self.training and unheard.asks(1):\n    x = F.relu(x)\n{DEEP}", CALL, False),
        (f"y = unheard.of(x) if self.training else x\n{DEEP}", CALL, False),
        ("x = self.drop(x)\nreturn unheard.of(x) if self.training else unheard.of(x)", CALL, False),
        (f"if self.training:\n    self.conv(x)\n{DEEP}", CALL, False),
        (f"if self.training:\n    F.conv2d(x, torch.zeros(4, 9, 3, 3))\n{DEEP}", CALL, False),
        (f"if self.training:\n    self.seen.get('a').append(x)\n{DEEP}", CALL, False),
        ("x = self.drop(x)\nif self.training:\n    x.half()\n    return x.half()\nreturn x", CALL, False),
        ("x.append(x[0]) if self.training else None\nreturn x[0]", "y = [x]\nself.part(y)\nx = y[-1]", False),
        (
            "if self.training:\n    x['x'] = F.pad(x['x'], (0, 1))\nreturn x['x']",
            "y = {'x': x}\nself.part(y)\nx = y['x']",
            False,
        ),
        ("if self.training:\n    x.resize_(1, 8, 20, 20)\nreturn x", "self.part(x)", False),
        (
            "if self.training:\n    x.unsqueeze_(0)\nreturn 1",
            "self.part(x)\nx = F.pad(x, (0, x.dim()))",
            False,
        ),
        (
            "if self.training:\n    x.x.resize_(1, 8, 9, 9)\nreturn 1",
            "y = Held(x)\nself.part(y)\nx = y.x",
            False,
        ),
    ],
)
def test_training_is_left_out_where_it_shows_nothing(
    part: str, whole: str, left_out: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = shown(part, whole)
    assert bool(short[True]) is not left_out
    monkeypatch.setattr(roots, "alike", lambda *_: False)
    monkeypatch.setattr("convlint.model.standing.Standing.serves", lambda *_, **__: False)
    full = shown(part, whole)
    assert short[False] == full[False]
    one_way = len(full[True])  # training goes one way where that does not fail
    assert (full[False][:one_way] if left_out else short[True]) == full[True]


INEXACT = "y = torch.log(torch.tensor([1.5, 2.5]))\nreturn (x + 1 if self.training else x), y"


def test_numbers_known_up_to_rounding_are_compared_by_what_is_known_of_them() -> None:
    found = shown(INEXACT, "x, _ = self.part(x)")
    assert found[False] and not found[True]


BLOCKS = """
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, width, rate, more=()):
        super().__init__()
        self.conv = nn.Conv2d(8, width, 1)
        self.rate, self.more = rate, more

    def forward(self, x):
        if self.training and self.rate:
            x = x * torch.rand(1)
        x = self.conv(x)
        for layer in self.more:
            x = layer(x) if self.training else x
        return x

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential({blocks})

    def forward(self, x):
        return self.blocks(x)

def net():
    return Net()
"""


@pytest.mark.parametrize(
    ("blocks", "made", "left_out"),
    [
        ("*[Block(8, 0.1) for _ in range(5)]", 1, True),
        ("*[Block(8, i / 10) for i in range(5)]", 5, True),
        ("Block(8, 1), Block(8, True), Block(8, 1.0)", 3, True),
        ("Block(8, 0.1), Block(8, 0.1), Block(4, 0.1)", 2, True),
        ("Block(8, 0.1), Block(8, 0.1), Block(8, 0.1, [nn.Conv2d(8, 8, 1)])", 2, False),
    ],
)
def test_of_modules_that_hold_the_same_one_is_called_in_training(
    blocks: str, made: int, left_out: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    repeats = modes._Training._repeats

    def counted(self: modes._Training, there: Sequence[Called]) -> bool:
        calls.append(there[0].module)
        return repeats(self, there)

    monkeypatch.setattr(modes._Training, "_repeats", counted)
    runs = analyse_tree(parse_text(BLOCKS.format(blocks=blocks), "net.py"), "net.py").runs
    assert len(calls) == made
    assert any(run.training for run in runs if run.name == "net()") is not left_out
