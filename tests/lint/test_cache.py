"""Kept reports: used where nothing changed that they rest on, and only there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from convlint.config import Settings
from convlint.lint.engine import Checked, check_paths
from convlint.lint.examiner import Examiner
from convlint.lint.filereport import FileReport

NET = """
import torch
from torch import nn
import width

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, width.WIDTH, 3, padding=1)
        self.b = nn.Conv2d(8, 8, 3, padding=1)  # convlint: ignore[CL201]

    def forward(self, x):
        return self.b(self.a(x).relu())

Net()(torch.zeros(1, 3, 8, 8))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.py").write_text(NET)
    (tmp_path / "width.py").write_text("WIDTH = 8\n")
    return tmp_path


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    whole = Examiner.examine

    def noting(self: Examiner, name: str, text: str) -> FileReport:
        names.append(name)
        return whole(self, name, text)

    monkeypatch.setattr(Examiner, "examine", noting)
    return names


def check(settings: Settings | None = None) -> Checked:
    return check_paths([Path("net.py")], settings or Settings(), cache=Path("kept"))


def codes(checked: Checked) -> list[str]:
    return [finding.code for finding in checked.findings]


def test_an_unchanged_file_is_not_analysed_again(project: Path, examined: list[str]) -> None:
    first = check()
    again = check()
    assert examined == ["net.py"]
    assert codes(first) == ["CL001"]
    assert first.findings == again.findings


def test_what_a_report_rests_on(project: Path, examined: list[str]) -> None:
    assert "CL102" not in codes(check())
    (project / "width.py").write_text("WIDTH = 9\n")
    assert "CL102" in codes(check())
    (project / "net.py").write_text(NET.replace("width.WIDTH", "8"))
    assert "CL102" not in codes(check())
    check(Settings(ignore=("CL1",)))
    assert len(examined) == 4


def test_a_module_that_appears(project: Path, examined: list[str]) -> None:
    (project / "width.py").unlink()
    assert "CL102" not in codes(check())
    (project / "width").mkdir()
    (project / "width" / "__init__.py").write_text("WIDTH = 9\n")
    assert "CL102" in codes(check())


def test_a_file_that_is_linted_too(project: Path, examined: list[str]) -> None:
    check()
    check_paths([Path("net.py"), Path("width.py")], Settings(), cache=Path("kept"))
    assert examined.count("net.py") == 2  # a finding could now sit in width.py


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"ground": 1}', "\0", "null"])
def test_damage_is_no_report(project: Path, examined: list[str], damage: str) -> None:
    first = check()
    for file in (project / "kept").rglob("*.json"):
        file.write_text(damage)
    assert check().findings == first.findings
    assert examined == ["net.py", "net.py"]


def test_a_damaged_report_inside(project: Path, examined: list[str]) -> None:
    first = check()
    for file in (project / "kept").rglob("*.json"):
        kept = json.loads(file.read_text())
        if "report" in kept:
            kept["report"]["said"] = [[["CL001"], "x", "y"]]
            file.write_text(json.dumps(kept))
    assert check().findings == first.findings
    assert len(examined) == 2


def test_a_folder_that_cannot_be_written(project: Path) -> None:
    (project / "kept").write_text("a file")
    assert codes(check()) == ["CL001"]


def test_version_control_and_backups_leave_it_out(project: Path) -> None:
    check()
    assert (project / "kept" / ".gitignore").read_text() == "*\n"
    assert (
        (project / "kept" / "CACHEDIR.TAG")
        .read_text()
        .startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )


def test_an_unchanged_run_loads_neither_libcst_nor_the_rules(project: Path) -> None:
    (project / "net.py").write_text(NET.replace("  # convlint: ignore[CL201]", ""))
    code = (
        "import sys; from convlint.cli import main; main(['net.py', '-q']);"
        "print([m for m in ('libcst', 'convlint_rules', 'convlint.interp') if m in sys.modules])"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs == ["['libcst', 'convlint_rules', 'convlint.interp']\n", "[]\n"]
