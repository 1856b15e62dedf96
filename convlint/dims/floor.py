"""Floor division, brought to normal form; with it remainder and ceiling.

Law: the result equals Python's `//` for every assignment with a non-zero divisor; where the divisor is zero
Python raises, and nothing is claimed.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd

from convlint.dims.atoms import Atom, Floor, floor_atom
from convlint.dims.expr import Dim, Expr, Monomial, build, of_atom, of_monomial
from convlint.dims.interval import interval, quotient

_MAX_STEPS = 64


def floordiv(a: Dim, b: Dim) -> Dim:
    """a // b as Python rounds it, in normal form. Raises ZeroDivisionError for the constant 0."""
    if isinstance(b, Expr):
        return _by_expression(a, b)
    if isinstance(a, int):
        return a // b
    if b == 1:
        return a
    if b == 0:
        raise ZeroDivisionError("integer division or modulo by zero")
    return _by_constant(a, int(b)) if b > 0 else _by_constant(-a, -b)


def mod(a: Dim, b: Dim) -> Dim:
    """a % b = a - b·(a // b), with the sign of b as in Python."""
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    return a - b * floordiv(a, b)


def ceildiv(a: Dim, b: Dim) -> Dim:
    """a / b rounded up: (a + b - 1) // b for a positive constant (⌈H/2⌉ is (H+1)//2), else -(-a // b)."""
    if isinstance(b, int) and b > 0:
        return floordiv(a + (b - 1), b)
    return -floordiv(-a, b)


@lru_cache(maxsize=8192)
def _by_constant(a: Expr, divisor: int) -> Dim:
    """c·x // d = (c // d)·x + ((c % d)·x) // d: what the divisor divides leaves the floor."""
    merged = _merged(a, divisor)
    if merged is not None:
        return merged
    outside: dict[Monomial, int] = {}
    inside: dict[Monomial, int] = {}
    for monomial, coefficient in a.terms:
        outside[monomial], inside[monomial] = divmod(coefficient, divisor)
    whole, rest = divmod(a.constant, divisor)
    left = {monomial: coefficient for monomial, coefficient in inside.items() if coefficient}
    result = build(whole, outside)
    return result + _cancelled(left, rest, divisor) if left else result


