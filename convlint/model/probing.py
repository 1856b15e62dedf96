"""Building a model and calling it: with inputs that are declared, annotated, or inferred from use.

Law: inputs are learned on one path, by running the model until no run says more; then every path is run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from time import process_time

from msgspec import Struct, field
from msgspec.structs import replace

from convlint.dims import Equal, Expr, symbol
from convlint.interp.budget import Exhausted, Limits
from convlint.interp.frame import Code
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.watch import Abandoned, Watch
from convlint.libs import registry
from convlint.libs.protocol import ModelProtocol
from convlint.model.annotations import annotated
from convlint.model.declared import Declared
from convlint.model.inputs import InputSpec, Lesson, as_passed, probes, required_inputs
from convlint.model.run import Outcome, run_path, run_paths
from convlint.model.standing import Standing
from convlint.model.stock import Evaluated, Stock, stock
from convlint.trace import Called
from convlint.values import (
    BoundMethod,
    Function,
    Instance,
    NotModelled,
    Raised,
    Tensor,
    Unknown,
    Value,
)

MAX_ROUNDS = 4
_MORE_AXES = (("L",), ("H", "W"))
_MOST_ALONE = 3
"""How many inputs get another rank each by itself."""

Make = Callable[[Machine], Value]
"""Makes the model on a machine."""
DeclaredFor = Callable[[Machine, Instance], Declared | None]
"""What is declared for a model, on the machine that built it."""


def nothing_declared(machine: Machine, model: Instance) -> Declared | None:
    """No comment, no configuration."""
    return None


class Probe(Struct, frozen=True):
    """What a run with known inputs left: the inputs, all paths, and the model of each path that has one."""

    specs: tuple[InputSpec, ...] | None
    outcomes: tuple[Outcome, ...]
    models: tuple[Evaluated, ...]
    inferred: bool = False
    """Whether a layer's use alone says an input's shape."""
    anyway: bool = False
    """Whether the model was called although the code called it itself."""
    standing: Standing | None = None
    """The model of the only path, where calling it changed nothing."""


class Trial(Struct):
    """Building a model and calling it; where the inputs are not given, the first way through shows them.

    While `learning`, a call is abandoned at the first layer that says more about an input, and begun again
    with that: on the same machine if nothing was changed till then, else the run is `stale`.
    """

    make: Make
    training: bool
    anyway: bool
    declared: DeclaredFor = nothing_declared
    specs: tuple[InputSpec, ...] | None = None
    """The inputs as far as they are known."""
    wanted: tuple[InputSpec, ...] | None = None
    """The inputs as they are declared."""
    runs: list[Evaluated] = field(default_factory=list)
    learning: bool = False
    stale: bool = False
    unchanged: bool = False
    """Whether the last call changed nothing that was there before."""
    standing: Standing | None = None
    """The model as it was built, where the call that was learned from changed nothing."""

    def root(self, machine: Machine) -> Value:
        """What a run evaluates: the model's output, or the model where it is not called."""
        model = self.make(machine)
        protocol = registry.protocol_of_model(model)
        if (
            protocol is None
            or not isinstance(model, Instance)
            or (called(model, machine) and not self.anyway)
        ):
            return model
        protocol.set_training(machine, model, self.training)
        if self.specs is None:
            self.specs = self.wanted = _wanted(machine, model, self.declared)
        if self.specs is None:
            return model
        built = stock(machine, model, protocol)
        standing = Standing.of(machine, model, protocol) if self.learning else None
        while True:
            tensors = probes(self.specs, protocol)
            given = tuple(map(machine.taints.held, tensors))
            try:
                output = self._call(machine, model, tensors, protocol)
            except Abandoned:
                if self.stale:
                    return machine.unknown("the call was abandoned")
                continue
            except (Raised, NotModelled, Exhausted):
                ended = Unknown("the call did not end")
                self.runs.append(Evaluated(model, protocol, given, ended, built, machine))
                raise
            self.runs.append(Evaluated(model, protocol, given, output, built, machine))
            self.standing = standing if self.unchanged else None
            return output

    def call_again(self, machine: Machine, standing: Standing, built: Stock) -> Value:
        """The output of a model that stands built, called with the inputs that are known."""
        tensors = probes(self.specs or (), standing.protocol)
        given = tuple(map(machine.taints.held, tensors))
        ended: Value = Unknown("the call did not end")
        try:
            ended = self._call(machine, standing.model, tensors, standing.protocol)
        finally:
            self.runs.append(Evaluated(standing.model, standing.protocol, given, ended, built, machine))
        return ended

    def _call(
        self, machine: Machine, model: Instance, tensors: list[Value], protocol: ModelProtocol
    ) -> Value:
        """Call the model. Raises `Abandoned`, and notes whether the run is stale, where more was learned."""
        specs = self.specs or ()
        lesson = Lesson(specs, tensors, protocol)
        watch = Watch(lesson.teaches, protocol.passes_on) if self.learning else None
        mark, chosen = machine.recorder.mark(), len(machine.path.choices)
        machine.watch = watch
        try:
            return machine.call(
                model,
                protocol.arguments(
                    model, [t for t, spec in zip(tensors, specs, strict=True) if not spec.keyword]
                ),
                {spec.name: t for t, spec in zip(tensors, specs, strict=True) if spec.keyword},
            )
        except Abandoned:
            self.specs = lesson.specs
            changed = watch is None or watch.changed or len(machine.path.choices) > chosen
            self.stale = changed or not machine.recorder.rewind(mark)
            raise
        finally:
            machine.watch = None
            self.unchanged = watch is not None and not watch.changed


