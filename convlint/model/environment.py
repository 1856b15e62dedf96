"""Where modules are found: the project's folders, then one Python environment's site-packages (read,
never run).
"""

from __future__ import annotations

import os
import site
from pathlib import Path


def site_packages(root: Path) -> list[Path]:
    """The site-packages folders of an environment: `lib/pythonX.Y/site-packages`, or `Lib/site-packages`
    on Windows.
    """
    found = sorted(root.glob("lib/python3*/site-packages")) + sorted(root.glob("Lib/site-packages"))
    return [path for path in found if path.is_dir()]


def environment(configured: str | None = None, beside: Path | None = None) -> list[Path]:
    """The first of: the configured interpreter or folder, VIRTUAL_ENV or CONDA_PREFIX, `.venv` beside the
    configuration, the environment convlint is installed in."""
    candidates = [configured, os.environ.get("VIRTUAL_ENV"), os.environ.get("CONDA_PREFIX")]
    folders = [Path(text) for text in candidates if text]
    folders.append((beside or Path.cwd()) / ".venv")
    for folder in folders:
        root = folder.parent.parent if folder.is_file() else folder
        if found := site_packages(root):
            return found
    return [Path(folder) for folder in site.getsitepackages()]


def search_path(
    extra: tuple[str, ...] = (), configured: str | None = None, beside: Path | None = None
) -> tuple[str, ...]:
    """The folders in which modules are looked for, in order, each once."""
    folders = [Path.cwd(), *(Path(e) for e in extra), *environment(configured, beside)]
    return tuple(dict.fromkeys(str(folder) for folder in folders))
