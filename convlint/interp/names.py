"""Names at run time: what they stand for, and where they are bound
(docs.python.org/3/reference/executionmodel.html#resolution-of-names).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlint.interp.executing import executing
from convlint.interp.frame import Frame
from convlint.interp.namespaces import whole
from convlint.interp.scope import Scope
from convlint.libs import registry
from convlint.values import Namespace, Value
from convlint.values.lazy import Lazy

if TYPE_CHECKING:
    from convlint.interp.machine import Machine


def global_name(machine: Machine, module: Namespace, name: str) -> Value:
    """A module-level or builtin name."""
    attrs = module.attrs
    if name in attrs:
        value = attrs[name]
        if value.__class__ is Lazy:
            value = attrs[name] = value.resolve()
        return value
    if name == "exec":
        return executing(machine, module)
    builtins = machine.loader.modules.get("builtins")
    if builtins is not None and name in builtins.attrs:
        return builtins.attrs[name]
    builtin = registry.lookup("builtins." + name)
    if builtin is not None:
        return builtin
    source = machine.loader.added(machine, module, name)
    if source is not None:
        attrs[name] = machine.getattr(source, name)
        return attrs[name]
    if name == "globals":
        return registry.native("builtins.globals", "", lambda op: whole(attrs))
    if module.filename in machine.loader.open:
        return machine.unknown(
            f"`{name}` may come from a library of which all is imported, or from other code"
        )
    raise machine.error("NameError", f"name '{name}' is not defined")


def unbound(machine: Machine, frame: Frame, name: str, scope: Scope) -> Value:
    """A local name with no value: class bodies and modules go on to the enclosing scopes."""
    if scope.kind.name == "CLASS":
        outer = frame.parent
        depth = scope.parent.depth_of(name) if scope.parent else None
        if depth is not None:
            for _ in range(depth):
                outer = outer.parent if outer else None
            if outer is not None and name in outer.variables:
                return outer.variables[name]
        return global_name(machine, frame.module, name)
    raise machine.error(
        "UnboundLocalError", f"cannot access local variable '{name}' where it is not associated"
    )


def store_name(frame: Frame, name: str, depth: int | None, value: Value) -> None:
    """Bind a name in the frame that owns it. That a module gets its names as it is read for the first time
    is no change.
    """
    own = depth is None and frame.code is None and frame.machine.importing
    if depth != 0 and not own:
        frame.machine.changing()
    if depth is None:
        if frame.code is not None:
            frame.machine.loader.settle()
        frame.module.attrs[name] = value
        return
    target: Frame | None = frame
    for _ in range(depth):
        target = target.parent if target else None
    (target or frame).variables[name] = value


def delete_name(frame: Frame, name: str, depth: int | None) -> None:
    """`del name`."""
    if depth != 0:
        frame.machine.changing()
    store = frame.module.attrs if depth is None else frame.variables
    store.pop(name, None)
