"""The real command where it changes files: fixes, comments, baselines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TRAP = """from keras import Input, Sequential, layers

m = Sequential([Input((33, 33, 3)), layers.Conv2D(32, 3, 3)])
"""
IDLE = """import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1))  # convlint: ignore[CL201] é
net(torch.zeros(1, 3, 8, 8))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "trap.py").write_text(TRAP)
    (tmp_path / "idle.py").write_text(IDLE, encoding="utf-8")
    return tmp_path


def convlint(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "convlint", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def test_diff_shows_and_fix_does(project: Path) -> None:
    shown = convlint(project, "--diff")
    assert shown.returncode == 1
    assert "-m = Sequential([Input((33, 33, 3)), layers.Conv2D(32, 3, 3)])\n" in shown.stdout
    assert "+m = Sequential([Input((33, 33, 3)), layers.Conv2D(32, 3, strides=3)])\n" in shown.stdout
    assert (project / "trap.py").read_text() == TRAP
    done = convlint(project, "--fix", "--output-format", "json")
    assert json.loads(done.stdout) == []
    assert done.returncode == 0
    assert "2 files changed by fixes" in done.stderr
    assert "strides=3" in (project / "trap.py").read_text()
    assert (project / "idle.py").read_text(encoding="utf-8") == IDLE.replace(
        "  # convlint: ignore[CL201] é", ""
    )
    again = convlint(project, "--diff")
    assert (again.returncode, again.stdout) == (0, "")


def test_comments_silence_what_is_found(project: Path) -> None:
    (project / "idle.py").unlink()
    assert "1 findings suppressed" in convlint(project, "--add-ignore").stderr
    assert (
        (project / "trap.py").read_text().endswith("layers.Conv2D(32, 3, 3)])  # convlint: ignore[CL303]\n")
    )
    silent = convlint(project)
    assert (silent.returncode, silent.stdout) == (0, "All checks passed.\n")


def test_a_baseline_hides_what_was_there(project: Path) -> None:
    assert convlint(project, "--baseline", "known.json").returncode == 2
    assert convlint(project, "--update-baseline", "--baseline", "known.json").returncode == 0
    assert convlint(project, "--baseline", "known.json").returncode == 0
    (project / "trap.py").write_text(
        "\n\n" + TRAP + "n = Sequential([Input((35, 35, 3)), layers.Conv2D(8, 5, 5)])\n"
    )
    found = convlint(project, "--baseline", "known.json", "--output-format", "json")
    assert [finding["location"]["row"] for finding in json.loads(found.stdout)] == [6]
    (project / "trap.py").write_text("")
    gone = convlint(project, "--baseline", "known.json")
    assert gone.returncode == 0
    assert "baseline: CL303 is no longer found in trap.py" in gone.stderr


def test_excluded_files_that_are_named(project: Path) -> None:
    (project / "convlint.toml").write_text('extend-exclude = ["trap.py"]\n')
    assert convlint(project, "trap.py").returncode == 1
    forced = convlint(project, "trap.py", "--force-exclude")
    assert (forced.returncode, forced.stdout) == (0, "All checks passed.\n")


def test_nothing_is_kept_where_none_is_wished(project: Path) -> None:
    convlint(project, "--no-cache")
    assert not (project / ".convlint_cache").exists()
    convlint(project, "--cache-dir", "elsewhere")
    assert (project / "elsewhere" / "CACHEDIR.TAG").exists()


def test_codes_that_suppress_nothing_go_alone(project: Path) -> None:
    text = TRAP.rstrip("\n") + "  # convlint: ignore[CL201, CL303, CL301] why\n"
    (project / "trap.py").write_text(text)
    convlint(project, "trap.py", "--fix")
    assert (project / "trap.py").read_text() == text.replace("CL201, CL303, CL301", "CL303")
