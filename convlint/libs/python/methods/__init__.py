"""Methods and attributes of host data, by whitelist: what is not in a table does not exist.

Law: nothing here calls, compares or hashes what belongs to the analysed program except through the caller.
"""

from __future__ import annotations

from importlib import import_module
from types import GeneratorType

from convlint.dims import Expr
from convlint.libs.protocol import MISSING
from convlint.libs.python.content import Defaulting
from convlint.libs.python.methods.table import DATA, found
from convlint.libs.python.objects import OBJECT
from convlint.libs.python.quotient import Progression, Quotient
from convlint.values import BoundMethod, Caller, Condition, Native, StaticMethod, Stream, Unknown, Value

for _family in ("numbers", "texts", "lists", "mappings", "sets", "streams", "protocol"):
    import_module(f"{__name__}.{_family}")

_STAND_FOR: dict[type, type] = {Expr: int, Quotient: float, Condition: bool, Progression: range}
_HOSTS: dict[type, type] = {Stream: GeneratorType, Defaulting: dict}
"""Whose attributes a value has that is not itself of a host type."""


def bound_method(caller: Caller, obj: Value, name: str) -> Value:
    """`obj.name` of host data or a symbolic number; `MISSING` where the type has no such name."""
    kind = _STAND_FOR.get(type(obj), type(obj))
    for base in kind.__mro__ if isinstance(obj, Expr) else type(obj).__mro__:
        if name in DATA.get(base, ()):
            return DATA[base][name](obj)
    method = found(kind, name)
    if method is None:
        host = _HOSTS.get(kind, kind)
        known = host.__module__ in ("builtins", "collections") and hasattr(host, name)
        return caller.unknown(f"{host.__name__}.{name} is not modelled") if known else MISSING
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
