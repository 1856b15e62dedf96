"""The module `numbers`: the numeric tower; a symbolic extent is an integer, a quotient of extents is real."""

from __future__ import annotations

import numbers

from convlint.dims import Expr
from convlint.libs import registry
from convlint.libs.python.content import content
from convlint.libs.python.declare import method
from convlint.libs.python.quotient import Quotient
from convlint.values import Caller, Class, Condition, Tensor, Unknown, Value

TOWER = ("Number", "Complex", "Real", "Rational", "Integral")


def _check(caller: Caller, cls: Value, obj: Value, /) -> Value:
    assert isinstance(cls, Class)
    own = caller.class_of(obj)
    if isinstance(own, Class) and cls in own.mro:
        return True
    abstract: type | None = getattr(numbers, cls.name, None)
    if abstract is None or not cls.qualname.startswith("numbers."):
        return False
    match content(obj):
        case Unknown() as unknown:
            return unknown.derive(("isinstance", cls.name))
        case Expr() | Condition():
            return True
        case Quotient():
            return cls.name in ("Number", "Complex", "Real")
        case Tensor():
            return False
        case known:
            return isinstance(known, abstract)


for _above, _name in zip(("", *TOWER), TOWER, strict=False):
    _cls = registry.klass(f"numbers.{_name}", f"numbers.{_above}" if _above else "builtins.object")
    method(_cls, "__instancecheck__")(_check)
