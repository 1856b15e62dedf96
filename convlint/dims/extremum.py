"""Minimum, maximum and product of several dimensions, in normal form.

Law: an operand that cannot decide the result is dropped; what all operands share moves out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import gcd
from typing import Literal

from convlint.dims.atoms import Extremum, extremum_atom
from convlint.dims.expr import Dim, Expr, Terms, of_atom
from convlint.dims.interval import interval

Kind = Literal["min", "max"]

_COMPARED = 16
"""Among more operands none are compared by bounds: it takes every pair."""


def minimum(*dims: Dim) -> Dim:
    """The least operand. Raises ValueError without operands."""
    return _extremum("min", dims)


def maximum(*dims: Dim) -> Dim:
    """The greatest operand. Raises ValueError without operands."""
    return _extremum("max", dims)


def product(dims: Iterable[Dim]) -> Dim:
    """All operands multiplied; 1 without operands."""
    scale = 1
    result: Dim = 1
    for d in dims:
        if isinstance(d, int):
            scale *= d
        else:
            result = d * result
    return result * scale


@lru_cache(maxsize=1024)
def _extremum(kind: Kind, dims: tuple[Dim, ...]) -> Dim:
    if not dims:
        raise ValueError(f"{kind} of nothing")
    kept: list[Dim] = list(_best_of_alike(kind, _flat(kind, dims)))
    if len(kept) <= _COMPARED:
        kept = _undominated(kind, kept)
    if len(kept) == 1:
        return kept[0]
    return _shared_out(kind, sorted(kept, key=str))


def _best_of_alike(kind: Kind, dims: Iterable[Dim]) -> Iterable[Dim]:
    """Of operands that differ by a constant, the one that decides."""
    best: dict[Terms, Dim] = {}
    for d in dims:
        terms = () if isinstance(d, int) else d.terms
        other = best.get(terms)
        if other is None or _settles(kind, d, other):
            best[terms] = d
    return best.values()


def _undominated(kind: Kind, dims: list[Dim]) -> list[Dim]:
    kept: list[Dim] = []
    for d in dims:
        if not any(_settles(kind, other, d) for other in kept):
            kept = [other for other in kept if not _settles(kind, d, other)] + [d]
    return kept


def _flat(kind: Kind, dims: Iterable[Dim]) -> Iterable[Dim]:
    """The operands, with those of nested extrema in their place: k·min(x, y) + c = min(k·x + c, k·y + c)."""
    for d in dims:
        if isinstance(d, Expr) and len(d.terms) == 1:
            (monomial, k), atom = d.terms[0], d.terms[0][0][0]
            if len(monomial) == 1 and isinstance(atom, Extremum) and (atom.kind == kind) == (k > 0):
                yield from _flat(kind, (k * operand + d.constant for operand in atom.operands))
                continue
        yield d


def _settles(kind: Kind, winner: Dim, loser: Dim) -> bool:
    """Whether the loser never decides the extremum where the winner takes part."""
    low, high = interval(loser - winner)
    return (low is not None and low >= 0) if kind == "min" else (high is not None and high <= 0)


def _shared_out(kind: Kind, operands: list[Dim]) -> Dim:
    """min(g·x + c, g·y + c) = g·min(x, y) + c for g > 0."""
    shift = min(d if isinstance(d, int) else d.constant for d in operands)
    rests = [d - shift for d in operands]
    scale = gcd(*(c for d in rests for c in _coefficients(d)))
    reduced = tuple(sorted((_divided(d, scale) for d in rests), key=str))
    return of_atom(extremum_atom(kind, reduced)) * scale + shift


def _coefficients(d: Dim) -> list[int]:
    return [d] if isinstance(d, int) else [d.constant, *(c for _, c in d.terms)]


def _divided(d: Dim, scale: int) -> Dim:
    return d // scale  # exact: scale divides every coefficient
