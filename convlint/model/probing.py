"""Building a model and calling it: with inputs that are declared, annotated, or inferred from use.

Law: inputs are learned on one path, by running the model until no run says more; then every path is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from time import process_time

from msgspec import Struct, field
from msgspec.structs import replace

from convlint.dims import Dim, Expr, symbol
from convlint.interp.budget import Exhausted, Limits
from convlint.interp.frame import Code
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.watch import Abandoned, Watch
from convlint.libs import registry
from convlint.libs.protocol import ModelProtocol
from convlint.model.annotations import annotated
from convlint.model.declared import Declared
from convlint.model.inputs import InputSpec, Lesson, Pinning, as_passed, probes, required_inputs
from convlint.model.run import Outcome, State, run_path, run_paths
from convlint.model.standing import Standing
from convlint.model.stock import Evaluated
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
Expected = tuple[tuple[Dim, ...], str]
"""The shape and data type that a layer takes."""
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
    """The model that was built last: it is called again while it stands."""


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
    channels: Expr | None = None
    """Stands for the channels of the input, until a layer says how many it takes."""
    learning: bool = False
    guessing: bool = False
    """Whether the first layer is looked for that something of unknown rank reaches; if nothing was changed by
    then, the run ends there.
    """
    reached: Expected | None = None
    """What that layer takes."""
    stale: bool = False
    counted: bool = False
    """Whether the stock of a model is taken before it is called, for a summary."""
    standing: Standing | None = None
    """The model as it was built, to be called again while no call has changed anything for good."""
    left: dict[int, State] = field(default_factory=dict)
    """What calls have left the model as, by the `id` of their machine: as it was built where they changed
    nothing.
    """

    def root(self, machine: Machine) -> Value:
        """What a run evaluates: the model's output, or the model where it is not called."""
        standing = self.standing
        self.left.pop(id(machine), None)  # of a machine that is gone
        if standing is None or not standing.serves(self.training):
            model = self.make(machine)
            protocol = registry.protocol_of_model(model)
            if (
                protocol is None
                or not isinstance(model, Instance)
                or (called(model, machine) and not self.anyway)
            ):
                return model
            if self.specs is None:
                self.specs = self.wanted = _wanted(machine, model, self.declared)
            if self.specs is None:
                return model
            standing = self.standing = Standing.of(machine, model, protocol, self.training, self.counted)
        else:
            standing.begin(machine, self.training)
        return self._called(machine, standing)

    def shown(self, outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
        """The outcomes, each with the state of the model at its end."""
        return tuple(replace(each, state=self.left.get(id(each.machine))) for each in outcomes)

    def _called(self, machine: Machine, standing: Standing) -> Value:
        """The output of the model, called with the inputs as far as they are known."""
        while True:
            tensors = probes(self.specs or (), standing.protocol)
            given = tuple(map(machine.taints.held, tensors))
            ended: Value = Unknown("the call did not end")
            try:
                ended = self._call(machine, standing, tensors)
            except Abandoned:
                if self.stale or self.reached is not None:
                    return machine.unknown("the call was abandoned")
                continue
            except (Raised, NotModelled, Exhausted):
                self._keep(machine, standing, given, ended)
                raise
            self._keep(machine, standing, given, ended)
            return ended

    def _keep(self, machine: Machine, standing: Standing, given: tuple[Value, ...], output: Value) -> None:
        run = Evaluated(standing.model, standing.protocol, given, output, standing.built, machine)
        self.runs.append(run)

    def _call(self, machine: Machine, standing: Standing, tensors: list[Value]) -> Value:
        """Call the model. Raises `Abandoned`, and notes whether the run is stale, where more was learned."""
        specs, protocol = self.specs or (), standing.protocol
        lesson: Lesson | Pinning = Lesson(specs, tensors, protocol)
        if self.channels is not None:
            lesson = Pinning(specs, self.channels, machine.path.assumptions)

        def enough(call: Called) -> bool:
            if lesson.teaches(call):
                self.reached = None
                return True
            # A model that cannot be put back would have to be made again, whether the guess is right or not.
            return self.guessing and self._reaches(call, lesson.specs, protocol) and not watch.lasting

        seen_enough = enough if self.learning else _enough_is_known
        watch = Watch(seen_enough, protocol.passes_on, partial(standing.keep, machine))
        mark, chosen, askers = machine.recorder.mark(), len(machine.path.choices), dict(machine.askers)
        machine.watch = None if standing.changed and not self.learning else watch
        try:
            return machine.call(
                standing.model,
                protocol.arguments(
                    standing.model, [t for t, spec in zip(tensors, specs, strict=True) if not spec.keyword]
                ),
                {spec.name: t for t, spec in zip(tensors, specs, strict=True) if spec.keyword},
            )
        except Abandoned:
            self.specs, machine.askers = lesson.specs, askers
            changed = watch.changed or len(machine.path.choices) > chosen
            self.stale = changed or not machine.recorder.rewind(mark)
            raise
        finally:
            machine.watch = None
            self.left[id(machine)] = standing.called(watch) or standing

    def _reaches(self, call: Called, specs: Sequence[InputSpec], protocol: ModelProtocol) -> bool:
        """Whether something of unknown rank reaches a layer of maps or sequences; what it takes is kept."""
        given = call.inputs[0] if call.inputs else None
        ranked = isinstance(given, Tensor) and given.shape is not None
        if ranked or self.reached is not None or not isinstance(given, (Tensor, Unknown)):
            return False
        index = _only_unsaid(specs)
        if index is None:
            return False
        expected = protocol.expected_input(call.module, 0, _suffix(index))
        if expected is None or len(expected[0]) < 3:
            return False
        self.reached = expected
        return True


def _only_unsaid(specs: Sequence[InputSpec]) -> int | None:
    """The place of the only input of which nothing is known."""
    unsaid = [index for index, spec in enumerate(specs) if spec.unsaid]
    return unsaid[0] if len(unsaid) == 1 else None


def _suffix(index: int) -> str:
    """What the symbols of an input end in."""
    return "" if index == 0 else str(index + 1)


def _enough_is_known(call: Called) -> bool:
    return False


def run_model(
    loader: Loader, make: Make, training: bool, limits: Limits | None
) -> tuple[tuple[Evaluated, ...], tuple[Outcome, ...]]:
    """Build a model and call it with inputs inferred from use, along every path."""
    probe = probed(loader, make, training, limits, counted=True)
    return probe.models, probe.outcomes


def probed(
    loader: Loader,
    make: Make,
    training: bool,
    limits: Limits | None,
    declared: DeclaredFor = nothing_declared,
    anyway: bool = False,
    counted: bool = False,
) -> Probe:
    """Build a model and call it; one that `make` called itself only if it must be called `anyway`."""
    trial = Trial(make, training, anyway, declared, guessing=True, counted=counted)
    first = _learned(trial, loader, limits)
    inferred = any(spec.unsaid for spec in trial.wanted or ())
    if trial.reached is not None:
        tried = _by_rank(trial, trial.reached, loader, limits)
        if tried is not None:
            trial, first = tried
        elif not trial.runs:
            trial.guessing, trial.reached = False, None
            first = _learned(trial, loader, limits)
    if first is None:
        trial.runs.clear()
    outcomes = run_paths(loader, trial.root, limits=limits, training=training, first=first)
    return Probe(trial.specs, trial.shown(outcomes), tuple(trial.runs), inferred, anyway, trial.standing)


def probed_again(loader: Loader, make: Make, before: Probe, training: bool, limits: Limits | None) -> Probe:
    """The same model with the same inputs, in the other mode; one way through it, if that does not fail."""
    limits = replace(limits or Limits(), clean_paths=1)
    standing = before.standing
    trial = Trial(make, training, before.anyway, specs=before.specs, standing=standing)
    shared = standing is not None and standing.serves(training)
    outcomes = run_paths(loader, trial.root, limits=limits, training=training)
    if standing is not None and shared:
        standing.give_back(Machine(loader, limits=limits), not training)
    return replace(before, outcomes=trial.shown(outcomes), models=tuple(trial.runs))


def again(
    loader: Loader,
    make: Make,
    specs: Sequence[InputSpec],
    training: bool,
    limits: Limits | None,
    standing: Standing | None = None,
    counted: bool = False,
) -> Probe:
    """Build a model, where it does not stand already, and call it with these inputs."""
    trial = Trial(make, training, True, specs=tuple(specs), standing=standing, counted=counted)
    outcomes = run_paths(loader, trial.root, limits=limits, training=training)
    return Probe(trial.specs, trial.shown(outcomes), tuple(trial.runs))


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
        if not trial.stale or (trial.reached is not None and not trial.runs):
            break
    trial.learning = False
    return None if trial.stale else outcome


def _by_rank(
    trial: Trial, expected: Expected, loader: Loader, limits: Limits | None
) -> tuple[Trial, Outcome | None] | None:
    """Where use says nothing of the only input whose shape is not known, because something unknown comes
    before the first layer: the layer's rank is tried.

    It is kept where nothing then fails; the channels are those that the layers ask for.
    """
    specs = trial.specs or ()
    index = _only_unsaid(specs)
    assert index is not None
    channels = symbol("C" + _suffix(index))
    free = (d for d in expected[0][1:] if isinstance(d, Expr) and d != channels)
    shape = (expected[0][0], channels, *free)
    if len(shape) != len(expected[0]):
        return None
    tried = tuple(replace(s, shape=shape, dtype=expected[1]) if s.unsaid else s for s in specs)
    other = replace(trial, specs=tried, runs=[], channels=channels, guessing=False, reached=None)
    outcome = _learned(other, loader, limits)
    if outcome is None:
        return other, None
    if not other.runs or outcome.trace.failures or outcome.trace.raised:
        return None
    late = Pinning(other.specs or (), channels, outcome.machine.path.assumptions)
    pinned = late.teaches()
    other.specs = late.specs
    return other, None if pinned else outcome


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
