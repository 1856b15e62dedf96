"""What is given, worked out: values for each symbol, symbols solved for, and facts that tie the rest.

Law: the domain contains every assignment that the facts admit; what no set captures is kept as `others`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from convlint.dims.atoms import Floor, Symbol
from convlint.dims.expr import Dim, Expr, TooComplex, of_atom, of_monomial, symbol, symbols_of
from convlint.dims.integers import POSITIVE, Inexact, IntegerSet
from convlint.dims.interval import Interval, interval
from convlint.dims.question import Form, Question, form_of, reduced, settled
from convlint.dims.residues import solutions
from convlint.dims.substitution import evaluate, substitute


class Domain(Struct, frozen=True):
    """The admissible assignments. `solved` lists, in order, symbols that equalities express by later ones."""

    sets: Mapping[str, IntegerSet]
    solved: tuple[tuple[str, Dim], ...]
    others: tuple[Form, ...]
    impossible: bool = False

    def values_of(self, name: str) -> IntegerSet:
        """What the symbol can be, as far as it is known."""
        return self.sets.get(name, POSITIVE)

    def intervals(self) -> dict[str, Interval]:
        """The sets' bounds, for interval arithmetic."""
        return {name: (values.smallest(), values.largest()) for name, values in self.sets.items()}

    def localised(self, d: Dim) -> Dim:
        """`d` without the symbols that were solved for."""
        for name, replacement in self.solved:
            d = substitute(d, {name: replacement})
        return d

    def completed(self, values: Mapping[str, int]) -> dict[str, int]:
        """An assignment extended to all symbols of the facts: the least value where nothing else is asked."""
        full = dict(values)
        free = frozenset[str]().union(*(symbols_of(replacement) for _, replacement in self.solved))
        for name in free - {name for name, _ in self.solved} - full.keys():
            full[name] = self.values_of(name).smallest()
        for name, replacement in reversed(self.solved):
            full[name] = evaluate(replacement, full)
        return full


EVERYTHING = Domain({}, (), ())
_IMPOSSIBLE = Domain({}, (), (), impossible=True)


def relevant(names: frozenset[str], given: Iterable[Question]) -> tuple[Form, ...]:
    """The facts that share a symbol with `names`, directly or through other facts."""
    pending: list[Form] = []
    for question in given:
        try:
            form = _cached_form(question)
        except (TooComplex, ZeroDivisionError):
            continue  # one fact less restricts less, which is sound
        if settled(form) is not True:
            pending.append(form)
    chosen: list[Form] = []
    reached = names
    growing = True
    while growing:
        near = [f for f in pending if isinstance(f.value, int) or not reached.isdisjoint(f.value.symbols)]
        growing = bool(near)
        chosen += near
        pending = [form for form in pending if form not in near]
        reached = reached.union(*(symbols_of(form.value) for form in near))
    return tuple(dict.fromkeys(chosen))


_cached_form = lru_cache(maxsize=4096)(form_of)


@lru_cache(maxsize=1024)
def domain_of(facts: tuple[Form, ...], budget: int, keep: frozenset[str] = frozenset()) -> Domain:
    """The domain that facts leave; `impossible` where they contradict each other.

    Equalities are solved for symbols outside `keep` where there is a choice.
    """
    if not facts:
        return EVERYTHING
    solved, pending = _eliminated(list(facts), keep)
    sets: dict[str, IntegerSet] = {}
    others: list[Form] = []
    for form in pending:
        answer = settled(form)
        if answer is False:
            return _IMPOSSIBLE
        if isinstance(form.value, int):
            continue
        if len(form.value.symbols) > 1 or not _captured(form, sets, budget):
            others.append(form)
    if any(values.empty for values in sets.values()):
        return _IMPOSSIBLE
    return Domain(sets, tuple(solved), tuple(others))


def _captured(form: Form, sets: dict[str, IntegerSet], budget: int) -> bool:
    (name,) = symbols_of(form.value)
    try:
        sets[name] = sets.get(name, POSITIVE).intersection(solutions(form, budget))
    except Inexact:
        return False
    return True


def _eliminated(facts: list[Form], keep: frozenset[str]) -> tuple[list[tuple[str, Dim]], list[Form]]:
    """Uses up equalities in which a symbol stands alone with coefficient ±1: x = …, and … ≥ 1 remains."""
    solved: list[tuple[str, Dim]] = []
    while True:
        choices = list(filter(None, (_solved_symbol(fact, keep) for fact in facts)))
        found = min(choices, key=_complexity, default=None)
        if found is None:
            return solved, facts
        solved.append(found)
        name, replacement = found
        facts = [*facts, reduced(replacement - 1, ">=")]
        facts = _substituted(facts, name, replacement)


def _complexity(solution: tuple[str, Dim]) -> int:
    """Constants first: what they are put into often becomes a fact about one symbol."""
    return solution[1].size if isinstance(solution[1], Expr) else 0


def _substituted(facts: list[Form], name: str, replacement: Dim) -> list[Form]:
    result = []
    for form in facts:
        try:
            form = reduced(substitute(form.value, {name: replacement}), form.relation)
        except (ZeroDivisionError, TooComplex):
            continue
        if settled(form) is not True and form not in result:
            result.append(form)
    return result


def _solved_symbol(form: Form, keep: frozenset[str]) -> tuple[str, Dim] | None:
    if form.relation != "=" or isinstance(form.value, int):
        return None
    multiple = _multiple(form.value)
    if multiple is not None:
        return multiple
    found: tuple[str, Dim] | None = None
    for monomial, coefficient in reversed(form.value.terms):
        if len(monomial) == 1 and abs(coefficient) == 1 and isinstance(monomial[0], Symbol):
            rest = form.value - _alone(form.value, monomial[0])
            if monomial[0].name in symbols_of(rest):
                continue
            if monomial[0].name not in keep:
                return monomial[0].name, -coefficient * rest
            found = found or (monomial[0].name, -coefficient * rest)
    return found


def _multiple(e: Expr) -> tuple[str, Dim] | None:
    """x % d = 0 with a symbolic d: x = d·k for a new symbol k, which is at least 1 because x and d are."""
    for monomial, _ in e.terms:
        for floor in monomial:
            if not isinstance(floor, Floor) or isinstance(floor.divisor, int):
                continue
            remainder = floor.numerator - floor.divisor * of_atom(floor)
            if e not in (remainder, -remainder):
                continue
            if not (_positive(floor.numerator) and _positive(floor.divisor)):
                continue
            for name in sorted(symbols_of(floor.numerator) - symbols_of(floor.divisor)):
                rest = floor.numerator - symbol(name)
                if name not in symbols_of(rest):
                    return name, floor.divisor * symbol(f"÷{floor.text}") - rest
    return None


def _positive(d: Dim) -> bool:
    low = interval(d)[0]
    return low is not None and low >= 1


def _alone(e: Expr, atom: Symbol) -> Dim:
    return of_monomial((atom,), dict(e.terms)[(atom,)])
