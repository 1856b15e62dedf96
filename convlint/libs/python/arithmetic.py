"""Arithmetic on numbers, known and symbolic, with Python's own semantics and within size guards.

Law: a result is exact or not given; what floats would round is given only for known operands, by the host.
"""

from __future__ import annotations

import operator as host
from collections.abc import Callable
from typing import Any

from convlint.dims import Dim, Expr, floordiv, mod
from convlint.libs.python import quotient as quotients
from convlint.libs.python.host import attempt
from convlint.libs.python.limits import check_bits
from convlint.libs.python.quotient import Quotient, quotient
from convlint.values import Caller, Condition, NotModelled, Value

HOST: dict[str, Callable[[Any, Any], Any]] = {
    "+": host.add,
    "-": host.sub,
    "*": host.mul,
    "/": host.truediv,
    "//": host.floordiv,
    "%": host.mod,
    "**": host.pow,
    "@": host.matmul,
    "<<": host.lshift,
    ">>": host.rshift,
    "&": host.and_,
    "|": host.or_,
    "^": host.xor,
}
NUMBERS = (int, float, complex)


def is_number(value: Value) -> bool:
    """Whether the value is a number, a truth value included, known or symbolic."""
    return isinstance(value, (*NUMBERS, Expr, Quotient, Condition))


def numeric(caller: Caller, operator: str, left: Value, right: Value) -> Value:
    """`left operator right` for two numbers. A condition counts as 0 or 1, whichever the path chooses."""
    a, b = _counted(caller, left), _counted(caller, right)
    if isinstance(a, NUMBERS) and isinstance(b, NUMBERS):
        return known(caller, operator, a, b)
    if isinstance(a, complex) or isinstance(b, complex):
        raise NotModelled("a complex number of symbolic parts is not modelled")
    if isinstance(a, int | Expr) and isinstance(b, int | Expr):
        return attempt(caller, _integral, operator, a, b)
    return attempt(caller, _fractional, operator, a, b)


def known(caller: Caller, operator: str, a: Value, b: Value) -> Value:
    """`a operator b` of two known numbers, as the host computes it."""
    if isinstance(a, int) and isinstance(b, int):
        guard(operator, a, b)
    return attempt(caller, HOST[operator], a, b)


def guard(operator: str, a: int, b: int) -> None:
    """Raises NotModelled where the integer result would be too large."""
    match operator:
        case "**" if b > 1 and a not in (-1, 0, 1):
            check_bits(a.bit_length() * b)
        case "<<" if b > 0 and a:
            check_bits(a.bit_length() + b)
        case "*":
            check_bits(a.bit_length() + b.bit_length())
        case "+" | "-":
            check_bits(max(a.bit_length(), b.bit_length()))


def _counted(caller: Caller, value: Value) -> Value:
    return caller.truth(value) if isinstance(value, Condition) else value


def _integral(operator: str, a: Dim, b: Dim) -> Value:
    """Two integers, one symbolic at least."""
    match operator:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "//":
            return floordiv(a, b)
        case "%":
            return mod(a, b)
        case "/":
            return quotient(a, b)
        case "**":
            return _power(a, b)
        case "<<" if isinstance(b, int) and 0 <= b <= 64:
            return a * 2**b
        case ">>" if isinstance(b, int) and 0 <= b <= 64:
            return floordiv(a, 2**b)
        case "&" if isinstance(b, int) and b >= 0 and (b + 1) & b == 0:
            return mod(a, b + 1)
        case "@":
            raise TypeError("unsupported operand type(s) for @: 'int' and 'int'")
    raise NotModelled(f"{a} {operator} {b} is not modelled")


def _power(a: Dim, b: Dim) -> Value:
    if isinstance(b, int) and isinstance(a, Expr):
        if 0 <= b <= 48:
            return a**b
        if b == -1:
            return quotient(1, a)
    raise NotModelled(f"({a})**({b}) is not modelled")


def root(a: Dim) -> Expr | None:
    """The integer whose square the symbolic extent is, where its normal form shows one (assumed positive)."""
    if isinstance(a, int) or a.constant or len(a.terms) != 1:
        return None
    monomial, coefficient = a.terms[0]
    side = int(max(coefficient, 0) ** 0.5)
    atoms = monomial[::2]
    if side * side != coefficient or monomial[1::2] != atoms:
        return None
    from convlint.dims.expr import of_monomial

    found = of_monomial(atoms, side)
    return found if isinstance(found, Expr) else None


def square_root(a: Dim) -> Quotient:
    """`a ** 0.5` and `math.sqrt(a)` of a symbolic perfect square of a positive extent."""
    from convlint.dims.interval import interval

    side = root(a)
    if side is not None and (interval(side)[0] or -1) >= 0:
        return Quotient(side, 1)
    raise NotModelled(f"the square root of {a} is not modelled")


def _fractional(operator: str, a: Value, b: Value) -> Value:
    """A float takes part: exact only where both are fractions of small powers of two."""
    if operator == "**" and b == 0.5 and isinstance(a, Expr):
        return square_root(a)
    if operator == "**" and b == 2 and isinstance(a, Quotient):
        return _fractional("*", a, a)
    if operator == "**" and isinstance(b, float) and b.is_integer() and isinstance(a, Expr):
        return Quotient(a ** int(b), 1) if 0 <= b <= 48 else quotient(1, a ** int(-b))
    p, q = _ratio(operator, a, b), _ratio(operator, b, a)
    match operator:
        case "+":
            return quotient(
                p.numerator * q.denominator + q.numerator * p.denominator, p.denominator * q.denominator
            )
        case "-":
            return quotient(
                p.numerator * q.denominator - q.numerator * p.denominator, p.denominator * q.denominator
            )
        case "*":
            return quotient(p.numerator * q.numerator, p.denominator * q.denominator)
        case "/":
            return quotient(p.numerator * q.denominator, p.denominator * q.numerator)
        case "//" | "%":
            whole = _over(p, q)
            floored = quotients.floor(whole)
            if operator == "//":
                return Quotient(floored, 1)
            return _fractional("-", p, _fractional("*", Quotient(floored, 1), q))
    raise TypeError(f"unsupported operand type(s) for {operator}: '{type_name(a)}' and '{type_name(b)}'")


def _over(p: Quotient, q: Quotient) -> Quotient:
    n, d = p.numerator * q.denominator, p.denominator * q.numerator
    if isinstance(d, int) and d == 0:
        raise ZeroDivisionError("float floor division by zero")
    return Quotient(n, d)


def type_name(value: Value) -> str:
    """The name of a number's type, as error messages give it."""
    match value:
        case Expr():
            return "int"
        case Quotient():
            return "float"
        case Condition():
            return "bool"
    return type(value).__name__


def _ratio(operator: str, value: Value, other: Value) -> Quotient:
    """A number as an exact fraction."""
    match value:
        case int() | Expr():
            return Quotient(value, 1)
        case float():
            ratio = quotients.exact_ratio(value)
            if ratio is not None:
                return Quotient(*ratio)
        case Quotient() if quotients.dyadic(value):
            return value
    raise NotModelled(f"{value} {operator} {other} would be rounded: not modelled")
