"""Finding and evaluating modules, statically: sources are read, never imported.

A module is looked for in the described libraries, then on the search path (the project's folders first,
then an
environment's site-packages). What is found nowhere is unknown.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from convlint.interp.budget import Exhausted, Spending
from convlint.interp.expressions import Context
from convlint.interp.frame import Frame
from convlint.interp.lazy import LazyImport
from convlint.interp.scope import Kind, Scope
from convlint.libs import registry
from convlint.values import Instance, Namespace, NotModelled, Raised, Unknown, Value

if TYPE_CHECKING:
    from convlint.interp.machine import Machine

MAX_SOURCE = 8_000_000
_EXPORTS = re.compile(r"^__all__\s*(?::[^=\n]*)?=\s*([\[(][^\])]*[\])])\s*$", re.MULTILINE)
Parser = Callable[[str, str], ast.Module]


class Loader:
    """The modules of one analysis. Module-level code is evaluated once, whatever the number of roots."""

    def __init__(self, search_path: tuple[str, ...] = (), parse: Parser | None = None) -> None:
        self.search_path = tuple(Path(p) for p in search_path)
        self.modules: dict[str, Namespace] = {}
        self.sources: dict[str, str] = {}
        """The text of every file that was read, by file name."""
        self.failed: dict[str, str] = {}
        self.pending: dict[str, None] = {}
        """Imported modules that nothing has read yet, by name."""
        self.registries: dict[int, str] = {}
        """Containers that a module left empty, by identity, with its package: other modules fill them
        when evaluated.
        """
        self.spending = Spending()
        """What the runs of this analysis took."""
        self._found: dict[str, Path | None] = {}
        self._parse = parse

    # -- finding -----------------------------------------------------------------------------------------

    def find(self, name: str) -> Path | None:
        """The file of a module, the folder of a package without `__init__`; None where there is none."""
        if name not in self._found:
            self._found[name] = self._search(name)
        return self._found[name]

    def _search(self, name: str) -> Path | None:
        head, _, last = name.rpartition(".")
        folders = [self.folder(head)] if head else list(self.search_path)
        namespace: Path | None = None
        for folder in folders:
            if folder is None:
                continue
            for candidate in (folder / last / "__init__.py", folder / f"{last}.py"):
                if candidate.is_file():
                    return candidate
            if namespace is None and (folder / last).is_dir():
                namespace = folder / last
        return namespace

    def folder(self, package: str) -> Path | None:
        """Where a package's modules lie."""
        path = self.find(package)
        if path is None:
            return None
        if path.name == "__init__.py":
            return path.parent
        return path if path.is_dir() else None

    def exists(self, name: str) -> bool:
        """Whether the module can be found, without evaluating it."""
        return registry.is_library(name) or name in self.modules or self.find(name) is not None

    # -- evaluating --------------------------------------------------------------------------------------

    def module(self, machine: Machine, name: str) -> Value:
        """The module's namespace, evaluated now if it was not yet; Unknown where it cannot be found or
        read.
        """
        self.pending.pop(name, None)
        found = self.modules.get(name)
        if found is not None:
            return found
        if registry.is_library(name):
            self.modules[name] = namespace = Namespace(name, library=True)
            return namespace
        path = self.find(name)
        if path is None:
            return machine.unknown(f"the module {name} was not found")
        if path.is_dir():
            self.modules[name] = namespace = Namespace(name, {"__name__": name}, str(path))
            return namespace
        return self.evaluate(machine, name, path)

    def evaluate(self, machine: Machine, name: str, path: Path, tree: ast.Module | None = None) -> Value:
        """Evaluate a file as the module `name`."""
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        attrs: dict[str, Value] = {
            "__name__": name,
            "__file__": str(path),
            "__package__": package,
            "__doc__": None,
        }
        namespace = Namespace(name, attrs, str(path))
        self.modules[name] = namespace
        if tree is None:
            try:
                tree = self.read(path)
            except (OSError, ValueError, SyntaxError, RecursionError) as error:
                self.failed[str(path)] = f"{type(error).__name__}: {error}"
                return machine.unknown(f"{path.name} could not be read: {error}")
        run_module(machine, namespace, tree)
        self._note_registries(namespace)
        return namespace

    def _note_registries(self, namespace: Namespace) -> None:
        package = namespace.name.partition(".")[0]
        for value in namespace.attrs.values():
            held = list(value.attrs.values()) if isinstance(value, Instance) else [value]
            for each in held:
                if isinstance(each, (dict, list, set)) and not each:
                    self.registries[id(each)] = package

    def read(self, path: Path) -> ast.Module:
        """Parse a file."""
        if path.stat().st_size > MAX_SOURCE:
            raise ValueError("the file is too large")
        import tokenize

        with tokenize.open(path) as stream:
            text = stream.read()
        self.sources[str(path)] = text
        if self._parse is not None:
            return self._parse(text, str(path))
        from convlint.syntax import parse_fast

        return parse_fast(text, str(path))

    def exports(self, name: str) -> tuple[str, ...] | None:
        """The names in a module's `__all__`, read without evaluating it; None unless it is one plain
        literal.
        """
        path = self.find(name)
        if path is None or path.is_dir() or path.stat().st_size > MAX_SOURCE:
            return None
        try:
            text = path.read_text(encoding="utf-8")
            found = list(_EXPORTS.finditer(text))
            if len(found) != 1 or text.count("__all__") != 1:
                return None
            names = ast.literal_eval(found[0][1])
        except (OSError, ValueError, SyntaxError, RecursionError):
            return None
        return tuple(n for n in names if isinstance(n, str))

    def fill(self, machine: Machine, container: Value) -> None:
        """Before a registry is read: evaluate what its package imported but nothing read, for it may
        register there.
        """
        package = self.registries.pop(id(container), None)
        if package is None:
            return
        while names := [name for name in self.pending if name.partition(".")[0] == package]:
            for name in names:
                self.module(machine, name)


