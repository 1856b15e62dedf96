"""Arguments that only another major version of Keras takes, by what the project says of its version."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlint.config import Settings
from convlint.lint.engine import check_paths
from convlint.lint.versions import MAJORS, keras_majors

SOURCE = "import keras\n\nkeras.optimizers.Adam(lr=0.1)\nkeras.layers.Dense(4, bias=False)\n"
LOCKED = '[[package]]\nname = "keras"\nversion = "{}"\n'


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({}, MAJORS),
        ({"requirements.txt": "keras"}, MAJORS),
        ({"requirements.txt": "keras==2.4.3"}, {2}),
        ({"requirements.txt": "keras>=2"}, {2, 3}),
        ({"requirements.txt": "keras<3"}, {1, 2}),
        ({"requirements.txt": "keras>=3.1"}, {3}),
        ({"requirements.txt": "tensorflow==1.15"}, {1, 2}),
        ({"requirements.txt": "tensorflow-gpu==2.5.0"}, {2}),
        ({"requirements.txt": "tensorflow>=2.4"}, {2, 3}),
        ({"requirements.txt": "tensorflow>=2.16"}, {3}),
        ({"requirements.txt": "tensorflow~=2.16.1"}, {3}),
        ({"requirements.txt": "tensorflow>=2.16\ntf-keras>=2.16"}, {2, 3}),
        ({"requirements.txt": "keras==2.2.4\ntensorflow==1.14"}, {2}),
        ({"requirements.txt": "keras==3.0\ntensorflow==2.15"}, MAJORS),
        ({"requirements-a.txt": "keras==2.4", "requirements-b.txt": "keras==3.1"}, {2, 3}),
        ({"requirements.txt": "keras", "uv.lock": LOCKED.format("3.9.2")}, {3}),
        ({"poetry.lock": LOCKED.format("3.9") + LOCKED.format("2.9")}, {2, 3}),
    ],
)  # fmt: skip
def test_majors(tmp_path: Path, files: dict[str, str], wanted: set[int]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert keras_majors(tmp_path, tmp_path) == wanted


@pytest.mark.parametrize(
    ("requirement", "wanted"),
    [
        ("numpy", ["warning", "warning"]),
        ("keras==3.1", ["error", "error"]),
        ("keras==2.4.3", ["warning"]),  # `bias` is of Keras 1, and no longer of every Keras 2
        ("keras==1.2.2", []),
        ("tensorflow==1.13", ["warning"]),
    ],
)
def test_findings(tmp_path: Path, requirement: str, wanted: list[str]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text(requirement)
    file = tmp_path / "model.py"
    file.write_text(SOURCE)
    found = check_paths([file], Settings()).findings
    assert [finding.severity.value for finding in found if finding.code == "CL111"] == wanted


def test_the_configuration_goes_before_files(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("keras==3.1")
    file = tmp_path / "model.py"
    file.write_text(SOURCE)
    settings = Settings(rules={"bad-layer-argument": {"keras-version": 1}})
    assert not [finding for finding in check_paths([file], settings).findings if finding.code == "CL111"]


def test_a_kept_report_does_not_outlive_the_version(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    file.write_text(SOURCE)
    severities = []
    for requirement in ("keras==3.1", "keras==3.1", "keras==1.2"):
        (tmp_path / "requirements.txt").write_text(requirement)
        found = check_paths([file], Settings(), cache=tmp_path / "cache").findings
        severities.append([finding.severity.value for finding in found if finding.code == "CL111"])
    assert severities == [["error", "error"], ["error", "error"], []]