def _cancelled(inside: dict[Monomial, int], rest: int, divisor: int) -> Dim:
    """(g·x + c) // (g·d) = (x + c // g) // d; coefficients and constant are within 0..divisor-1."""
    g = gcd(divisor, *inside.values())
    if g > 1:
        reduced = {monomial: coefficient // g for monomial, coefficient in inside.items()}
        return floordiv(build(rest // g, reduced), divisor // g)
    numerator = build(rest, inside)
    assert isinstance(numerator, Expr)
    if divisor > 2 and numerator.terms[0][1] == divisor - 1:
        return -floordiv(divisor - 1 - numerator, divisor)  # ⌊-x / d⌋ = -⌈x / d⌉: a ceiling is one floor too
    return _bounded(numerator, divisor)


def _merged(a: Expr, divisor: int) -> Dim | None:
    """(x // b + c) // d = (x + b·c) // (b·d), and the same for -(x // b) = (b - 1 - x) // b.

    Where d·k ± x // b is the only nested floor of its kind, and b > 0; else None.
    """
    found = [
        (floor, coefficient)
        for floor, coefficient in _lone_floors(a)
        if coefficient % divisor in (1, divisor - 1) and _positive(floor.divisor)
    ]
    if len(found) != 1:
        return None
    floor, coefficient = found[0]
    x, b = floor.numerator, floor.divisor
    rest = a - coefficient * of_atom(floor)
    if coefficient % divisor == 1 and (divisor > 2 or coefficient > 0):
        return (coefficient // divisor) * of_atom(floor) + floordiv(x + rest * b, b * divisor)
    whole = (coefficient + 1) // divisor
    return whole * of_atom(floor) + floordiv(rest * b - x + b - 1, b * divisor)


def _lone_floors(e: Expr) -> list[tuple[Floor, int]]:
    return [(m[0], c) for m, c in e.terms if len(m) == 1 and isinstance(m[0], Floor)]


def _bounded(numerator: Dim, divisor: Dim) -> Dim:
    """The constant that bounds leave no choice about, else the floor itself."""
    low, high = quotient(interval(numerator), interval(divisor))
    if low is not None and low == high:
        return low
    return of_atom(floor_atom(numerator, divisor))


def _positive(d: Dim) -> bool:
    low = interval(d)[0]
    return low is not None and low >= 1


@lru_cache(maxsize=2048)
def _by_expression(a: Dim, b: Expr) -> Dim:
    """Division by a symbolic divisor: exact quotients leave the floor, common factors cancel."""
    if b.terms[0][1] < 0:
        a, b = -a, -b
    whole, rest = _divided(a, b)
    if isinstance(rest, int) and rest == 0:
        return whole
    numerator, divisor = _without_common_factor(rest, b)
    if isinstance(divisor, int) or divisor is not b:
        return whole + floordiv(numerator, divisor)
    if isinstance(numerator, int):
        return whole + _bounded(numerator, divisor)
    return whole + _nested(numerator, divisor)


def _nested(numerator: Expr, divisor: Expr) -> Dim:
    """(x // b + c) // d = (x + b·c) // (b·d) for b, d > 0, where there is one nested floor."""
    nested = [floor for floor, coefficient in _lone_floors(numerator) if coefficient == 1]
    if len(nested) == 1 and _positive(nested[0].divisor) and _positive(divisor):
        floor = nested[0]
        rest = numerator - of_atom(floor)
        return floordiv(floor.numerator + rest * floor.divisor, floor.divisor * divisor)
    return _bounded(numerator, divisor)


def _divided(a: Dim, b: Expr) -> tuple[Dim, Dim]:
    """Quotient and rest of polynomial division by the leading term: a = q·b + r, so a // b = q + r // b."""
    leading, scale = b.terms[0]
    whole: Dim = 0
    rest = a
    for _ in range(_MAX_STEPS):
        step = _next_quotient(rest, leading, scale)
        if isinstance(step, int) and step == 0:
            return whole, rest
        whole = whole + step
        rest = rest - step * b
    return 0, a


def _next_quotient(rest: Dim, leading: Monomial, scale: int) -> Dim:
    if isinstance(rest, int):
        return 0
    for monomial, coefficient in rest.terms:
        factor = _monomial_quotient(monomial, leading)
        if factor is not None and coefficient // scale:
            return of_monomial(factor, coefficient // scale)
    return 0


def _monomial_quotient(monomial: Monomial, by: Monomial) -> Monomial | None:
    left = list(monomial)
    for atom in by:
        if atom not in left:
            return None
        left.remove(atom)
    return tuple(left)


def _without_common_factor(a: Dim, b: Expr) -> tuple[Dim, Dim]:
    """Both sides divided by all that their terms share: integers, and atoms (not 0: the divisor is not)."""
    coefficients = () if isinstance(a, int) else tuple(c for _, c in a.terms)
    g = gcd(b.constant, *(c for _, c in b.terms), *coefficients)
    constant = a if isinstance(a, int) else a.constant
    if constant % g and not _positive(b):
        g = gcd(g, constant)  # (g·x + c) // (g·d) = (x + c // g) // d needs d > 0
    shared: list[Atom] = []
    if isinstance(a, Expr) and a.constant == 0 == b.constant:
        monomials = [m for m, _ in a.terms + b.terms]
        rest = [list(m) for m in monomials]
        for atom in monomials[0]:
            if all(atom in m for m in rest):
                shared.append(atom)
                for m in rest:
                    m.remove(atom)
    if g == 1 and not shared:
        return a, b
    return _divide_terms(a, g, shared), _divide_terms(b, g, shared)


def _divide_terms(d: Dim, g: int, shared: list[Atom]) -> Dim:
    if isinstance(d, int):
        return d // g
    constant = d.constant // g
    coefficients: dict[Monomial, int] = {}
    for monomial, coefficient in d.terms:
        left = list(monomial)
        for atom in shared:
            left.remove(atom)
        if left:
            coefficients[tuple(left)] = coefficient // g
        else:
            constant += coefficient // g
    return build(constant, coefficients)
