"""What a run keeps of what happens on its path: layers, calls, costs, faults, the program's exceptions.

Law: what the path's assumptions decide is a fact; a requirement that they do not decide is noted, and assumed
from there on. Where the program would catch a failure, it is the program's exception instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from convlint.dims import Expr, Question
from convlint.interp.budget import Budget, Cost
from convlint.interp.path import Path
from convlint.interp.recorder import Recorder
from convlint.interp.taints import HOLDING, Taints
from convlint.interp.watch import Watch
from convlint.libs import registry
from convlint.shapes.fault import Fault, Requirement
from convlint.trace import Batch, Called, Compared, Compiled, Trace
from convlint.values import Class, Instance, Raised, Site, Tensor, Unknown, Value
from convlint.values.caller import Words


class Recording:
    """The path of a run and its trace: the half of a `Caller` that is told what happens."""

    def __init__(self, path: Path, budget: Budget, training: bool) -> None:
        self.path = path
        self.budget = budget
        self.trace = Trace()
        self.recorder = Recorder(self.trace)
        self.site: Site | None = None
        self.handlers: list[list[Value]] = []
        self.suppressing = 0
        """How many context managers are entered that may swallow an exception."""
        self.handling: list[Raised] = []
        self.importing = 0
        """How many imported modules are being evaluated, each in the midst of the one before."""
        self.watch: Watch | None = None
        self.mode_asked = False
        """Whether anything looked at the mode: if not, training and evaluation are the same."""
        self.askers: dict[int, Called | None] = {}
        """The module calls, by identity, within which that was; None where no module was being called."""
        self._training = training
        self.taints = Taints()

    # -- the mode, and what changes ----------------------------------------------------------------------

    @property
    def training(self) -> bool:
        self.asks_mode()
        return self._training

    def asks_mode(self) -> None:
        self.mode_asked = True
        call = self.recorder.module
        self.askers[id(call)] = call

    def changing(self, obj: Value = None) -> None:
        """Something that may have existed before is changed; `obj`, where that is known."""
        if self.watch is not None and not self.watch.made(obj):
            self.watch.change(obj)

    def made(self, value: Value) -> Value:
        """A value that did not exist before."""
        if self.watch is not None:
            self.watch.make(value)
        return value

    # -- errors and uncertainty --------------------------------------------------------------------------

    def error(self, name: str, message: str) -> Raised:
        cls = _error_class(name)
        assert cls is not None, name
        value = Instance(cls, self.site)
        value.attrs["args"] = (message,)
        return Raised(value, self.site)

    def expects(self, name: str) -> bool:
        """Whether the program would catch this exception here."""
        if not self.handlers:
            return False
        cls = _error_class(name)
        assert cls is not None, name
        probe = Instance(cls)
        return any(kind is None or self.catches(kind, probe) for caught in self.handlers for kind in caught)

    def catches(self, kind: Value, error: Instance) -> bool:
        """Whether an `except` clause names the error's class."""
        if isinstance(kind, tuple):
            return any(self.catches(each, error) for each in kind)
        return isinstance(kind, Class) and kind in error.cls.mro

    def guard(self, managers: int) -> None:
        self.suppressing += managers

    def unknown(self, reason: str) -> Unknown:
        return Unknown(reason, self.site)

    def lost(self, reason: str) -> Unknown:
        unknown = Unknown(reason, self.site)
        self.recorder.lose(unknown)
        return unknown

    def taint_of(self, obj: Value) -> Unknown | None:
        """Why a container's content is uncertain; None while it is certain."""
        return self.taints.of(obj)

    # -- shapes ------------------------------------------------------------------------------------------

    def holds(self, question: Question) -> bool | None:
        self.budget.charge(Cost.QUESTION)
        return self.path.answer(question)

    def fault(self, fault: Fault, words: Words, layer: Instance | None = None) -> None:
        sentence = words(fault)
        name, _, message = sentence.partition(": ")
        if _error_class(name) is None:
            name, message = "RuntimeError", sentence
        if self.expects(name):
            raise self.error(name, message)
        assumptions = tuple(self.path.assumptions)
        certain = not self.importing and not self.suppressing
        self.recorder.failure(fault, sentence, self.site, layer, assumptions, certain, self.path.uncertain)

    def require(self, requirement: Requirement, words: Words, layer: Instance | None = None) -> bool:
        self.budget.charge(Cost.QUESTION)
        answer = self.path.answer(requirement.question)
        if answer is not None:
            if not answer:
                self.fault(requirement.otherwise, words, layer)
            return answer
        self.recorder.required(requirement, words, self.site, layer)
        self.path.assume(requirement.question)
        return True

    # -- layers and costs --------------------------------------------------------------------------------

    @property
    def recorded(self) -> object:
        return self.recorder.rest, len(self.path.choices), len(self.path.assumptions)

    def record_layer(self, layer: Instance) -> None:
        self.budget.charge(Cost.LAYER)
        self.recorder.built(layer, self.site)

    def record_batch(self, size: Value, argument: str) -> None:
        if isinstance(size, int) and not isinstance(size, bool):
            self.trace.batches.append(Batch(size, argument, self.site))

    def record_loss(self, model: Instance, loss: Value) -> None:
        self.trace.compiled.append(Compiled(model, loss, self.site))

    def record_comparison(self, loss: str, output: Value, target: Value, layer: Instance | None) -> None:
        if isinstance(output, Tensor):
            self.trace.compared.append(Compared(loss, output, target, self.site, layer))

    def enter_layer(self, layer: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> object:
        self.budget.charge(Cost.CALL)
        given = (*args, *kwargs.values())
        if not HOLDING.isdisjoint(map(type, given)):
            given = tuple(map(self.taints.held, given))
        call = self.recorder.enter(layer, given, self.site, tuple(kwargs))
        if self.watch is not None:
            self.watch.entered(call)
        return call

    def leave_layer(self, token: object, output: Value) -> None:
        self.recorder.leave(token, self.taints.held(output))

    def count_macs(self, macs: object) -> None:
        if isinstance(macs, (int, Expr, Unknown)):
            self.recorder.count(macs)


def _error_class(name: str) -> Class | None:
    """An exception's class: a builtin one by its name, a library's by its dotted name."""
    found = registry.lookup(name if "." in name and " " not in name else f"builtins.{name}")
    return found if isinstance(found, Class) else None
