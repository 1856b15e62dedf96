"""Which ways through a model are gone: all where they fail, else those that differ in more than numbers."""

from __future__ import annotations

import textwrap

import pytest

from convlint.model.files import analyse_tree, parse_text
from convlint.model.roots import RootRun

MODEL = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, padding=1)
        self.b = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x):
        x = self.a(x)
{body}
"""


def run(body: str) -> RootRun:
    text = MODEL.format(body=textwrap.indent(textwrap.dedent(body).strip("\n"), " " * 8))
    analysis = analyse_tree(parse_text(text, "net.py"), "net.py")
    return next(each for each in analysis.runs if each.name == "Net()")


@pytest.mark.parametrize(
    ("body", "ways"),
    [
        # Only a number differs, and what follows the `if` runs on both.
        ("k = 1\nif x.shape[2] > 8:\n    k = 2\nreturn self.b(x) * k", 1),
        # A layer is left out on the other way: what surrounds it shows that only there.
        ("if x.shape[2] > 8:\n    x = self.b(x)\nreturn x", 2),
        ("if x.shape[2] > 8:\n    x = x * 2\nreturn self.b(x)", 2),
        # The other arm has code of its own.
        ("if x.shape[2] > 8:\n    return x\nelse:\n    return self.b(x)", 2),
        # It has none, but what follows runs only there.
        ("if x.shape[2] > 8:\n    return x\nreturn self.b(x)", 2),
        # A loop is left on the first way: the rest of its body runs only on the other.
        ("for i in range(2):\n    if x.shape[2] > i + 8:\n        break\n    x = self.b(x)\nreturn x", 2),
        # Both arms ran already, the second time round with another question.
        (
            """
            k = 1
            for i in (0, 9):
                if i and x.shape[2] > i:
                    k = 2
                else:
                    k = 3
            return self.b(x) * k
            """,
            1,
        ),
        # A conditional expression says nothing of what it leaves out.
        ("y = x * 2 if x.shape[2] > 8 else self.b(x)\nreturn y", 2),
    ],
)
def test_ways_that_differ_only_in_numbers_are_not_gone(body: str, ways: int) -> None:
    found = run(body)
    assert len(found.outcomes) == ways
    assert all(outcome.clean for outcome in found.outcomes)


def test_where_the_first_way_fails_the_other_is_gone() -> None:
    found = run("if x.shape[2] > 8:\n    x = self.a(x)\nreturn self.b(x)")
    assert [outcome.clean for outcome in found.outcomes] == [False, True]


def test_channels_that_the_last_layer_asks_for() -> None:
    body = "y = torch.zeros(x.shape)\nreturn y"
    text = MODEL.format(body=textwrap.indent(body, " " * 8)).replace(
        "x = self.a(x)", "x = self.b(x.movedim(2, 3))"
    )
    analysis = analyse_tree(parse_text(text, "net.py"), "net.py")
    found = next(each for each in analysis.runs if each.name == "Net()")
    assert [str(call.inputs[0]) for call in found.outcomes[0].trace.calls] == [
        "Tensor(N, 8, H, W)",
        "Tensor(N, 8, W, H)",
    ]
