"""The training run calls the model that stands, and only where that is what building it again would give."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from convlint.interp.budget import Limits
from convlint.model import probing
from convlint.model.files import analyse_tree, parse_text
from convlint.model.roots import Analysis
from convlint.model.standing import Standing

MODEL = """
import collections
import functools
import torch
import unheard
from torch import nn
from torch.nn import functional as F

class Kept:
    @functools.cached_property
    def once(self):
        return []

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0
        self.sizes = [1, 2]
        self.named = {{"a": []}}
        self.lists = collections.defaultdict(list)
        self.numbers = iter([1, 2, 3])
        self.kept = Kept()
        self.act = nn.ReLU(True)
        self.register_buffer("signs", torch.tensor([-1.0, 1.0]))
        self.conv = nn.Conv2d(3, 8, 3)
        self.drop = nn.Dropout()
        self.extra = nn.Conv2d(8, 4, 1)
        self.spare = nn.Conv2d(8, 4, 1)

    def forward(self, x):
        {before}
        x = self.drop(self.conv(x))
        x += 1
        return self.extra(x) if self.training else x

def net():
    return Net()
"""


def analysed(before: str) -> Analysis:
    text = textwrap.dedent(MODEL).format(before=before)
    return analyse_tree(parse_text(text, "net.py"), "net.py")


def said(analysis: Analysis) -> list[tuple[object, ...]]:
    return [
        (
            run.name,
            run.training,
            [str(o.value) for o in run.outcomes],
            [len(o.trace.calls) for o in run.outcomes],
        )
        for run in analysis.runs
        if run.name == "net()"
    ]


@pytest.mark.parametrize(
    ("before", "stands"),
    [
        ("pass", True),
        ("sizes = self.sizes.copy(); sizes[0] = 3; y = torch.cat([x, x], 0)", True),
        ("self.calls += 1", True),
        ("self.calls = [self.calls]", True),
        ("self.last = x", True),
        ("self.last = nn.ReLU()", False),
        ("self.more = [nn.Conv2d(3, 3, 1)]", False),
        ("self.extra = self.spare", False),
        ("del self.named['a']", True),
        ("self.lists['a'].append(self.lists)", False),
        ("self.kept.other = self.sizes; self.kept.other.clear()", True),
        ("unheard.of(self.sizes)", True),
        ("unheard.of(self.kept)", True),
        ("Net.calls = 1", False),
        ("self.sizes[0] = 3", True),
        ("self.sizes.append(3)", True),
        ("self.sizes.append(x)", True),
        ("self.sizes.extend([x])", True),
        ("a = self.named.get('a'); b = list(a); b.append(1)", True),
        ("self.named.get('a').append(1)", True),
        ("self.lists['a']", True),
        ("1 in self.numbers", False),
        ("self.kept.once", True),
        ("other = Kept(); other.__dict__ = self.named; other.a = 1", False),
        ("F.relu(self.signs)", True),
        ("F.relu(self.signs, True)", False),
        ("F.threshold(self.signs, 0.0, 1.0, True)", False),
        ("self.act(self.signs)", False),
        ("self.signs[:2].view(-1).add_(1)", False),
    ],
)
def test_a_call_that_changes_nothing(before: str, stands: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[bool] = []
    whole = probing.probed_again

    def noting(*args: object) -> object:
        used.append(not args[2].standing.changed)  # type: ignore[attr-defined]
        return whole(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("convlint.model.roots.probed_again", noting)
    analysis = analysed(before)
    assert used == [stands]
    shared = said(analysis)
    monkeypatch.setattr("convlint.model.standing.Standing.begin", None)
    monkeypatch.setattr("convlint.model.standing.Standing.serves", lambda *_, **__: False)
    assert said(analysed(before)) == shared
    own = 3 + before.count("self.act(")
    assert [calls for *_, calls in shared] == [[own], [own + 1]]


def test_the_mode_is_what_it_was() -> None:
    models = [run.outcomes[0].trace.calls[0].module for run in analysed("pass").runs if run.name == "net()"]
    assert len(models) == 2
    assert models[0] is models[1]
    assert models[0].attrs["training"] is False


def test_a_module_read_in_a_call_changes_no_model(tmp_path: Path) -> None:
    """Its code runs once, for all calls."""
    (tmp_path / "widths.py").write_text(
        "from math import pi\nTABLE = {}\nTABLE['net'] = 1\nfor i in range(3):\n    TABLE[i] = i\n"
    )
    file = tmp_path / "net.py"
    before = "x = self.conv(x)[:, :3] * widths.TABLE[1]"
    file.write_text(f"import widths\n{textwrap.dedent(MODEL).format(before=before)}")
    tree = parse_text(file.read_text(), str(file))
    runs = [run for run in analyse_tree(tree, str(file), (str(tmp_path),)).runs if run.name == "net()"]
    assert [len(run.outcomes[0].trace.calls) for run in runs] == [4, 5]
    assert len({id(run.outcomes[0].trace.calls[0].module) for run in runs}) == 1


ASKING = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.eval()
        out = self.conv(torch.zeros(1, 3, 8, 8)) if not self.training else torch.zeros(1, 4)
        self.train()
        self.head = nn.Conv2d(out.shape[1], 4, 1)

    def forward(self, x):
        if x.shape[2] > 40:
            x = x[:, :, 1:]
        return self.head(self.conv(x))

def net():
    return Net()
"""


