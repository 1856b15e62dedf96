"""Several processes: the same findings, and no more than one file lost with one process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from convlint.config import Settings
from convlint.lint.engine import check_paths
from convlint.lint.examiner import Examiner
from convlint.lint.filereport import FileReport

WRONG = """
import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(3, {width}, 3, padding=1), nn.Conv2d(8, 8, 4))
net(torch.zeros(1, 3, 8, 8))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for number in range(6):
        (tmp_path / f"net{number}.py").write_text(WRONG.format(width=6 + number))
    return tmp_path


def test_the_same_whatever_the_number(project: Path) -> None:
    alone, three = (check_paths([Path()], Settings(), jobs=jobs) for jobs in (1, 3))
    assert list(alone.findings) == list(three.findings)
    assert {finding.code for finding in alone.findings} >= {"CL102", "CL301"}


def test_processes_that_begin_from_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on systems that cannot fork: what a worker is given has to be picklable."""
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    alone, two = (check_paths([Path()], Settings(), jobs=jobs) for jobs in (1, 2))
    assert list(alone.findings) == list(two.findings)
    assert alone.findings


def test_a_worker_that_dies_loses_one_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Examiner.examine

    def dying(self: Examiner, name: str, text: str) -> FileReport:
        if name == "net3.py":
            os.kill(os.getpid(), 9)
        return whole(self, name, text)

    alone = check_paths([Path()], Settings())
    monkeypatch.setattr(Examiner, "examine", dying)
    found = check_paths([Path()], Settings(), jobs=2).findings
    lost = [finding for finding in found if finding.filename == "net3.py"]
    assert [finding.code for finding in lost] == ["CL002"]
    assert "signal 9" in lost[0].message
    assert [f for f in found if f.filename != "net3.py"] == [
        f for f in alone.findings if f.filename != "net3.py"
    ]
