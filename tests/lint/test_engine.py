"""The engine from end to end: what is found where, what is left out, and what goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import convlint
from convlint.config import ConfigError
from convlint.lint.finding import Finding

NET = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.next = nn.Conv2d({channels}, 8, 3, padding=1)

    def forward(self, x):
        return self.next(self.conv(x).relu())


Net()(torch.zeros(1, 3, 8, 8))
"""
WRONG = NET.format(channels=9)


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_check_source_finds_and_places() -> None:
    (finding,) = convlint.check_source(WRONG, filename="a.py")
    assert (finding.code, finding.name, finding.severity) == ("CL102", "channel-mismatch", "error")
    assert (finding.filename, finding.location.row, finding.location.column) == ("a.py", 10, 31)
    assert finding.end_location.column == 32
    assert "expects 9 channels, 8 arrive" in finding.message
    path, sentence, *steps = finding.notes
    assert path.text == "path: Net() → forward (x: 1×3×8×8) → conv (1×8×8×8) → next"
    assert sentence.message.startswith("RuntimeError: Given groups=1, weight of size [8, 9, 3, 3]")
    assert [step.message for step in steps] == ["called here", "fails here, in Net.forward"]


def test_what_fits_is_silent() -> None:
    assert convlint.check_source(NET.format(channels=8)) == []


def test_a_file_without_framework_is_not_parsed() -> None:
    assert convlint.check_source("class Broken(:") == []
    assert codes(convlint.check_source("import torch\nclass Broken(:")) == ["CL002"]


def test_columns_count_code_points() -> None:
    text = WRONG.replace("self.next = nn", "π_名 = 'ü😀'; self.next = nn")
    (finding,) = convlint.check_source(text)
    line = text.split("\n")[finding.location.row - 1]
    assert line[finding.location.column - 1 : finding.end_location.column - 1] == "9"


@pytest.mark.parametrize(
    "comment",
    ["# convlint: ignore[CL102]", "# noqa: CL102", "# convlint: ignore[channel-mismatch] on purpose"],
)
def test_a_comment_suppresses(comment: str) -> None:
    assert (
        convlint.check_source(WRONG.replace("(9, 8, 3, padding=1)", f"(9, 8, 3, padding=1)  {comment}")) == []
    )


def test_another_code_does_not_suppress() -> None:
    text = WRONG.replace("(9, 8, 3, padding=1)", "(9, 8, 3, padding=1)  # convlint: ignore[CL101]")
    assert "CL102" in codes(convlint.check_source(text))


def test_a_file_ignore_suppresses() -> None:
    assert convlint.check_source("# convlint: file-ignore[CL1]\n" + WRONG) == []


def test_selection() -> None:
    assert convlint.check_source(WRONG, select=["CL101"]) == []
    assert convlint.check_source(WRONG, ignore=["CL1"]) == []
    assert codes(convlint.check_source(WRONG, select=["channel-mismatch"])) == ["CL102"]


def test_project_imports_are_followed_and_blamed(tmp_path: Path) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "blocks.py").write_text(
        "from torch import nn\n\n\ndef conv(cin, cout):\n    return nn.Conv2d(cin, cout, 3, padding=1)\n"
    )
    (package / "net.py").write_text(
        "import torch\nfrom torch import nn\nfrom .blocks import conv\n\n\n"
        "net = nn.Sequential(conv(3, 8), nn.ReLU(), conv(9, 8))\nnet(torch.zeros(1, 3, 8, 8))\n"
    )
    (finding,) = convlint.check([tmp_path])
    assert (Path(finding.filename).name, finding.location.row) == ("net.py", 6)
    assert finding.location.column == len("net = nn.Sequential(conv(3, 8), nn.ReLU(), conv(") + 1


