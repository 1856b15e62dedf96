"""Running a root: along every path that nothing decides, within the budget."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Protocol

from msgspec import Struct

from convlint.dims import TooComplex
from convlint.interp.budget import Exhausted, Limits
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.trace import Trace
from convlint.values import NotModelled, Raised, Unknown, Value

Root = Callable[[Machine], Value]
"""What is run: evaluates something on a machine and gives its value."""


class State(Protocol):
    """What objects of the program were at one moment."""

    def put_back(self) -> None:
        """Make them that again."""


class Outcome(Struct, frozen=True):
    """One path's end: the root's value (Unknown where it raised or a budget ran out), its trace and
    machine; and what the model was then, where other paths have changed it since.
    """

    value: Value
    trace: Trace
    machine: Machine
    state: State | None = None

    def show(self) -> None:
        """Before the model is looked at: let it be as the path left it."""
        if self.state is not None:
            self.state.put_back()

    @property
    def clean(self) -> bool:
        """Whether the path came to its end, and nothing certainly failed on the way."""
        trace = self.trace
        ended = trace.raised is None and trace.exhausted is None
        return ended and not any(failure.certain for failure in trace.failures)


def run_paths(
    loader: Loader,
    root: Root,
    *,
    limits: Limits | None = None,
    training: bool = False,
    first: Outcome | None = None,
) -> list[Outcome]:
    """Run the root once for each way through it, the first with every undecided branch taken.

    `first` is that one's outcome where it is known already.
    """
    limits = limits or Limits()
    deadline = process_time() + limits.seconds
    left = limits.root_steps
    agenda: list[tuple[bool, ...]] = [()]
    outcomes: list[Outcome] = []
    while agenda:
        prefix = agenda.pop(0)
        outcome = first
        if outcome is None or outcomes:
            machine = Machine(
                loader, limits=limits, prefix=prefix, training=training, steps=left, deadline=deadline
            )
            outcome = run_path(machine, root)
        outcomes.append(outcome)
        machine = outcome.machine
        agenda += machine.path.alternatives(limits.paths)
        left -= machine.budget.steps - machine.budget.imported
        if machine.trace.exhausted == "seconds" or left <= 0:
            break
        most = _most(outcomes, limits)
        if len(outcomes) + len(agenda) > most:
            if agenda and not _one_clean(outcomes, limits):
                machine.trace.exhausted = machine.trace.exhausted or "paths"
            agenda = agenda[: max(0, most - len(outcomes))]
    return outcomes


def run_path(machine: Machine, root: Root) -> Outcome:
    """Run the root along the machine's path."""
    spending = machine.loader.spending
    value = not_started(machine) if spending.over(machine.budget.limits) else _run(machine, root)
    spending.add(machine.budget, machine.trace.exhausted)
    machine.trace.choices = list(machine.path.choices)
    return Outcome(value, machine.trace, machine)


def _most(outcomes: list[Outcome], limits: Limits) -> int:
    """How many ways to go: few where one came through without failing, for then no failure is on all; no more
    where these took long, and where they took very long and none of them failed.
    """
    if limits.clean_paths is None:
        return limits.paths
    taken = sum(o.machine.budget.steps + o.machine.inherited for o in outcomes)
    if _one_clean(outcomes, limits):
        return len(outcomes) if taken >= limits.clean_steps else min(limits.paths, limits.clean_paths)
    failing = any(failure.certain for outcome in outcomes for failure in outcome.trace.failures)
    return len(outcomes) if taken >= 4 * limits.clean_steps and not failing else limits.paths


def _one_clean(outcomes: list[Outcome], limits: Limits) -> bool:
    return limits.clean_paths is not None and any(outcome.clean for outcome in outcomes)


def not_started(machine: Machine) -> Value:
    """What stands for the value of a run for which nothing is left of its file's steps."""
    machine.trace.exhausted = "steps"
    return machine.unknown("the file's budget of steps was spent")


def _run(machine: Machine, root: Root) -> Value:
    try:
        return root(machine)
    except Raised as raised:
        machine.trace.raised = raised.text
        machine.trace.raised_at = raised.site
        return Unknown(f"raises {raised.text}", raised.site)
    except NotModelled as why:
        return machine.unknown(why.reason)
    except TooComplex as error:
        return machine.lost(f"an extent grows beyond the limits: {error}")
    except Exhausted as budget:
        machine.trace.exhausted = budget.what
        return machine.unknown(f"the budget of {budget.what} was spent")
    except RecursionError:
        machine.trace.exhausted = "depth"
        return machine.unknown("the budget of depth was spent")
