"""Modules that change others when they are imported: their evaluation cannot wait until they are read.

Law: a module of the project does if its own code, or that of a module it imports, sets attributes of what it
imports, hands that to a function at its top, or sets something for all modules. What a module holds may be
filled by those that come by it: through their imports, or in ways that these do not show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Protocol, TypeVar

from msgspec import Struct

from convlint.interp.compiled import MAX_SOURCE, compiled, compiled_text
from convlint.interp.import_text import (
    Changes,
    Imported,
    Parsed,
    changes,
    comes_by_others,
    imports_of,
    only_keeps,
)
from convlint.libs import registry

T = TypeVar("T")
_MOST = 100
"""How many modules are looked at for one import."""
_INSTALLED = frozenset(("site-packages", "dist-packages"))


class Finder(Protocol):
    """What finds modules; `unsaved` are texts that stand in for files, by path."""

    unsaved: Mapping[str, str]

    def find(self, name: str) -> Path | None:
        """The file of a module."""

    def folder(self, package: str) -> Path | None:
        """Where a package's modules lie; None for what is no package."""

    def is_near(self, name: str) -> bool:
        """Whether a module belongs to the project of the file that is analysed."""

    def effect(self, name: str) -> Effects:
        """What importing a module does: `effects_of` it."""

    def reached(self, name: str) -> tuple[str, ...] | None:
        """The modules that one may come by: `reached_by` it."""


class Effects(Struct, frozen=True):
    """What importing a module does: whether its own code changes others, and which modules that evaluates."""

    changes: bool = False
    evaluates: tuple[str, ...] = ()


class Said(Struct, frozen=True):
    """What a text imports, and whether its module may come by `more`, in ways that this does not show."""

    imports: tuple[Imported, ...] = ()
    more: bool = False


_Key = tuple[str, int, int]
_kept: dict[_Key, Said] = {}
"""What the files of this process's projects import, by path, time and size."""
_changing: dict[_Key, Changes] = {}
"""What their own code does to others."""
_keeping: dict[str, dict[_Key, bool]] = {}
"""Whether their functions, by name, change nothing that they are given."""


def acts(finder: Finder, name: str, known: dict[str, bool]) -> bool:
    """Whether importing the module changes others; `known` keeps what was found out."""
    if name not in known:
        known[name] = _acts(finder, name, known)
    return known[name]


def _acts(finder: Finder, name: str, known: dict[str, bool]) -> bool:
    waiting, seen = [name], {name}
    while waiting and len(seen) < _MOST:
        module = waiting.pop()
        if registry.is_package(module) or not finder.is_near(module):
            continue
        effects = finder.effect(module)
        if effects.changes:
            known[module] = True
            return True
        for full in effects.evaluates:
            if known.get(full):
                return True
            if full not in seen and full not in known:
                seen.add(full)
                waiting.append(full)
    known |= dict.fromkeys(seen, False)  # what they all import was looked at
    return False


def leads_to(finder: Finder, name: str, target: str, known: dict[str, bool]) -> bool:
    """Whether a module gets hold of another one, itself or through those whose names it binds; `known` keeps
    what was found out for this target.
    """
    if name not in known:
        known[name] = _leads_to(finder, name, target, known)
    return known[name]


def _leads_to(finder: Finder, name: str, target: str, known: dict[str, bool]) -> bool:
    waiting, seen = [name], {name}
    while waiting:
        module = waiting.pop()
        holds = target == module or target.startswith(f"{module}.")  # a package has its modules as attributes
        if holds or known.get(module) or len(seen) > _MOST:
            return True
        reached = () if registry.is_package(module) else finder.reached(module)
        if reached is None:
            return True
        fresh = [full for full in reached if full not in seen and known.get(full) is not False]
        seen.update(fresh)
        waiting += fresh
    known |= dict.fromkeys(seen, False)
    return False


