"""What never falls as a symbol grows: there a question has one threshold, found by bisection.

Law: rising is read off the structure, for sizes of at least 1; where it does not show, it is not claimed.
"""

from __future__ import annotations

from convlint.dims.atoms import Atom, Extremum, Floor, Symbol
from convlint.dims.expr import Dim, Expr, build, symbols_of, symbols_of_atom
from convlint.dims.integers import POSITIVE, Inexact, IntegerSet, between
from convlint.dims.interval import interval
from convlint.dims.question import Form
from convlint.dims.substitution import evaluate

_FARTHEST = 1 << 64


def thresholds(form: Form) -> IntegerSet:
    """All integers ≥ 1 for which a form of one symbol holds, where its value rises or falls. Raises Inexact
    where neither shows, or it comes to zero too slowly.
    """
    value = form.value
    if isinstance(value, int):
        raise Inexact
    (name,) = value.symbols
    if rises(value, name):
        negative, positive = _below(value, name, 0), _below(value, name, 1).complement()
    elif rises(-value, name):
        negative, positive = _below(-value, name, 1).complement(), _below(-value, name, 0)
    else:
        raise Inexact
    match form.relation:
        case ">=":
            return POSITIVE.minus(negative)
        case "=":
            return POSITIVE.minus(negative).minus(positive)
        case "!=":
            return POSITIVE.minus(negative.complement().minus(positive))


def _below(e: Expr, name: str, value: int) -> IntegerSet:
    """All x ≥ 1 with e(x) < value."""
    first = _first_reaching(e, name, value)
    return between(1, None if first is None else first - 1)


def _first_reaching(e: Expr, name: str, value: int) -> int | None:
    """The least x ≥ 1 with e(x) ≥ value, for e that never falls; None where it stays below for good."""
    if evaluate(e, {name: 1}) >= value:
        return 1
    top = interval(e)[1]
    if top is not None and top < value:
        return None
    low, high = 1, 2
    while evaluate(e, {name: high}) < value:
        low, high = high, high * 2
        if high > _FARTHEST:
            raise Inexact
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if evaluate(e, {name: middle}) >= value else (middle, high)
    return high


def rises(d: Dim, name: str) -> bool:
    """By structure alone: positive coefficients, factors rising from zero or more, floors of what rises."""
    if isinstance(d, int):
        return True
    for monomial, coefficient in d.terms:
        varying = [atom for atom in monomial if name in symbols_of_atom(atom)]
        if not varying:
            continue
        if coefficient < 0 or not all(_atom_rises(atom, name) for atom in varying):
            return False
        if len(monomial) > 1 and not all(_from_zero(atom) for atom in monomial):
            return False
    return True


def _from_zero(atom: Atom) -> bool:
    low = interval(build(0, {(atom,): 1}))[0]
    return low is not None and low >= 0


def _atom_rises(atom: Atom, name: str) -> bool:
    match atom:
        case Symbol():
            return True
        case Floor(numerator=numerator, divisor=divisor):
            low = interval(divisor)[0]
            positive = low is not None and low >= 1
            return positive and name not in symbols_of(divisor) and rises(numerator, name)
        case Extremum(operands=operands):
            return all(rises(operand, name) for operand in operands)
    return False