def run_model(
    loader: Loader, make: Make, training: bool, limits: Limits | None
) -> tuple[tuple[Evaluated, ...], tuple[Outcome, ...]]:
    """Build a model and call it with inputs inferred from use, along every path."""
    probe = probed(loader, make, training, limits)
    return probe.models, probe.outcomes


def probed(
    loader: Loader,
    make: Make,
    training: bool,
    limits: Limits | None,
    declared: DeclaredFor = nothing_declared,
    anyway: bool = False,
) -> Probe:
    """Build a model and call it; one that `make` called itself only if it must be called `anyway`."""
    trial = Trial(make, training, anyway, declared)
    first = _learned(trial, loader, limits)
    if trial.wanted is not None and (learned := _by_rank(trial, first, loader, limits)) is not None:
        trial.specs, first = learned, None
    if first is None:
        trial.runs.clear()
    outcomes = run_paths(loader, trial.root, limits=limits, training=training, first=first)
    specs = None if trial.specs is None else tuple(trial.specs)
    inferred = any(spec.unsaid for spec in trial.wanted or ())
    standing = trial.standing if first is not None and len(outcomes) == 1 else None
    return Probe(specs, tuple(outcomes), tuple(trial.runs), inferred, anyway, standing)


def probed_again(loader: Loader, make: Make, before: Probe, training: bool, limits: Limits | None) -> Probe:
    """The same model with the same inputs, in the other mode; one way through it, if that does not fail."""
    limits = replace(limits or Limits(), clean_paths=1)
    trial = Trial(make, training, before.anyway, specs=before.specs)
    standing, first = before.standing, None
    if standing is not None:
        call = partial(trial.call_again, standing=standing, built=before.models[0].built)
        first = standing.run(loader, limits, training, call)
    outcomes = run_paths(loader, trial.root, limits=limits, training=training, first=first)
    return replace(before, outcomes=tuple(outcomes), models=tuple(trial.runs))


def again(
    loader: Loader, make: Make, specs: Sequence[InputSpec], training: bool, limits: Limits | None
) -> Probe:
    """Build a model and call it with these inputs."""
    trial = Trial(make, training, True, specs=tuple(specs))
    outcomes = run_paths(loader, trial.root, limits=limits, training=training)
    return Probe(trial.specs, tuple(outcomes), tuple(trial.runs))


def _learned(trial: Trial, loader: Loader, limits: Limits | None) -> Outcome | None:
    """The first way through, with the inputs as it shows them; None where it has to be gone again."""
    limits = limits or Limits()
    deadline = process_time() + limits.seconds
    trial.learning = True
    outcome: Outcome | None = None
    for _ in range(MAX_ROUNDS):
        trial.runs.clear()
        trial.stale = False
        machine = Machine(loader, limits=limits, training=trial.training, deadline=deadline)
        outcome = run_path(machine, trial.root)
        if not trial.stale:
            break
    trial.learning = False
    return None if trial.stale else outcome


