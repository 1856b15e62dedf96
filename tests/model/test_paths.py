"""The ways through a model: which are gone, and that they begin at one built model."""

from __future__ import annotations

import textwrap

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


def test_what_surrounds_a_layer_is_seen_on_the_other_way_too() -> None:
    """A bias is idle only if a norm follows on every way."""
    found = run("if x.shape[2] > 8:\n    x = self.b(x)\nreturn x")
    assert [len(outcome.trace.calls) for outcome in found.outcomes] == [3, 2]


def test_the_ways_of_a_model_begin_at_the_same_built_model() -> None:
    """Unless a call made the model another one."""
    found = run("if x.shape[2] > 8:\n    x = self.b(x)\nreturn x")
    one, other = (outcome.trace for outcome in found.outcomes)
    assert [each.layer for each in one.built] == [each.layer for each in other.built]
    found = run("self.seen = x.shape[2] > 8\nif self.seen:\n    x = self.b(x)\nreturn x")
    one, other = (outcome.trace for outcome in found.outcomes)
    assert [each.layer for each in one.built] == [each.layer for each in other.built]
    found = run("self.c = nn.ReLU()\nif x.shape[2] > 8:\n    x = self.b(x)\nreturn x")
    one, other = (outcome.trace for outcome in found.outcomes)
    assert not {id(each.layer) for each in one.built} & {id(each.layer) for each in other.built}


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
