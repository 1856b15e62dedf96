"""Budgets: everything ends. Running out is an exception of the interpreter that no analysed program can
catch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import process_time


class Exhausted(BaseException):
    """A budget ran out; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one root may take. The largest models of torchvision take 20,000 steps."""

    steps: int = 100_000
    """Statements and calls of one path."""
    root_steps: int = 400_000
    """Statements and calls of all paths of one root."""
    file_steps: int = 4_000_000
    """Statements and calls of all roots of one file."""
    lost_steps: int = 250_000
    """Of these, what runs may take that do not come to an end."""
    depth: int = 220
    """Nested calls of the analysed program."""
    paths: int = 16
    """Ways through one root."""
    clean_paths: int | None = None
    """Of these, how many where one came through without failing; None: all."""
    clean_steps: int = 10_000
    """Where `clean_paths` is given: the steps after which no further way is begun if one came through, and
    four times that if none failed.
    """
    seconds: float = 30.0
    """Of processor time, for one root and all its paths: a net under the other limits, far above them."""


@dataclass(slots=True)
class Spending:
    """What the runs of one file have taken so far, in steps."""

    steps: int = 0
    lost: int = 0
    """The part that went into runs whose steps or seconds ran out."""

    def add(self, steps: int, exhausted: str | None) -> None:
        """Count a run, and what it ran out of."""
        self.steps += steps
        if exhausted in ("steps", "seconds"):
            self.lost += steps

    def over(self, limits: Limits) -> bool:
        """Whether no more is left for another run."""
        return self.steps >= limits.file_steps or self.lost >= limits.lost_steps


class Budget:
    """What is left of one path's limits."""

    __slots__ = ("_deadline", "_steps", "depth", "imported", "limits", "steps")

    def __init__(self, limits: Limits, steps: int | None = None, deadline: float | None = None) -> None:
        self.limits = limits
        self.steps = 0
        self.imported = 0
        """The steps that imported modules took: each has a path's steps of its own, once for all paths."""
        self.depth = 0
        self._steps = limits.steps if steps is None else min(steps, limits.steps)
        self._deadline = process_time() + limits.seconds if deadline is None else deadline

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Module-level code of one module: what it takes is not taken from the path that imports it."""
        start, limit, imported = self.steps, self._steps, self.imported
        self._steps = start + self.limits.steps
        try:
            yield
        finally:
            spent = self.steps - start
            self._steps = limit + spent
            self.imported = imported + spent

    def step(self) -> None:
        """Count one statement or iteration. Raises `Exhausted`."""
        self.steps += 1
        if self.steps & 0x3FF == 0:
            if self.steps > self._steps:
                raise Exhausted("steps")
            if process_time() > self._deadline:
                raise Exhausted("seconds")
