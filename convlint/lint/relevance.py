"""Which files are worth parsing: those that speak of a framework, or import a module of the project that
does.

Law: it errs on one side only; a file that could matter is never passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from convlint.config import Settings
from convlint.source.files import UnreadableSource, read_source
from convlint.source.prefilter import Import, imports, mentions_framework

_MOST_FILES = 400


class Relevance:
    """Remembers what it has read, for all files of one check."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def matters(self, text: str, file: Path | None, folders: Sequence[str]) -> bool:
        """Whether a text may say something about a framework; `folders` are the project's own."""
        if mentions_framework(text):
            return True
        seen: set[str] = set()
        waiting = list(_modules(text, file, folders))
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            imported = self._read(path)
            if mentions_framework(imported) or len(seen) > _MOST_FILES:
                return True
            waiting += _modules(imported, Path(path), folders)
        return False

    def _read(self, path: str) -> str:
        if path not in self._texts:
            try:
                self._texts[path] = read_source(path).text
            except UnreadableSource:
                self._texts[path] = ""
        return self._texts[path]


def project_folders(settings: Settings, name: str) -> tuple[str, ...]:
    """Where the modules of a file's own project are looked for."""
    own = () if name.startswith("<") else package_folders(Path(name))
    beside = () if settings.source is None else (str(settings.source.path.parent),)
    return tuple(dict.fromkeys((*own, str(Path.cwd()), *map(str, settings.search_path), *beside)))


def package_folders(file: Path) -> tuple[str, ...]:
    """The folder that holds a file's outermost package, and the file's own."""
    folder = own = file.resolve().parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        folder = folder.parent
    return tuple(dict.fromkeys((str(folder), str(own))))


def _modules(text: str, file: Path | None, folders: Sequence[str]) -> Iterator[str]:
    """The files of the project's modules that a text imports."""
    for found in imports(text):
        for dotted, starts in _candidates(found, file, folders):
            parts = [part for part in dotted.split(".") if part]
            for start in starts:
                yield from _files(Path(start), parts)


def _candidates(
    found: Import, file: Path | None, folders: Sequence[str]
) -> Iterator[tuple[str, Sequence[str]]]:
    """Dotted names with the folders they count from: the module, and each name that may be a submodule."""
    starts = folders
    if found.level:
        if file is None:
            return
        folder = file.parent
        for _ in range(found.level - 1):
            folder = folder.parent
        starts = (str(folder),)
    yield found.module, starts
    for name in found.names:
        if name != "*":
            yield f"{found.module}.{name}", starts


def _files(folder: Path, parts: Sequence[str]) -> Iterator[str]:
    """The module's file, and the `__init__` of every package on the way."""
    for part in parts:
        single = folder / f"{part}.py"
        if os.path.isfile(single):
            yield str(single)
        folder = folder / part
        package = folder / "__init__.py"
        if os.path.isfile(package):
            yield str(package)
        elif not os.path.isdir(folder):
            return
