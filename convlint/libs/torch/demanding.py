"""Demands of single numbers: what torch refuses where a number is too large, or where two differ.

Law: numbers decide at once; what depends on the input becomes a requirement of the path.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape


def demand_at_most(
    op: Op, value: Dim, bound: Dim, words: str, *arguments: str, kind: Kind = Kind.OTHER
) -> None:
    """Demand value ≤ bound; `words` is the whole sentence, error class first."""
    demands = Demands()
    demands.at_least(bound, value, Fault(kind, expected=bound, got=value, arguments=arguments))
    op.lawful(demands.outcome(()), lambda _: words)


def demand_equal(
    op: Op, expected: Dim, got: Dim, words: str, *arguments: str, kind: Kind = Kind.JOIN
) -> None:
    """Demand that two numbers are equal."""
    demands = Demands()
    demands.equal(expected, got, Fault(kind, expected=expected, got=got, arguments=arguments))
    op.lawful(demands.outcome(()), lambda _: words)


def demand_same(
    op: Op, expected: Shape, got: Shape, words: str, *arguments: str, kind: Kind = Kind.JOIN
) -> None:
    """Demand that two shapes are equal, rank and all."""
    demands = Demands()
    fault = Fault(kind, expected=expected, got=got, shapes=(expected, got), arguments=arguments)
    if len(expected) != len(got):
        demands.refuse(fault)
    for a, b in zip(expected, got, strict=False):
        demands.equal(a, b, fault)
    op.lawful(demands.outcome(()), lambda _: words)
