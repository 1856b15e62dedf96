"""Splits an expression into factors: shared atoms, factors in separate symbols, roots and powers.

Law: scale · Π factor^power is the expression again; a factor that no method here splits stays whole.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd, isqrt

from msgspec import Struct

from convlint.dims.atoms import Atom, Symbol
from convlint.dims.expr import Dim, Expr, Monomial, build, of_atom, of_monomial, symbols_of_atom

_MAX_STEPS = 64
_MAX_TERMS = 80


class Factors(Struct, frozen=True):
    """scale · Π base^power; bases are pairwise different."""

    scale: int
    powers: tuple[tuple[Expr, int], ...]


@lru_cache(maxsize=1024)
def factors(e: Expr) -> Factors:
    """What `e` is the product of; a single power 1 where nothing splits."""
    scale = gcd(e.constant, *(coefficient for _, coefficient in e.terms))
    if e.terms[0][1] < 0:
        scale = -scale
    shared = _shared_atoms(e)
    counts: dict[Expr, int] = {}
    for atom in shared:
        base = of_atom(atom)
        counts[base] = counts.get(base, 0) + 1
    rest = _without(e, scale, shared)
    if isinstance(rest, Expr) and (rest.degree == 1 or len(rest.terms) > _MAX_TERMS):
        counts[rest] = 1
    elif isinstance(rest, Expr):
        for part in _separated(rest):
            for base, power in _powers(part):
                counts[base] = counts.get(base, 0) + power
    else:
        scale *= rest
    return Factors(scale, tuple(counts.items()))


def _shared_atoms(e: Expr) -> list[Atom]:
    if e.constant:
        return []
    shared = list(e.terms[0][0])
    for monomial, _ in e.terms[1:]:
        left = list(monomial)
        kept = []
        for atom in shared:
            if atom in left:
                left.remove(atom)
                kept.append(atom)
        shared = kept
    return shared


def _without(e: Expr, scale: int, shared: list[Atom]) -> Dim:
    constant = e.constant // scale
    coefficients: dict[Monomial, int] = {}
    for monomial, coefficient in e.terms:
        left = list(monomial)
        for atom in shared:
            left.remove(atom)
        if left:
            coefficients[tuple(left)] = coefficient // scale
        else:
            constant += coefficient // scale
    return build(constant, coefficients)


def groups(e: Expr) -> list[frozenset[str]]:
    """The symbols of `e`, together where one atom holds both; products and sums alone keep axes apart."""
    found: list[frozenset[str]] = []
    atoms = {atom for monomial, _ in e.terms for atom in monomial}
    for atom in sorted(atoms, key=lambda atom: atom.text):
        joined = symbols_of_atom(atom)
        apart = []
        for group in found:
            if group.isdisjoint(joined):
                apart.append(group)
            else:
                joined |= group
        found = [*apart, joined]
    return found


def _separated(e: Expr) -> list[Expr]:
    """f(x) · g(y) · … where the terms, laid out by their part in x, are multiples of one another."""
    parts: list[Expr] = []
    for group in groups(e)[:-1]:
        split = _split(e, group)
        if split is not None:
            parts.append(split[0])
            e = split[1]
    return [*parts, e]


def _table(e: Expr, group: frozenset[str]) -> dict[Monomial, dict[Monomial, int]]:
    """The coefficients by the part of each monomial inside the group, then by the part outside."""
    rows: dict[Monomial, dict[Monomial, int]] = {}
    for monomial, coefficient in (*e.terms, ((), e.constant)):
        inside = tuple(atom for atom in monomial if not symbols_of_atom(atom).isdisjoint(group))
        outside = tuple(atom for atom in monomial if symbols_of_atom(atom).isdisjoint(group))
        if coefficient:
            rows.setdefault(inside, {})[outside] = coefficient
    return rows


def _split(e: Expr, group: frozenset[str]) -> tuple[Expr, Expr] | None:
    rows = _table(e, group)
    first = next(iter(rows.values()))
    content = gcd(*first.values())
    column = {monomial: coefficient // content for monomial, coefficient in first.items()}
    left: dict[Monomial, int] = {}
    probe = next(iter(column))
    for inside, row in rows.items():
        multiple, rest = divmod(row.get(probe, 0), column[probe])
        if rest or row != {monomial: coefficient * multiple for monomial, coefficient in column.items()}:
            return None
        left[inside] = multiple
    a, b = build(left.pop((), 0), left), build(column.pop((), 0), column)
    if isinstance(a, int) or isinstance(b, int):
        return None
    return a, b


def separating_constant(e: Expr) -> list[int]:
    """The constants c, at most one, for which e - c may be a product of parts in separate symbols.

    In f(x) · g(y) the terms are a table of rank one, and its corner is the one entry that a constant changes.
    """
    for group in groups(e)[:-1]:
        rows = _table(e, group)
        corner = rows.get((), {})
        for inside, row in rows.items():
            for outside, coefficient in row.items():
                if inside and outside:
                    corner_value, rest = divmod(row.get((), 0) * corner.get(outside, 0), coefficient)
                    return [] if rest else [e.constant - corner_value]
    return []


def _powers(e: Expr) -> list[tuple[Expr, int]]:
    """e = base^power for a square or cube, linear factors of a polynomial in one atom, else e itself."""
    for power in (2, 3):
        root = _root(e, power)
        if root is not None:
            return [(base, power * inner) for base, inner in _powers(root)]
    linear = _linear_factor(e)
    if linear is not None:
        return [(linear[0], 1), *_powers(linear[1])]
    return [(e, 1)]


def _root(e: Expr, power: int) -> Expr | None:
    """The polynomial whose power is e, term by term from the leading one."""
    leading, coefficient = e.terms[0]
    scale = _integer_root(coefficient, power)
    base = leading[::power]
    if scale is None or tuple(atom for atom in base for _ in range(power)) != leading:
        return None
    root: Dim = of_monomial(base, scale)
    rest: Dim = e - root**power if isinstance(root, Expr) else e
    divisor = base * (power - 1)
    for _ in range(_MAX_STEPS):
        if not isinstance(root, Expr) or (isinstance(rest, int) and rest == 0):
            break
        step = _term_quotient(rest, divisor, power * scale ** (power - 1))
        if step is None:
            return None
        root = root + step
        if isinstance(root, Expr):
            rest = e - root**power
    return root if isinstance(root, Expr) and isinstance(rest, int) and rest == 0 else None


def _term_quotient(rest: Dim, divisor: Monomial, scale: int) -> Dim | None:
    """The leading term of `rest` by scale · divisor, where it divides."""
    if isinstance(rest, int):
        return None
    monomial, coefficient = rest.terms[0]
    left = list(monomial)
    for atom in divisor:
        if atom not in left:
            return None
        left.remove(atom)
    return None if coefficient % scale else of_monomial(tuple(left), coefficient // scale)


def _integer_root(n: int, power: int) -> int | None:
    if n < 0:
        return None
    root = isqrt(n) if power == 2 else round(n ** (1 / 3)) if n < 1 << 48 else 0
    return root if root**power == n else None


def _linear_factor(e: Expr) -> tuple[Expr, Expr] | None:
    """(t - k, e / (t - k)) for an integer root k of a monic polynomial in one atom t."""
    atoms = {atom for monomial, _ in e.terms for atom in monomial}
    if len(atoms) != 1 or e.degree < 2 or not 0 < abs(e.constant) < 1 << 24:
        return None
    (atom,) = atoms
    coefficients = [0] * (e.degree + 1)
    coefficients[0] = e.constant
    for monomial, coefficient in e.terms:
        coefficients[len(monomial)] = coefficient
    for k in _divisors(abs(e.constant)):
        for root in (k, -k):
            quotient = _by_root(coefficients, root)
            if quotient is not None:
                t = of_atom(atom)
                rest = sum((c * t**i for i, c in enumerate(quotient)), start=0)
                linear = t - root
                if isinstance(rest, Expr) and isinstance(linear, Expr):
                    return linear, rest
    return None


def _divisors(n: int) -> list[int]:
    small = [k for k in range(1, min(isqrt(n), 4096) + 1) if n % k == 0]
    return small + [n // k for k in small]


def _by_root(coefficients: list[int], root: int) -> list[int] | None:
    """Ruffini's scheme; None where `root` is no root."""
    carried = 0
    result = []
    for coefficient in reversed(coefficients):
        carried = carried * root + coefficient
        result.append(carried)
    return None if result.pop() else result[::-1]


def is_polynomial(e: Expr) -> bool:
    """Whether only symbols are multiplied and added, without floors and extrema."""
    return all(isinstance(atom, Symbol) for monomial, _ in e.terms for atom in monomial)
