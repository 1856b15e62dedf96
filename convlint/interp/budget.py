"""Budgets: everything ends. Running out is an exception of the interpreter that no analysed program can catch."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic


class Exhausted(BaseException):
    """A budget ran out; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one root may take."""

    steps: int = 4_000_000
    """Statements and calls of one path."""
    depth: int = 220
    """Nested calls of the analysed program."""
    paths: int = 16
    """Ways through one root."""
    seconds: float = 20.0
    """Of one root, all paths together: a net under the other limits, far above what real models take."""


class Budget:
    """What is left of one path's limits."""

    __slots__ = ("_deadline", "depth", "limits", "steps")

    def __init__(self, limits: Limits, deadline: float | None = None) -> None:
        self.limits = limits
        self.steps = 0
        self.depth = 0
        self._deadline = monotonic() + limits.seconds if deadline is None else deadline

    def step(self) -> None:
        """Count one statement or iteration. Raises `Exhausted`."""
        self.steps += 1
        if self.steps & 0x3FF == 0:
            if self.steps > self.limits.steps:
                raise Exhausted("steps")
            if monotonic() > self._deadline:
                raise Exhausted("seconds")
