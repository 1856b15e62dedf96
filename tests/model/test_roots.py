"""Which roots a file has besides its program, and when it has to be evaluated again for them."""

from __future__ import annotations

import pytest

from convlint.interp.loader import Loader
from convlint.model.files import analyse_tree, parse_text

PROGRAM = """\
import torch
from torch import nn


class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.conv(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = Part()

    def forward(self, x):
        return self.part(x)


def train(model, x):
    return model(x)


def count(n=3):
    for i in range(n):
        yield i


def main():
    train(Net(), torch.randn(1, 3, 8, 8))


main()
"""
SPARE = """

class Spare(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))
"""
FACTORY = """

def small():
    return nn.Conv2d(3, 8, 3)
"""


def roots(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    """The roots of a text, and how often it was evaluated besides its run as a program."""
    again: list[object] = []
    evaluate = Loader.evaluate

    def counted(self: Loader, machine, name, path, *rest):
        again.extend([path] if str(path) == "/room/net.py" else [])
        return evaluate(self, machine, name, path, *rest)

    monkeypatch.setattr(Loader, "evaluate", counted)
    analysis = analyse_tree(parse_text(text, "/room/net.py"), "/room/net.py")
    assert analysis.crashes == []
    return [run.name for run in analysis.runs], len(again)


def test_a_program_that_shows_all_it_defines_is_evaluated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert roots(PROGRAM, monkeypatch) == (["<module>"], 0)


@pytest.mark.parametrize(
    ("more", "root"),
    [
        (SPARE, "Spare()"),
        (FACTORY, "small()"),
        (SPARE.replace("\nclass", "\nif True:\n  class").replace("\n    ", "\n        "), "Spare()"),
    ],
)
def test_what_the_program_does_not_show_is_a_root(
    more: str, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, again = roots(PROGRAM.replace("\n\ndef main", f"{more}\n\ndef main"), monkeypatch)
    assert (names, again) == (["<module>", root], 1)


def test_a_program_that_runs_nothing_has_its_functions_for_roots(monkeypatch: pytest.MonkeyPatch) -> None:
    names, again = roots(PROGRAM.replace("\n\nmain()\n", "\n"), monkeypatch)
    assert (set(names), again) == ({"<module>", "main()"}, 1)
