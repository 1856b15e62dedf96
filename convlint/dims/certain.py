"""Proofs: whether a question is always or never answered yes, without a look for witnesses.

Law: True and False are proofs over every admissible assignment. None: there are assignments of both kinds, or
no method found a proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from convlint.dims.bounds import BUDGET
from convlint.dims.domain import Domain, domain_of, relevant
from convlint.dims.expr import Expr, TooComplex, symbols_of
from convlint.dims.integers import Inexact
from convlint.dims.interval import interval
from convlint.dims.question import (
    AtLeast,
    Divides,
    Equal,
    Form,
    Question,
    Unequal,
    form_of,
    reduced,
    settled,
    symbols_of_question,
)
from convlint.dims.residues import solutions
from convlint.dims.search import samples, satisfied
from convlint.dims.several import proved, without_positive_factors
from convlint.dims.solve import solvable

MOST_EQUATIONS = 200
"""Of one symbol each: so many are solved for one equation of several."""
_FEW = 64
"""So many values are tried before a question is worked out for all."""


def certain(question: Question, given: Iterable[Question] = (), budget: int = BUDGET) -> bool | None:
    """True where `decide` says always, False where it says never, else None. Never raises."""
    try:
        return answered(question, given, budget)
    except (TooComplex, ZeroDivisionError, RecursionError):
        return None


def answered(question: Question, given: Iterable[Question], budget: int) -> bool | None:
    """As `certain`. Raises TooComplex, ZeroDivisionError, RecursionError."""
    if not isinstance(question, Divides):
        answer = _plainly(question)
        if answer is not None:
            return answer
    form = form_of(question)
    answer = _at_once(form)
    if answer is not None:
        return answer
    names = symbols_of_question(question)
    return _proved(form, names, relevant(names, given), budget)


def _plainly(question: Equal | Unequal | AtLeast) -> bool | None:
    """What needs no arithmetic: one normal form on both sides, or bounds that do not meet."""
    a, b = question.a, question.b
    if a is b:
        return not isinstance(question, Unequal)
    (low, high), (least, greatest) = interval(a), interval(b)
    below = high is not None and least is not None and high < least
    if isinstance(question, AtLeast):
        if low is not None and greatest is not None and low >= greatest:
            return True
        return False if below else None
    if below or (low is not None and greatest is not None and low > greatest):
        return isinstance(question, Unequal)
    return None


def _at_once(form: Form) -> bool | None:
    """What constants and the cached bounds settle."""
    if isinstance(form.value, int):
        return settled(form)
    low, high = interval(form.value)
    if form.relation == ">=":
        if low is not None and low >= 0:
            return True
        return False if high is not None and high < 0 else None
    apart = (low is not None and low > 0) or (high is not None and high < 0)
    return form.relation == "!=" if apart else None


@lru_cache(maxsize=4096)
def _proved(form: Form, names: frozenset[str], facts: tuple[Form, ...], budget: int) -> bool | None:
    domain = domain_of(facts, budget, names)
    if domain.impossible:
        return None
    local = localised(form, domain, budget)
    if isinstance(local.value, int):
        return settled(local)
    seen = _seen(local, domain)
    if len(seen) > 1:
        return None
    if len(local.value.symbols) == 1:
        try:
            return _of_one_symbol(local, domain, budget)
        except Inexact:
            pass
    return _of_several(local, domain, budget, seen)


def localised(form: Form, domain: Domain, budget: int) -> Form:
    """The question without the symbols that were solved for, and without factors that do not matter."""
    local = reduced(domain.localised(form.value), form.relation)
    return without_positive_factors(local, domain, budget)


def _seen(form: Form, domain: Domain) -> set[bool]:
    """The answers at a few admissible assignments: where there are both, nothing is to be proved."""
    names = symbols_of(form.value).union(*(symbols_of(fact.value) for fact in domain.others))
    answers: set[bool] = set()
    for assignment in samples({name: domain.values_of(name) for name in names}):
        if satisfied(domain.others, assignment):
            try:
                answers.add(form.holds(assignment))
            except ZeroDivisionError:
                continue
            if len(answers) > 1:
                break
    return answers


def _of_one_symbol(local: Form, domain: Domain, budget: int) -> bool | None:
    """Exact: the solutions against the domain, as sets, or one by one where there are few."""
    (name,) = symbols_of(local.value)
    values = domain.values_of(name)
    size = values.size
    if size is not None and size <= _FEW:
        answers = {local.holds({name: value}) for value in values.members()}
        if len(answers) == 1:
            return answers.pop()
    where = solutions(local, budget)
    if values.minus(where).empty:
        return True
    if values.intersection(where).empty:
        return False
    return proved(local, domain, budget) if domain.others else None


def _of_several(local: Form, domain: Domain, budget: int, seen: set[bool]) -> bool | None:
    """By proofs; that an equation has no solution is one."""
    assert isinstance(local.value, Expr)
    answer = proved(local, domain, budget)
    if answer is not None or local.relation == ">=":
        return answer
    equal = local.relation == "="
    if equal in seen or solvable(local.value, domain, MOST_EQUATIONS) is not False:
        return None
    return not equal
