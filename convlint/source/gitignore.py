"""What git ignores: the `.gitignore` files of a repository, as git reads them.

Law: the file nearest to a path decides, and what lies in an ignored folder is ignored.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_FILE = ".gitignore"


class GitIgnore(Struct, dict=True):
    """The repository that holds a folder; outside of one nothing is ignored. Called with a path below it."""

    base: str
    _specs: dict[Path, GitIgnoreSpec | None] = field(default_factory=dict)

    @cached_property
    def _top(self) -> Path | None:
        start = Path(os.path.abspath(self.base))
        return next((each for each in (start, *start.parents) if (each / ".git").exists()), None)

    def __call__(self, relative: str, is_folder: bool) -> bool:
        """Whether git ignores the path, itself or a folder that it lies in."""
        if self._top is None:
            return False
        path = Path(os.path.abspath(os.path.join(self.base, relative)))
        if not path.is_relative_to(self._top):
            return False
        parts = path.relative_to(self._top).parts
        for count in range(1, len(parts) + 1):
            if self._ignored(parts[:count], is_folder or count < len(parts)):
                return True
        return False

    def _ignored(self, parts: tuple[str, ...], is_folder: bool) -> bool:
        """What the nearest file says of this path, the folders above it aside."""
        assert self._top is not None
        for depth in range(len(parts) - 1, -1, -1):
            spec = self._spec(self._top.joinpath(*parts[:depth]))
            if spec is None:
                continue
            below = "/".join(parts[depth:]) + ("/" if is_folder else "")
            verdict = spec.check_file(below).include
            if verdict is not None:
                return verdict
        return False

    def _spec(self, folder: Path) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            self._specs[folder] = self._read(folder / _FILE)
        return self._specs[folder]

    @staticmethod
    def _read(file: Path) -> GitIgnoreSpec | None:
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return None
        from pathspec import GitIgnoreSpec  # only where there is such a file

        return GitIgnoreSpec.from_lines(lines)
