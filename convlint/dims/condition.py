"""When a question holds: as data that can be tested, and as words a person reads."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from math import lcm

from msgspec import Struct

from convlint.dims.integers import IntegerSet, between, residues
from convlint.dims.question import Question, holds

_LISTED = 8
_PROBED = 256


class Membership(Struct, frozen=True):
    """A condition on one symbol: its value is one of `members`; `phrase` says which in words."""

    name: str
    members: IntegerSet
    phrase: str

    def holds(self, assignment: Mapping[str, int]) -> bool:
        """Whether an assignment meets it. Raises KeyError where the symbol has no value."""
        return assignment[self.name] in self.members

    def __str__(self) -> str:
        return f"{self.name} must be {self.phrase}"


class Comparison(Struct, frozen=True):
    """A condition that ties several symbols: the question itself, in normal form."""

    question: Question

    def holds(self, assignment: Mapping[str, int]) -> bool:
        """Whether an assignment meets it. Raises KeyError where a symbol has no value."""
        return holds(self.question, assignment)

    def __str__(self) -> str:
        return str(self.question)


Condition = Membership | Comparison


def membership(name: str, members: IntegerSet, domain: IntegerSet) -> Membership:
    """The condition that tells the members from the rest of the domain, in the fewest words found."""
    return Membership(name, members, _phrase(members.intersection(domain), domain))


def _phrase(chosen: IntegerSet, domain: IntegerSet) -> str:
    if chosen.bounded:
        return _finite(chosen, domain)
    modulus, allowed = _tail(chosen, domain)
    pattern = residues(modulus, allowed)
    predicted = pattern.intersection(domain)
    missing, extra = predicted.minus(chosen), chosen.minus(predicted)
    possible = {r % modulus for r in _endless(domain.lifted(lcm(modulus, domain.modulus)))}
    words = _residue_words(modulus, allowed, possible)
    if missing.empty and extra.empty:
        return words
    if extra.empty and predicted.intersection(between(chosen.smallest(), None)).minus(chosen).empty:
        return _joined(words, f"at least {chosen.smallest()}")
    last = max(_top(missing), _top(extra))
    return _irregular(chosen, domain, words, last, bounded=not missing.empty or not words)


def _top(finite: IntegerSet) -> int:
    return -1 if finite.empty else finite.largest() or 0


def _finite(chosen: IntegerSet, domain: IntegerSet) -> str:
    low, high = chosen.smallest(), chosen.largest()
    if low == high:
        return str(low)
    assert high is not None
    if domain.intersection(between(low, high)).minus(chosen).empty:
        return f"at most {high}" if low == domain.smallest() else f"from {low} to {high}"
    return _list(chosen)


def _list(chosen: IntegerSet) -> str:
    return _or(list(islice(chosen.members(), _PROBED)))


def _irregular(chosen: IntegerSet, domain: IntegerSet, words: str, last: int, *, bounded: bool) -> str:
    """A regular rest from some member on, and before it single values or single exceptions."""
    rest = chosen.intersection(between(last + 1, None))
    before = chosen.minus(rest)
    tail = _joined(words, f"at least {rest.smallest()}") if bounded else words
    excluded = domain.intersection(between(chosen.smallest(), last)).minus(chosen)
    if not words and (excluded.size or 0) <= _LISTED:
        if chosen.smallest() == domain.smallest():
            return f"anything but {_list(excluded)}"
        return f"at least {chosen.smallest()} but not {_list(excluded)}"
    return f"{_finite(before, domain)}, or {tail}" if not before.empty else tail


def _joined(words: str, bound: str) -> str:
    return f"{words} and {bound}" if words else bound


def _endless(s: IntegerSet) -> list[int]:
    return [r for r, runs in enumerate(s.runs) if runs and runs[-1][1] is None]


def _tail(chosen: IntegerSet, domain: IntegerSet) -> tuple[int, set[int]]:
    """The least modulus whose residues tell chosen from domain far out, and the residues chosen."""
    modulus = lcm(chosen.modulus, domain.modulus)
    inside = set(_endless(chosen.lifted(modulus)))
    outside = set(_endless(domain.lifted(modulus))) - inside
    for divisor in (d for d in range(1, modulus + 1) if modulus % d == 0):
        allowed = {r % divisor for r in inside}
        if allowed.isdisjoint({r % divisor for r in outside}):
            return divisor, allowed
    return modulus, inside


def _residue_words(modulus: int, allowed: set[int], possible: set[int]) -> str:
    if allowed == possible:
        return ""
    if modulus == 2:
        return "odd" if 1 in allowed else "even"
    if allowed == {0}:
        return f"a multiple of {modulus}"
    if possible - allowed == {0}:
        return f"no multiple of {modulus}"
    if len(allowed) == 1:
        return f"{min(allowed)} more than a multiple of {modulus}"
    excluded = sorted(possible - allowed)
    if len(excluded) < min(len(allowed), 4):
        return f"anything but {_or(excluded)} modulo {modulus}"
    return f"{_or(sorted(allowed))} modulo {modulus}"


def _or(values: list[int]) -> str:
    """The values, runs of three and more as ranges, at most so many."""
    texts: list[str] = []
    start = 0
    for i in range(1, len(values) + 1):
        if i < len(values) and values[i] == values[i - 1] + 1:
            continue
        run = values[start:i]
        texts += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run)
        start = i
    if len(texts) > _LISTED:
        return ", ".join(texts[:_LISTED]) + ", …"
    return " or ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
