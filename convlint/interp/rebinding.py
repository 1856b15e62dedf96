"""What code that could not be followed may have bound anew: attributes of classes and modules.

Law: where a name is given, that name becomes unknown; where none is known, all that a class or a library's
module offers. A class handed to an unknown function keeps what it holds, but no longer certainly the
parameters of its methods, nor just these attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from convlint.interp import patches
from convlint.values import BoundMethod, Class, Function, Instance, Namespace, Native, Unknown, Value
from convlint.values.lazy import Lazy

if TYPE_CHECKING:
    from convlint.interp.machine import Machine

_CALLED = (Function, BoundMethod, Class, Native, Instance, Unknown)
"""What may be put in the place of a function or a class."""
_STAYING = (Class, Function, Namespace, Native, Lazy)


def forget(machine: Machine, owner: Class | Namespace, why: Unknown) -> None:
    """Attributes of names that are not known were set."""
    machine.changing()
    machine.loader.settle()
    if isinstance(owner, Class):
        names = (name for name in owner.namespace if not name.startswith("__") or name in _HOOKS)
        lost = {name: why.derive((id(owner), name)) for name in names}
        patches.rebind(machine.state, owner, lost)
        expose(owner, why)
    elif owner.library:
        patches.rebind(machine.state, owner, {patches.ALL: why})
    else:
        forget_module(machine, owner, why)


_HOOKS = ("__init__", "__call__", "__new__", "__getattr__", "__setattr__")


def forget_module(machine: Machine, module: Namespace, why: Unknown) -> None:
    """Code that is not in the source had the names of a module: its data and objects become unknown, and so
    does every name that is read and was never bound.
    """
    machine.changing()
    machine.loader.open.add(module.filename)
    for name, value in list(module.attrs.items()):
        if not isinstance(value, _STAYING) and not name.startswith("__"):
            module.attrs[name] = why.derive(name)


def open_modules(machine: Machine) -> None:
    """Code has the names of some module of the program: it is not known which, nor what it binds there."""
    modules = [*machine.loader.modules.values(), *([] if machine.main is None else [machine.main])]
    machine.loader.open.update(module.filename for module in modules if not module.library)


def forget_attribute(machine: Machine, owner: Value, name: str, why: Unknown) -> None:
    """The attribute of a class or module that may have been given another value."""
    match owner:
        case Class() if owner.has(name):
            patches.rebind(machine.state, owner, {name: why.derive((id(owner), name))})
        case Namespace(library=True):
            patches.rebind(machine.state, owner, {name: why.derive((id(owner), name))})
        case Namespace(attrs=attrs) if name in attrs:
            attrs[name] = why.derive((id(owner), name))


def expose(cls: Class, why: Unknown) -> None:
    """Code that could not be followed had a class of the program."""
    if cls.filename:
        cls.exposed = cls.exposed or why


def exposed(cls: Class) -> bool:
    """Whether such code had the class, or one that it inherits from."""
    return any(each.exposed is not None for each in cls.mro)


def may_rebind(machine: Machine, args: Sequence[Value], why: Unknown) -> None:
    """An unknown function was called: classes among its arguments are no longer certain, nor is what a text
    among them names, where something to put in its place follows.
    """
    owners = [arg for arg in args if isinstance(arg, (Class, Namespace))]
    for owner in owners:
        if isinstance(owner, Class):
            expose(owner, why)
    for index, text in enumerate(args):
        if not isinstance(text, str) or not any(isinstance(arg, _CALLED) for arg in args[index + 1 :]):
            continue
        machine.loader.settle()
        for holder, name in [*((each, text) for each in owners), *_named(machine, text)]:
            forget_attribute(machine, holder, name, why)


def _named(machine: Machine, text: str) -> Iterable[tuple[Value, str]]:
    """What a dotted text names: an attribute of a module that was imported, or of a class in one."""
    parts = text.split(".")
    for end in range(len(parts) - 1, 0, -1):
        owner = machine.module(".".join(parts[:end]))
        if isinstance(owner, Namespace):
            for part in parts[end:-1]:
                owner = owner.attrs.get(part) if isinstance(owner, Namespace) else None
            yield owner, parts[-1]
            return
