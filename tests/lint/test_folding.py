"""The same advice all over a class is told once, and every place stays known by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

import convlint
from convlint.config import Settings
from convlint.lint.engine import check_source
from convlint.lint.finding import Applicability, Edit, Finding, Fix, Location, Severity
from convlint.lint.folding import folded
from convlint.lint.kept import from_json, to_json
from convlint.lint.parts import part_at

NET = """\
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(),
        )

    def forward(self, x):
        return self.body(x)


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8))

    def forward(self, x):
        return self.body(x)
"""


def finding(row: int, *, together: str = "`Net`", fix: Fix | None = None, code: str = "CL404") -> Finding:
    place, end = Location(row, 5), Location(row, 9)
    return Finding(
        *(code, "name", Severity.ADVICE, f"row {row}", "net.py", place, end), fix=fix, together=together
    )


def fix(row: int, kind: Applicability = Applicability.UNSAFE) -> Fix:
    return Fix(kind, "bias=False", (Edit("x", Location(row, 1), Location(row, 1)),))


def test_one_for_each_class() -> None:
    found = convlint.check_source(NET, select=["CL404"])
    assert [(f.location.row, f.message.partition("; ")[2]) for f in found] == [
        (8, "likewise at 2 more places of `Net`"),
        (20, ""),
    ]
    assert [note.message for note in found[0].notes] == ["likewise: lines 9, 10"]
    assert found[0].fix is not None
    assert [edit.location.row for edit in found[0].fix.edits] == [8, 9, 10]


def test_a_comment_silences_its_own_line_only() -> None:
    text = NET.replace("nn.ReLU(),\n", "nn.ReLU(),  # convlint: ignore[CL404]\n", 1)
    found = convlint.check_source(text, select=["CL404"])
    assert [(f.location.row, f.message.partition("; ")[2]) for f in found] == [
        (9, "likewise at one more place of `Net`"),
        (20, ""),
    ]


def test_the_engine_knows_every_place() -> None:
    settings = Settings(select=("CL404",))
    assert [f.location.row for f in check_source(NET, "<text>", settings).findings] == [8, 9, 10, 20]


def test_what_an_older_framework_takes_is_told_once_a_file(tmp_path: Path) -> None:
    text = (
        "from keras.models import Sequential\nfrom keras.layers import Convolution2D\n"
        "model = Sequential()\n"
        "model.add(Convolution2D(8, 3, 3, border_mode='same', subsample=(2, 2), input_shape=(32, 32, 3)))\n"
        "def more():\n    return Convolution2D(8, 3, 3, border_mode='same')\n"
    )
    place = tmp_path / "net.py"
    place.write_text(text)
    found = convlint.check([place], select=["CL111"])
    assert len(found) == 1
    assert "of the file's code for Keras 1" in found[0].message
    assert len(check_source(text, str(place), Settings(select=("CL111",))).findings) > 1


def test_others_and_other_parts_stay_apart() -> None:
    found = [finding(1), finding(2, together="`Other`"), finding(3, together=""), finding(4, together="")]
    assert folded(found) == found
    assert folded([finding(1), finding(2, code="CL206")]) == [finding(1), finding(2, code="CL206")]


def test_order_is_that_of_the_first() -> None:
    found = folded([finding(1), finding(2, together=""), finding(3)])
    assert [each.location.row for each in found] == [1, 2]


def test_a_fix_mends_all_it_can_and_says_how_many() -> None:
    one = folded([finding(1), finding(2, fix=fix(2)), finding(3, fix=fix(3))])[0]
    assert one.fix == Fix(Applicability.UNSAFE, "bias=False at 2 of 3 places", (*fix(2).edits, *fix(3).edits))
    assert folded([finding(1), finding(2)])[0].fix is None


def test_a_safe_fix_and_an_unsafe_one_are_not_one() -> None:
    one = folded([finding(1, fix=fix(1, Applicability.SAFE)), finding(2, fix=fix(2))])[0]
    assert one.fix is not None
    assert (one.fix.applicability, one.fix.edits) == (Applicability.SAFE, fix(1).edits)


def test_the_same_line_is_named_once() -> None:
    one = folded([finding(1), finding(2), finding(2), finding(3)])[0]
    assert [note.message for note in one.notes] == ["likewise: lines 2, 3"]
    assert "at 3 more places" in one.message


def test_the_cache_keeps_the_part() -> None:
    settings = Settings(select=("CL404",))
    report = check_source(NET, "<text>", settings).report("<text>")
    assert report is not None
    assert [said.finding.together for said in from_json(to_json(report)).said] == ["`Net`"] * 3 + ["`Other`"]


@pytest.mark.parametrize(
    ("row", "part"),
    [(1, "the file"), (3, "`block()`"), (5, "`Net`"), (7, "`Net`"), (9, "`late()`"), (10, "the file")],
)
def test_parts(row: int, part: str) -> None:
    text = (
        "import a\n"
        "def block():\n    return 1\n"
        "class Net:\n    def f(self):\n        class Inner:\n            x = 1\n"
        "if a:\n    async def late(): pass\n"
        "x = 1\n"
    )
    assert part_at(text, row) == part


def test_what_cannot_be_parsed_is_one_part() -> None:
    assert part_at("class Net:\n  (", 2) == "the file"
