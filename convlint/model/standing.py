"""A model that stands built: the state of its run just before the call, to be called again.

Law: a call that changed nothing that was there before, or only what can be undone, leaves the model as it was
built, so that building it again would give the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from msgspec import Struct

from convlint.dims import Question
from convlint.interp.budget import Exhausted
from convlint.interp.machine import Machine
from convlint.interp.watch import Watch
from convlint.libs.protocol import ModelProtocol
from convlint.model.before import Before
from convlint.model.stock import Stock, stock
from convlint.trace import Called, Trace
from convlint.values import Instance, NotModelled, Value


class Standing(Struct):
    """A built model, and what its run had recorded by then."""

    model: Instance
    protocol: ModelProtocol
    training: bool
    """The mode it is in."""
    built: Stock
    """What it holds, where that is counted."""
    machine: Machine
    trace: Trace
    assumptions: tuple[Question, ...]
    steps: int
    """What building it took."""
    changed: bool = False
    """Whether a call has changed something since that cannot be undone: the model stands no more."""
    asked: Mapping[int, Called | None] | None = None
    """The calls that looked at the mode while it was built; it stands in that mode alone then."""
    before: Before | None = None
    """What it was before a call began to change it."""

    @classmethod
    def of(
        cls, machine: Machine, model: Instance, protocol: ModelProtocol, training: bool, counted: bool
    ) -> Standing:
        """The model as it stands on the machine, put into a mode, and `counted` for a summary; it does not
        stand for other runs where building it chose a way, failed, or met something unknown.
        """
        protocol.set_training(machine, model, training)
        built = stock(machine, model, protocol) if counted else Stock(())
        asked = dict(machine.askers) if machine.mode_asked else None
        trace = machine.trace
        own = machine.path.choices or trace.failures or trace.unknowns
        kept = trace if own else trace.copied()
        assumed, steps = tuple(machine.path.assumptions), machine.budget.steps
        return cls(model, protocol, training, built, machine, kept, assumed, steps, bool(own), asked)

    def serves(self, training: bool) -> bool:
        """Whether a run in this mode may call it."""
        return not self.changed and (self.asked is None or training == self.training)

    def begin(self, machine: Machine, training: bool) -> Instance:
        """Let a new machine begin where building the model ended, in a mode."""
        machine.go_on(self.machine, self.trace.copied(), self.assumptions)
        if self.before is not None:
            self.before.put_back()
            self.training, machine.taints = self.before.training, self.before.taints.copied()
        machine.inherited = self.steps
        if self.asked is not None:
            machine.mode_asked, machine.askers = True, dict(self.asked)
        if training != self.training:  # a call that changed it would have changed something
            self.training = training
            self.protocol.set_training(machine, self.model, training)
        return self.model

    def keep(self, machine: Machine, obj: Value) -> bool:
        """Before the machine changes something: whether that can be undone."""
        if self.changed:
            return False
        if self.before is None:
            self.before = Before.of(self.model, machine.taints, self.training)
        return obj in self.before

    def called(self, watch: Watch) -> Before | None:
        """Note what a call that was watched has changed; the state in which it left the model, whether that
        still stands or not. None where it changed nothing that is kept.
        """
        self.changed = self.changed or watch.lasting
        if self.before is None:
            return None
        left = self.before.after()
        self.changed = self.changed or not left.can_be_undone
        return left

    def put_back(self) -> None:
        """Make the model what it was before calls changed it."""
        if self.before is not None:
            self.before.put_back()

    def give_back(self, machine: Machine, training: bool) -> None:
        """Let the model be in the mode it was in; one that a call has made unknown has none, and where the
        file's budget is spent nobody asks for it.
        """
        self.training = training
        with suppress(NotModelled, Exhausted):
            self.protocol.set_training(machine, self.model, training)
