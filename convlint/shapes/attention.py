"""Attention: queries against keys, weights against values.

Law: `(…, L, E)` queries, `(…, S, E)` keys and `(…, S, Ev)` values give `(…, L, Ev)`; leading axes broadcast.
"""

from __future__ import annotations

from dataclasses import dataclass

from convlint.dims import Dim, product
from convlint.shapes.broadcast import broadcast, fits_into
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Requirement, Shape


@dataclass(frozen=True, slots=True)
class Scores:
    """Both products of an attention: the weights' shape, the result's, and their multiply-accumulates."""

    weights: Shape
    result: Shape
    macs: Dim
    requires: tuple[Requirement, ...] = ()


def attend(query: Shape, key: Shape, value: Shape) -> Scores | Fault:
    """Softmax(query · keyᵀ) · value for operands of at least 2 axes."""
    operands = (query, key, value)
    for shape in operands:
        if len(shape) < 2:
            return Fault(Kind.RANK, 2, len(shape), operands)
    demands = Demands()
    demands.equal(
        query[-1], key[-1], Fault(Kind.OTHER, query[-1], key[-1], operands, -1, ("key",), "features")
    )
    demands.equal(
        key[-2], value[-2], Fault(Kind.OTHER, key[-2], value[-2], operands, -2, ("value",), "length")
    )
    if demands.fault is not None:
        return demands.fault
    scores = broadcast(query[:-2], key[:-2])
    if isinstance(scores, Fault):
        return scores
    leading = broadcast(scores.shape, value[:-2])
    if isinstance(leading, Fault):
        return leading
    weights = (*scores.shape, query[-2], key[-2])
    result = (*leading.shape, query[-2], value[-1])
    macs = product(weights) * query[-1] + product(result) * key[-2]
    return Scores(weights, result, macs, (*demands.requires, *scores.requires, *leading.requires))


def mask_fits(mask: Shape, weights: Shape) -> Outcome:
    """A mask is added to the weights in place: it joins them, and stretches only itself."""
    joined = broadcast(weights, mask)
    return joined if isinstance(joined, Fault) else fits_into(weights, mask)