def run_module(machine: Machine, namespace: Namespace, tree: ast.Module) -> None:
    """Evaluate module-level code: a statement that fails leaves its names unknown and the next one runs."""
    from convlint.interp.havoc import Havoc
    from convlint.interp.statements import statement

    context = Context(namespace.filename, Scope(Kind.MODULE, None))
    frame = Frame(machine, namespace, namespace.attrs)
    with machine.importing_module():
        for node in tree.body:
            try:
                statement(node, context)(frame)
            except Raised as raised:
                Havoc([node], context).apply(
                    frame, machine.unknown(f"module-level code raises {raised.text}")
                )
            except NotModelled as why:
                Havoc([node], context).apply(frame, machine.unknown(why.reason))
            except Exhausted as budget:
                machine.trace.exhausted = budget.what
                reason = machine.unknown(f"the budget of {budget.what} was spent evaluating {namespace.name}")
                rest = tree.body[tree.body.index(node) :]
                Havoc(rest, context).apply(frame, reason)
                return


def attribute(machine: Machine, module: Namespace, name: str) -> Value | None:
    """`module.name`: what its code bound, a submodule, or what a library declares; None where there is
    nothing.
    """
    value = module.attrs.get(name)
    if name in module.attrs and not (isinstance(value, LazyImport) and value.resolving):
        if isinstance(value, LazyImport):
            value = module.attrs[name] = value.resolve()
        return value
    full = f"{module.name}.{name}"
    if module.library:
        return _library(machine, full)
    if machine.loader.exists(full):
        return machine.loader.module(machine, full)
    if "__getattr__" in module.attrs:
        return machine.call(module.attrs["__getattr__"], (name,))
    return None


def _library(machine: Machine, full: str) -> Value:
    found = registry.lookup(full)
    if found is not None:
        return found
    if registry.is_module(full):
        return machine.loader.modules.setdefault(full, Namespace(full, library=True))
    return machine.library_unknown(full)


__all__ = ["Loader", "Unknown", "attribute", "run_module"]


def run_main(machine: Machine, filename: str, tree: ast.Module) -> Value:
    """Evaluate a file as a program: `__name__` is "__main__", undecided branches are paths, an exception
    ends it.
    """
    from convlint.interp.statements import statement

    attrs: dict[str, Value] = {
        "__name__": "__main__",
        "__file__": filename,
        "__package__": None,
        "__doc__": None,
    }
    namespace = Namespace("__main__", attrs, filename)
    context = Context(filename, Scope(Kind.MODULE, None))
    frame = Frame(machine, namespace, attrs)
    for node in tree.body:
        statement(node, context)(frame)
    return namespace
