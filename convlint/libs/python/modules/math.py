"""The module `math`: the host's functions on known numbers, rounding and products of symbolic ones."""

from __future__ import annotations

import math
from collections.abc import Callable

from convlint.dims import Expr
from convlint.libs import registry
from convlint.libs.python import quotient as quotients
from convlint.libs.python.arithmetic import square_root
from convlint.libs.python.containers import collect
from convlint.libs.python.content import class_name, content, is_symbolic
from convlint.libs.python.conversion import floating, integer
from convlint.libs.python.declare import constants, function
from convlint.libs.python.host import attempt
from convlint.libs.python.limits import check_bits, check_items
from convlint.libs.python.quotient import Quotient
from convlint.values import Caller, Condition, Instance, NotModelled, Tensor, Unknown, Value

constants("math", {name: getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")})

FLOATING = (
    "acos acosh asin asinh atan atan2 atanh cbrt copysign cos cosh degrees erf erfc exp exp2 expm1 fmod "
    "frexp gamma hypot ldexp lgamma log log10 log1p log2 modf nextafter pow radians remainder sin sinh tan "
    "tanh ulp"
)


def number(caller: Caller, value: Value) -> Value:
    """An argument as a number: payloads and one-element tensors opened."""
    data = content(value)
    if isinstance(data, Tensor):
        return number(caller, caller.call(caller.getattr(data, "item")))
    if isinstance(data, Instance) and data.cls.has("__float__"):
        return caller.call(caller.getattr(data, "__float__"))
    return data


def _on_host(name: str, run: Callable[..., Value]) -> None:
    """Declare a function that the host computes on known numbers."""

    def body(caller: Caller, /, *args: Value, **kwargs: Value) -> Value:
        given = [number(caller, arg) for arg in args]
        for arg in given:
            if isinstance(arg, Unknown):
                return arg.derive(("math", name))
            if is_symbolic(arg):
                raise NotModelled(f"math.{name}() of a size that depends on the input is not modelled")
            if not isinstance(arg, int | float):
                raise caller.error("TypeError", f"must be real number, not {class_name(caller, arg)}")
        return attempt(caller, run, *given, **kwargs)

    function(f"math.{name}")(body)


for _name in FLOATING.split():
    _on_host(_name, getattr(math, _name))


def _rounding(name: str, run: Callable[[float], int], exact: Callable[[Quotient], Value]) -> None:
    """Declare `floor`, `ceil` and `trunc`."""

    def body(caller: Caller, value: Value, /) -> Value:
        if isinstance(value, Instance) and value.cls.has(f"__{name}__"):
            return caller.call(caller.getattr(value, f"__{name}__"))
        data = number(caller, value)
        match data:
            case Unknown():
                return data.derive(("math", name))
            case Expr():
                return data
            case Quotient():
                return exact(data)
            case Condition() | int():
                return integer(caller, data)
            case float():
                return attempt(caller, run, data)
        raise caller.error("TypeError", f"must be real number, not {class_name(caller, value)}")

    function(f"math.{name}")(body)


_rounding("floor", math.floor, quotients.floor)
_rounding("ceil", math.ceil, quotients.ceil)
_rounding("trunc", math.trunc, quotients.truncated)


@function("math.sqrt")
def sqrt(caller: Caller, value: Value, /) -> Value:
    data = number(caller, value)
    if isinstance(data, Expr):
        return square_root(data)
    if isinstance(data, Quotient) and data.denominator == 1 and isinstance(data.numerator, Expr):
        return square_root(data.numerator)
    known = floating(caller, data)
    if not isinstance(known, float):
        raise NotModelled("the square root of a quotient is not modelled")
    return attempt(caller, math.sqrt, known)


@function("math.fabs")
def fabs(caller: Caller, value: Value, /) -> Value:
    return floating(caller, caller.call(registry.lookup("builtins.abs"), (number(caller, value),)))


@function("math.isqrt")
def isqrt(caller: Caller, value: Value, /) -> Value:
    data = content(value)
    if isinstance(data, Expr):
        return square_root(data).numerator
    if isinstance(data, int):
        return attempt(caller, math.isqrt, data)
    raise caller.error(
        "TypeError", f"'{class_name(caller, value)}' object cannot be interpreted as an integer"
    )


@function("math.prod", absorbs=False)
def prod(caller: Caller, iterable: Value, /, *, start: Value = 1) -> Value:
    total = start
    for item in collect(caller, iterable):
        total = caller.binary("*", total, item)
    return total


@function("math.sumprod", absorbs=False)
def sumprod(caller: Caller, left: Value, right: Value, /) -> Value:
    p, q = collect(caller, left), collect(caller, right)
    if len(p) != len(q):
        raise caller.error("ValueError", "Inputs are not the same length")
    total: Value = 0
    for a, b in zip(p, q, strict=True):
        total = caller.binary("+", total, caller.binary("*", a, b))
    return total


def _integers(name: str, run: Callable[..., Value], guard: Callable[..., None]) -> None:
    """Declare a function of known integers."""

    def body(caller: Caller, /, *args: Value) -> Value:
        given = [content(arg) for arg in args]
        if any(is_symbolic(arg) or isinstance(arg, Tensor) for arg in given):
            raise NotModelled(f"math.{name}() of a size that depends on the input is not modelled")
        guard(*(arg for arg in given if isinstance(arg, int)))
        return attempt(caller, run, *given)

    function(f"math.{name}")(body)


def _no_guard(*args: int) -> None:
    return None


def _small(*args: int) -> None:
    check_bits(max(args, default=0))


_integers("gcd", math.gcd, _no_guard)
_integers("lcm", math.lcm, _no_guard)
_integers("factorial", math.factorial, lambda *args: _small(*(arg * 2 for arg in args)))
_integers("comb", math.comb, _small)
_integers("perm", math.perm, _small)


@function("math.fsum")
def fsum(caller: Caller, iterable: Value, /) -> Value:
    items = collect(caller, iterable)
    if not all(isinstance(item, int | float) for item in items):
        raise NotModelled("math.fsum() of values that are not known")
    return attempt(caller, math.fsum, items)  # type: ignore[arg-type]


@function("math.isclose")
def isclose(caller: Caller, a: Value, b: Value, *, rel_tol: Value = 1e-09, abs_tol: Value = 0.0) -> Value:
    numbers = [number(caller, value) for value in (a, b, rel_tol, abs_tol)]
    if not all(isinstance(value, int | float) for value in numbers):
        raise NotModelled("math.isclose() of values that are not known")
    x, y, relative, absolute = numbers
    return attempt(caller, math.isclose, x, y, rel_tol=relative, abs_tol=absolute)  # type: ignore[arg-type]


def _test(name: str, run: Callable[[float], bool], of_symbolic: bool) -> None:
    """Declare a test for infinities and NaN: symbolic numbers are finite."""

    def body(caller: Caller, value: Value, /) -> Value:
        data = number(caller, value)
        if is_symbolic(data):
            return of_symbolic
        if isinstance(data, Unknown):
            return data.derive(("math", name))
        if not isinstance(data, int | float):
            raise caller.error("TypeError", f"must be real number, not {class_name(caller, value)}")
        return attempt(caller, run, data)

    function(f"math.{name}")(body)


_test("isfinite", math.isfinite, True)
_test("isinf", math.isinf, False)
_test("isnan", math.isnan, False)


@function("math.dist")
def dist(caller: Caller, p: Value, q: Value, /) -> Value:
    a, b = collect(caller, p), collect(caller, q)
    check_items(len(a))
    if not all(isinstance(value, int | float) for value in [*a, *b]):
        raise NotModelled("math.dist() of values that are not known")
    return attempt(caller, math.dist, a, b)  # type: ignore[arg-type]
