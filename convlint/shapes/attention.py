"""Attention: queries against keys, weights against values.

Law: `(…, L, E)` queries, `(…, S, E)` keys and `(…, S, Ev)` values give `(…, L, Ev)`; leading axes broadcast.
"""

from __future__ import annotations

from convlint.dims import Dim, product
from convlint.shapes.broadcast import broadcast, fits_into
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape

KEYS, VALUES = "keys", "values"
"""What a fault's `detail` says: the features of queries and keys differ, or the numbers of keys and
values.
"""


def scores(query: Shape, key: Shape) -> Outcome:
    """The attention weights `(…, L, S)`: queries times transposed keys, both of at least 2 axes."""
    return _product(query, (*key[:-2], key[-1], key[-2]), KEYS, "key")


def weighted(weights: Shape, value: Shape) -> Outcome:
    """The result `(…, L, Ev)`: weights times values."""
    return _product(weights, value, VALUES, "value")


def _product(left: Shape, right: Shape, detail: str, argument: str) -> Outcome:
    demands = Demands()
    wrong = Fault(Kind.OTHER, left[-1], right[-2], (left, right), -1, (argument,), detail)
    leading = broadcast(left[:-2], right[:-2])
    if isinstance(leading, Fault):
        return leading
    demands.equal(left[-1], right[-2], wrong)
    demands.requires.extend(leading.requires)
    return demands.outcome((*leading.shape, left[-2], right[-1]))


def macs(query: Shape, weights: Shape, result: Shape) -> Dim:
    """Multiply-accumulates of both products."""
    return product(weights) * query[-1] + product(result) * weights[-1]


def mask_fits(mask: Shape, weights: Shape) -> Outcome:
    """A mask is added to the weights in place: it joins them, and stretches only itself."""
    joined = broadcast(weights, mask)
    return joined if isinstance(joined, Fault) else fits_into(weights, mask)
