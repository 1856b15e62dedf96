"""Demands: how a law collects what it requires.

Law: numbers decide at once, what depends on symbols becomes a `Requirement` for the path, and the first
broken demand is the law's fault.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

from convlint.dims import AtLeast, Dim, Divides, Equal, Expr
from convlint.shapes.fault import Fault, Lawful, Outcome, Requirement, Shape

P = ParamSpec("P")
T = TypeVar("T")


def remembered(law: Callable[P, T]) -> Callable[P, T]:
    """A law answers the same to the same shapes, and the layers of a stage ask the same: the last answers are
    kept.
    """
    return lru_cache(maxsize=2048)(law)  # type: ignore[return-value]


class Demands:
    """What one application of a law requires. Each demand says whether the law may go on computing."""

    __slots__ = ("fault", "requires")

    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.requires: list[Requirement] = []

    def equal(self, left: Dim, right: Dim, otherwise: Fault) -> bool:
        """Demand left = right. Identical normal forms need no question."""
        if left is right or left == right:
            return True
        if isinstance(left, Expr) or isinstance(right, Expr):
            self.requires.append(Requirement(Equal(left, right), otherwise))
            return True
        return self.refuse(otherwise)

    def at_least(self, value: Dim, bound: Dim, otherwise: Fault) -> bool:
        """Demand value ≥ bound."""
        room = value - bound
        if isinstance(room, int):
            return True if room >= 0 else self.refuse(otherwise)
        self.requires.append(Requirement(AtLeast(value, bound), otherwise))
        return True

    def divides(self, divisor: Dim, value: Dim, otherwise: Fault) -> bool:
        """Demand that divisor (≥ 1) divides value."""
        if isinstance(divisor, int) and isinstance(value, int):
            return value % divisor == 0 or self.refuse(otherwise)
        if divisor is value or divisor == 1:
            return True
        self.requires.append(Requirement(Divides(divisor, value), otherwise))
        return True

    def refuse(self, otherwise: Fault) -> bool:
        """Break the law outright; the first fault counts."""
        if self.fault is None:
            self.fault = otherwise
        return False

    def outcome(self, shape: Shape) -> Outcome:
        """The law's answer: the first fault, or the shape with its requirements."""
        if self.fault is not None:
            return self.fault
        return Lawful(shape, tuple(self.requires))
