"""Fixes of the rules on shapes and geometry: what is offered, what is not, and that the finding goes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from convlint.config import Settings
from convlint.lint.engine import check_source
from convlint.lint.finding import Applicability, Finding, Fix

FIXTURES = Path(__file__).parents[2] / "fixtures" / "rules"
FIXING = ("CL101", "CL102", "CL105", "CL201", "CL301", "CL404")
HEAD = "import torch\nimport keras\nfrom keras import layers\nfrom torch import nn\n"
CALLED = "{}(torch.zeros(1, 3, 32, 32))\n"
NET = "net = nn.Sequential({})\nnet(torch.zeros(2, 3, 32, 32))\n"


def applied(text: str, fix: Fix) -> str:
    """The text with the edits made, the last first."""
    lines = text.split("\n")
    for edit in sorted(fix.edits, key=lambda each: each.location, reverse=True):
        start, end = edit.location, edit.end_location
        tail = lines[end.row - 1][end.column - 1 :]
        made = lines[start.row - 1][: start.column - 1] + edit.content + tail
        lines[start.row - 1 : end.row] = made.split("\n")
    return "\n".join(lines)


def found(text: str, code: str) -> list[Finding]:
    settings = Settings(select=(code,))
    return [each for each in check_source(text, "a.py", settings).findings if each.code == code]


def fixed(source: str, code: str) -> str | None:
    """The source after the fix of its only finding; None where there is none."""
    finding = found(HEAD + source, code)[0]
    return None if finding.fix is None else applied(HEAD + source, finding.fix).removeprefix(HEAD)


def fixtures() -> Iterator[Path]:
    for code in FIXING:
        yield from sorted(FIXTURES.glob(f"{code}-*/bad*.py"))


@pytest.mark.parametrize("path", list(fixtures()), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_fixed_is_found_no_more(path: Path) -> None:
    text, code = path.read_text(), path.parent.name.partition("-")[0]
    for finding in found(text, code):
        if finding.fix is None:
            continue
        assert finding.fix.applicability is Applicability.UNSAFE
        after = applied(text, finding.fix)
        ast.parse(after)
        rows = {each.location.row for each in found(after, code)}
        assert finding.location.row not in rows, after.split("\n")[finding.location.row - 1]


@pytest.mark.parametrize("code", FIXING)
def test_fixtures_show_a_fix(code: str) -> None:
    paths = FIXTURES.glob(f"{code}-*/bad*.py")
    assert any(finding.fix for path in paths for finding in found(path.read_text(), code))


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("CL101", "nn.Conv2d(3, 4, 1), nn.Flatten(), nn.Linear(100, 10)", "nn.Linear(4096, 10)"),
        (
            "CL102",
            "nn.Conv2d(3, 8, 1), nn.Conv2d(in_channels=4, out_channels=8, kernel_size=1)",
            "in_channels=8,",
        ),
        ("CL105", "nn.Conv2d(3, 8, 1), nn.BatchNorm2d(4)", "nn.BatchNorm2d(8)"),
        ("CL105", "nn.Conv2d(3, 8, 1), nn.GroupNorm(2, 4)", "nn.GroupNorm(2, 8)"),
        ("CL201", "nn.Conv2d(3, 8, 3)", "nn.Conv2d(3, 8, 3, padding=1)"),
        ("CL201", "nn.Conv2d(3, 8, (3, 5), 1, (1, 0))", "nn.Conv2d(3, 8, (3, 5), 1, (1, 2))"),
        ("CL201", "nn.Conv2d(3, 8, 5, dilation=2)", "dilation=2, padding=4)"),
        ("CL201", "nn.Conv2d(3, 8, 4)", 'nn.Conv2d(3, 8, 4, padding="same")'),
        ("CL301", "nn.Conv2d(3, 8, 4, padding=1)", "nn.Conv2d(3, 8, 5, padding=2)"),
        ("CL301", "nn.Conv2d(3, 8, (3, 2), padding=(1, 0))", "nn.Conv2d(3, 8, (3, 3), padding=(1, 1))"),
        ("CL301", "nn.Conv2d(3, 8, 4, stride=3)", "nn.Conv2d(3, 8, 5, stride=3, padding=1)"),
        (
            "CL404",
            "nn.Conv2d(3, 8, 1), nn.BatchNorm2d(8)",
            "nn.Conv2d(3, 8, 1, bias=False), nn.BatchNorm2d(8)",
        ),
        ("CL404", "nn.Conv2d(3, 8, 1, bias=True), nn.BatchNorm2d(8)", "nn.Conv2d(3, 8, 1, bias=False)"),
    ],
)
def test_the_number_that_fits(code: str, before: str, after: str) -> None:
    made = fixed(NET.format(before), code)
    assert made is not None
    assert after.replace("(3, 3), padding=(1, 1)", "3, padding=1") in made or after in made
    assert not found(HEAD + made, code)


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("CL201", "Conv2D(8, 3)", 'Conv2D(8, 3, padding="same")'),
        ("CL201", "Conv2D(8, 3, 1, 'valid')", 'Conv2D(8, 3, 1, "same")'),
        ("CL301", "Conv2D(8, 4, padding='same')", "Conv2D(8, 5, padding='same')"),
        ("CL301", "MaxPooling2D(2, 1)", "MaxPooling2D(3, 1)"),
    ],
)
def test_in_the_words_of_keras(code: str, before: str, after: str) -> None:
    source = "image = keras.Input((32, 32, 3))\nmodel = keras.Model(image, layers.{}(image))\n"
    assert fixed(source.format(before), code) == source.format(after)


BLOCK = "def block(n, k):\n    return nn.Conv2d(n, 8, {})\n\n" + NET


@pytest.mark.parametrize(
    ("code", "source"),
    [
        ("CL201", BLOCK.format("k", "block(3, 3), block(8, 1)")),
        ("CL301", BLOCK.format("k", "block(3, 4)")),
        ("CL301", NET.format("nn.Conv2d(3, 8, 4, stride=2, dilation=2, padding=2)")),
        ("CL101", "n = 100\n" + NET.format("nn.Flatten(), nn.Linear(n, 10)")),
        ("CL102", NET.format("nn.Conv2d(3, 9, 1), nn.Conv2d(4, 8, 1, groups=2)")),
        ("CL105", NET.format("nn.Conv2d(3, 9, 1), nn.GroupNorm(2, 4)")),
        ("CL404", "sizes = {'kernel_size': 1}\n" + NET.format("nn.Conv2d(3, 8, **sizes), nn.BatchNorm2d(8)")),
        ("CL404", "flag = True\n" + NET.format("nn.Conv2d(3, 8, 1, bias=flag), nn.BatchNorm2d(8)")),
    ],
)
def test_no_fix_where_the_line_does_not_say_it_all(code: str, source: str) -> None:
    assert fixed(source, code) is None


def test_layers_of_one_call_that_want_different_numbers_are_left_alone() -> None:
    """Two models share the line; what mends one would not mend the other."""
    source = (
        "def net(n):\n    return nn.Sequential(nn.Conv2d(3, n, 1), nn.Conv2d(5, 8, 1))\n\n"
        "first = net(4)\nsecond = net({})\n"
        "for model in (first, second):\n    model(torch.zeros(1, 3, 32, 32))\n"
    )
    assert fixed(source.format(6), "CL102") is None
    made = fixed(source.format(4), "CL102")
    assert made is not None
    assert "nn.Conv2d(4, 8, 1)" in made


def test_one_line_that_builds_different_layers_is_not_rewritten() -> None:
    source = (
        "convs = [nn.Conv2d(3, 8, 3, padding=p) for p in (0, 1)]\n"
        "for conv in convs:\n    conv(torch.zeros(1, 3, 32, 32))\n"
    )
    assert fixed(source, "CL201") is None
    assert fixed(source.replace("padding=p", "stride=1"), "CL201") is not None
