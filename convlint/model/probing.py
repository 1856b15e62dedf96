"""Building a model and calling it: with inputs that are declared, annotated, or inferred from use.

Law: inputs are learned on one path, by running the model until no run says more; then every path is run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from convlint.dims import Equal, Expr, symbol
from convlint.interp.budget import Exhausted, Limits
from convlint.interp.frame import Code
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.model.annotations import annotated
from convlint.model.declared import Declared
from convlint.model.inputs import InputSpec, learned, probes, required_inputs
from convlint.model.run import Outcome, run_paths
from convlint.model.summary import Evaluated, stock
from convlint.trace import Called
from convlint.values import (
    BoundMethod,
    Class,
    Function,
    Instance,
    NotModelled,
    Raised,
    Tensor,
    Unknown,
    Value,
)

MAX_ROUNDS = 4

Make = Callable[[Machine], Value]
"""Makes the model on a machine."""
DeclaredFor = Callable[[Class], Declared | None]
"""What is declared for models of a class."""


def nothing_declared(cls: Class) -> Declared | None:
    """No comment, no configuration."""
    return None


@dataclass(frozen=True, slots=True)
class Probe:
    """What a run with known inputs left: the inputs, all paths, and the model of each path that has one."""

    specs: tuple[InputSpec, ...] | None
    outcomes: tuple[Outcome, ...]
    models: tuple[Evaluated, ...]
    inferred: bool = False
    """Whether a layer's use alone says an input's shape."""
    anyway: bool = False
    """Whether the model was called although the code called it itself."""


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
    specs, given = _learned(loader, make, training, limits, declared, anyway)
    if specs is not None and given is not None:
        specs = [_settled(spec, own) for spec, own in zip(specs, given, strict=True)]
    models, outcomes = _run(loader, make, specs, training, limits, anyway)
    inferred = any(spec.shape is None for spec in given or [])
    return Probe(None if specs is None else tuple(specs), outcomes, models, inferred, anyway)


def probed_again(loader: Loader, make: Make, before: Probe, training: bool, limits: Limits | None) -> Probe:
    """The same model with the same inputs, in the other mode; one way through it, if that does not fail."""
    specs = None if before.specs is None else list(before.specs)
    limits = replace(limits or Limits(), clean_paths=1)
    models, outcomes = _run(loader, make, specs, training, limits, before.anyway)
    return replace(before, outcomes=outcomes, models=models)


def _learned(
    loader: Loader, make: Make, training: bool, limits: Limits | None, declared: DeclaredFor, anyway: bool
) -> tuple[list[InputSpec] | None, list[InputSpec] | None]:
    """The inputs as use shows them, and as they are declared; None where the model is not reached."""
    once = replace(limits or Limits(), paths=1)
    specs: list[InputSpec] | None = None
    given: list[InputSpec] | None = None
    for _ in range(MAX_ROUNDS):
        runs, outcomes = _run(loader, make, specs, training, once, anyway)
        if not runs:
            return None, None
        run, machine = runs[0], outcomes[0].machine
        if specs is None:
            given = _wanted(machine, run.model, declared)
            specs = [replace(spec, shape=None) for spec in given or []]
            if [s.name for s in specs] != [
                s.name for s in _wanted(machine, run.model, nothing_declared) or []
            ]:
                continue
        after = learned(specs, run.inputs, outcomes[0].trace, run.protocol)
        settled = after == specs or all(spec.shape is not None for spec in after)
        specs = after
        if settled:
            break
    unsaid = [
        s for s, own in zip(specs or (), given or (), strict=False) if s.shape is None and own.shape is None
    ]
    if specs is not None and len(unsaid) == 1 and sum(spec.shape is None for spec in specs) == 1:
        specs = _by_rank(loader, make, specs, training, once, anyway)
    return specs, given


def _by_rank(
    loader: Loader, make: Make, specs: list[InputSpec], training: bool, once: Limits, anyway: bool
) -> list[InputSpec]:
    """Where use says nothing, because something unknown comes before the first layer: the layer's rank is
    tried.

    It is kept where nothing then fails; the channels are those that the layers ask for.
    """
    runs, outcomes = _run(loader, make, specs, training, once, anyway)
    if not runs:
        return specs
    index = next(i for i, spec in enumerate(specs) if spec.shape is None)
    suffix = "" if index == 0 else str(index + 1)
    for call in outcomes[0].trace.calls:
        expected = runs[0].protocol.expected_input(call.module, 0, suffix)
        if expected is None or len(expected[0]) < 3:
            continue
        channels = symbol("C" + suffix)
        shape = (
            expected[0][0],
            channels,
            *(d for d in expected[0][1:] if isinstance(d, Expr) and d != channels),
        )
        if len(shape) != len(expected[0]):
            return specs
        tried = [replace(s, shape=shape, dtype=expected[1]) if s.shape is None else s for s in specs]
        runs, outcomes = _run(loader, make, tried, training, once, anyway)
        if not runs or outcomes[0].trace.failures or outcomes[0].trace.raised:
            return specs
        return [_pinned(spec, channels, outcomes[0]) for spec in tried]
    return specs


def _pinned(spec: InputSpec, channels: Expr, outcome: Outcome) -> InputSpec:
    """The input with the number of channels that something on the way requires."""
    for question in outcome.trace.questions:
        match question:
            case Equal(a=a, b=int() as number) | Equal(a=int() as number, b=a) if (
                a == channels and spec.shape
            ):
                return replace(spec, shape=tuple(number if d == channels else d for d in spec.shape))
    return spec


def _settled(spec: InputSpec, own: InputSpec) -> InputSpec:
    """What is declared goes before what use shows; use still tells integers from floats."""
    if own.shape is None:
        return spec
    return replace(spec, shape=own.shape, dtype=spec.dtype if own.dtype == "float32" else own.dtype)


def again(
    loader: Loader, make: Make, specs: Sequence[InputSpec], training: bool, limits: Limits | None
) -> Probe:
    """Build a model and call it with these inputs."""
    models, outcomes = _run(loader, make, list(specs), training, limits, True)
    return Probe(tuple(specs), outcomes, models)


def _run(
    loader: Loader,
    make: Make,
    specs: list[InputSpec] | None,
    training: bool,
    limits: Limits | None,
    anyway: bool,
) -> tuple[tuple[Evaluated, ...], tuple[Outcome, ...]]:
    runs: list[Evaluated] = []

    def root(machine: Machine) -> Value:
        model = make(machine)
        protocol = registry.protocol_of_model(model)
        if protocol is None or not isinstance(model, Instance) or (called(model, machine) and not anyway):
            return model
        protocol.set_training(machine, model, training)
        needed = specs if specs is not None else _wanted(machine, model, nothing_declared)
        if needed is None:
            return model
        unknown = [replace(spec, shape=None) for spec in needed] if specs is None else needed
        tensors = probes(unknown, protocol)
        built = stock(machine, model, protocol)
        output: Value = None
        try:
            output = machine.call(
                model,
                [t for t, spec in zip(tensors, needed, strict=True) if not spec.keyword],
                {spec.name: t for t, spec in zip(tensors, needed, strict=True) if spec.keyword},
            )
        except (Raised, NotModelled, Exhausted):
            runs.append(Evaluated(model, protocol, tuple(tensors), Unknown("the call did not end"), built))
            raise
        runs.append(Evaluated(model, protocol, tuple(tensors), output, built))
        return output

    outcomes = tuple(run_paths(loader, root, limits=limits, training=training))
    return tuple(runs), outcomes


def called(model: Instance, machine: Machine) -> bool:
    """Whether the model was called with a tensor whose shape is known."""
    return any(call.module is model and known_input(call) for call in machine.trace.calls)


def known_input(call: Called) -> bool:
    """Whether a call shows a tensor of known shape."""
    return any(isinstance(value, Tensor) and value.shape is not None for value in call.inputs)


def _wanted(machine: Machine, model: Instance, declared: DeclaredFor) -> list[InputSpec] | None:
    """The inputs that the model needs, with declared or annotated shapes; None where they cannot be known."""
    forward = machine.lookup(model, "forward", None)
    needed = required_inputs(forward)
    found = declared(model.cls)
    if found is not None and found.named:
        return [InputSpec(name, shape, keyword=True) for name, shape in found.named.items()]
    if found is not None:
        names = [spec.name for spec in needed or []]
        names += [f"input{i + 1}" for i in range(len(names), len(found.shapes))]
        return [InputSpec(name, shape) for name, shape in zip(names, found.shapes, strict=False)]
    return None if needed is None else [_annotated(spec, forward) for spec in needed]


def _annotated(spec: InputSpec, forward: Value) -> InputSpec:
    function = forward.function if isinstance(forward, BoundMethod) else forward
    if not isinstance(function, Function) or not isinstance(function.code, Code):
        return spec
    found = annotated(function.code.node, spec.name)
    return spec if found is None else replace(spec, shape=found[0], dtype=found[1])


def other_ranks(specs: Sequence[InputSpec]) -> list[list[InputSpec]]:
    """What an inferred rank may be too: the inputs without their batch axis, features with one axis more."""
    shapes = [spec.shape for spec in specs]
    if any(shape is None or len(shape) < 2 for shape in shapes):
        return []
    ranks = [[replace(spec, shape=shape[1:]) for spec, shape in zip(specs, shapes, strict=True) if shape]]
    if any(shape is not None and len(shape) == 2 for shape in shapes):
        ranks.append(
            [
                replace(spec, shape=(shape[0], symbol("L"), *shape[1:]))
                if shape and len(shape) == 2
                else spec
                for spec, shape in zip(specs, shapes, strict=True)
            ]
        )
    return ranks
