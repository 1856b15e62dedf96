"""What the joins of a run ask of free sizes together: that they are multiples of a number.

Law: a number is said only if every multiple of it that is admissible otherwise fits (proved), and no other
size up to a few multiples does (tried).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from convlint.dims import (
    AtLeast,
    Dim,
    Divides,
    Equal,
    Question,
    Unequal,
    certain,
    evaluate,
    holds,
    substitute,
    symbol,
    symbols_of,
)
from convlint.shapes.fault import Kind
from convlint.trace import Required, Tensor, Trace

_MULTIPLES = (*range(2, 65), 72, 80, 96, 112, 128, 160, 192, 224, 256, 384, 512, 1024, 2048)
_TRIED = 6
_MOST = 20_000
_JOINS = (Kind.JOIN, Kind.CONCAT)


class Need(Struct, frozen=True):
    """All joins hold only if the size is a multiple; `smallest` is the least that fails, at `join`."""

    size: str
    multiple: int
    smallest: int
    join: Required
    left: int
    right: int
    joins: int


def needs(trace: Trace) -> Iterator[Need]:
    """What the joins of a run need, size by size."""
    for name in _sizes(trace):
        joins = [r for r in trace.required if _joins(r, name)]
        if joins:
            others = [q for q in trace.questions if q not in {j.requirement.question for j in joins}]
            need = _need(name, joins, [q for q in others if _symbols(q) == {name}])
            if need is not None:
                yield need


def _sizes(trace: Trace) -> list[str]:
    """The names of the free spatial sizes of the inputs."""
    names: dict[str, None] = {}
    for call in trace.calls:
        if call.parent is None:
            for value in call.inputs:
                if isinstance(value, Tensor) and value.shape is not None and len(value.shape) > 2:
                    free = [d for d in value.shape[1:] if not isinstance(d, int)]
                    names.update(
                        (name, None) for d in free for name in sorted(symbols_of(d)) if d == symbol(name)
                    )
    return list(names)


def _joins(required: Required, name: str) -> bool:
    return required.requirement.otherwise.kind in _JOINS and _symbols(required.requirement.question) == {name}


def _symbols(question: Question) -> set[str]:
    match question:
        case Divides(divisor=a, dividend=b):
            return set(symbols_of(a) | symbols_of(b))
        case Equal(a=a, b=b) | Unequal(a=a, b=b) | AtLeast(a=a, b=b):
            return set(symbols_of(a) | symbols_of(b))


def _need(name: str, joins: Sequence[Required], others: Sequence[Question]) -> Need | None:
    questions = [join.requirement.question for join in joins]
    admissible = _admissible(name, others)
    failing = next((s for s in admissible if not _all(questions, {name: s})), None)
    if failing is None:
        return None
    for multiple in _MULTIPLES:
        tried = [s for s in admissible if s <= _TRIED * multiple + admissible[0]]
        if all(_all(questions, {name: s}) == (s % multiple == 0) for s in tried) and _proved(
            name, multiple, questions, others
        ):
            join = next(j for j in joins if not _all([j.requirement.question], {name: failing}))
            left, right = _sides(join.requirement.question, {name: failing})
            return Need(name, multiple, failing, join, left, right, len(joins))
    return None


def _admissible(name: str, others: Sequence[Question]) -> list[int]:
    """The sizes that everything else allows, from 1 on; a few thousand at most."""
    found = [s for s in range(1, 4096) if _all(others, {name: s})]
    return found[:_MOST]


def _all(questions: Sequence[Question], values: Mapping[str, int]) -> bool:
    try:
        return all(holds(question, values) for question in questions)
    except (KeyError, ZeroDivisionError):
        return False


def _proved(name: str, multiple: int, questions: Sequence[Question], others: Sequence[Question]) -> bool:
    into = {name: multiple * symbol(name)}
    given = [_with(question, into) for question in others]
    return all(certain(_with(question, into), given) is True for question in questions)


def _with(question: Question, into: Mapping[str, Dim]) -> Question:
    match question:
        case Divides(divisor=a, dividend=b):
            return Divides(substitute(a, into), substitute(b, into))
        case Equal(a=a, b=b):
            return Equal(substitute(a, into), substitute(b, into))
        case Unequal(a=a, b=b):
            return Unequal(substitute(a, into), substitute(b, into))
        case AtLeast(a=a, b=b):
            return AtLeast(substitute(a, into), substitute(b, into))


def _sides(question: Question, values: Mapping[str, int]) -> tuple[int, int]:
    match question:
        case Equal(a=a, b=b) | Unequal(a=a, b=b) | AtLeast(a=a, b=b):
            return evaluate(a, values), evaluate(b, values)
        case Divides(divisor=a, dividend=b):
            return evaluate(a, values), evaluate(b, values)
