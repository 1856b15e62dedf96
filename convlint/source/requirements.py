"""What a project says of the versions it needs: requirements, pyproject.toml, setup.cfg and lock files.

Law: files are read, never run, and of bounded size and number. The nearest folder that says something
decides; a lock file in it before ranges. Within a file all must hold; of several files each may be in use.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from pathlib import Path

from msgspec import Struct

MAX_BYTES = 4_000_000
MAX_FILES = 20
MAX_FOLDERS = 20

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;#)]*)")
_ROOTS = (".git", ".hg")


class Needed(Struct, frozen=True):
    """A package, its name in lower case with hyphens, and the versions of it that a file allows."""

    name: str
    specifier: str


Stated = tuple[tuple[Needed, ...], ...]
"""What each file of a folder needs."""


def stated(folder: Path, top: Path | None, names: frozenset[str]) -> Stated:
    """What the nearest folder that speaks of one of `names` says of them; empty where none does.

    Looks at `folder` and its parents, up to `top`, or the root of a repository, or a bounded number.
    """
    for place in (folder, *folder.parents)[:MAX_FOLDERS]:
        for readers in (_LOCKS, _RANGES):
            found = [kept for file in _files(place, readers) if (kept := _of(file, readers, names))]
            if found:
                return tuple(found)
        if place == top or any((place / root).exists() for root in _ROOTS):
            break
    return ()


def _files(folder: Path, readers: Mapping[str, Reader]) -> list[Path]:
    try:
        return sorted(path for pattern in readers for path in folder.glob(pattern))[:MAX_FILES]
    except OSError:
        return []


def _of(file: Path, readers: Mapping[str, Reader], names: frozenset[str]) -> tuple[Needed, ...]:
    reader = next(reader for pattern, reader in readers.items() if file.match(pattern))
    try:
        if not file.is_file() or file.stat().st_size > MAX_BYTES:
            return ()
        found = reader(file.read_text(encoding="utf-8-sig"))
        return tuple(dict.fromkeys(need for need in found if need.name in names))
    except (OSError, ValueError, RecursionError, ConfigParserError):  # no text, no TOML, no JSON
        return ()


# -- one kind of file each -----------------------------------------------------------------------------------


def _needed(text: object) -> Iterator[Needed]:
    """`Keras[a] >=2.4,<3 ; marker`; nothing for an option, a path or an address."""
    found = _REQUIREMENT.match(text) if isinstance(text, str) else None
    if found is not None and "@" not in found[2]:
        yield Needed(_normal(found[1]), found[2].strip())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _all(values: object) -> Iterator[Needed]:
    for value in values if isinstance(values, list) else ():
        yield from _needed(value)


def _lines(text: str) -> Iterator[Needed]:
    for line in text.splitlines():
        yield from _needed(line)


def _table(value: object, *keys: str) -> Mapping[str, object]:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _pyproject(text: str) -> Iterator[Needed]:
    data: object = tomllib.loads(text)
    yield from _all(_table(data, "project").get("dependencies"))
    for group in (_table(data, "project", "optional-dependencies"), _table(data, "dependency-groups")):
        for values in group.values():
            yield from _all(values)
    poetry = _table(data, "tool", "poetry")
    groups = [_table(group, "dependencies") for group in _table(poetry, "group").values()]
    for table in (_table(poetry, "dependencies"), _table(poetry, "dev-dependencies"), *groups):
        yield from _versions(table)


def _versions(table: Mapping[str, object]) -> Iterator[Needed]:
    """`keras = "^2.4"`, `keras = {version = "==2.4.3"}`."""
    for name, value in table.items():
        said = value.get("version") if isinstance(value, dict) else value
        if isinstance(said, str):
            yield Needed(_normal(name), said)


def _setup(text: str) -> Iterator[Needed]:
    parser = ConfigParser(interpolation=None)
    parser.read_string(text)
    yield from _lines(parser.get("options", "install_requires", fallback=""))
    if parser.has_section("options.extras_require"):
        for _, said in parser.items("options.extras_require"):
            yield from _lines(said)


def _locked(text: str) -> Iterator[Needed]:
    """The packages of poetry.lock and uv.lock."""
    packages = tomllib.loads(text).get("package")
    for each in packages if isinstance(packages, list) else ():
        name, version = _table(each).get("name"), _table(each).get("version")
        if isinstance(name, str) and isinstance(version, str):
            yield Needed(_normal(name), f"=={version}")


def _pipfile(text: str) -> Iterator[Needed]:
    data: object = json.loads(text)
    for group in ("default", "develop"):
        yield from _versions(_table(data, group))


Reader = Callable[[str], Iterable[Needed]]
_LOCKS: dict[str, Reader] = {"Pipfile.lock": _pipfile, "poetry.lock": _locked, "uv.lock": _locked}
_RANGES: dict[str, Reader] = {
    "requirements*.txt": _lines,
    "pyproject.toml": _pyproject,
    "setup.cfg": _setup,
}
