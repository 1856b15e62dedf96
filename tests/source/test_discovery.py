"""Which files a path means, in which order, and what is left out or cannot be reached."""

import os
from pathlib import Path

import pytest

from convlint.source.discovery import Exclusion, Unreachable, discover


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        *(
            "b.py",
            "a.pyi",
            "a.py",
            "n.ipynb",
            "readme.md",
            "script",
            "pkg/z.py",
            "pkg/sub/a.py",
            "pkg-x/a.py",
        ),
        *("build/gen.py", "pkg/.venv/lib.py", "node_modules/x.py", "own_env/pyvenv.cfg", "own_env/lib.py"),
        *("lib/site-packages/torch/nn.py", "pkg/__pycache__/c.py", "pkg/build/d.py", "pkg/builder/e.py"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


DEFAULT = [
    *("a.py", "a.pyi", "b.py", "n.ipynb", "pkg/builder/e.py", "pkg/sub/a.py", "pkg/z.py", "pkg-x/a.py"),
]


def files(*paths: str, exclusion: Exclusion | None = None, force: bool = False) -> list[str]:
    found = discover(paths, exclusion, force)
    assert found.unreachable == ()
    return [path.replace(os.sep, "/") for path in found.files]


def test_a_folder(tree: Path) -> None:
    assert files(".") == DEFAULT
    assert files("./pkg//") == ["pkg/builder/e.py", "pkg/sub/a.py", "pkg/z.py"]
    assert files(str(tree)) == [(tree / name).as_posix() for name in DEFAULT]


def test_each_file_once_in_one_order(tree: Path) -> None:
    assert files("b.py", "pkg", "a.py", "./b.py", "pkg/sub", str(tree / "pkg" / "z.py")) == [
        *("a.py", "b.py", "pkg/builder/e.py", "pkg/sub/a.py", "pkg/z.py"),
    ]


def test_what_is_named_is_taken(tree: Path) -> None:
    assert files("script", "build/gen.py", "readme.md") == ["build/gen.py", "readme.md", "script"]
    assert files("build", "lib/site-packages/torch", "own_env") == [
        *("build/gen.py", "lib/site-packages/torch/nn.py", "own_env/lib.py"),
    ]
    assert files("build/gen.py", "a.py", "pkg/.venv/lib.py", "lib/site-packages/torch", force=True) == [
        "a.py"
    ]


@pytest.mark.parametrize(
    ("pattern", "left_out"),
    [
        ("a.py", {"a.py", "pkg/sub/a.py", "pkg-x/a.py"}),
        ("./a.py", {"a.py"}),
        ("*.pyi", {"a.pyi"}),
        ("pkg", {"pkg/builder/e.py", "pkg/sub/a.py", "pkg/z.py"}),
        ("pkg*/", {"pkg/builder/e.py", "pkg/sub/a.py", "pkg/z.py", "pkg-x/a.py"}),
        ("pkg/*.py", {"pkg/z.py"}),
        ("pkg/**", {"pkg/builder/e.py", "pkg/sub/a.py", "pkg/z.py"}),
        ("pkg/**/*.py", {"pkg/builder/e.py", "pkg/sub/a.py", "pkg/z.py"}),
        ("**/sub", {"pkg/sub/a.py"}),
        ("sub/a.py", set()),
        ("[ab].py", {"a.py", "b.py", "pkg/sub/a.py", "pkg-x/a.py"}),
        ("[!a].py", {"b.py", "pkg/z.py", "pkg/builder/e.py"}),
        ("?.py", {"a.py", "b.py", "pkg/sub/a.py", "pkg-x/a.py", "pkg/z.py", "pkg/builder/e.py"}),
        ("[", set()),
        ("a.p", set()),
        ("/", set()),
    ],
)
def test_patterns(tree: Path, pattern: str, left_out: set[str]) -> None:
    default = Exclusion()
    found = files(".", exclusion=Exclusion((*default.patterns, pattern)))
    assert found == [name for name in DEFAULT if name not in left_out]
    absolute = str(tree / pattern.removeprefix("./")) if "/" in pattern.strip("/") else pattern
    assert files(".", exclusion=Exclusion((*default.patterns, absolute))) == found


def test_patterns_hold_below_their_root(tree: Path) -> None:
    exclusion = Exclusion(("sub/a.py",), root=str(tree / "pkg"))
    assert "pkg/sub/a.py" not in files("pkg", exclusion=exclusion)
    assert "pkg-x/a.py" in files(".", exclusion=exclusion)


def test_a_project_may_lie_in_a_folder_called_build(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree / "pkg" / "build")
    assert files(".") == ["d.py"]


def test_a_filter_of_the_callers(tree: Path) -> None:
    asked = []

    def ignored(path: str, is_folder: bool) -> bool:
        asked.append((path, is_folder))
        return path == "pkg/sub"

    assert files("pkg", exclusion=Exclusion(ignored=ignored)) == ["pkg/builder/e.py", "pkg/z.py"]
    assert ("pkg/sub", True) in asked and ("pkg/z.py", False) in asked


def test_links(tree: Path) -> None:
    os.symlink(".", tree / "pkg" / "loop")
    os.symlink("loop_b", tree / "pkg" / "loop_b")
    os.symlink(tree / "pkg", tree / "again")
    os.symlink("z.py", tree / "pkg" / "a_link.py")
    os.symlink("nowhere", tree / "pkg" / "broken.py")
    assert files("pkg") == ["pkg/builder/e.py", "pkg/sub/a.py", "pkg/z.py"]
    assert files(".") == DEFAULT
    outside = tree / "outside"
    outside.mkdir()
    os.symlink(tree / "pkg-x", outside / "linked")
    os.symlink(outside, outside / "back")
    assert files("outside") == ["outside/linked/a.py"]
    assert files("outside", "pkg-x") == ["outside/linked/a.py"]


def test_what_cannot_be_reached(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if path == os.path.join("pkg", "sub"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    os.symlink("nowhere", tree / "broken.py")
    found = discover(["missing", "broken.py", "pkg"])
    assert found.unreachable == (
        Unreachable("broken.py", "broken symbolic link"),
        Unreachable("missing", "no such file or folder"),
        Unreachable(os.path.join("pkg", "sub"), "Permission denied"),
    )
    assert len(found.files) == 2
