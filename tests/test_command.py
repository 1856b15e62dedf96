"""The installed command, from the text of a model to what the user reads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

NET = """\
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, padding=1)
        self.p = nn.MaxPool2d(2)
        self.fc = nn.Linear(8 * 15 * 15, 10)

    def forward(self, x):
        x = self.p(self.a(x))
        return self.fc(x.flatten(1))


net = Net()
net(torch.randn(1, 3, 32, 32))
"""

REPORT = """\
net.py:10:29: CL101 error: `fc` expects 1800 features, 2048 arrive (8·16·16)
   |
10 |         self.fc = nn.Linear(8 * 15 * 15, 10)
   |                             ^^^^^^^^^^^ 8·16·16 = 2048
   |
   = path: Net() → forward (x: 1×3×32×32) → a (1×8×32×32) → p (1×8×16×16) → flatten (1×2048) → fc
   = at run time: RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x2048 and 1800x10)
   = help: nn.Linear(2048, 10), or the input 3×31×31 for which 1800 is right

Found 1 error.
"""


def convlint(folder: Path, *words: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-X", "utf8", "-m", "convlint", *words]
    return subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "net.py").write_text(NET)
    (tmp_path / "plain.py").write_text("import os\n")
    return tmp_path


def test_a_folder_is_checked(project: Path) -> None:
    done = convlint(project)
    assert (done.returncode, done.stdout, done.stderr) == (1, REPORT, "")


def test_standard_input_is_checked_alike(project: Path) -> None:
    done = convlint(project, "check", "-", "--stdin-filename", "net.py", stdin=NET)
    assert (done.returncode, done.stdout, done.stderr) == (1, REPORT, "")


def test_json_names_the_span_in_code_points(project: Path) -> None:
    (finding,) = json.loads(convlint(project, "--output-format", "json").stdout)
    assert finding["code"] == "CL101"
    assert finding["location"] == {"row": 10, "column": 29}
    assert finding["end_location"] == {"row": 10, "column": 40}


def test_a_comment_silences_and_a_selection_leaves_out(project: Path) -> None:
    assert convlint(project, "--ignore", "CL1").stdout == "All checks passed.\n"
    assert convlint(project, "--select", "linear-in-features").stdout == REPORT
    (project / "net.py").write_text(NET.replace("15, 10)", "15, 10)  # convlint: ignore[CL101] as published"))
    done = convlint(project)
    assert (done.returncode, done.stdout) == (0, "All checks passed.\n")


def test_a_comment_gives_the_input(project: Path) -> None:
    bare = NET[: NET.index("\n\nnet = ")]
    (project / "net.py").write_text(bare)
    assert convlint(project).returncode == 0
    (project / "net.py").write_text(bare.replace("class", "# convlint: input=(N, 3, 32, 32)\nclass"))
    assert "net.py:11:29: CL101 error" in convlint(project, "--output-format", "concise").stdout


def test_the_configuration_gives_the_input(project: Path) -> None:
    (project / "net.py").write_text(NET[: NET.index("\n\nnet = ")])
    (project / "convlint.toml").write_text('[models."net.py:Net"]\ninput = ["N", 3, 32, 32]\n')
    assert convlint(project).returncode == 1


def test_what_is_not_python_is_a_warning(project: Path) -> None:
    (project / "net.py").write_text(NET + "def (\n")
    done = convlint(project, "--output-format", "concise", "-q")
    assert done.returncode == 1
    assert done.stdout.startswith("net.py:19:5: CL002 warning: ")


def test_the_files_that_would_be_checked(project: Path) -> None:
    assert convlint(project, "--show-files").stdout == "net.py\nplain.py\n"


def test_a_model_is_summarised(project: Path) -> None:
    right = NET.replace("15 * 15", "16 * 16")
    (project / "net.py").write_text(right)
    words = ("summary", "net.py:Net", "--input", "1,3,32,32", "--output-format", "json")
    read = json.loads(convlint(project, *words).stdout)
    assert (read["params"], read["macs"]) == (20714, 241664)
    assert [layer["name"] for layer in read["layers"]] == ["a", "p", "fc"]


def test_every_rule_that_is_listed_is_explained(project: Path) -> None:
    lines = convlint(project, "rules").stdout.splitlines()
    assert any(line.startswith("CL101  linear-in-features ") for line in lines)
    page = convlint(project, "explain", lines[0].split()[1]).stdout
    assert page.startswith(" ".join(lines[0].split()[:2]))
    for section in ("What it does", "Why it matters", "When to ignore"):
        assert f"## {section}\n" in page
