"""What projects say of the versions they need, in each kind of file."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlint.source import requirements
from convlint.source.requirements import Needed, stated

NAMES = frozenset({"keras", "tf-keras"})


def said(folder: Path, top: Path | None = None) -> list[list[tuple[str, str]]]:
    return [[(need.name, need.specifier) for need in file] for file in stated(folder, top, NAMES)]


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("requirements.txt", "numpy\nKeras[tests]==2.4.3  # why\n", [("keras", "==2.4.3")]),
        ("requirements-gpu.txt", "-r base.txt\nTF_Keras >=2.15, <3 ; python_version < '3.9'\n",
         [("tf-keras", ">=2.15, <3")]),
        ("requirements.txt", "keras @ git+https://example.org/keras\n", []),
        ("requirements.txt", "# keras==2.4\n--hash=sha256:00\n", []),
        ("pyproject.toml", '[project]\ndependencies = ["keras>=3", "numpy"]\n', [("keras", ">=3")]),
        ("pyproject.toml", '[project.optional-dependencies]\na = ["keras (>=3)"]\n', [("keras", ">=3")]),
        ("pyproject.toml", '[dependency-groups]\na = ["keras~=3.1", {include-group = "x"}]\n',
         [("keras", "~=3.1")]),
        ("pyproject.toml", '[tool.poetry.dependencies]\nKeras = "^2.4"\n', [("keras", "^2.4")]),
        ("pyproject.toml", '[tool.poetry.group.a.dependencies.keras]\nversion = "2.4"\n', [("keras", "2.4")]),
        ("setup.cfg", "[options]\ninstall_requires =\n  numpy\n  keras<3\n", [("keras", "<3")]),
        ("setup.cfg", "[options.extras_require]\nmodels = keras%2\n  tf-keras==2.16\n",
         [("keras", "%2"), ("tf-keras", "==2.16")]),
        ("Pipfile.lock", '{"default": {"keras": {"version": "==2.4.3"}}}', [("keras", "==2.4.3")]),
        ("poetry.lock", '[[package]]\nname = "keras"\nversion = "3.1.0"\n', [("keras", "==3.1.0")]),
        ("uv.lock", 'version = 1\n[[package]]\nname = "keras"\nversion = "3.1.0"\n', [("keras", "==3.1.0")]),
    ],
)  # fmt: skip
def test_files(tmp_path: Path, name: str, text: str, wanted: list[tuple[str, str]]) -> None:
    (tmp_path / name).write_text(text)
    assert said(tmp_path, tmp_path) == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    "name", ["requirements.txt", "pyproject.toml", "setup.cfg", "Pipfile.lock", "uv.lock"]
)
@pytest.mark.parametrize("data", [b"\xff\xfe\x00k", b"keras[[[=\n[[", b"[" * 5000, b"{" * 5000, b"[options"])
def test_what_cannot_be_read_says_nothing(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert all(need[0] == "keras" for file in said(tmp_path, tmp_path) for need in file)


def test_a_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "requirements.txt").write_text("keras==2.4\n")
    monkeypatch.setattr(requirements, "MAX_BYTES", 5)
    assert said(tmp_path, tmp_path) == []


def test_a_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").mkdir()
    assert said(tmp_path, tmp_path) == []


def test_the_nearest_folder_decides(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "requirements.txt").write_text("keras==3.1\n")
    assert said(inner, tmp_path) == [[("keras", "==3.1")]]
    (tmp_path / "a" / "requirements.txt").write_text("numpy\n")
    assert said(inner, tmp_path) == [[("keras", "==3.1")]]
    (tmp_path / "a" / "setup.cfg").write_text("[options]\ninstall_requires = keras==2.4\n")
    assert said(inner, tmp_path) == [[("keras", "==2.4")]]
    assert said(inner, inner) == []


def test_above_the_root_of_a_repository_nothing_counts(tmp_path: Path) -> None:
    inner = tmp_path / "repository"
    (inner / ".git").mkdir(parents=True)
    (tmp_path / "requirements.txt").write_text("keras==3.1\n")
    assert said(inner) == []


def test_a_lock_file_goes_before_ranges(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("keras\n")
    (tmp_path / "uv.lock").write_text('[[package]]\nname = "keras"\nversion = "3.1.0"\n')
    assert stated(tmp_path, tmp_path, NAMES) == ((Needed("keras", "==3.1.0"),),)
