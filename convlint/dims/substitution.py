"""Replaces symbols by dimensions and brings the result back to normal form, or evaluates with integers."""

from __future__ import annotations

from collections.abc import Mapping

from convlint.dims.atoms import Atom, Extremum, Floor, Symbol
from convlint.dims.expr import Dim, of_atom
from convlint.dims.extremum import maximum, minimum
from convlint.dims.floor import floordiv


def substitute(d: Dim, values: Mapping[str, Dim]) -> Dim:
    """`d` with each symbol in `values` replaced, all at once. Raises ZeroDivisionError for a divisor 0."""
    if isinstance(d, int) or d.symbols.isdisjoint(values):
        return d
    result: Dim = d.constant
    for monomial, coefficient in d.terms:
        term: Dim = coefficient
        for atom in monomial:
            term = term * _replaced(atom, values)
        result = result + term
    return result


def _replaced(atom: Atom, values: Mapping[str, Dim]) -> Dim:
    if isinstance(atom, Symbol):
        return values[atom.name] if atom.name in values else of_atom(atom)
    match atom:
        case Floor(numerator=numerator, divisor=divisor):
            return floordiv(substitute(numerator, values), substitute(divisor, values))
        case Extremum(kind=kind, operands=operands):
            replaced = [substitute(operand, values) for operand in operands]
            return minimum(*replaced) if kind == "min" else maximum(*replaced)
    raise TypeError(type(atom).__name__)


def evaluate(d: Dim, values: Mapping[str, int]) -> int:
    """The integer that `d` is under a full assignment. Raises KeyError for a symbol without a value."""
    if isinstance(d, int):
        return d
    total = d.constant
    for monomial, coefficient in d.terms:
        for atom in monomial:
            coefficient *= _value(atom, values)
        total += coefficient
    return total


def _value(atom: Atom, values: Mapping[str, int]) -> int:
    if isinstance(atom, Symbol):
        return values[atom.name]
    match atom:
        case Floor(numerator=numerator, divisor=divisor):
            return evaluate(numerator, values) // evaluate(divisor, values)
        case Extremum(kind=kind, operands=operands):
            each = [evaluate(operand, values) for operand in operands]
            return min(each) if kind == "min" else max(each)
    raise TypeError(type(atom).__name__)
