"""Mutants judged: what a framework answers to each of them, beside convlint's errors.

Law: nine in ten of the mutants that the framework refuses by itself are errors, at the changed line or at one
that it blames; what it accepts is no error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from convlint.config import Settings
from convlint.lint import Severity
from convlint.lint.engine import check_paths, check_source
from convlint.lint.finding import Finding
from tests.truth.mutants import FILE, Answer, Fate, Mutant, fate

LEAST_SHARE = 0.9
_MISSED = (Fate.MISPLACED, Fate.SILENT, Fate.FALSE_ALARM)
Rows = Callable[[str], set[int]]
"""The rows of convlint's errors in a text."""


@dataclass(slots=True)
class Tally:
    """The fates of mutants, of one program or of many."""

    programs: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    @property
    def caught(self) -> int:
        """How many errors stand where they may."""
        return self.fates[Fate.CAUGHT] + self.fates[Fate.CAUGHT_AT_OTHER]

    @property
    def refused(self) -> int:
        """How many the framework refuses by itself."""
        return self.caught + self.fates[Fate.MISPLACED] + self.fates[Fate.SILENT]

    def add(self, other: Tally) -> None:
        """Count another's, too."""
        self.programs += other.programs
        self.fates += other.fates
        self.missed += other.missed

    def report(self) -> str:
        """All counts, and what was missed."""
        counts = [f"{self.fates[each]} {each.value}" for each in Fate]
        head = f"{self.programs} programs, {self.fates.total()} mutants, {self.refused} refused"
        return "\n".join([head, *counts, *self.missed])

    def demand(self, least: int, *, spared: int = 0) -> None:
        """The law, of at least so many refused; `spared` may be missed whatever the share."""
        print(self.report())
        assert self.refused >= least, self.report()
        assert self.caught + spared >= LEAST_SHARE * self.refused, self.report()
        assert not self.fates[Fate.FALSE_ALARM], self.report()


def judged(name: str, mutants: Iterable[Mutant], answers: Iterable[Answer], rows: Rows) -> Tally:
    """What becomes of the mutants of one program, whose answers are in the same order."""
    tally = Tally(programs=1)
    for mutant, real in zip(mutants, answers, strict=True):
        found = rows(mutant.text)
        result = fate(mutant, found, refused=real.error is not None, own=real.own, blamed=real.blamed)
        tally.fates[result] += 1
        if result in _MISSED:
            place = f"{name}:{mutant.row}: {mutant.change}"
            tally.missed.append(f"{place}: {result.value} {sorted(found)} {sorted(real.blamed)} {real.error}")
    return tally


def some(name: str, mutants: Iterable[Mutant], most: int) -> list[Mutant]:
    """At most so many of them, drawn by the name: with a larger number the same ones, and more."""
    drawn = list(mutants)
    Random(name).shuffle(drawn)
    return drawn[:most]


def errors(text: str) -> set[int]:
    """The rows of convlint's errors in a script."""
    return _rows(check_source(text, FILE, Settings()).findings)


def errors_in(file: Path, text: str) -> set[int]:
    """The rows of convlint's errors in a file that has this text for the time being."""
    kept = file.read_text()
    file.write_text(text)
    try:
        return _rows(check_paths([file], Settings()).findings)
    finally:
        file.write_text(kept)


def _rows(findings: Iterable[Finding]) -> set[int]:
    return {finding.location.row for finding in findings if finding.severity is Severity.ERROR}
