"""The input contract: which inputs a model accepts, from what its layers required on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convlint.dims import (
    Box,
    Dim,
    Equal,
    Question,
    constraint,
    solve_equal,
    substitute,
    symbol,
    symbols_of,
)
from convlint.values import Tensor, Value

MOST_BOXES = 3


def contract(inputs: Sequence[Value], assumptions: Iterable[Question]) -> str | None:
    """In words: "3 × H × W, H must be a multiple of 16"; None where no input has a free extent but the batch.

    The batch (the first symbol, N) is left out where nothing constrains it.
    """
    facts = list(assumptions)
    shapes = [t.shape for t in inputs if isinstance(t, Tensor) and t.shape is not None]
    if len(shapes) != len(inputs) or not shapes:
        return None
    names = list(dict.fromkeys(name for shape in shapes for d in shape for name in sorted(symbols_of(d))))
    free = [n for n in names if n != "N"]
    if not free:
        return None
    joint = joint_solutions(free, facts)
    words = [str(c) for name in names if (c := constraint(name, facts)) is not None]
    shown = ", ".join(_shape(shape) for shape in shapes)
    if joint is not None:
        words = joint
    return "; ".join([shown, *words])


def _shape(shape: tuple[Dim, ...]) -> str:
    body = shape[1:] if len(shape) > 1 and not isinstance(shape[0], int) else shape
    return " × ".join(str(d) for d in body)


def joint_solutions(names: list[str], facts: list[Question]) -> list[str] | None:
    """Where one equation ties two sizes (a dense layer after flattening): the square sizes, else the
    pairs.
    """
    tied = [
        f
        for f in facts
        if isinstance(f, Equal) and len((symbols_of(f.a) | symbols_of(f.b)) & set(names)) == 2
    ]
    for fact in tied:
        pair = [n for n in names if n in symbols_of(fact.a) | symbols_of(fact.b)]
        others = [f for f in facts if f is not fact]
        square = _square(fact, pair, others)
        if square:
            return [f"{pair[0]} = {pair[1]} = {' or '.join(str(b[pair[0]]) for b in square)}"]
        found = solve_equal(fact.a, fact.b, pair, others)
        if found:
            few = " or ".join(str(box) for box in found[:MOST_BOXES])
            return [few + (" …" if len(found) > MOST_BOXES else "")]
    return None


def _square(fact: Equal, pair: list[str], facts: list[Question]) -> list[Box] | None:
    same = {pair[1]: symbol(pair[0])}
    return solve_equal(substitute(fact.a, same), substitute(fact.b, same), [pair[0]], facts)
