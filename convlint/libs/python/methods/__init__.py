"""Methods and attributes of host data, by whitelist: what is not in a table does not exist.

Law: nothing here calls, compares or hashes what belongs to the analysed program except through the caller.
"""

from __future__ import annotations

from importlib import import_module

from convlint.dims import Expr
from convlint.libs.protocol import MISSING
from convlint.libs.python.methods.table import DATA, found
from convlint.libs.python.objects import OBJECT
from convlint.libs.python.quotient import Quotient
from convlint.values import BoundMethod, Caller, Condition, Native, StaticMethod, Unknown, Value

for _family in ("numbers", "texts", "lists", "mappings", "sets", "streams", "protocol"):
    import_module(f"{__name__}.{_family}")

_STAND_FOR: dict[type, type] = {Expr: int, Quotient: float, Condition: bool}


def bound_method(caller: Caller, obj: Value, name: str) -> Value:
    """`obj.name` of host data or a symbolic number; `MISSING` where the type has no such name."""
    kind = _STAND_FOR.get(type(obj), type(obj))
    for base in kind.__mro__:
        if name in DATA.get(base, ()) and (kind is type(obj) or isinstance(obj, Expr)):
            return DATA[base][name](obj)
    method = found(kind, name)
    if method is None:
        return MISSING
    why = caller.taint_of(obj)
    if why is not None:
        return Native(name, lambda caller, args, kwargs: _of_tainted(why, obj, name))
    return method.function if isinstance(method, StaticMethod) else BoundMethod(method, obj)


def _of_tainted(why: Unknown, obj: Value, name: str) -> Value:
    """What a method gives on a container whose content is uncertain."""
    return None if name in ("append", "extend", "update", "add", "clear") else why.derive((name, id(obj)))


def unbound_method(caller: Caller, host: type, name: str) -> Value:
    """`str.join`, `dict.fromkeys`: a method read from the type; `MISSING` where there is none."""
    if host is object:
        return OBJECT.get(name, MISSING)
    method = found(host, name)
    if method is None:
        return MISSING
    return method.function if isinstance(method, StaticMethod) else method
