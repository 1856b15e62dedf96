"""Solves d = value for the sizes of an input: which H, and which H with which W.

Law: the boxes are all solutions and nothing else; where that cannot be worked out the answer is None.
A product is split into factors, each divisor of the value handed to one factor; a rising factor is bisected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from math import inf, prod

from msgspec import Struct, field

from convlint.dims.bounds import BUDGET, enclosure, independent_sums
from convlint.dims.boxes import Box, boxes
from convlint.dims.domain import Domain, domain_of, relevant
from convlint.dims.expr import Dim, Expr, TooComplex, symbols_of
from convlint.dims.factor import Factors, factors, separating_constant
from convlint.dims.integers import POSITIVE, Inexact, IntegerSet, between
from convlint.dims.question import Form, Question, reduced, settled
from convlint.dims.residues import solutions
from convlint.dims.search import satisfied
from convlint.dims.several import proved

Sets = dict[str, IntegerSet]

_MOST_BOXES = 256
_MOST_EQUATIONS = 4096
_MOST_POINTS = 4096
_LARGEST_DIVISOR = 1 << 20


def solve_equal(d: Dim, value: Dim, names: Sequence[str], given: Iterable[Question] = ()) -> list[Box] | None:
    """All assignments to `names` that make `d` equal `value` where `given` holds, as boxes in order.

    None where they are no union of few boxes, or cannot be worked out; for one common size of several axes,
    substitute one symbol for the others first.
    """
    try:
        domain = domain_of(relevant(symbols_of(d) | symbols_of(value) | set(names), given), BUDGET)
        if domain.impossible:
            return None
        difference = domain.localised(d) - domain.localised(value)
        free = [name for name in names if name not in dict(domain.solved)]
        if not symbols_of(difference) <= set(free):
            difference = _cancelled(domain.localised(d), domain.localised(value), free)
        found: list[Box] = []
        for sets in islice(_solved(difference, free, domain), _MOST_BOXES + 1):
            for completed in _with_solved(sets, names, domain):
                found += boxes(completed)
        return None if len(found) > _MOST_BOXES else sorted(set(found), key=_corner)
    except (Inexact, TooComplex, ZeroDivisionError):
        return None


def some_solutions(e: Expr, domain: Domain, most: int) -> list[Sets] | None:
    """Up to `most` products of sets on which e = 0 within the domain; empty only if there are none.

    None where they cannot be worked out with so many equations of one symbol.
    """
    try:
        return list(islice(_solved(e, _names(e, domain), domain, most), most))
    except (Inexact, TooComplex, ZeroDivisionError):
        return None


def solvable(e: Expr, domain: Domain, most: int) -> bool | None:
    """Whether e = 0 anywhere within the domain; None where so many equations of one symbol do not show it."""
    try:
        return next(_solved(e, _names(e, domain), domain, most), None) is not None
    except (Inexact, TooComplex, ZeroDivisionError):
        return None


def _names(e: Expr, domain: Domain) -> list[str]:
    return sorted(e.symbols.union(*(symbols_of(fact.value) for fact in domain.others)))


def _corner(box: Box) -> list[tuple[int, int, float]]:
    return [(values.low, values.step, values.high or inf) for _, values in box.ranges]


def _with_solved(sets: Sets, names: Sequence[str], domain: Domain) -> Iterator[Sets]:
    """Adds the symbols that facts express by others: point by point, unless they are constants."""
    wanted = [name for name, _ in domain.solved if name in names]
    if not wanted:
        yield sets
        return
    constants = {name: d for name, d in domain.solved if isinstance(d, int)}
    if set(wanted) <= constants.keys():
        yield sets | {name: between(constants[name], constants[name]) for name in wanted}
        return
    free = frozenset[str]().union(*(symbols_of(d) for _, d in domain.solved)) - dict(domain.solved).keys()
    if not free <= sets.keys():
        raise Inexact
    for point in _points(sets):
        full = domain.completed(point)
        yield {name: between(full[name], full[name]) for name in names}


def _cancelled(d: Dim, value: Dim, names: Sequence[str]) -> Dim:
    """d - value without positive factors in further symbols that both sides share. Raises Inexact."""
    if isinstance(d, int) or isinstance(value, int):
        raise Inexact
    mine, theirs = factors(d), dict(factors(value).powers)
    for base, _ in mine.powers:
        low = enclosure(base, Domain({}, (), ()), BUDGET)[0]
        if base in theirs and base.symbols.isdisjoint(names) and low is not None and low >= 1:
            d, value = d // base, value // base
            rest = d - value
            if symbols_of(rest) <= set(names):
                return rest
            return _cancelled(d, value, names)
    raise Inexact


def _solved(
    difference: Dim, names: Sequence[str], domain: Domain, limit: int = _MOST_EQUATIONS
) -> Iterator[Sets]:
    """The solutions of difference = 0 within the domain, as products of sets."""
    everything = {name: domain.values_of(name) for name in names}
    form = reduced(difference, "=")
    if isinstance(form.value, int):
        found: Iterator[Sets] = iter([everything] if settled(form) else [])
    else:
        found = _Equation(everything, limit).solve(form.value)
    for sets in found:
        yield from _admitted(everything | sets, domain.others)


class _Equation(Struct):
    """The search for one equation; it gives up after so many equations of one symbol."""

    domain: Mapping[str, IntegerSet]
    limit: int
    asked: int = 0
    known: dict[tuple[Expr, int], IntegerSet] = field(default_factory=dict)

    def solve(self, e: Expr) -> Iterator[Sets]:
        """e = 0: over one symbol, as a product, or where a product or separate parts must have a value."""
        if len(e.symbols) == 1 and not self._splits(e - e.constant):
            yield from _non_empty(self._one(e, 0))
            return
        bases = [base for base, _ in factors(e).powers]
        if len(bases) > 1:
            for base in bases:
                yield from self.solve(base)
            return
        for constant in (0, e.constant, *separating_constant(e)):
            left = e - constant
            if isinstance(left, Expr) and self._splits(left):
                split = factors(left)
                if constant % split.scale == 0:
                    yield from self._product(list(split.powers), -constant // split.scale)
                return
        parts = independent_sums(e)
        if any(len(part.symbols) > 1 for part in parts):
            raise Inexact
        yield from self._sum(parts, -e.constant)

    def _splits(self, e: Dim) -> bool:
        """Whether every factor has one symbol, so that the value of each can be asked for by itself."""
        split = factors(e) if isinstance(e, Expr) else Factors(1, ())
        return sum(power for _, power in split.powers) > 1 and all(
            len(base.symbols) == 1 for base, _ in split.powers
        )

    def _one(self, e: Expr, value: int) -> Sets:
        (name,) = e.symbols
        key = (e, value)
        if key not in self.known:
            self.asked += 1
            if self.asked > self.limit:
                raise Inexact
            self.known[key] = where(e, value).intersection(self.domain[name])
        return {name: self.known[key]}

    def _product(self, powers: list[tuple[Expr, int]], value: int) -> Iterator[Sets]:
        """Π base^power = value."""
        if value == 0:
            for base, _ in powers:
                yield from _non_empty(self._one(base, 0))
            return
        (base, power), *rest = powers
        for root in _roots_dividing(value, power, last=not rest):
            first = self._one(base, root)
            for mine in _non_empty(first):
                others = self._product(rest, value // root**power) if rest else iter([{}])
                for sets in others:
                    yield from _non_empty(_intersected(mine, sets))

    def _sum(self, parts: list[Expr], value: int) -> Iterator[Sets]:
        """Σ part = value, each part with a least value."""
        first, *rest = parts
        if not rest:
            yield from _non_empty(self._one(first, value))
            return
        ends = [enclosure(part, Domain(self.domain, (), ()), BUDGET)[0] for part in parts]
        lows = [end for end in ends if end is not None]
        if len(lows) < len(parts) or value - sum(lows) > _MOST_EQUATIONS:
            raise Inexact
        for own in range(lows[0], value - sum(lows[1:]) + 1):
            for mine in _non_empty(self._one(first, own)):
                for sets in self._sum(rest, value - own):
                    yield mine | sets


def _non_empty(sets: Sets) -> Iterator[Sets]:
    if not any(values.empty for values in sets.values()):
        yield sets


def _intersected(a: Sets, b: Sets) -> Sets:
    shared = {name: a[name].intersection(b[name]) for name in a.keys() & b.keys()}
    return a | b | shared


def where(e: Expr, value: int) -> IntegerSet:
    """All x ≥ 1 for which an expression of one symbol has the value. Raises Inexact: not known."""
    return solutions(reduced(e - value, "="), BUDGET).intersection(POSITIVE)


def _roots_dividing(value: int, power: int, *, last: bool) -> Iterator[int]:
    """The integers of either sign whose power divides the value; with nothing left to divide, equals it."""
    for divisor in _divisors(abs(value)):
        for root in (divisor, -divisor):
            whole = root**power
            if (whole == value) if last else (value % whole == 0):
                yield root


def _divisors(n: int) -> list[int]:
    """All divisors of n ≥ 1. Raises Inexact where two of its prime factors are too large to find."""
    found = [1]
    prime = 2
    while prime * prime <= n:
        if prime > _LARGEST_DIVISOR:
            raise Inexact
        powers = [1]
        while n % prime == 0:
            n //= prime
            powers.append(powers[-1] * prime)
        if len(powers) > 1:
            found = [a * b for a in found for b in powers]
        prime += 1 if prime == 2 else 2
    return sorted(found if n == 1 else found + [a * n for a in found])


def _admitted(sets: Sets, facts: tuple[Form, ...]) -> Iterator[Sets]:
    """The part of a product of sets that meets facts which tie several symbols. Raises Inexact."""
    open_facts = []
    for fact in facts:
        answer = proved(fact, Domain(sets, (), ()), BUDGET)
        if answer is False:
            return
        if answer is None:
            open_facts.append(fact)
    if not open_facts:
        yield sets
        return
    if not all(symbols_of(fact.value) <= sets.keys() for fact in open_facts):
        raise Inexact
    for point in _points(sets):
        if satisfied(open_facts, point):
            yield {name: between(x, x) for name, x in point.items()}


def _points(sets: Sets) -> Iterator[dict[str, int]]:
    """Every assignment in a product of sets. Raises Inexact where there are too many."""
    sizes = [values.size for values in sets.values()]
    if prod(_MOST_POINTS + 1 if size is None else size for size in sizes) > _MOST_POINTS:
        raise Inexact
    for point in product(*(values.members() for values in sets.values())):
        yield dict(zip(sets, point, strict=True))
