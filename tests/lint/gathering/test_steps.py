"""The places on the way to what fails."""

from __future__ import annotations

import itertools

import convlint
from convlint.lint.finding import Finding, NoteKind

NET = """\
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Conv2d(3, 64, 3, padding=1)
        self.second = nn.Conv2d(width, 64, 1)

    def inner(self, x):
        return self.second(x)

    def forward(self, x):
        return self.inner(self.first(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Sequential(Block({width})))

    def forward(self, x):
        return {result}


Net()(torch.randn(1, 3, 32, 32))
"""


def steps(finding: Finding, text: str) -> list[tuple[str, str]]:
    """Each step, and what stands at its place."""
    found = []
    for note in finding.notes:
        if note.kind is NoteKind.STEP:
            assert note.location is not None and note.filename == finding.filename
            row = text.splitlines()[note.location.row - 1]
            found.append((note.message, row[note.location.column - 1 :].strip()))
    return found


def test_calls_lead_to_what_fails_and_to_where_it_is_built() -> None:
    text = NET.format(width=32, result="self.body(x)")
    [finding] = convlint.check_source(text)
    assert finding.code == "CL102"
    assert steps(finding, text) == [
        ("called here", "Net()(torch.randn(1, 3, 32, 32))"),
        ("called from Net.forward", "self.body(x)"),
        ("called here", "self.inner(self.first(x))"),
        ("fails here, in Block.inner", "self.second(x)"),
        ("`body.0.0.second` is built here", "nn.Conv2d(width, 64, 1)"),
    ]


def test_what_the_finding_points_at_is_no_step() -> None:
    text = NET.format(width=64, result="torch.cat([x, x]) + self.body(x[:, :, 1:])")
    [finding] = convlint.check_source(text)
    assert (finding.code, finding.location.row) == ("CL106", 24)
    assert [words for words, _ in steps(finding, text)] == ["called here"]
    literal = NET.format(width=64, result="self.body(x)").replace(
        "nn.Conv2d(width, 64, 1)", "nn.Conv2d(32, 64, 1)"
    )
    [finding] = [each for each in convlint.check_source(literal) if each.code == "CL102"]
    assert "is built here" not in " ".join(words for words, _ in steps(finding, literal))


def test_a_long_way_is_cut_in_its_middle() -> None:
    names = [f"f{number}" for number in range(20)]
    calls = "".join(
        f"def {name}(x):\n    return {inner}(x)\n\n\n" for name, inner in itertools.pairwise(names)
    )
    text = (
        f"import torch\nfrom torch import nn\n\n\n{calls}def f19(x):\n    return nn.Conv2d(4, 8, 3)(x)\n\n\n"
        "f0(torch.randn(1, 3, 8, 8))\n"
    )
    [finding] = [each for each in convlint.check_source(text) if each.code == "CL102"]
    found = [words for words, _ in steps(finding, text)]
    assert found[:2] == ["called here", "called from f0"]
    assert found[-1] == "fails here, in f19"
    assert len(found) == 8


def test_the_text_for_people_says_it_in_one_line() -> None:
    from convlint.report import FORMATS
    from convlint.report.renderer import Canvas

    findings = convlint.check_source(NET.format(width=32, result="self.body(x)"))
    assert "called from" not in FORMATS["text"](findings, Canvas())
    assert FORMATS["json"](findings, Canvas()).count("called from Net.forward") == 1
    assert FORMATS["sarif"](findings, Canvas()).count("called from Net.forward") == 1
    assert FORMATS["rdjson"](findings, Canvas()).count("called from Net.forward") == 1
