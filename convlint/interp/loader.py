"""Evaluating modules, statically, where `finding` found them: once for all the roots of an analysis.

Law: nothing is imported. A module that is found nowhere is unknown; a statement that fails in one leaves its
names unknown, and the next one runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from convlint.interp import patches
from convlint.interp.budget import Exhausted, Spending
from convlint.interp.compiled import Compiled
from convlint.interp.expressions import Context
from convlint.interp.finding import Files
from convlint.interp.frame import Frame
from convlint.interp.scope import Kind, Scope
from convlint.libs import registry
from convlint.values import Instance, Namespace, NotModelled, Raised, Unknown, Value
from convlint.values.lazy import Lazy

if TYPE_CHECKING:
    from convlint.interp.machine import Machine


class Loader(Files):
    """The modules of one analysis. Module-level code is evaluated once, whatever the number of roots."""

    def __init__(
        self,
        search_path: tuple[str, ...] = (),
        script: Path | None = None,
        unsaved: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(search_path, script, unsaved)
        self.modules: dict[str, Namespace] = {}
        self.replaced: dict[str, Unknown] = {}
        """Modules in whose place the program puts something that is not known."""
        self.open: set[str] = set()
        """Files that may have more names than their source binds: of a library whose description lacks some,
        of a notebook's shell, of code that is executed.
        """
        self.failed: dict[str, str] = {}
        self.pending: dict[str, None] = {}
        """Imported modules that nothing has read yet, by name."""
        self.waiting: list[Lazy] = []
        """Defaults that were not read yet."""
        self.starred: dict[str, list[str]] = {}
        """By file: modules of which it imports all, as the text of their `__all__` has it."""
        self.perhaps: dict[str, None] = {}
        """Names taken from packages that may be modules of theirs: of those, like `pending`."""
        self.registries: dict[int, tuple[Value, str]] = {}
        """Containers that a module left empty, by identity, with its name: other modules fill them when
        evaluated.
        """
        self.spending = Spending()
        """What the runs of this analysis took."""
        self.settings: dict[str, object] = {}
        """What module-level code set for the whole process: keys of a machine's state that begin with
        `LASTING`.
        """

    def afresh(self) -> Loader:
        """A loader of the same files that has evaluated none of them yet; it goes on counting the same
        steps.
        """
        other = Loader(unsaved=self.unsaved)
        other.find_with(self)
        other.failed, other.spending = self.failed, self.spending
        other.open = set(self.open)
        return other

    @property
    def evaluated(self) -> bool:
        """Whether any module was evaluated from its source."""
        return any(not module.library for module in self.modules.values())

    def exists(self, name: str) -> bool:
        """Whether the module can be found, without evaluating it."""
        known = name in self.modules or name in self.replaced or name == "__main__"
        return self.describes(name) or known or self.find(name) is not None

    # -- evaluating --------------------------------------------------------------------------------------

    def module(self, machine: Machine, name: str) -> Value:
        """The module's namespace, evaluated now if it was not yet; Unknown where it cannot be found or
        read.
        """
        self.pending.pop(name, None)
        found = self.replaced.get(name) or machine.module(name)
        if found is not None:
            return found
        if self.describes(name):
            self.modules[name] = namespace = Namespace(name, library=True)
            return namespace
        path = self.find(name)
        if path is None:
            return machine.unknown(f"the module {name} was not found")
        if path.is_dir():
            self.modules[name] = namespace = Namespace(name, {"__name__": name}, str(path))
            return namespace
        return self.evaluate(machine, name, path)

    def evaluate(self, machine: Machine, name: str, path: Path, own: Compiled | None = None) -> Value:
        """Evaluate a file as the module `name`; `own` is its content where that is at hand."""
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        attrs: dict[str, Value] = {
            "__name__": name,
            "__file__": str(path),
            "__package__": package,
            "__doc__": None,
        }
        if own is None and machine.budget.left_for_modules() <= 0:
            machine.trace.exhausted = "steps"
            return machine.unknown(f"the budget of steps was spent before {path.name} was read")
        namespace = Namespace(name, attrs, str(path))
        self.modules[name] = namespace
        try:
            file = own or self.read(path)
        except (OSError, ValueError, SyntaxError, RecursionError) as error:
            self.failed[str(path)] = f"{type(error).__name__}: {error}"
            return machine.unknown(f"{path.name} could not be read: {error}")
        if own is None:
            machine.budget.charge_module(file.words)
        run_module(machine, namespace, file)
        self.note_registries(namespace)
        return namespace

    def again(self, machine: Machine, namespace: Namespace) -> None:
        """Evaluate a module once more, on the names that it has. Raises `NotModelled`."""
        try:
            file = self.read(Path(namespace.filename))
        except (OSError, ValueError, SyntaxError, RecursionError) as error:
            raise NotModelled(f"{namespace.name} could not be read again: {error}") from None
        machine.changing()
        machine.budget.charge_module(file.words)
        run_module(machine, namespace, file)

    def note_registries(self, namespace: Namespace) -> None:
        """Remember the containers that an evaluated module left empty."""
        for value in namespace.attrs.values():
            held = list(value.attrs.values()) if isinstance(value, Instance) else [value]
            for each in held:
                if isinstance(each, (dict, list, set)) and not each:
                    self.registries.setdefault(id(each), (each, namespace.name))

    def settle(self) -> None:
        """Before a class, or a module's name, is given another value: read the defaults that wait."""
        waiting, self.waiting = self.waiting, []
        for each in waiting:
            with suppress(Raised, NotModelled):
                each.resolve()

    def added(self, machine: Machine, module: Namespace, name: str) -> Namespace | None:
        """Where a name comes from that is not in the text of an `__all__` but was added by code."""
        for each in self.starred.get(module.filename, ()):
            path = self.find(each)
            if path is None or not self.mentions(path, name):
                continue
            source = self.module(machine, each)
            exported = source.attrs.get("__all__") if isinstance(source, Namespace) else None
            if isinstance(exported, (list, tuple)) and name in exported:
                assert isinstance(source, Namespace)
                return source
        return None

    def fill(self, machine: Machine, container: Value) -> None:
        """Before a registry is read: evaluate what its package imported but nothing read, for it may
        register there, if it comes by the registry.
        """
        _, holder = self.registries.pop(id(container), (None, ""))
        package = holder.partition(".")[0]
        beside: set[str] = set()
        with machine.budget.filling():
            while names := [n for n in self._unread() if n not in beside and n.partition(".")[0] == package]:
                for name in names:
                    if self.leads_to(name, holder) and self._is_imported(machine, name):
                        self.module(machine, name)
                    else:
                        beside.add(name)

    def _unread(self) -> Iterator[str]:
        """The modules that may have been imported without being evaluated yet."""
        yield from self.pending
        yield from (name for name in self.perhaps if name not in self.modules and name not in self.pending)

    def _is_imported(self, machine: Machine, name: str) -> bool:
        """Whether `from package import name` imports a module: not where the package has the name itself."""
        if name in self.pending:
            return True
        package, _, last = name.rpartition(".")
        module = self.module(machine, package)
        return name in self.pending or not (isinstance(module, Namespace) and last in module.attrs)