def _by_rank(
    trial: Trial, first: Outcome | None, loader: Loader, limits: Limits | None
) -> tuple[InputSpec, ...] | None:
    """Where use says nothing of the only input whose shape is not known, because something unknown comes
    before the first layer: the layer's rank is tried.

    It is kept where nothing then fails; the channels are those that the layers ask for.
    """
    specs = trial.specs or ()
    unsaid = [index for index, spec in enumerate(specs) if spec.unsaid]
    if len(unsaid) != 1 or first is None or not trial.runs:
        return None
    index, protocol = unsaid[0], trial.runs[0].protocol
    suffix = "" if index == 0 else str(index + 1)
    for call in first.trace.calls:
        expected = protocol.expected_input(call.module, 0, suffix)
        if expected is None or len(expected[0]) < 3:
            continue
        channels = symbol("C" + suffix)
        free = (d for d in expected[0][1:] if isinstance(d, Expr) and d != channels)
        shape = (expected[0][0], channels, *free)
        if len(shape) != len(expected[0]):
            return None
        tried = tuple(replace(s, shape=shape, dtype=expected[1]) if s.unsaid else s for s in specs)
        other = Trial(trial.make, trial.training, trial.anyway, specs=tried)
        outcome = run_path(Machine(loader, limits=limits, training=trial.training), other.root)
        if not other.runs or outcome.trace.failures or outcome.trace.raised:
            return None
        return tuple(_pinned(spec, channels, outcome) for spec in tried)
    return None


def _pinned(spec: InputSpec, channels: Expr, outcome: Outcome) -> InputSpec:
    """The input with the number of channels that something on the way requires."""
    for question in outcome.trace.questions:
        match question:
            case Equal(a=a, b=int() as number) | Equal(a=int() as number, b=a) if (
                a == channels and spec.shape
            ):
                return replace(spec, shape=tuple(number if d == channels else d for d in spec.shape))
    return spec


def called(model: Instance, machine: Machine) -> bool:
    """Whether the model was called with a tensor whose shape is known."""
    return any(call.module is model and known_input(call) for call in machine.trace.calls)


def known_input(call: Called) -> bool:
    """Whether a call shows a tensor of known shape."""
    return any(isinstance(value, Tensor) and value.shape is not None for value in call.inputs)


def _wanted(machine: Machine, model: Instance, declared: DeclaredFor) -> tuple[InputSpec, ...] | None:
    """The inputs that the model needs, with declared or annotated shapes; None where they cannot be known."""
    protocol = registry.protocol_of_model(model)
    assert protocol is not None
    forward = machine.lookup(model, protocol.entry, None)
    needed = required_inputs(forward, protocol.modes)
    found = declared(machine, model)
    if found is not None and found.named:
        return tuple(InputSpec(name, shape, keyword=True) for name, shape in found.named.items())
    if found is not None and found.passed is None:
        names = [spec.name for spec in needed or []]
        names += [f"input{i + 1}" for i in range(len(names), len(found.shapes))]
        return tuple(InputSpec(name, shape) for name, shape in zip(names, found.shapes, strict=False))
    own = protocol.inputs(model)
    if own is not None:
        return tuple(InputSpec(name, shape, dtype) for name, shape, dtype in own)
    if found is not None and found.passed is not None:
        return as_passed(found.passed)
    if needed is None or not protocol.says_what_a_call_does(model):
        return None  # such a module holds things; that it cannot be called matters to those who call it
    return tuple(_annotated(spec, forward) for spec in needed)


def _annotated(spec: InputSpec, forward: Value) -> InputSpec:
    function = forward.function if isinstance(forward, BoundMethod) else forward
    if not isinstance(function, Function) or not isinstance(function.code, Code):
        return spec
    found = annotated(function.code.node, spec.name)
    return spec if found is None else replace(spec, shape=found[0], dtype=found[1])


def other_ranks(specs: Sequence[InputSpec]) -> list[list[InputSpec]]:
    """What an inferred rank may be too: the inputs without their batch axis; features with one axis more or
    two, all of them, or one while the others stay. Inputs of which nothing is known stay so.
    """
    shapes = [spec.shape or () for spec in specs]
    features = [index for index, shape in enumerate(shapes) if len(shape) == 2]
    ranks = []
    if any(shapes) and all(len(shape) >= 2 for shape in shapes if shape):
        ranks.append(
            [replace(s, shape=shape[1:]) if shape else s for s, shape in zip(specs, shapes, strict=True)]
        )
    chosen = [features, *([index] for index in features[:_MOST_ALONE] if len(features) > 1)]
    for indices in chosen if features else ():
        for more in _MORE_AXES:
            ranks.append([_longer(s, more) if i in indices else s for i, s in enumerate(specs)])
    return ranks


def _longer(spec: InputSpec, more: Sequence[str]) -> InputSpec:
    """Features of a sequence or a map, in place of those of a sample."""
    shape = spec.shape or ()
    return replace(spec, shape=(shape[0], *map(symbol, more), *shape[1:]))
