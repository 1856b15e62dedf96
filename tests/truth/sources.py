"""A library's own sources, copied so that a module of them may be changed."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path


def copied(library: str, folder: Path) -> Path:
    """The folder, with the library's Python files in it."""
    spec = find_spec(library)
    assert spec is not None and spec.origin is not None
    shutil.copytree(Path(spec.origin).parent, folder / library, ignore=_all_but_python)
    return folder


def module_file(folder: Path, module: str) -> Path:
    """The file of a module of a library that was copied into the folder."""
    return folder.joinpath(*module.split(".")).with_suffix(".py")


def _all_but_python(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()]
