"""Sources of public libraries, for tests: wheels fetched by pip into a cache outside the repository,
unpacked, never installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest


def cache_folder() -> Path:
    """`CONVLINT_TEST_CACHE`, else a folder in the user's cache."""
    configured = os.environ.get("CONVLINT_TEST_CACHE")
    return Path(configured) if configured else Path.home() / ".cache" / "convlint-tests"


@cache
def library(requirement: str) -> Path | str:
    """The folder with a pinned requirement's unpacked wheel ("torchvision==0.29.1"), or why it cannot be
    had.
    """
    folder = cache_folder() / requirement.replace("==", "-")
    if (folder / ".complete").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    done = subprocess.run(
        [*command, "--dest", str(folder), requirement], capture_output=True, text=True, check=False
    )
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        return f"pip could not download {requirement}: {done.stderr.strip()[-300:]}"
    with zipfile.ZipFile(wheels[0]) as wheel:
        names = [n for n in wheel.namelist() if n.endswith((".py", ".pyi", ".typed"))]
        wheel.extractall(folder, names)
    wheels[0].unlink()
    (folder / ".complete").touch()
    return folder


def require(requirement: str) -> Path:
    """The same, or the test is skipped saying why."""
    found = library(requirement)
    if isinstance(found, str):
        pytest.skip(found)
    return found
