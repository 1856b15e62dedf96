"""`summarize`: from a target to its summary, evaluating the source abstractly."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from convlint.dims import Dim, parse, symbol
from convlint.interp.budget import Limits
from convlint.interp.expressions import Context, expression
from convlint.interp.frame import Frame
from convlint.interp.loader import Loader, attribute
from convlint.interp.machine import Machine
from convlint.interp.parsing import SyntaxFault
from convlint.interp.scope import Kind, Scope
from convlint.libs import registry
from convlint.libs.protocol import ModelProtocol
from convlint.model.contract import contract
from convlint.model.declared import Declared
from convlint.model.environment import search_path as default_search_path
from convlint.model.found import Evidence, Given
from convlint.model.kinds import FLOAT, fitting
from convlint.model.listing import names_of_models
from convlint.model.probing import Make, Probe, again, probed
from convlint.model.run import Outcome, run_paths
from convlint.model.stock import Evaluated, stock
from convlint.model.summary import Gap, Summary, merged
from convlint.model.target import Target, TargetError, check_expression, parse_target
from convlint.model.totals import summarize_run
from convlint.values import (
    Class,
    Function,
    Instance,
    Namespace,
    NotModelled,
    Raised,
    Unknown,
    Value,
    forget_opaque,
)

Shape = Sequence[int | str]
Inputs = Sequence[Shape] | dict[str, Shape]


_MOST_CALLS = 6
"""How many calls in the code are tried on a model."""
ONE_MODEL = Limits(
    steps=3_000_000, root_steps=6_000_000, module_steps=3_000_000, lost_steps=3_000_000, seconds=30.0
)
"""A user who asks for one model waits longer than one who lints a file: a thousand layers are followed."""


def summarize(
    target: str,
    inputs: Inputs | None = None,
    search_path: Sequence[str] = (),
    *,
    python: str | None = None,
    limits: Limits | None = None,
) -> Summary:
    """The summary of the model that `target` (`file.py:EXPR` or `module:EXPR`) denotes, in evaluation mode.

    `inputs` are shapes by position or name, batch first where the framework has one; an extent is a number or
    the name of a symbol. Without them the code is asked (a comment, a call), else they are inferred from use.
    `python` is the environment whose packages are read. Raises `TargetError` where the target cannot be found
    or is no model.
    """
    parsed = parse_target(target)
    if parsed.expression is None:
        raise TargetError(f"{target}: say which model after a colon")
    return _Target(parsed, search_path, python, limits).summary(parsed.expression, inputs)


def summarize_file(
    target: str,
    inputs: Inputs | None = None,
    search_path: Sequence[str] = (),
    *,
    python: str | None = None,
    limits: Limits | None = None,
) -> list[Summary]:
    """The summaries of every model in a file, in order of their lines. Raises `TargetError`."""
    parsed = parse_target(target)
    if parsed.file is None:
        raise TargetError(f"{target}: say which model after a colon")
    opened = _Target(parsed, search_path, python, limits)
    return [opened.summary(name, inputs) for name in opened.models()]


class _Target:
    """A file or module that is open for summaries."""

    def __init__(
        self, target: Target, search_path: Sequence[str], python: str | None, limits: Limits | None
    ) -> None:
        self.target = target
        self.limits = limits or ONE_MODEL
        self.loader = Loader(default_search_path(tuple(search_path), python), script=target.file)
        self._evidence: Evidence | None = None
        if target.file is not None:
            self._evidence = self._open(target.file)

    def _open(self, file: Path) -> Evidence:
        try:
            own = self.loader.read(file)
        except (OSError, ValueError, SyntaxError, SyntaxFault, RecursionError) as error:
            raise TargetError(f"{file}: {error}") from None
        self.loader.evaluate(Machine(self.loader, limits=self.limits), module_name(file), file, own)
        return Evidence(self.loader, str(file), own, self.limits)

    def models(self) -> list[str]:
        """The names of the models that the file itself makes."""
        machine = Machine(self.loader, limits=self.limits)
        return names_of_models(machine, module_of(machine, self.target))

    def summary(self, text: str, inputs: Inputs | None) -> Summary:
        """One expression, along every path."""
        forget_opaque()
        probe = self._given(text, inputs) if inputs is not None else self._found(text)
        if not probe.models:
            return Summary(text, None, None, None, [], None, (), None, _why(probe.outcomes[0]))
        ways = _ways(probe)
        summaries = []
        for run, outcome in ways:
            outcome.show()
            own = contract(run.inputs, outcome.machine.path.assumptions)
            summaries.append(summarize_run(text, run, outcome, own))
        conditions = [
            c.unknown.reason if c.unknown else f"whether {c.question}"
            for _, outcome in ways
            for c in outcome.trace.choices
        ]
        return merged(summaries, conditions)

    def _make(self, machine: Machine, text: str) -> Value:
        model = model_of(machine, module_of(machine, self.target), text)
        if registry.protocol_of_model(model) is None:
            why = f": {model.reason}" if isinstance(model, Unknown) else ""
            raise TargetError(f"`{text}` is not a model{why}")
        return model

    def _given(self, text: str, inputs: Inputs) -> Probe:
        def called(kinds: tuple[str, ...]) -> Probe:
            runs: list[Evaluated] = []

            def root(machine: Machine) -> Value:
                model = self._make(machine, text)
                protocol = registry.protocol_of_model(model)
                assert protocol is not None and isinstance(model, Instance)
                runs.append(call_model(machine, model, protocol, inputs, kinds))
                return runs[-1].output

            outcomes = tuple(run_paths(self.loader, root, limits=self.limits))
            return Probe((), outcomes, tuple(runs))

        return fitting(len(inputs), called, lambda probe: probe.outcomes)

    def _fitting(self, text: str, make: Make) -> Probe:
        """With declared inputs; else those of the first call in the code that fits the model; where none does
        and none calls this very model, inferred from use.
        """
        calls: list[Given] | None = None
        turn = 0

        def inputs(machine: Machine, model: Instance) -> Declared | None:
            nonlocal calls
            if self._evidence is None:
                return None
            declared = self._evidence.declared(text, model.cls)
            if calls is None:
                calls = [] if declared else self._evidence.given(text, machine, model)[:_MOST_CALLS]
            return calls[turn].declared if turn < len(calls) else declared

        first = probe = probed(self.loader, make, False, self.limits, inputs, anyway=True, counted=True)
        while calls and turn < len(calls) and not _runs(probe):
            turn += 1
            if turn < len(calls) or not calls[0].own:  # after the last, nothing is given
                probe = probed(self.loader, make, False, self.limits, inputs, anyway=True, counted=True)
        return probe if _runs(probe) else first

    def _found(self, text: str) -> Probe:
        """With the inputs that the code gives, else inferred from use."""

        def make(machine: Machine) -> Value:
            return self._make(machine, text)

        probe = self._fitting(text, make)
        specs = probe.specs or ()
        if not specs or any(spec.given is not None for spec in specs):
            return probe

        def called(kinds: tuple[str, ...]) -> Probe:
            if kinds == (FLOAT,) * len(specs):
                return probe
            others = [replace(s, dtype=kind) for s, kind in zip(specs, kinds, strict=True)]
            return again(self.loader, make, others, False, self.limits, counted=True)

        return fitting(len(specs), called, lambda tried: tried.outcomes)


def _runs(probe: Probe) -> bool:
    """Whether the model takes its inputs, as far as it was followed."""
    return any(outcome.clean or outcome.trace.exhausted for outcome in probe.outcomes)


def _ways(probe: Probe) -> list[tuple[Evaluated, Outcome]]:
    """The ways on which the model was built, each with its end.

    What a program refuses by an exception on one way and not on another says nothing of how it works: such a
    way is left out, if all were gone to their ends.
    """
    ends = {id(outcome.machine): outcome for outcome in probe.outcomes}
    ways = [(run, ends[id(run.machine)]) for run in probe.models if id(run.machine) in ends]
    if any(outcome.trace.exhausted for outcome in probe.outcomes):
        return ways
    return [way for way in ways if way[1].trace.raised is None] or ways


def _why(outcome: Outcome) -> tuple[Gap, ...]:
    reason, site = "the model could not be built", outcome.trace.raised_at
    match outcome.value:
        case (Unknown() as unknown) | Instance(tainted=Unknown() as unknown):
            reason, site = unknown.reason, site or unknown.site
    if site is None:
        return (Gap("everything", reason),)
    return (Gap("everything", reason, site.span.filename, site.span.row),)


def module_of(machine: Machine, target: Target) -> Namespace:
    """Evaluate the target's module. Raises `TargetError` where it cannot be found or read."""
    loader = machine.loader
    if target.file is not None:
        name = module_name(target.file)
        found = loader.modules.get(name)
        value: Value = found if found is not None else loader.evaluate(machine, name, target.file)
        if str(target.file) in loader.failed:
            raise TargetError(f"{target.file}: {loader.failed[str(target.file)]}")
    else:
        assert target.module is not None
        value = loader.module(machine, target.module)
    if not isinstance(value, Namespace):
        raise TargetError(f"{target.module}: {value.reason if isinstance(value, Unknown) else 'not found'}")
    return value