def effects_of(finder: Finder, name: str) -> Effects:
    """What importing a module does; nothing where it is not found, or belongs to an environment."""
    path = finder.find(name)
    if path is None or not path.suffix or not _INSTALLED.isdisjoint(path.parts):
        return Effects()
    said = _said(path, finder.unsaved)
    evaluated = (_modules(finder, each, _package(name, path)) for each in said.imports)
    acting = _acts_itself(finder, path, _package(name, path))
    return Effects(acting, tuple(dict.fromkeys(chain.from_iterable(evaluated))))


def reached_by(finder: Finder, name: str) -> tuple[str, ...] | None:
    """The modules that one may come by, when it is imported or later: of which it binds something; None where
    it may come by any.
    """
    path = finder.find(name)
    if path is None or not path.suffix:
        return ()
    said = _said(path, finder.unsaved)
    if said.more:
        return None
    bound = (_bound(finder, each, _package(name, path)) for each in said.imports)
    return tuple(dict.fromkeys(chain.from_iterable(bound)))


def _package(module: str, path: Path) -> str:
    return module if path.name == "__init__.py" else module.rpartition(".")[0]


def _modules(finder: Finder, imported: Imported, package: str) -> Iterator[str]:
    """The modules that an import statement may evaluate."""
    base = _base(imported, package)
    if not base or registry.is_package(base):
        return
    yield base
    if imported.names and finder.folder(base) is not None:
        yield from (f"{base}.{name}" for name in imported.names)


def _bound(finder: Finder, imported: Imported, package: str) -> Iterator[str]:
    """The modules of which an import statement binds something: of a package, those that are named."""
    base = _base(imported, package)
    if not base or registry.is_package(base):
        return
    if imported.whole:
        yield base.partition(".")[0]
    if finder.folder(base) is None:
        yield base
        return
    inner = [f"{base}.{name}" for name in imported.names]
    found = [name for name in inner if finder.find(name) is not None]
    yield from found
    if len(found) < len(inner) or not inner:
        yield base


def _base(imported: Imported, package: str) -> str:
    """The full name of the module that an import statement names."""
    if not imported.level:
        return imported.module
    return ".".join([*_up(package, imported.level - 1), imported.module]).rstrip(".")


def _said(path: Path, unsaved: Mapping[str, str]) -> Said:
    """What a file's text says of what it imports."""
    return _of_file(
        path, unsaved, _kept, lambda text, _: Said(imports_of(text), comes_by_others(text)), Said()
    )


def _acts_itself(finder: Finder, path: Path, package: str) -> bool:
    """Whether a file's own code changes others, or a function of another one to which it hands them."""
    own = _of_file(path, finder.unsaved, _changing, changes, Changes())
    return own.certain or not all(
        _keeps(finder, _base(imported, package), name) for imported, name in own.handed
    )


def _keeps(finder: Finder, module: str, function: str) -> bool:
    path = finder.find(module) if finder.is_near(module) else None
    if path is None or not path.suffix:
        return False
    known = _keeping.setdefault(function, {})
    return _of_file(path, finder.unsaved, known, lambda _, parsed: only_keeps(parsed().tree, function), False)


def _of_file(
    path: Path,
    unsaved: Mapping[str, str],
    kept: dict[_Key, T],
    of_text: Callable[[str, Parsed], T],
    nothing: T,
) -> T:
    """What is found out of a file's text, once as long as the file stays as it is."""
    try:
        if (text := unsaved.get(str(path))) is not None:
            return of_text(text, lambda: compiled_text(text, str(path)))
        found = path.stat()
        key = (str(path), found.st_mtime_ns, found.st_size)
        if key not in kept and found.st_size <= MAX_SOURCE:
            kept[key] = of_text(path.read_text(encoding="utf-8"), lambda: compiled(path))
        return kept.get(key, nothing)
    except (OSError, ValueError, SyntaxError, RecursionError):
        return nothing


def _up(package: str, levels: int) -> list[str]:
    parts = package.split(".") if package else []
    return parts[: len(parts) - levels]


__all__ = ["Effects", "Finder", "acts", "effects_of", "leads_to", "reached_by"]
