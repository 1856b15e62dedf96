"""What git ignores, as git itself says it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from convlint.source.discovery import Exclusion, discover
from convlint.source.gitignore import GitIgnore

FILES = ("a.py", "build2/b.py", "keep/c.py", "keep/d.py", "sub/e.py", "sub/deep/f.py", "sub/deep/g.py")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / ".gitignore").write_text(
        "build2/\nkeep/*\n!keep/d.py\n/e.py\n*.tmp\ndeep/f.py\nsub/**/g.py\n"
    )
    (tmp_path / "sub" / ".gitignore").write_text("!deep/g.py\ne.py\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_as_git_says(repository: Path) -> None:
    told = subprocess.run(["git", "check-ignore", *FILES], capture_output=True, text=True, check=False)
    ignored = set(told.stdout.split())
    assert ignored  # git is asked, and ignores some
    assert {name for name in FILES if GitIgnore(".")(name, False)} == ignored


def test_discovery_leaves_them_out(repository: Path) -> None:
    found = discover(["."], Exclusion(ignored=GitIgnore(".")))
    assert set(found.files) == {"a.py", "keep/d.py", "sub/deep/f.py", "sub/deep/g.py"}
    assert discover(["keep/c.py"], Exclusion(ignored=GitIgnore("."))).files == ("keep/c.py",)


def test_outside_of_a_repository_nothing_is_ignored(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.py\n")
    assert not GitIgnore(str(tmp_path))("a.py", False)