def module_name(file: Path) -> str:
    """The dotted name of a file inside its packages: the folders above it that have an `__init__.py`."""
    file = file.resolve()
    parts = [] if file.stem == "__init__" else [file.stem]
    folder = file.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts)


def evaluate_text(machine: Machine, module: Namespace, text: str) -> Value:
    """Evaluate an expression in a module's namespace. Raises `TargetError` for a name that is not there."""
    base = next(node for node in ast.walk(check_expression(text)) if isinstance(node, ast.Name))
    if base.id not in module.attrs and attribute(machine, module, base.id) is None:
        from difflib import get_close_matches

        close = get_close_matches(base.id, module.attrs, 1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise TargetError(f"{module.name} has no name {base.id}{hint}")
    context = Context("<target>", Scope(Kind.MODULE, None))
    return expression(check_expression(text), context)(Frame(machine, module, module.attrs))


def model_of(machine: Machine, module: Namespace, text: str) -> Value:
    """The model that EXPR denotes: a class or a function is called without arguments."""
    value = evaluate_text(machine, module, text)
    callable_ = isinstance(value, (Class, Function)) or (
        isinstance(value, Instance)
        and registry.protocol_of_model(value) is None
        and value.cls.has("__call__")
    )
    return machine.call(value) if callable_ else value


def call_model(
    machine: Machine, model: Instance, protocol: ModelProtocol, inputs: Inputs, kinds: Sequence[str]
) -> Evaluated:
    """Put the model in evaluation mode and call it with inputs of these shapes and kinds of numbers."""
    protocol.set_training(machine, model, False)
    named: dict[str, Value] = {}
    args: list[Value] = []
    if isinstance(inputs, dict):
        given = zip(inputs.items(), kinds, strict=True)
        named = {name: protocol.make_input(extents(s), kind) for (name, s), kind in given}
    else:
        args = [protocol.make_input(extents(s), kind) for s, kind in zip(inputs, kinds, strict=True)]
    built = stock(machine, model, protocol)
    try:
        output = machine.call(model, protocol.arguments(model, args), named)
    except (Raised, NotModelled) as error:
        output = recover(machine, error)
    return Evaluated(model, protocol, (*args, *named.values()), output, built, machine)


def recover(machine: Machine, error: Raised | NotModelled) -> Value:
    """What ended the call goes into the trace; the model is still counted."""
    if isinstance(error, Raised):
        machine.trace.raised, machine.trace.raised_at = error.text, error.site
        return Unknown(f"raises {error.text}", error.site)
    return machine.unknown(error.reason)


def extents(shape: Shape) -> tuple[Dim, ...]:
    """A shape as given: numbers, and names of symbols or expressions of them."""
    return tuple(e if isinstance(e, int) else (symbol(e) if e.isidentifier() else parse(e)) for e in shape)
