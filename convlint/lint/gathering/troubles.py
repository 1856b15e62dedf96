"""Roots that could not be analysed, or not to their end.

Law: a budget is told of where it was spent on the program, not on ways of convlint's own making; once a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from convlint.lint.sources import Sources
from convlint.lint.subjects import Trouble, TroubleKind
from convlint.lint.wording import listed
from convlint.model.roots import Analysis, RootKind, RootRun
from convlint.model.run import Outcome

_MOST_NAMES = 3


def troubles(analysis: Analysis, sources: Sources) -> Iterator[Trouble]:
    """What could not be analysed, or not to its end."""
    for crash in analysis.crashes:
        yield Trouble(
            sources=sources,
            root=crash.name,
            kind=TroubleKind.INTERNAL,
            what=crash.error,
            span=crash.span,
        )
    spent: dict[str, RootRun] = {}
    budgets: dict[str, None] = {}
    for run in analysis.runs:
        budget = next((o.trace.exhausted for o in run.outcomes if _worth_telling(o, run)), None)
        if budget is not None:
            spent.setdefault(run.name, run)
            budgets[budget] = None
    if spent:
        followed = sum(max(len(o.trace.calls) for o in run.outcomes) for run in spent.values())
        first = next(iter(spent.values()))
        yield Trouble(
            sources=sources,
            root=_together(spent),
            kind=TroubleKind.BUDGET,
            what=listed(list(budgets)),
            span=first.span,
            followed=followed,
        )


def _together(runs: Mapping[str, RootRun]) -> str:
    """The roots in a sentence: the first three by name, the others by their number."""
    names = list(runs)[:_MOST_NAMES]
    others = sum(run.stands_for for run in runs.values()) - len(names)
    return f"{', '.join(names)} and {others} more" if others else listed(names)


def _worth_telling(outcome: Outcome, run: RootRun) -> bool:
    """Whether a budget was spent, and not on ways of convlint's own making: guesses about free arguments and
    inputs that nothing shows, or choices of module-level code that calls no layer.
    """
    trace = outcome.trace
    if trace.exhausted is None:
        return False
    if run.kind is RootKind.CLASS:
        return trace.exhausted != "paths" and not any(choice.unknown for choice in trace.choices)
    if trace.exhausted != "paths":
        return True
    first = run.outcomes[0].trace.choices[:1]
    guessed = run.kind is RootKind.FACTORY and any(choice.unknown is not None for choice in first)
    return not guessed and any(each.trace.calls for each in run.outcomes)