def test_a_package_that_imports_its_own_submodules(tmp_path: Path) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("from pkg import nets, tools\n")
    (package / "tools.py").write_text("")
    (package / "nets.py").write_text("from torch import nn\n\n\ndef net():\n    return nn.Conv2d(3, 8, 1)\n")
    (tmp_path / "run.py").write_text(
        "import torch\nfrom pkg import nets\n\nnets.net()(torch.zeros(1, 4, 8, 8))\n"
    )
    (finding,) = convlint.check([tmp_path / "run.py"])
    assert (finding.code, finding.location.row) == ("CL102", 4)


def test_one_finding_for_a_place_that_serves_many() -> None:
    text = (
        "import torch\nfrom torch import nn\n\n\ndef block(n):\n"
        "    return nn.Conv2d(n, n, 4, padding=2)\n\n\n"
        "net = nn.Sequential(*[block(8) for _ in range(3)])\nnet(torch.zeros(1, 8, 9, 9))\n"
    )
    (finding,) = convlint.check_source(text, select=["CL301"])
    assert "3 layers" in finding.notes[-1].message


def test_configured_inputs(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.convlint.models."net.py:Net"]\ninput = ["N", 3, 32, 32]\n'
    )
    (tmp_path / "net.py").write_text(
        "from torch import nn\n\n\nclass Net(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n"
        "        self.conv = nn.Conv2d(3, 4, 3, padding=1)\n        self.fc = nn.Linear(4 * 28 * 28, 10)\n\n"
        "    def forward(self, x):\n        return self.fc(self.conv(x).flatten(1))\n"
    )
    (finding,) = convlint.check([tmp_path / "net.py"])
    assert "expects 3136 features, 4096 arrive (4·32·32)" in finding.message
    assert finding.help.endswith("or the input 3×28×28 for which 3136 is right")


def test_an_error_of_its_own_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    from convlint.lint import engine

    def broken(*args: object, **kwargs: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("convlint.model.files.analyse_tree", broken)
    (finding,) = engine.check_source(WRONG, "a.py", engine.Settings()).findings
    assert (finding.code, finding.filename) == ("CL002", "a.py")
    assert "RecursionError: too deep" in finding.message


def test_unreadable_files_are_findings(tmp_path: Path) -> None:
    (tmp_path / "latin.py").write_bytes(b"import torch\nname = '\xe9'\n")
    (finding,) = convlint.check([tmp_path])
    assert finding.code == "CL002"
    assert "0xe9" in finding.message


def test_a_missing_path_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        convlint.check([tmp_path / "nothing"])


def test_a_bad_configuration_raises(tmp_path: Path) -> None:
    (tmp_path / "convlint.toml").write_text("selct = []\n")
    with pytest.raises(ConfigError, match="selct"):
        convlint.check([tmp_path])


def test_relative_imports_count_from_the_package(tmp_path: Path) -> None:
    package = tmp_path / "shop"
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "models" / "__init__.py").write_text("")
    (package / "widths.py").write_text("WIDTH = 9\n")
    text = "from ..widths import WIDTH\n" + NET.format(channels="WIDTH")
    (package / "models" / "net.py").write_text(text)
    assert codes(convlint.check([str(package)])) == ["CL102"]


REGISTRY = """
BY_NAME = {}


def register(f):
    if f.__name__ in BY_NAME:
        raise ValueError(f.__name__)
    BY_NAME[f.__name__] = f
    return f
"""


def test_a_program_that_registers_is_run_more_than_once(tmp_path: Path) -> None:
    """The registry is empty at each run: as a program, as a module, and on each of its paths."""
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("from .net import *\n")
    (package / "names.py").write_text(REGISTRY)
    head = "import os\nimport torch\nfrom torch import nn\nfrom .names import register\n"
    net = "\n\n@register\ndef net():\n    return nn.Conv2d({}, 8, 1)\n\n\n"
    call = "net()(torch.zeros(1, 3, 8, 8))\n"
    for channels, guard, expected in (
        (4, "", ["CL102"]),
        (3, "", []),
        (4, "if os.environ.get('A'):\n    ", []),
    ):
        (package / "net.py").write_text(head + net.format(channels) + guard + call)
        assert codes(convlint.check([str(package)])) == expected
