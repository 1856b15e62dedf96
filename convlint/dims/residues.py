"""One symbol, exactly: with x = P·q + r an expression becomes a piecewise polynomial of q for each residue r.

Law: P is a multiple of every nested divisor, so that each floor divides without a rest that depends on q.
Sums, products, min, max and floors are exact, or Inexact is raised: beyond the limits, and where the quotient
by a symbolic divisor is no polynomial.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from math import lcm

from convlint.dims import polynomial
from convlint.dims.atoms import Atom, Extremum, Floor, Symbol, parts_of
from convlint.dims.expr import Dim, Expr
from convlint.dims.integers import Inexact, IntegerSet, Run, common
from convlint.dims.interval import Interval
from convlint.dims.polynomial import Pieces, Poly, combined
from convlint.dims.question import Form, Relation
from convlint.dims.quotients import floor_quotient
from convlint.dims.rising import thresholds

MAX_PIECES = 256
MAX_DEGREE = 12
_POINTS = 2048
"""Quotients by symbolic divisors are worked out point by point so often, over all classes together."""

_WORK = 32
"""Of an expression of so many nodes all classes of the budget are worked out, of a larger one fewer."""


def period(d: Dim) -> int:
    """The modulus P whose residue classes make `d` polynomial: divisors multiply in nests, else the lcm."""
    if isinstance(d, int):
        return 1
    return lcm(*(_period_of_atom(atom) for monomial, _ in d.terms for atom in monomial))


@lru_cache(maxsize=4096)
def _period_of_atom(atom: Atom) -> int:
    if isinstance(atom, Floor) and isinstance(atom.divisor, int):
        return atom.divisor * period(atom.numerator)
    return lcm(*(period(part) for part in parts_of(atom)))


@lru_cache(maxsize=2048)
def solutions(form: Form, budget: int) -> IntegerSet:
    """All integers ≥ 1 for which a form of one symbol holds; whether 0 is in the set says nothing. Raises
    Inexact beyond `budget` classes.
    """
    with suppress(Inexact):
        return thresholds(form)
    modulus = period(form.value)
    if modulus > budget or (isinstance(form.value, Expr) and modulus * form.value.size > _WORK * budget):
        raise Inexact
    runs = []
    for r in range(modulus):
        signs = polynomial.piece_signs(on_residue(form.value, modulus, r))
        runs.append(_runs(signs, form.relation))
    return IntegerSet(modulus, tuple(runs))


def _runs(signs: polynomial.Signs, relation: Relation) -> tuple[Run, ...]:
    accepted = {"=": (0,), "!=": (-1, 1), ">=": (0, 1)}[relation]
    result: list[Run] = []
    for i, (start, sign) in enumerate(signs):
        if sign not in accepted:
            continue
        stop = signs[i + 1][0] if i + 1 < len(signs) else None
        if result and result[-1][1] == start:
            start = result.pop()[0]
        result.append((start, stop))
    return tuple(result)


@lru_cache(maxsize=512)
def extremes(d: Expr, within: IntegerSet, budget: int) -> Interval:
    """The least and the greatest value of `d` over a non-empty set of its one symbol; None: no such end."""
    modulus = lcm(period(d), within.modulus)
    if modulus > budget:
        raise Inexact
    lows: list[int | None] = []
    highs: list[int | None] = []
    for r, runs in enumerate(within.lifted(modulus).runs):
        if not runs:
            continue
        pieces = on_residue(d, modulus, r)
        for i, (start, p) in enumerate(pieces):
            stop = pieces[i + 1][0] if i + 1 < len(pieces) else None
            for low, high in common(runs, ((start, stop),)):
                for end in _turning_values(p, low, high):
                    lows.append(end[0])
                    highs.append(end[1])
    known_lows = [low for low in lows if low is not None]
    known_highs = [high for high in highs if high is not None]
    return (
        min(known_lows) if len(known_lows) == len(lows) else None,
        max(known_highs) if len(known_highs) == len(highs) else None,
    )


def _turning_values(p: Poly, start: int, stop: int | None) -> Iterator[Interval]:
    """The bounds of p on every part of start ≤ q < stop where it is monotone."""
    steps = polynomial.signs(polynomial.difference(p), start)
    for i, (first, direction) in enumerate(steps):
        if stop is not None and first >= stop:
            return
        ends = [end for end in (steps[i + 1][0] if i + 1 < len(steps) else None, stop) if end is not None]
        at_first = polynomial.value(p, first)
        if ends or not direction:
            at_last = polynomial.value(p, min(ends) - 1) if ends else at_first
            yield min(at_first, at_last), max(at_first, at_last)
        else:
            yield (at_first, None) if direction > 0 else (None, at_first)


def on_residue(d: Dim, modulus: int, r: int) -> Pieces:
    """`d` at x = modulus·q + r as a function of q ≥ 0. Raises Inexact beyond the limits."""
    return _Class(modulus, r).expression(d)


class _Class:
    """One residue class; atoms that occur twice are worked out once."""

    __slots__ = ("known", "modulus", "residue")

    def __init__(self, modulus: int, residue: int) -> None:
        self.modulus = modulus
        self.residue = residue
        self.known: dict[Atom, Pieces] = {}

    def expression(self, d: Dim) -> Pieces:
        if isinstance(d, int):
            return polynomial.constant(d)
        total = polynomial.constant(d.constant)
        for monomial, coefficient in d.terms:
            term = polynomial.constant(coefficient)
            for atom in monomial:
                term = combined(term, self.atom(atom), polynomial.times)
                if max(len(p) for _, p in term) > MAX_DEGREE:
                    raise Inexact
            total = combined(total, term, polynomial.plus)
            if len(total) > MAX_PIECES:
                raise Inexact
        return total

    def atom(self, atom: Atom) -> Pieces:
        found = self.known.get(atom)
        if found is None:
            found = self.known[atom] = self._atom(atom)
        return found

    def _atom(self, atom: Atom) -> Pieces:
        match atom:
            case Symbol():
                return ((0, polynomial.trimmed([self.residue, self.modulus])),)
            case Floor(numerator=numerator, divisor=int(divisor)):
                return tuple((start, _divided(p, divisor)) for start, p in self.expression(numerator))
            case Floor(numerator=numerator, divisor=divisor):
                first = 0 if self.residue else 1  # x = 0 is no size, and often the zero of a divisor
                points = _POINTS // self.modulus
                return floor_quotient(self.expression(numerator), self.expression(divisor), first, points)
            case Extremum(kind=kind, operands=operands):
                choose = polynomial.lesser if kind == "min" else polynomial.greater
                result, *rest = (self.expression(operand) for operand in operands)
                for other in rest:
                    result = choose(result, other)
                return result
        raise TypeError(type(atom).__name__)


def _divided(p: Poly, divisor: int) -> Poly:
    """floor(p / divisor): the divisor divides every coefficient but the constant, by the choice of period."""
    if any(coefficient % divisor for coefficient in p[1:]):
        raise Inexact  # only below a symbolic divisor
    return polynomial.trimmed([coefficient // divisor for coefficient in p])
