"""Answers questions: always, never, sometimes (with witnesses and the condition), or unknown.

Law: always and never are proofs over every admissible assignment; sometimes is shown by two witnesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from convlint.dims.bounds import BUDGET
from convlint.dims.certain import MOST_EQUATIONS, answered, localised
from convlint.dims.condition import Comparison, Condition, membership
from convlint.dims.domain import Domain, domain_of, relevant
from convlint.dims.expr import Dim, Expr, TooComplex, build, symbols_of
from convlint.dims.integers import POSITIVE, Inexact, IntegerSet
from convlint.dims.question import (
    AtLeast,
    Equal,
    Form,
    Question,
    Unequal,
    form_of,
    opposite,
    reduced,
    symbols_of_question,
)
from convlint.dims.residues import solutions
from convlint.dims.search import witness
from convlint.dims.solve import some_solutions
from convlint.dims.substitution import substitute

_TRIES = 2000
_LONGEST_COMPARISON = 80


class Verdict(Enum):
    """How often a question is answered yes."""

    ALWAYS = "always"
    NEVER = "never"
    SOMETIMES = "sometimes"
    UNKNOWN = "unknown"


class Decision(Struct, frozen=True):
    """An answer. `fails` and `holds` are small admissible assignments for which the question fails and holds.

    Of one symbol they are the smallest there are; both are present for SOMETIMES, possibly one for UNKNOWN.
    `condition`, for SOMETIMES only, holds for exactly the admissible assignments for which the question does.
    """

    verdict: Verdict
    fails: Mapping[str, int] | None = None
    holds: Mapping[str, int] | None = None
    condition: Condition | None = None

    @property
    def always(self) -> bool:
        """Proved for every admissible assignment."""
        return self.verdict is Verdict.ALWAYS

    @property
    def never(self) -> bool:
        """Refuted for every admissible assignment."""
        return self.verdict is Verdict.NEVER


_ALWAYS = Decision(Verdict.ALWAYS)
_NEVER = Decision(Verdict.NEVER)
_UNKNOWN = Decision(Verdict.UNKNOWN)


def decide(question: Question, given: Iterable[Question] = (), budget: int = BUDGET) -> Decision:
    """Answers a question about every assignment of integers ≥ 1 to its symbols that meets all of `given`.

    `given` only restricts; facts that contradict each other decide nothing. `budget` bounds the residue
    classes looked at. Never raises: what cannot be worked out is UNKNOWN. Where only always and never count,
    `certain` is the cheaper question.
    """
    given = tuple(given)
    try:
        answer = answered(question, given, budget)
        if answer is not None:
            return _ALWAYS if answer else _NEVER
        form, names = form_of(question), symbols_of_question(question)
        decision = _witnessed(form, names, relevant(names, given), budget)
        if decision.verdict is Verdict.SOMETIMES and decision.condition is None:
            return replace(decision, condition=_comparison(question, form))
        return decision
    except (TooComplex, ZeroDivisionError, RecursionError):
        return _UNKNOWN


@lru_cache(maxsize=4096)
def _witnessed(form: Form, names: frozenset[str], facts: tuple[Form, ...], budget: int) -> Decision:
    """What can be said of a question that no proof answers."""
    domain = domain_of(facts, budget, names)
    if domain.impossible:
        return _UNKNOWN
    local = localised(form, domain, budget)
    if len(symbols_of(local.value)) == 1:
        try:
            return _of_one_symbol(form, names, local, domain, budget)
        except Inexact:
            pass
    return _of_several(form, names, local, domain, budget)


def _of_one_symbol(form: Form, names: frozenset[str], local: Form, domain: Domain, budget: int) -> Decision:
    """From the exact solutions, against the domain, as sets."""
    (name,) = symbols_of(local.value)
    values, where = domain.values_of(name), solutions(local, budget)
    fails = _assignment(names, domain, {name: values.minus(where)})
    holds = _assignment(names, domain, {name: values.intersection(where)})
    if fails is None or holds is None:
        return Decision(Verdict.UNKNOWN, fails, holds)
    known = name in names
    condition = membership(name, where, values) if known else _stated(form, domain, budget)
    return Decision(Verdict.SOMETIMES, fails, holds, condition)


def _of_several(form: Form, names: frozenset[str], local: Form, domain: Domain, budget: int) -> Decision:
    """By a search for witnesses; what makes both sides equal can often be solved for."""
    equal = _solved_equality(names, local, domain)
    fails = (local.relation == "!=" and equal) or _assignment(names, domain, {}, opposite(local))
    holds = (local.relation == "=" and equal) or _assignment(names, domain, {}, local)
    if fails is None or holds is None:
        return Decision(Verdict.UNKNOWN, fails, holds)
    return Decision(Verdict.SOMETIMES, fails, holds, _stated(form, domain, budget))


def _solved_equality(asked: frozenset[str], local: Form, domain: Domain) -> Mapping[str, int] | None:
    """The least assignment that makes both sides equal; None where it is not known, and for an inequality."""
    assert isinstance(local.value, Expr)
    if local.relation == ">=":
        return None
    found = some_solutions(local.value, domain, MOST_EQUATIONS)
    if found is None:
        return None
    corners = [{name: values.smallest() for name, values in sets.items()} for sets in found]
    least = min(corners, key=lambda corner: (sum(corner.values()), sorted(corner.items())), default=None)
    return None if least is None else _completed(asked, domain, least)


def _completed(asked: frozenset[str], domain: Domain, found: Mapping[str, int]) -> Mapping[str, int]:
    """What was found for the symbols of the question, those that facts express by others among them."""
    free = {name: domain.values_of(name).smallest() for name in asked - dict(domain.solved).keys()}
    full = domain.completed(free | dict(found))
    return MappingProxyType({name: full[name] for name in sorted(asked)})


def _assignment(
    asked: frozenset[str], domain: Domain, narrowed: Mapping[str, IntegerSet], *wanted: Form
) -> Mapping[str, int] | None:
    """A small assignment within the narrowed sets that meets the facts and what is wanted."""
    facts = (*domain.others, *wanted)
    names = asked.union(narrowed, *(symbols_of(fact.value) for fact in facts)) - dict(domain.solved).keys()
    sets = {name: narrowed.get(name, domain.values_of(name)) for name in names}
    found = witness(facts, sets, _TRIES)
    if found is None:
        return None
    return _completed(asked, domain, found)


def _stated(form: Form, domain: Domain, budget: int) -> Condition | None:
    """The condition on the question's own symbol, where facts fix all others by constants."""
    constants = {name: d for name, d in domain.solved if isinstance(d, int)}
    own = reduced(substitute(form.value, constants), form.relation)
    if len(symbols_of(own.value)) != 1:
        return None
    (name,) = symbols_of(own.value)
    try:
        return membership(name, solutions(own, budget), POSITIVE)
    except Inexact:
        return None


def _comparison(question: Question, form: Form) -> Condition | None:
    """The question, or its form with only sums on each side: the shorter, if it can be read."""
    assert isinstance(form.value, Expr)
    sides = _sides(form.value)
    other: Question
    match form.relation:
        case "=":
            other = Equal(*sides)
        case "!=":
            other = Unequal(*sides)
        case _:
            other = AtLeast(*sides)
    shortest = min(other, question, key=lambda q: len(str(q)))
    return Comparison(shortest) if len(str(shortest)) <= _LONGEST_COMPARISON else None


def _sides(e: Expr) -> tuple[Dim, Dim]:
    positive = build(max(e.constant, 0), {m: c for m, c in e.terms if c > 0})
    negative = build(max(-e.constant, 0), {m: -c for m, c in e.terms if c < 0})
    return positive, negative
