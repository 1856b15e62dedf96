"""Where modules lie, and what their text tells of them before they are evaluated.

Law: a module is looked for in the described libraries, then on the search path: the project's folders first,
then an environment's site-packages. Beside a file that may be run as a program lies what Python finds first.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from convlint.interp import effects
from convlint.interp.compiled import MAX_SOURCE, Compiled, compiled, compiled_text
from convlint.libs import registry
from convlint.values import Namespace

_EXPORTS = re.compile(r"^__all__\s*(?::[^=\n]*)?=\s*([\[(][^\])]*[\])])\s*$", re.MULTILINE)
_LOADED = {
    "abc",
    "codecs",
    "encodings",
    "genericpath",
    "importlib",
    "io",
    "ntpath",
    "os",
    "posixpath",
    "site",
}
_HIDEABLE = sys.stdlib_module_names - set(sys.builtin_module_names) - _LOADED - {"runpy", "stat", "zipimport"}
"""Modules of Python's library that a file of the same name beside the script hides: not those that are built
in, nor those that Python has loaded before it starts the script.
"""


class Listing(Struct, frozen=True):
    """The names of what lies in a folder."""

    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()

    @classmethod
    def of(cls, folder: str) -> Listing:
        """A folder that cannot be read is empty."""
        try:
            with os.scandir(folder) as entries:
                found = [(entry.name, entry.is_file(), entry.is_dir()) for entry in entries]
        except OSError:
            return cls()
        files = frozenset(name for name, is_file, _ in found if is_file)
        return cls(files, frozenset(name for name, _, is_folder in found if is_folder))


class Files:
    """The files of an analysis' modules, by dotted name; sources are read, never imported."""

    def __init__(
        self, search_path: tuple[str, ...], script: Path | None, unsaved: Mapping[str, str] | None
    ) -> None:
        self.unsaved: Mapping[str, str] = unsaved or {}
        """Texts that stand in for files on disk, by absolute path."""
        self.absent: set[str] = set()
        """Where a module was looked for in vain."""
        self.search_path = tuple(Path(p) for p in search_path)
        self.sources: dict[str, str] = {}
        """The text of every file that was read, by file name."""
        self._script = None if script is None else str(script)
        self._beside = None if script is None or (script.parent / "__init__.py").exists() else script.parent
        """The folder of a file that may be run as a program: Python looks there before its own library."""
        self._shadowed: dict[str, bool] = {}
        self._acting: dict[str, bool] = {}
        self._near: dict[str, bool] = {}
        self._leading: dict[str, dict[str, bool]] = {}
        self._reached: dict[str, tuple[str, ...] | None] = {}
        self._effects: dict[str, effects.Effects] = {}
        self._found: dict[str, Path | None] = {}
        self._folders: dict[str, Path | None] = {}
        self._listings: dict[str, Listing] = {}

    def find_with(self, other: Files) -> None:
        """Look where another one looks, and share what is found and read."""
        self.search_path, self.absent, self.sources = other.search_path, other.absent, other.sources
        self._script, self._beside, self._shadowed = other._script, other._beside, other._shadowed
        self._acting, self._near, self._found = other._acting, other._near, other._found
        self._leading, self._reached = other._leading, other._reached
        self._effects = other._effects
        self._folders, self._listings = other._folders, other._listings

    @property
    def known(self) -> Iterable[str]:
        """The files that were read or found, on which what was evaluated rests."""
        found = (str(path) for path in self._found.values() if path is not None and path.suffix)
        return {**dict.fromkeys(self.sources), **dict.fromkeys(found)}

    # -- finding -----------------------------------------------------------------------------------------

    def find(self, name: str) -> Path | None:
        """The file of a module, the folder of a package without `__init__`; None where there is none."""
        if name not in self._found:
            self._found[name] = self._search(name)
        return self._found[name]

    def _search(self, name: str) -> Path | None:
        head, _, last = name.rpartition(".")
        beside = () if self._beside is None else (self._beside,)
        folders = [self.folder(head)] if head else [*beside, *self.search_path]
        namespace: Path | None = None
        for folder in folders:
            if folder is None:
                continue
            here = self._listing(str(folder))
            if last in here.folders:
                if "__init__.py" in self._listing(f"{folder}{os.sep}{last}").files:
                    return folder / last / "__init__.py"
                namespace = namespace or folder / last
            self.absent.add(f"{folder}{os.sep}{last}{os.sep}__init__.py")
            if f"{last}.py" in here.files:
                return folder / f"{last}.py"
            self.absent.add(f"{folder}{os.sep}{last}.py")
        return namespace

    def _listing(self, folder: str) -> Listing:
        """What lies in a folder, looked at once: as Python itself does it."""
        if folder not in self._listings:
            self._listings[folder] = Listing.of(folder)
        return self._listings[folder]

    def folder(self, package: str) -> Path | None:
        """Where a package's modules lie; None for what is no package."""
        if package not in self._folders:
            path = self.find(package)
            if path is not None and path.suffix:
                path = path.parent if path.name == "__init__.py" else None
            self._folders[package] = path
        return self._folders[package]

    def describes(self, name: str) -> bool:
        """Whether the dotted name belongs to a described library that no module beside the script hides."""
        if not registry.is_library(name):
            return False
        head = name.partition(".")[0]
        if head not in self._shadowed:
            self._shadowed[head] = self._beside is not None and head in _HIDEABLE and self._is_beside(head)
        return not self._shadowed[head]

    def _is_beside(self, head: str) -> bool:
        assert self._beside is not None
        return any((self._beside / name).is_file() for name in (f"{head}.py", f"{head}/__init__.py"))

    # -- what a text tells -------------------------------------------------------------------------------

    def read(self, path: Path) -> Compiled:
        """A file that is only evaluated. Raises OSError, ValueError or SyntaxError."""
        text = self.unsaved.get(str(path))
        found = compiled(path) if text is None else compiled_text(text, str(path))
        self.sources[str(path)] = found.text
        return found

    def exports(self, name: str) -> tuple[str, ...] | None:
        """The names in a module's `__all__`, read without evaluating it; None unless it is one plain
        literal.
        """
        path = self.find(name)
        if path is None or path.is_dir() or path.stat().st_size > MAX_SOURCE:
            return None
        try:
            text = self.unsaved.get(str(path)) or path.read_text(encoding="utf-8")
            found = list(_EXPORTS.finditer(text))
            if len(found) != 1 or text.count("__all__") != 1:
                return None
            names = ast.literal_eval(found[0][1])
        except (OSError, ValueError, SyntaxError, RecursionError):
            return None
        return tuple(n for n in names if isinstance(n, str))

    def mentions(self, path: Path, name: str) -> bool:
        """Whether the name stands in a file's text."""
        try:
            return name in (self.unsaved.get(str(path)) or path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False

    def acts(self, name: str, importer: Namespace) -> bool:
        """Whether importing the module changes others: asked for the file that is analysed, and for modules
        that act themselves.
        """
        asked = importer.filename == self._script or self._acting.get(importer.name, False)
        return asked and effects.acts(self, name, self._acting)

    def leads_to(self, name: str, target: str) -> bool:
        """Whether a module may come by what another one holds."""
        return effects.leads_to(self, name, target, self._leading.setdefault(target, {}))

    def effect(self, name: str) -> effects.Effects:
        """What importing the module does to others."""
        if name not in self._effects:
            self._effects[name] = effects.effects_of(self, name)
        return self._effects[name]

    def reached(self, name: str) -> tuple[str, ...] | None:
        """The modules that one may come by; None where that may be any."""
        if name not in self._reached:
            self._reached[name] = effects.reached_by(self, name)
        return self._reached[name]

    def is_near(self, name: str) -> bool:
        """Whether a module lies in the package that the analysed file belongs to, or beside that file."""
        head = name.partition(".")[0]
        if head not in self._near:
            where = self.folder(head) or self.find(head)
            script = None if self._script is None else Path(self._script).resolve()
            self._near[head] = (
                script is not None
                and where is not None
                and (where.resolve() in script.parents or where.resolve().parent == script.parent)
            )
        return self._near[head]

    def acting(self, package: str, member: str, importer: Namespace) -> list[str]:
        """Which of the modules that `from package import member` imports change others."""
        inner = [f"{package}.{member}"] if self.folder(package) is not None else []
        return [name for name in (package, *inner) if self.acts(name, importer)]
