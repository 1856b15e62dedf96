"""`import` and `from … import` (reference/simple_stmts.html#the-import-statement)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from convlint.interp.expressions import Context
from convlint.interp.frame import Frame, Statement
from convlint.interp.loader import Loader, attribute
from convlint.interp.names import store_name
from convlint.libs import registry
from convlint.values import Namespace, Unknown, Value
from convlint.values.lazy import Lazy

if TYPE_CHECKING:
    from convlint.interp.machine import Machine


def import_statement(node: ast.Import, context: Context) -> Statement:
    """`import a.b as c` binds `a.b`; without a new name `a` is bound."""
    names = [(a.name, a.asname or a.name.partition(".")[0], a.asname is not None) for a in node.names]
    depths = [context.scope.depth_of(bound) for _, bound, _ in names]

    def run(frame: Frame) -> None:
        machine = frame.machine
        for (name, bound, whole), depth in zip(names, depths, strict=True):
            _check(machine, name, name)
            target = name if whole else name.partition(".")[0]
            if name != target and not machine.loader.describes(name):
                _wait(machine.loader, name)
                if machine.loader.acts(name, frame.module):
                    machine.loader.module(machine, name)
            store_name(frame, bound, depth, _later(frame, target))

    return run


def _later(frame: Frame, name: str) -> Value:
    """The module, evaluated when it is first read."""
    machine, loader = frame.machine, frame.machine.loader
    if name in loader.modules:
        return loader.modules[name]
    if loader.describes(name) or not loader.exists(name):
        return loader.module(machine, name)
    if loader.acts(name, frame.module):
        return loader.module(machine, name)
    _wait(loader, name)
    return Lazy(lambda: loader.module(machine.present, name))


def _check(machine: Machine, module: str, shown: str) -> None:
    """Inside a `try` that expects it, a module that is not there raises what Python raises."""
    if not machine.loader.exists(module) and machine.expects("ModuleNotFoundError"):
        raise machine.error("ModuleNotFoundError", f"No module named '{shown}'")


def import_from(node: ast.ImportFrom, context: Context) -> Statement:
    """`from a import b`, relative forms, and `from a import *`."""
    names = [(a.name, a.asname or a.name) for a in node.names]
    depths = [context.scope.depth_of(bound) for _, bound in names]

    def run(frame: Frame) -> None:
        machine = frame.machine
        module = _absolute(machine, frame.module, node)
        if module == "__future__":
            return
        _check(machine, module, module)
        if names[0][0] == "*":
            _star(machine, frame, module)
            return
        for (name, bound), depth in zip(names, depths, strict=True):
            store_name(frame, bound, depth, _member(frame, module, name))

    return run


def _absolute(machine: Machine, current: Namespace, node: ast.ImportFrom) -> str:
    module = node.module or ""
    if not node.level:
        return module
    package = current.attrs.get("__package__", "")
    parts = str(package).split(".") if package else []
    if node.level > 1:
        parts = parts[: len(parts) - (node.level - 1)]
    return ".".join([*parts, *([module] if module else [])])


def _member(frame: Frame, module: str, name: str) -> Value:
    machine, loader = frame.machine, frame.machine.loader
    if loader.describes(module):
        return resolve_member(machine, module, name)
    if (
        name == "__all__"
        and module not in loader.modules
        and (exported := loader.exports(module)) is not None
    ):
        return list(exported)
    if not loader.exists(module):
        return machine.unknown(f"the module {module} was not found").derive(name)
    if machine.expects("ImportError"):
        return resolve_member(machine, module, name)
    acting = loader.acting(module, name, frame.module)
    for each in acting:
        loader.module(machine, each)
    if not acting:
        _wait(loader, module)
        inner = f"{module}.{name}"
        if (
            inner not in loader.modules
            and loader.folder(module) is not None
            and loader.find(inner) is not None
        ):
            own = frame.module.name == module and name not in frame.module.attrs
            (loader.pending if own else loader.perhaps).setdefault(inner)
    return Lazy(lambda: resolve_member(machine.present, module, name))


def _wait(loader: Loader, module: str) -> None:
    """A module is imported, and with it the packages around it: evaluated when something reads them."""
    while module and module not in loader.pending:
        if module not in loader.modules:
            loader.pending[module] = None
        module = module.rpartition(".")[0]


def resolve_member(machine: Machine, module: str, name: str) -> Value:
    """What `from module import name` gives."""
    namespace = machine.loader.module(machine, module)
    if isinstance(namespace, Unknown):
        return namespace.derive(name)
    assert isinstance(namespace, Namespace)
    found = attribute(machine, namespace, name)
    if found is not None or name in namespace.attrs:
        return found
    if machine.expects("ImportError"):
        raise machine.error("ImportError", f"cannot import name '{name}' from '{module}'")
    return machine.unknown(f"{module} has no name {name}")


def _star(machine: Machine, frame: Frame, module: str) -> None:
    if not machine.loader.describes(module) and module not in machine.loader.modules:
        names = machine.loader.exports(module)
        if names is not None:
            for name in names:
                frame.variables[name] = _member(frame, module, name)
            machine.loader.starred.setdefault(frame.module.filename, []).append(module)
            return
    namespace = machine.loader.module(machine, module)
    if not isinstance(namespace, Namespace):
        return
    if namespace.library:
        prefix = f"{module}."
        for full in registry.names(prefix):
            name = full[len(prefix) :]
            value = None if "." in name else registry.lookup(full)
            if value is not None:
                frame.variables[name] = value
        machine.loader.open.add(frame.module.filename)
        return
    exported = namespace.attrs.get("__all__")
    if isinstance(exported, (list, tuple)):
        for name in exported:
            if isinstance(name, str):
                value = namespace.attrs.get(name)
                frame.variables[name] = (
                    value if name in namespace.attrs else resolve_member(machine, module, name)
                )
        return
    for name, value in list(namespace.attrs.items()):
        if not name.startswith("_"):
            frame.variables[name] = value
