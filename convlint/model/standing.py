"""A model that stands built: the state of its run just before the call, to call it in the other mode too.

Law: a call that changed nothing that was there before leaves the model as it was built, so that building it
again would give the same.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from convlint.dims import Question
from convlint.interp.budget import Limits
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.libs.protocol import ModelProtocol
from convlint.model.run import Outcome, Root, run_path
from convlint.trace import Trace
from convlint.values import Instance


class Standing(Struct, frozen=True):
    """A built model, and what its run had recorded by then."""

    model: Instance
    protocol: ModelProtocol
    machine: Machine
    trace: Trace
    assumptions: tuple[Question, ...]

    @classmethod
    def of(cls, machine: Machine, model: Instance, protocol: ModelProtocol) -> Standing | None:
        """The model as it stands on the machine; None where building it looked at the mode, chose a
        way, called it, or met something unknown."""
        trace = machine.trace
        if machine.mode_asked or machine.path.choices or trace.failures or trace.calls or trace.unknowns:
            return None
        return cls(model, protocol, machine, _copied(trace), tuple(machine.path.assumptions))

    def run(self, loader: Loader, limits: Limits, training: bool, call: Root) -> Outcome:
        """The model called in the other mode, on a machine that begins where building it ended."""
        machine = Machine(loader, limits=limits, training=training)
        machine.go_on(self.machine, _copied(self.trace), self.assumptions)
        try:
            self.protocol.set_training(machine, self.model, training)
            return run_path(machine, call)
        finally:
            self.protocol.set_training(machine, self.model, not training)


def _copied(trace: Trace) -> Trace:
    """The trace with lists of its own."""
    return replace(
        trace,
        built=list(trace.built),
        calls=list(trace.calls),
        failures=list(trace.failures),
        required=list(trace.required),
        choices=list(trace.choices),
        unknowns=list(trace.unknowns),
        compiled=list(trace.compiled),
        compared=list(trace.compared),
        discarded=list(trace.discarded),
        assigned={place: list(tensors) for place, tensors in trace.assigned.items()},
    )
