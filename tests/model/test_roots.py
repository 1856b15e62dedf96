"""Which roots a file has besides its program, and when it has to be evaluated again for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlint import check
from convlint.interp.budget import Exhausted, Limits
from convlint.interp.loader import Loader
from convlint.model.files import analyse_tree, parse_text
from convlint.model.roots import analyse

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


ONE = """
import outside
from torch import nn
from . import two

WIDTH = 8
{between}

class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, WIDTH, 3)

    def forward(self, x):
        return self.conv(x)

REGISTRY = {{}}
from . import three

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = two.made()
        self.head = nn.Conv2d(8 if isinstance(self.stem, Base) else 9, 8, 3)
        self.last = nn.Conv2d(REGISTRY["width"], 8, 3)

    def forward(self, x):
        return self.last(self.head(self.stem(x)))

made = two.made()
{after}
"""


@pytest.mark.parametrize(
    ("between", "after"),
    [("", ""), ("WIDTH = 8 if outside.fast else 8", ""), ("", "raise RuntimeError('no')")],
    ids=["plain", "a choice", "raises"],
)
def test_modules_of_a_package_that_import_each_other(tmp_path: Path, between: str, after: str) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "one.py").write_text(ONE.format(between=between, after=after))
    (package / "two.py").write_text("def made():\n    return three.Child()\n\nfrom . import three\n")
    child = "from .one import REGISTRY, Base\n\nclass Child(Base):\n    pass\n\nREGISTRY['width'] = 9\n"
    (package / "three.py").write_text(child)
    assert [f.code for f in check([str(package / "one.py")]) if f.code < "CL2"] == ["CL102"]
    (package / "three.py").write_text(child.replace("9", "8"))
    assert [f.code for f in check([str(package / "one.py")]) if f.code < "CL2"] == []


LONG_TRAINING = """\
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        if self.training:
            for _ in range(100_000):
                x = self.fc(x)
        return self.fc(x)


def net():
    return Net()


def other():
    return Net()
"""


def test_steps_that_end_in_training_end_the_file_and_no_more() -> None:
    """The mode is given back after training: by then the file may have no step left."""
    limits = Limits(steps=20_000, lost_steps=20_000)
    analysis = analyse_tree(parse_text(LONG_TRAINING, "net.py"), "net.py", limits=limits)
    assert analysis.crashes == []
    assert [run.complete for run in analysis.runs if run.name == "<module>"] == [True]
    assert any(run.name == "net()" and run.complete for run in analysis.runs)
    assert sum(run.stands_for for run in analysis.runs if not run.complete) >= 2


def spent(*_: object, **__: object) -> None:
    raise Exhausted("steps")


def test_the_program_is_one_of_those_that_were_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often the steps ended while it was looked at."""
    monkeypatch.setattr("convlint.model.roots.run_paths", spent)
    monkeypatch.setattr("convlint.model.roots._Analysis._own", spent)
    tree = parse_text(LONG_TRAINING, "net.py")
    (run,) = analyse(Loader(()), "net.py", "net", tree).runs
    assert (run.name, run.stands_for) == ("<module>", 1)


def test_a_program_without_an_end_hides_no_root_that_was_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both would have its name."""
    monkeypatch.setattr("convlint.model.roots._Analysis._own", spent)
    text = "n = 0\nwhile n < 10**9:\n    n += 1\n" + LONG_TRAINING
    limits = Limits(steps=2000, lost_steps=10)
    (run,) = analyse_tree(parse_text(text, "net.py"), "net.py", limits=limits).runs
    assert (run.name, run.stands_for, run.complete) == ("<module>", 1, False)
