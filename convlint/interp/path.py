"""Paths: the choices that a run made where nothing decided a branch, and what it may assume from then on.

A root is run again with another choice, up to a budget (replay), so no state is ever copied or merged.
"""

from __future__ import annotations

from convlint.dims import Question, certain, negate
from convlint.trace import Choice
from convlint.values import Site, Unknown


class Path:
    """One way through the program: `prefix` holds the choices to repeat; later ones are taken as true
    first.
    """

    def __init__(self, prefix: tuple[bool, ...] = ()) -> None:
        self.prefix = prefix
        self.choices: list[Choice] = []
        self.assumptions: list[Question] = []
        self._assumed: set[Question] = set()
        self._known: dict[object, bool] = {}
        self._answers: dict[Question, tuple[bool | None, int]] = {}
        """With the number of assumptions then: more of them change nothing that is settled."""
        self.uncertain = False
        """Whether a choice about an unknown value was made: nothing after it is certain."""

    def assume(self, question: Question) -> None:
        """The path goes on only where this holds."""
        if question not in self._assumed:
            self._assumed.add(question)
            self.assumptions.append(question)

    def answer(self, question: Question) -> bool | None:
        """Whether the assumptions prove the question (True) or refute it (False)."""
        if question in self._assumed:
            return True
        found, assumed = self._answers.get(question, (None, -1))
        if found is None and assumed < len(self.assumptions):
            found = certain(question, self.assumptions)
            self._answers[question] = found, len(self.assumptions)
        return found

    def choose(self, question: Question, site: Site | None) -> bool:
        """Whether the question holds on this path: decided by the assumptions, else chosen."""
        decided = self.answer(question)
        if decided is not None:
            return decided
        if question in self._known:
            return self._known[question]
        taken = self._next()
        self._known[question] = taken
        self.choices.append(Choice(taken, question, None, site))
        self.assume(question if taken else negate(question))
        return taken

    def guess(self, unknown: Unknown, site: Site | None) -> bool:
        """Whether an unknown value is true on this path."""
        if unknown in self._known:
            return self._known[unknown]
        taken = self._known[unknown] = self._next()
        self.choices.append(Choice(taken, None, unknown, site))
        self.uncertain = True
        return taken

    def rule_out(self, unknown: Unknown) -> bool:
        """Whether an unknown value is true on this path: not, unless it was chosen to be."""
        if unknown not in self._known:
            self._known[unknown] = False
            self.uncertain = True
        return self._known[unknown]

    def _next(self) -> bool:
        index = len(self.choices)
        return self.prefix[index] if index < len(self.prefix) else True

    def alternatives(self, most: int) -> list[tuple[bool, ...]]:
        """The prefixes of the first `most` paths that branch off this one after its own prefix."""
        start = len(self.prefix)
        taken = tuple(choice.taken for choice in self.choices[: start + most])
        return [(*taken[:i], not taken[i]) for i in range(start, len(taken))]
