"""Configurations that build on others, the versions they ask for, what they say of files and severities."""

from __future__ import annotations

from pathlib import Path

import pytest

import convlint
from convlint.config import ConfigError, load
from convlint.config.versions import admits


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    write(folder / "convlint.toml", text)
    with pytest.raises(ConfigError) as caught:
        load([folder])
    return str(caught.value).removeprefix(f"{folder}/")


def test_lists_that_extend_add_tables_merge_the_rest_replaces(tmp_path: Path) -> None:
    write(
        tmp_path / "base" / "pyproject.toml",
        '[tool.convlint]\nselect = ["CL1"]\nextend-select = ["CL208"]\nsearch-path = ["lib"]\n'
        '[tool.convlint.severity]\nCL2 = "advice"\nCL3 = "error"\n',
    )
    write(
        tmp_path / "own" / "convlint.toml",
        'extend = "../base/pyproject.toml"\nselect = ["CL4"]\nextend-select = ["CL403"]\n'
        '[severity]\nCL3 = "advice"\n',
    )
    settings = load([tmp_path / "own"])
    assert settings.select == ("CL4",)
    assert settings.extend_select == ("CL208", "CL403")
    assert settings.severity == {"CL2": "advice", "CL3": "advice"}
    assert settings.search_path == (tmp_path / "base" / "lib",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\nextend = "none.toml"', "convlint.toml:2: `extend`: there is no file none.toml"),
        ('extend = "convlint.toml"', "convlint.toml:1: `extend`: convlint.toml extends this file in turn"),
        ("extend = 1", "convlint.toml:1: `extend`: expects the path of another configuration"),
        ('required-version = ">=99"', f"convlint.toml:1: this is convlint {convlint.__version__}; "
         "`required-version` asks for >=99"),
        ('required-version = "new"', "convlint.toml:1: `required-version`: expects a version"),
        ('[severity]\nCL1 = "warn"', "convlint.toml:2: `severity.CL1`: expects"),
        ('[per-file-ignores]\n"a.py" = "CL1"', 'convlint.toml:2: `per-file-ignores."a.py"`: expects a list'),
        ('exclude = "a"', "convlint.toml:1: `exclude`: expects a list of path patterns"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    assert refusal(tmp_path, text).startswith(message)


def test_a_ring_of_extensions_ends(tmp_path: Path) -> None:
    write(tmp_path / "b.toml", 'extend = "convlint.toml"\n')
    assert "extends this file in turn" in refusal(tmp_path, 'extend = "b.toml"')


@pytest.mark.parametrize(
    ("requirement", "version", "holds"),
    [
        ("0.1", "0.1.0", True),
        ("==0.1.1", "0.1.0", False),
        (">=0.2,<1", "0.10.3", True),
        (">=0.2,<1", "1.0", False),
        (">=0.2, !=0.3", "0.3.0", False),
        ("~=1.4", "1.9", True),
        ("~=1.4", "2.0", False),
        ("~=1.4.2", "1.5", False),
        (">1", "1.0.0", False),
        ("<=2", "2.0.0rc1", True),
    ],
)
def test_versions(requirement: str, version: str, holds: bool) -> None:
    assert admits(requirement, version) is holds


NET = """
import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(3, 8, 4, padding=1), nn.Conv2d(9, 8, 3, padding=1))
net(torch.zeros(1, 3, 8, 8))
"""


def said(folder: Path, config: str) -> list[tuple[str, str, str]]:
    write(folder / "convlint.toml", config)
    for name in ("a.py", "old/b.py"):
        write(folder / name, NET)
    found = convlint.check([folder], select=["CL102", "CL301"])
    return [(Path(f.filename).name, f.code, str(f.severity)) for f in found]


def test_findings_of_files_left_out(tmp_path: Path) -> None:
    config = '[per-file-ignores]\n"old/*" = ["CL1"]\n"a.py" = ["even-kernel"]\n'
    assert said(tmp_path, config) == [("a.py", "CL102", "error"), ("b.py", "CL301", "warning")]


def test_the_closest_selector_gives_the_severity(tmp_path: Path) -> None:
    config = 'extend-exclude = ["old"]\n[severity]\neven-kernel = "advice"\nCL3 = "error"\nCL = "warning"\n'
    assert said(tmp_path, config) == [("a.py", "CL301", "advice"), ("a.py", "CL102", "warning")]
