"""Bounds of an expression over a domain, and the proof that it never decreases.

Law: exact for one symbol and for sums and products of parts in separate symbols; elsewhere an enclosure.
"""

from __future__ import annotations

from collections.abc import Iterable

from convlint.dims.domain import Domain, domain_of, relevant
from convlint.dims.expr import Dim, Expr, Monomial, TooComplex, build, symbol, symbols_of_atom
from convlint.dims.factor import factors, groups, is_polynomial
from convlint.dims.integers import Inexact
from convlint.dims.interval import EVERYTHING, Interval, interval, times_interval
from convlint.dims.question import AtLeast, Question, symbols_of_question
from convlint.dims.residues import extremes
from convlint.dims.rising import rises
from convlint.dims.substitution import substitute

BUDGET = 4096


def bounds(d: Dim, given: Iterable[Question] = ()) -> tuple[int | None, int | None]:
    """The least and the greatest value of `d` where `given` holds, or values beyond; None: not known."""
    if isinstance(d, int):
        return d, d
    try:
        domain = domain_of(relevant(d.symbols, given), BUDGET)
        return interval(d) if domain.impossible else enclosure(domain.localised(d), domain, BUDGET)
    except (TooComplex, ZeroDivisionError):
        return interval(d)


def enclosure(d: Dim, domain: Domain, budget: int) -> Interval:
    """Bounds over the sets of a domain, for an expression without solved symbols."""
    if isinstance(d, int):
        return d, d
    low: int | None = d.constant
    high: int | None = d.constant
    for part in independent_sums(d):
        part_low, part_high = _of_part(part, domain, budget)
        low = None if low is None or part_low is None else low + part_low
        high = None if high is None or part_high is None else high + part_high
    if len(d.symbols) > 1:
        low, high = tighter((low, high), _of_product(d, domain, budget))
        if is_polynomial(d):
            low, high = tighter((low, high), _from_corner(d, domain))
    return low, high


def tighter(a: Interval, b: Interval) -> Interval:
    """The intersection of two enclosures of one value."""
    lows = [end for end in (a[0], b[0]) if end is not None]
    highs = [end for end in (a[1], b[1]) if end is not None]
    return max(lows, default=None), min(highs, default=None)


def independent_sums(d: Expr) -> list[Expr]:
    """The terms of `d`, without its constant, gathered into sums that share no symbol."""
    found: list[tuple[frozenset[str], dict[Monomial, int]]] = []
    for monomial, coefficient in d.terms:
        names = frozenset[str]().union(*map(symbols_of_atom, monomial))
        gathered = {monomial: coefficient}
        apart = []
        for other_names, terms in found:
            if names.isdisjoint(other_names):
                apart.append((other_names, terms))
            else:
                names |= other_names
                gathered |= terms
        found = [*apart, (names, gathered)]
    return [part for _, terms in found if isinstance(part := build(0, terms), Expr)]


def _of_part(part: Expr, domain: Domain, budget: int) -> Interval:
    if len(part.symbols) == 1:
        return _of_one_symbol(part, domain, budget)
    return tighter(interval(part, domain.intervals()), _of_product(part, domain, budget))


def _of_one_symbol(part: Expr, domain: Domain, budget: int) -> Interval:
    (name,) = part.symbols
    try:
        return extremes(part, domain.values_of(name), budget)
    except Inexact:
        return interval(part, domain.intervals())


def _of_product(d: Expr, domain: Domain, budget: int) -> Interval:
    """The product of the bounds of factors; exact where the factors share no symbol."""
    split = factors(d)
    if len(split.powers) < 2 or len(groups(d)) < 2:
        return EVERYTHING
    result: Interval = (split.scale, split.scale)
    for base, power in split.powers:
        for _ in range(power):
            result = times_interval(result, enclosure(base, domain, budget))
    return result


def _from_corner(d: Expr, domain: Domain) -> Interval:
    """A polynomial shifted so that its symbols start at 0: there its sign often shows in the coefficients."""
    starts = {name: domain.values_of(name).smallest() for name in d.symbols}
    ends = {name: domain.values_of(name).largest() for name in d.symbols}
    try:
        shifted = substitute(d, {name: symbol(name) + start for name, start in starts.items()})
    except TooComplex:
        return EVERYTHING
    env: dict[str, Interval] = {
        name: (0, None if (end := ends[name]) is None else end - start) for name, start in starts.items()
    }
    return interval(shifted, env)


def monotone(d: Dim, name: str, given: Iterable[Question] = ()) -> bool:
    """Whether it is proved that `d` never falls as the symbol grows and the others stay, where `given` holds.

    Of facts about the symbol itself the range counts: between two admissible sizes there may be others.
    """
    if isinstance(d, int) or name not in d.symbols or rises(d, name):
        return True
    try:
        growth = substitute(d, {name: symbol(name) + 1}) - d
    except (TooComplex, ZeroDivisionError):
        return False
    facts = tuple(given)
    apart = [fact for fact in facts if name not in symbols_of_question(fact)]
    low = bounds(growth, [*apart, *_range(name, facts)])[0]
    return low is not None and low >= 0


def _range(name: str, given: tuple[Question, ...]) -> list[Question]:
    """The least interval around what the facts allow for a symbol."""
    low, high = bounds(symbol(name), given)
    least: list[Question] = [] if low is None else [AtLeast(symbol(name), low)]
    return least if high is None else [*least, AtLeast(high, symbol(name))]
