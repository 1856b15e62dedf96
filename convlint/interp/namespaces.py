"""`locals()` and `vars()` without an argument, read where they stand
(docs.python.org/3/library/functions.html#locals).

Law: in a function they give a new dictionary of what its names stand for then, the names of enclosing
functions that it reads among them; in a class body or a module the very names.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from convlint.interp.frame import Expression, Frame
from convlint.interp.functions import zero_argument_super
from convlint.interp.scope import Kind, Scope
from convlint.libs import registry
from convlint.values import Super, Unknown, Value
from convlint.values.lazy import Lazy

if TYPE_CHECKING:
    from convlint.interp.expressions import Context

_ASKING = ("locals", "vars")


def names_here(node: ast.Call, context: Context, plain: Expression) -> Expression | None:
    """The call `locals()` or `vars()`; None for any other. `plain` is what it does where the name stands for
    something else.
    """
    from convlint.interp.expressions import expression

    if not isinstance(node.func, ast.Name) or node.func.id not in _ASKING or node.args or node.keywords:
        return None
    function, builtin, scope = expression(node.func, context), f"builtins.{node.func.id}", context.scope

    def run(frame: Frame) -> Value:
        return _names(frame, scope) if function(frame) is registry.lookup(builtin) else plain(frame)

    return run


def _names(frame: Frame, scope: Scope) -> Value:
    match scope.kind:
        case Kind.MODULE:
            return whole(frame.module.attrs)
        case Kind.CLASS:
            return whole(frame.variables)
        case Kind.COMPREHENSION:
            return frame.machine.unknown("locals() in a comprehension differs between versions of Python")
    found = dict(whole(frame.variables))
    read = frozenset() if frame.code is None else frame.code.read
    outer, owner = scope.parent, frame.parent
    while outer is not None and outer.kind is not Kind.MODULE and owner is not None:
        if outer.kind is not Kind.CLASS:
            for name, value in whole(owner.variables).items():
                if name in read:
                    found.setdefault(name, value)
        outer, owner = outer.parent, owner.parent
    if read & {"super", "__class__"}:
        holder = zero_argument_super(frame)
        if isinstance(holder, Super):
            found["__class__"] = holder.start
    return _certain(frame, found)


def _certain(frame: Frame, found: dict[str, Value]) -> Value:
    """What could not be followed may have bound a name or not: which names there are is not known then."""
    code = frame.code
    own = (
        frozenset()
        if code is None
        else frozenset((*code.parameters, *code.keyword_only, code.star, code.stars))
    )
    open_ = (value for name, value in found.items() if isinstance(value, Unknown) and name not in own)
    why = next(open_, None)
    if why is not None:
        frame.machine.taint(found, why)
    return found


def whole(names: dict[str, Value]) -> dict[str, Value]:
    """The names, with what an import bound evaluated."""
    for name, value in list(names.items()):
        if isinstance(value, Lazy) and not value.resolving:
            names[name] = value.resolve()
    return names