def test_what_asked_for_the_mode_as_it_was_built_stands_in_that_mode_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built: list[bool] = []
    of = Standing.of.__func__  # type: ignore[attr-defined]

    def noting(cls: type[Standing], *args: object) -> Standing:
        built.append(args[3] is True)
        made: Standing = of(cls, *args)
        return made

    def runs() -> list[tuple[object, ...]]:
        analysis = analyse_tree(parse_text(ASKING, "net.py"), "net.py")
        traces = [(run, o.trace) for run in analysis.runs if run.name == "net()" for o in run.outcomes]
        return [(r.training, [(c.number, str(c.output)) for c in t.calls], t.built) for r, t in traces]

    monkeypatch.setattr(Standing, "of", classmethod(noting))
    found = runs()
    assert built == [False, True]
    monkeypatch.setattr("convlint.model.standing.Standing.serves", lambda *_, **__: False)
    anew = runs()
    assert [(mode, calls, len(layers)) for mode, calls, layers in found] == [
        (mode, calls, len(layers)) for mode, calls, layers in anew
    ]


SPENDING = """
from torch import nn

class Part(nn.Module):
    def forward(self, x):
        for _ in range({training} if self.training else 0):
            pass
        return x

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.part = Part()

    def forward(self, x):
        x = self.conv(x)
        for _ in range(0 if x.shape[2] > 40 else {evaluation}):
            pass
        return self.part(x)

def net():
    return Net()
"""


@pytest.mark.parametrize(("training", "evaluation"), [(9000, 0), (0, 9000), (9000, 9000)])
def test_a_file_s_budget_may_end_between_the_modes(training: int, evaluation: int) -> None:
    text = SPENDING.format(training=training, evaluation=evaluation)
    limits = Limits(steps=2000, lost_steps=1500, clean_paths=4)
    analysis = analyse_tree(parse_text(text, "net.py"), "net.py", limits=limits)
    assert not analysis.crashes
    assert any(o.trace.exhausted == "steps" for run in analysis.runs for o in run.outcomes)


CHANGING = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 1)
        self.b = nn.Conv2d(8, 8, 1)
        self.aux = None

    def forward(self, x):
        x = self.a(x)
        if {when}:
            self.aux = nn.Conv2d(8, 8, 1)
            self.b = None
        return x

def net():
    return Net()
"""


@pytest.mark.parametrize(
    ("when", "aux"), [("self.aux is None", [True]), ("self.training", [False, True]), ("False", [False])]
)
def test_each_outcome_shows_the_model_as_its_call_left_it(when: str, aux: list[bool]) -> None:
    analysis = analyse_tree(parse_text(CHANGING.format(when=when), "net.py"), "net.py")
    shown = []
    for run in analysis.runs:
        if run.name == "net()":
            (outcome,) = run.outcomes
            outcome.show()
            layers = outcome.trace.calls[0].module.attrs["_modules"]
            assert isinstance(layers, dict)
            shown.append("aux" in layers and layers.get("b") is None)
    assert shown == aux
