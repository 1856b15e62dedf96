"""Element functions whose numbers are certain: correctly rounded, so that torch computes the very same.

Law: a function raises `Inexact` for operands where torch's kernel may round differently, and for symbolic
ones it cannot compute. Transcendental functions, whose last bit depends on the machine, give intervals
(`between`).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from convlint.dims import Expr
from convlint.libs.torch.between import RISING, Between, powered
from convlint.libs.torch.content import Number
from convlint.libs.torch.inexact import Inexact

Exact = Callable[..., Number]

# -- of one element ------------------------------------------------------------------------------------------


def _sign(x: Number) -> Number:
    return (x > 0) - (x < 0)


def _floor(x: Number) -> Number:
    return x if isinstance(x, int) else float(math.floor(x))


def _ceil(x: Number) -> Number:
    return x if isinstance(x, int) else float(math.ceil(x))


def _trunc(x: Number) -> Number:
    return x if isinstance(x, int) else float(math.trunc(x))


def round_half_even(x: Number) -> Number:
    return x if isinstance(x, int) else float(round(x))


def exact_root(x: Number) -> Number:
    """The square root of a perfect square; others are not rounded the same by every vector library."""
    if isinstance(x, Between):
        return RISING["sqrt"](x)
    root = math.sqrt(x)
    return root if root * root == x and root.is_integer() else RISING["sqrt"](x)


UNARY: dict[str, Exact] = {
    **RISING,
    "abs": abs,
    "absolute": abs,
    "neg": lambda x: -x,
    "negative": lambda x: -x,
    "positive": lambda x: x,
    "sign": _sign,
    "sgn": _sign,
    "floor": _floor,
    "ceil": _ceil,
    "trunc": _trunc,
    "fix": _trunc,
    "square": lambda x: x * x,
    "sqrt": exact_root,
    "reciprocal": lambda x: 1 / x,
    "frac": lambda x: x - math.trunc(x),
    "logical_not": lambda x: not x,
    "isnan": lambda x: x != x,
    "isinf": math.isinf,
    "isfinite": math.isfinite,
    "isreal": lambda x: True,
    "signbit": lambda x: math.copysign(1.0, x) < 0,
    "relu": lambda x: max(x, 0),
}

# -- of two elements -----------------------------------------------------------------------------------------


def _integers_only(function_: Exact) -> Exact:
    def run(a: Number, b: Number) -> Number:
        if isinstance(a, float) or isinstance(b, float):
            raise Inexact
        return function_(a, b)

    return run


def divided(a: Number, b: Number) -> Number:
    if isinstance(a, Expr) or isinstance(b, Expr):
        raise Inexact
    return a / b


def rounded_down(a: Number, b: Number) -> Number:
    if isinstance(a, float) and (not math.isfinite(a) or abs(a) > 2**20):
        raise Inexact
    return a // b


def towards_zero(a: Number, b: Number) -> Number:
    if isinstance(a, Expr) or isinstance(b, Expr) or abs(a) > 2**20:
        raise Inexact
    return math.trunc(a / b)


def _fmod(a: Number, b: Number) -> Number:
    if isinstance(a, Expr) or isinstance(b, Expr):
        raise Inexact
    return math.fmod(a, b) if isinstance(a, float) else int(math.fmod(a, b))


def power(a: Number, b: Number) -> Number:
    if isinstance(b, Expr) or (isinstance(a, int) and isinstance(b, int) and b < 0):
        raise Inexact
    if isinstance(a, float) and not isinstance(b, Between):
        if b in (0, 1, 2, -1):
            return a**b
        if b == 0.5 and a >= 0:
            return exact_root(a)
        return powered(a, b)
    if isinstance(a, Between) or isinstance(b, (float, Between)):
        return powered(a, b)
    return a ** int(b)


def _shifted(a: Number, b: Number, left: bool) -> Number:
    if not 0 <= b < 31 or a < 0:
        raise Inexact
    return a << b if left else a >> b


def _ordered(compare: Exact) -> Exact:
    def run(a: Number, b: Number) -> Number:
        if isinstance(a, Expr) or isinstance(b, Expr):
            if a is b:
                return compare(0, 0)
            raise Inexact
        return compare(a, b)

    return run


def nan_first(pick: Exact) -> Exact:
    def run(a: Number, b: Number) -> Number:
        if a != a or b != b:
            return math.nan
        return pick(a, b)

    return run


BINARY: dict[str, Exact] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "rsub": lambda a, b: b - a,
    "mul": lambda a, b: a * b,
    "div": divided,
    "floor_divide": rounded_down,
    "remainder": lambda a, b: a % b,
    "fmod": _fmod,
    "pow": power,
    "maximum": nan_first(max),
    "minimum": nan_first(min),
    "gcd": _integers_only(math.gcd),
    "lcm": _integers_only(math.lcm),
    "eq": _ordered(lambda a, b: a == b),
    "ne": _ordered(lambda a, b: a != b),
    "lt": _ordered(lambda a, b: a < b),
    "le": _ordered(lambda a, b: a <= b),
    "gt": _ordered(lambda a, b: a > b),
    "ge": _ordered(lambda a, b: a >= b),
    "logical_and": lambda a, b: bool(a) and bool(b),
    "logical_or": lambda a, b: bool(a) or bool(b),
    "logical_xor": lambda a, b: bool(a) != bool(b),
    "bitwise_and": _integers_only(lambda a, b: a & b),
    "bitwise_or": _integers_only(lambda a, b: a | b),
    "bitwise_xor": _integers_only(lambda a, b: a ^ b),
    "bitwise_left_shift": lambda a, b: _shifted(a, b, True),
    "bitwise_right_shift": lambda a, b: _shifted(a, b, False),
}
