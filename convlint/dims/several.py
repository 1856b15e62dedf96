"""Proofs about several symbols: bounds, factors, residue classes, and facts that bear on the form.

Law: a verdict returned is proved; None says only that no method here found one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import lcm, prod

from convlint.dims.atoms import Atom, Floor, parts_of
from convlint.dims.bounds import enclosure
from convlint.dims.domain import Domain
from convlint.dims.expr import Dim, Expr, TooComplex, symbol, symbols_of
from convlint.dims.factor import factors, is_polynomial
from convlint.dims.integers import Inexact, IntegerSet, between
from convlint.dims.question import Form, opposite, reduced, settled
from convlint.dims.residues import solutions
from convlint.dims.substitution import substitute

_CLASSES = 256
_FACTS = 8


def proved(form: Form, domain: Domain, budget: int) -> bool | None:
    """True: holds on the whole domain; False: nowhere; None: not proved."""
    assert isinstance(form.value, Expr)
    if form.relation == "!=":
        answer = proved(opposite(form), domain, budget)
        return None if answer is None else not answer
    for method in (_by_bounds, _by_factors, _by_facts, _by_residues):
        answer = method(form, domain, budget)
        if answer is not None:
            return answer
    return None


def without_positive_factors(form: Form, domain: Domain, budget: int) -> Form:
    """The same question without factors that are at least 1 wherever the domain admits."""
    if isinstance(form.value, int):
        return form
    split = factors(form.value)
    kept: Dim = 1 if split.scale > 0 else -1
    for base, power in split.powers:
        low = enclosure(base, domain, budget)[0] if len(split.powers) > 1 else None
        if low is None or low < 1:
            kept = kept * base**power
    return reduced(kept, form.relation)


def _by_bounds(form: Form, domain: Domain, budget: int) -> bool | None:
    low, high = enclosure(form.value, domain, budget)
    if form.relation == "=":
        if low == 0 == high:
            return True
        return False if (low is not None and low > 0) or (high is not None and high < 0) else None
    if low is not None and low >= 0:
        return True
    return False if high is not None and high < 0 else None


def _by_factors(form: Form, domain: Domain, budget: int) -> bool | None:
    """A product is zero where a factor is."""
    if form.relation != "=" or isinstance(form.value, int):
        return None
    split = factors(form.value)
    if len(split.powers) < 2:
        return None
    answers = [_factor_answer(base, domain, budget) for base, _ in split.powers]
    if any(answer is True for answer in answers):
        return True
    return False if all(answer is False for answer in answers) else None


def _factor_answer(base: Expr, domain: Domain, budget: int) -> bool | None:
    form = reduced(base, "=")
    if isinstance(form.value, int):
        return settled(form)
    if len(base.symbols) > 1:
        return proved(form, domain, budget)
    return _over_one_symbol(form.value, domain, budget)


def _over_one_symbol(e: Expr, domain: Domain, budget: int) -> bool | None:
    """Whether e = 0 for one symbol: by its exact solutions, else by bounds."""
    (name,), form = e.symbols, Form(e, "=")
    try:
        values, where = domain.values_of(name), solutions(form, budget)
        if values.minus(where).empty:
            return True
        return False if values.intersection(where).empty else None
    except Inexact:
        return _by_bounds(form, domain, budget)


def _by_facts(form: Form, domain: Domain, budget: int) -> bool | None:
    """Adds multiples of up to two facts: e ≥ k·f ≥ 0, and e = k·f = 0."""
    facts = domain.others[:_FACTS]
    if not facts:
        return None
    if form in facts:
        return True
    if opposite(form) in facts:
        return False
    if form.relation == "=":
        positive, negative = form.value - 1, -1 - form.value
        refuted = _follows(positive, facts, domain, budget) or _follows(negative, facts, domain, budget)
        held = not refuted and all(_follows(d, facts, domain, budget) for d in (form.value, -form.value))
        return False if refuted else True if held else None
    if _follows(form.value, facts, domain, budget):
        return True
    return False if _follows(-1 - form.value, facts, domain, budget) else None


def _follows(d: Dim, facts: tuple[Form, ...], domain: Domain, budget: int, depth: int = 2) -> bool:
    """Whether d ≥ 0 follows from the facts and the sets."""
    low = enclosure(d, domain, budget)[0]
    if low is not None and low >= 0:
        return True
    if depth == 0 or isinstance(d, int):
        return False
    for fact in facts:
        for multiple in _multiples(d, fact):
            try:
                rest = d - multiple * fact.value
            except TooComplex:
                continue
            if _follows(rest, facts, domain, budget, depth - 1):
                return True
    return False


def _multiples(d: Expr, fact: Form) -> set[int]:
    """The factors with which a fact cancels a term of d; only positive ones for an inequality."""
    if fact.relation == "!=" or isinstance(fact.value, int):
        return set()
    own = dict(d.terms)
    shared = {own[m] // c for m, c in fact.value.terms if m in own and own[m] % c == 0}
    return {k for k in shared if k > 0 or fact.relation == "="}


def _by_residues(form: Form, domain: Domain, budget: int) -> bool | None:
    """Each residue class of all symbols at once: there floors by constants dissolve into polynomials."""
    assert isinstance(form.value, Expr)
    if is_polynomial(form.value):
        return None
    answers: set[bool | None] = set()
    try:
        for value, ends in _classes(form.value, domain, min(budget, _CLASSES)):
            answers.add(_class_answer(reduced(value, form.relation), ends, budget))
            if None in answers or len(answers) > 1:
                return None
    except (Inexact, TooComplex, ZeroDivisionError):
        return None
    return answers.pop() if answers else None


def _class_answer(form: Form, ends: Domain, budget: int) -> bool | None:
    return settled(form) if isinstance(form.value, int) else _by_bounds(form, ends, budget)


def _classes(e: Expr, domain: Domain, limit: int) -> Iterator[tuple[Dim, Domain]]:
    """`e` with x = P·(t - 1) + r, for each residue r that the domain admits, and the range of each t."""
    names = sorted(e.symbols)
    periods = [lcm(_period_in(e, name), domain.values_of(name).modulus) for name in names]
    if prod(periods) > limit:
        raise Inexact
    starts = [domain.values_of(name).smallest() for name in names]
    for offsets in product(*map(range, periods)):
        values: dict[str, Dim] = {}
        ends: dict[str, IntegerSet] = {}
        for name, step, start, offset in zip(names, periods, starts, offsets, strict=True):
            values[name] = step * (symbol(name) - 1) + start + offset
            ends[name] = _range_of_class(domain.values_of(name), step, start + offset)
        if not any(members.empty for members in ends.values()):
            yield substitute(e, values), Domain(ends, (), ())


def _range_of_class(values: IntegerSet, step: int, first: int) -> IntegerSet:
    """Which t ≥ 1 can make step·(t - 1) + first a member: all, up to the last member, or none."""
    if not values.runs[first % values.modulus]:
        return between(1, 0)
    last = values.largest()
    return between(1, None if last is None else (last - first) // step + 1)


def _period_in(d: Dim, name: str) -> int:
    """The modulus of one symbol that dissolves the floors by constants it occurs in."""
    if isinstance(d, int) or name not in d.symbols:
        return 1
    return lcm(*(_period_in_atom(atom, name) for monomial, _ in d.terms for atom in monomial))


def _period_in_atom(atom: Atom, name: str) -> int:
    inner = lcm(*(_period_in(part, name) for part in parts_of(atom)))
    if isinstance(atom, Floor) and isinstance(atom.divisor, int) and name in symbols_of(atom.numerator):
        return atom.divisor * inner
    return inner
