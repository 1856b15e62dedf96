"""Rules as plugins make them: subscription by annotation, options, discovery."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from convlint.config import Settings
from convlint.lint import Finding, Layer, Model, Options, Severity, WindowLayer, plugins
from convlint.lint.engine import check_source
from convlint.lint.examiner import Examiner
from convlint.lint.rule import rule
from convlint.lint.sources import Sources

PLUGIN = '''
"""Strides are written out.

## What it does
Flags a convolution that does not say its stride.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, WindowLayer
from convlint.lint.rule import rule


@rule("XY101", "implicit-stride", Severity.ADVICE, options={"least": "1k"})
def implicit_stride(layer: WindowLayer, options) -> Iterator[Finding]:
    if layer.number("out_channels") >= options.number("least"):
        yield layer.at("out_channels").finding(f"{layer.type} with {layer.number('out_channels')} channels")
'''
SOURCE = "from torch import nn\n\nnn.Conv2d(3, 1024, 3, padding=1)\nnn.Conv2d(3, 512, 3, padding=1)\n"


def test_the_annotation_subscribes() -> None:
    @rule("XY001", "some-name", Severity.ERROR, on=False)
    def some(layer: WindowLayer | Model) -> Iterator[Finding]:
        yield from ()

    assert (some.code, some.name, some.severity, some.on, some.options) == (
        "XY001",
        "some-name",
        Severity.ERROR,
        False,
        (),
    )
    assert some.subjects == (WindowLayer, Model)
    assert some.doc.startswith("Rules as plugins make them")


def test_of_layers_a_rule_receives_those_of_its_classes_alone() -> None:
    seen: list[str] = []

    @rule("XY003", "some-name", Severity.ADVICE, layers=("torch.nn.modules.conv._ConvNd", "torch.nn.Linear"))
    def some(subject: Layer | Model) -> Iterator[Finding]:
        seen.append(subject.type if isinstance(subject, Layer) else subject.name)
        yield from ()

    source = """
import torch
from torch import nn

class Own(nn.Linear):
    pass

net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), Own(8, 2))
net(torch.zeros(1, 3, 3, 3))
"""
    texts = {"net.py": source}
    Examiner(Settings(), Sources(texts), [some]).examine("net.py", source)
    assert seen == ["Conv2d", "Own", "Sequential"]


def test_a_string_is_no_collection_of_classes() -> None:
    """Its letters are names of no class: the rule would never find anything."""
    with pytest.raises(TypeError, match=r"XY004: .*\('torch\.nn\.Linear',\)"):
        rule("XY004", "some-name", Severity.ADVICE, layers="torch.nn.Linear")


@pytest.mark.parametrize("hint", [int, "Layer | int", None])
def test_any_other_annotation_is_refused(hint: object) -> None:
    def some(layer: Layer) -> Iterator[Finding]:
        yield from ()

    some.__annotations__["layer"] = hint
    with pytest.raises(TypeError, match="XY002"):
        rule("XY002", "x", Severity.ERROR)(some)


def test_options_overlay_defaults() -> None:
    options = Options({"most": "10M", "words": ("a",)}, {"most": 5, "other": 1})
    assert options.number("most") == 5
    assert dict(options) == {"most": 5, "words": ("a",)}
    assert Options({"most": "1.5G"}).number("most") == 1_500_000_000
    with pytest.raises(ValueError, match="words"):
        options.number("words")


def test_every_built_in_rule_has_a_page() -> None:
    sections = ["What it does", "Why it matters", "Example", "Use instead", "When to ignore"]
    for each in plugins.load():
        found = [line[3:] for line in each.doc.splitlines() if line.startswith("## ")]
        assert found == sections, each.code
    assert plugins.load() == tuple(sorted(plugins.load(), key=lambda each: each.code))


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "xy_rules.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(str(tmp_path))
    known = tuple(plugins.entry_points(group=plugins.GROUP))
    point = EntryPoint("xy", "xy_rules", plugins.GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: (*known, point))
    plugins._load.cache_clear()
    yield
    plugins._load.cache_clear()
    sys.modules.pop("xy_rules", None)


@pytest.mark.usefixtures("plugin")
def test_a_plugin_runs_where_it_is_named() -> None:
    assert "XY101" not in [each.code for each in plugins.load()]
    assert "XY101" in [each.code for each in plugins.load(["xy"])]
    (finding,) = check_source(SOURCE, "a.py", Settings(select=("XY101",), plugins=("xy",))).findings
    assert finding.message == "Conv2d with 1024 channels"
    assert (finding.location.row, finding.location.column) == (3, 14)


@pytest.mark.usefixtures("plugin")
def test_a_plugin_that_is_not_there() -> None:
    with pytest.raises(plugins.PluginError, match="no plugin called zz"):
        plugins.load(["zz"])
