"""Builtin functions about numbers: abs, round, divmod, pow."""

from __future__ import annotations

from convlint.dims import Expr, maximum
from convlint.dims.interval import interval
from convlint.libs.python import quotient as quotients
from convlint.libs.python.arithmetic import guard
from convlint.libs.python.content import class_name, content
from convlint.libs.python.declare import function
from convlint.libs.python.host import attempt
from convlint.libs.python.quotient import Quotient
from convlint.values import Caller, Condition, Instance, NotModelled, Tensor, Value


@function("builtins.abs")
def abs_(caller: Caller, value: Value, /) -> Value:
    data = content(value)
    match data:
        case Expr():
            return maximum(data, -data)
        case Quotient():
            low, _ = interval(quotients.positive_parts(data)[0])
            if low is not None and low >= 0:
                return data
            raise NotModelled(f"the sign of {data} is not known")
        case Condition():
            return int(caller.truth(data))
        case int() | float() | complex():
            return attempt(caller, abs, data)
        case Tensor():
            return caller.call(caller.getattr(data, "abs"))
        case Instance() if data.cls.has("__abs__"):
            return caller.call(caller.getattr(data, "__abs__"))
    raise caller.error("TypeError", f"bad operand type for abs(): '{class_name(caller, value)}'")


@function("builtins.round")
def round_(caller: Caller, number: Value, ndigits: Value = None) -> Value:
    data = content(number)
    match data:
        case Expr() if ndigits is None or (isinstance(ndigits, int) and ndigits >= 0):
            return data
        case Quotient() if ndigits is None:
            return quotients.rounded(data)
        case int() | float() if ndigits is None or isinstance(ndigits, int):
            return attempt(caller, round, data, ndigits)
        case Tensor():
            return caller.call(caller.getattr(data, "round"))
        case Instance() if data.cls.has("__round__"):
            return caller.call(caller.getattr(data, "__round__"))
        case Expr() | Quotient() | Condition():
            raise NotModelled(f"round({data}, {ndigits}) is not modelled")
    raise caller.error("TypeError", f"type {class_name(caller, number)} doesn't define __round__ method")


@function("builtins.divmod")
def divmod_(caller: Caller, left: Value, right: Value, /) -> Value:
    return caller.binary("//", left, right), caller.binary("%", left, right)


@function("builtins.pow")
def pow_(caller: Caller, base: Value, exp: Value, mod: Value = None) -> Value:
    if mod is None:
        return caller.binary("**", base, exp)
    if isinstance(base, int) and isinstance(exp, int) and isinstance(mod, int):
        guard("*", exp, mod)
        return attempt(caller, pow, base, exp, mod)
    raise NotModelled("pow() with a modulus that is not known")
