"""What a set of facts leaves of one symbol, in words."""

from __future__ import annotations

from collections.abc import Iterable

from convlint.dims.bounds import BUDGET
from convlint.dims.condition import Membership, membership
from convlint.dims.domain import domain_of, relevant
from convlint.dims.expr import TooComplex, symbol
from convlint.dims.integers import POSITIVE, Inexact, between
from convlint.dims.question import Question


def constraint(name: str, given: Iterable[Question], budget: int = BUDGET) -> Membership | None:
    """The values of a symbol that the facts about it alone allow; None: all of them, or not known."""
    try:
        domain = domain_of(relevant(frozenset({name}), given), budget, frozenset({name}))
        if domain.impossible:
            return None
        settled = domain.localised(symbol(name))
        values = between(settled, settled) if isinstance(settled, int) else domain.values_of(name)
        if POSITIVE.minus(values).empty:
            return None
        return membership(name, values, POSITIVE)
    except (Inexact, TooComplex, ZeroDivisionError, RecursionError):
        return None