def run_module(machine: Machine, namespace: Namespace, file: Compiled) -> None:
    """Evaluate module-level code: a statement that fails leaves its names unknown and the next one runs."""
    from convlint.interp.havoc import Havoc

    body = file.tree.body
    context = Context(namespace.filename, Scope(Kind.MODULE, None))
    frame = Frame(machine, namespace, namespace.attrs)
    with machine.importing_module():
        for index, node in enumerate(body):
            try:
                file.statement(index, context)(frame)
            except Raised as raised:
                Havoc([node], context).apply(
                    frame, machine.unknown(f"module-level code raises {raised.text}")
                )
            except NotModelled as why:
                Havoc([node], context).apply(frame, machine.unknown(why.reason))
            except Exhausted as budget:
                machine.trace.exhausted = budget.what
                reason = machine.unknown(f"the budget of {budget.what} was spent evaluating {namespace.name}")
                Havoc(body[index:], context).apply(frame, reason)
                return


def attribute(machine: Machine, module: Namespace, name: str) -> Value | None:
    """`module.name`: what its code bound, a submodule, or what a library declares; None where there is
    nothing.
    """
    value = module.attrs.get(name)
    if value is not None and value.__class__ is not Lazy:
        return value
    if name in module.attrs and not (isinstance(value, Lazy) and value.resolving):
        if isinstance(value, Lazy):
            value = module.attrs[name] = value.resolve()
        return value
    full = f"{module.name}.{name}"
    if module.library:
        why = module.attrs.get(patches.ALL)
        if isinstance(why, Unknown):
            return why.derive(name)
        declared = registry.lookup(full)
        if declared is None:
            declared = _library(machine, full)
            if declared.__class__ is not Namespace:
                return declared
        module.attrs[name] = declared
        return declared
    if machine.loader.exists(full):
        return machine.loader.module(machine, full)
    source = machine.loader.added(machine, module, name)
    if source is not None:
        return attribute(machine, source, name)
    if "__getattr__" in module.attrs:
        return machine.call(module.attrs["__getattr__"], (name,))
    return None


def _library(machine: Machine, full: str) -> Value:
    own = registry.canonical(full)
    if registry.is_sourced(own):
        return _sourced(machine, own)
    if registry.is_module(full):
        return machine.loader.modules.setdefault(full, Namespace(full, library=True))
    return machine.library_unknown(full)


def _sourced(machine: Machine, name: str) -> Value:
    """A part of a library that is evaluated from its own source: a module, or a name in one."""
    if machine.loader.find(name) is not None:
        return machine.loader.module(machine, name)
    head, _, last = name.rpartition(".")
    module = machine.loader.module(machine, head) if registry.is_sourced(head) else None
    found = attribute(machine, module, last) if isinstance(module, Namespace) else None
    if found is None:
        return machine.unknown(f"{name} is read from its source, which was not found in the environment")
    return found


__all__ = ["Loader", "Unknown", "attribute", "run_module"]
