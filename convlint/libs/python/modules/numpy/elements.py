"""Functions of elements: `math` on each, operators and rounding, with broadcasting."""

from __future__ import annotations

import math
from collections.abc import Callable

from convlint.dims import Expr
from convlint.libs import registry
from convlint.libs.python.arrays import (
    elementwise,
    mapped,
    operate,
    wrapped,
)
from convlint.libs.python.content import is_symbolic
from convlint.libs.python.declare import function
from convlint.libs.python.host import attempt
from convlint.libs.python.quotient import Quotient
from convlint.values import Caller, NotModelled, Tensor, Value


def _unary(names: str, run: Callable[[Caller, Value], Value]) -> None:
    def body(caller: Caller, x: Value, /, *args: Value) -> Value:
        if isinstance(x, list | tuple | Tensor):
            return mapped(caller, lambda v: run(caller, v), x)
        return wrapped(run(caller, x))

    function(*(f"numpy.{name}" for name in names.split()))(body)


def _math(name: str) -> Callable[[Caller, Value], Value]:
    """An element's function, from `math`; what is outside its domain is a NaN in numpy, and not given."""
    run = getattr(math, name)

    def body(caller: Caller, value: Value) -> Value:
        if is_symbolic(value) and name == "sqrt":
            return caller.call(registry.lookup("math.sqrt"), (value,))
        if not isinstance(value, int | float):
            raise NotModelled(f"numpy.{name}() of a size that depends on the input is not modelled")
        try:
            return float(run(value))
        except (ValueError, OverflowError):
            raise NotModelled(f"numpy.{name}({value}) is not a number") from None

    return body


for _name in [
    "sqrt",
    "exp",
    "log",
    "log2",
    "log10",
    "log1p",
    "expm1",
    "sin",
    "cos",
    "tan",
    "tanh",
    "arctan",
    "sinh",
    "cosh",
]:
    _unary(_name, _math({"arctan": "atan"}.get(_name, _name)))


def _rounding(name: str) -> Callable[[Caller, Value], Value]:
    """numpy gives floats for floats, and leaves integers alone."""

    def body(caller: Caller, value: Value) -> Value:
        if isinstance(value, int | Expr):
            return value
        made = caller.call(registry.lookup(name), (value,))
        if isinstance(made, Expr):
            return Quotient(made, 1)
        return float(made) if isinstance(made, int) else made

    return body


_unary("ceil", _rounding("math.ceil"))
_unary("floor", _rounding("math.floor"))
_unary("trunc fix", _rounding("math.trunc"))
_unary("rint", _rounding("builtins.round"))
_unary("abs absolute fabs", lambda caller, v: caller.call(registry.lookup("builtins.abs"), (v,)))
_unary("square", lambda caller, v: caller.binary("*", v, v))
_unary("negative", lambda caller, v: caller.binary("-", 0, v))


@function("numpy.round", "numpy.around", "numpy.round_", "numpy.ndarray.round")
def round_(caller: Caller, a: Value, decimals: Value = 0) -> Value:
    if decimals == 0:
        whole = _rounding("builtins.round")
        return mapped(caller, lambda v: whole(caller, v), a) if not is_symbolic(a) else whole(caller, a)
    if not isinstance(decimals, int):
        raise NotModelled("numpy.round() to decimals that are not known")
    return mapped(caller, lambda v: attempt(caller, round, v, decimals), a)  # type: ignore[arg-type]


_BINARY = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "true_divide": "/",
    "floor_divide": "//",
    "power": "**",
    "mod": "%",
    "remainder": "%",
    "equal": "==",
    "greater": ">",
    "less": "<",
}


def _binary(name: str, symbol: str) -> None:
    @function(f"numpy.{name}")
    def body(caller: Caller, x1: Value, x2: Value, /) -> Value:
        return elementwise(caller, lambda a, b: operate(caller, symbol, a, b), x1, x2)


for _name, _symbol in _BINARY.items():
    _binary(_name, _symbol)


def _choice(name: str, function_name: str) -> None:
    @function(f"numpy.{name}")
    def body(caller: Caller, x1: Value, x2: Value, /) -> Value:
        pick = registry.lookup(function_name)
        if is_symbolic(x1) or is_symbolic(x2):
            return caller.call(pick, (x1, x2))
        return elementwise(caller, lambda a, b: caller.call(pick, (a, b)), x1, x2)


_choice("maximum", "builtins.max")
_choice("minimum", "builtins.min")


@function("numpy.clip")
def clip(caller: Caller, a: Value, a_min: Value, a_max: Value, /) -> Value:
    low, high = registry.lookup("builtins.max"), registry.lookup("builtins.min")
    floored = a if a_min is None else elementwise(caller, lambda x, y: caller.call(low, (x, y)), a, a_min)
    if a_max is None:
        return floored
    return elementwise(caller, lambda x, y: caller.call(high, (x, y)), floored, a_max)
