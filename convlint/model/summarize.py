"""`summarize`: from a target to its summary, evaluating the source abstractly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from convlint.dims import Dim, parse, symbol
from convlint.interp.budget import Limits
from convlint.interp.expressions import Context, expression
from convlint.interp.frame import Frame
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.scope import Kind, Scope
from convlint.libs import registry
from convlint.libs.protocol import ModelProtocol
from convlint.model.contract import contract
from convlint.model.environment import search_path as default_search_path
from convlint.model.roots import run_model
from convlint.model.run import Outcome, run_paths
from convlint.model.summary import Evaluated, Gap, Summary, merged, stock, summarize_run
from convlint.model.target import Target, TargetError, check_expression, parse_target
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


def summarize(
    target: str,
    inputs: Inputs | None = None,
    search_path: Sequence[str] = (),
    *,
    limits: Limits | None = None,
) -> Summary:
    """The summary of the model that `target` (`file.py:EXPR` or `module:EXPR`) denotes, in evaluation mode.

    `inputs` are shapes by position or name, batch first where the framework has one; an extent is a
    number or the
    name of a symbol. Raises `TargetError` where the target cannot be found or is no model.
    """
    parsed = parse_target(target)
    if parsed.expression is None:
        raise TargetError(f"{target}: say which model after a colon")
    loader = Loader(default_search_path(tuple(search_path)))
    return summarize_expression(loader, parsed, parsed.expression, inputs, limits)


def summarize_expression(
    loader: Loader, target: Target, text: str, inputs: Inputs | None, limits: Limits | None = None
) -> Summary:
    """One expression of a module, along every path."""
    forget_opaque()

    def make(machine: Machine) -> Value:
        model = model_of(machine, module_of(machine, target), text)
        if registry.protocol_of_model(model) is None:
            why = f": {model.reason}" if isinstance(model, Unknown) else ""
            raise TargetError(f"`{text}` is not a model{why}")
        return model

    runs: list[Evaluated] = []
    if inputs is None:
        found, outcomes = run_model(loader, make, training=False, limits=limits)
        runs += found
    else:

        def root(machine: Machine) -> Value:
            model = make(machine)
            protocol = registry.protocol_of_model(model)
            assert protocol is not None and isinstance(model, Instance)
            runs.append(call_model(machine, model, protocol, inputs))
            return runs[-1].output

        outcomes = tuple(run_paths(loader, root, limits=limits))
    if not runs:
        return Summary(text, None, None, None, [], None, (), None, _why(outcomes[0]))
    summaries = [
        summarize_run(text, run, outcome, contract(run.inputs, outcome.machine.path.assumptions))
        for run, outcome in zip(runs, outcomes, strict=False)
    ]
    return merged(summaries, [c.unknown.reason for o in outcomes for c in o.trace.choices if c.unknown])


def _why(outcome: Outcome) -> tuple[Gap, ...]:
    reason = outcome.value.reason if isinstance(outcome.value, Unknown) else "the model could not be built"
    site = outcome.trace.raised_at
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
    """Evaluate an expression in a module's namespace."""
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


def call_model(machine: Machine, model: Instance, protocol: ModelProtocol, inputs: Inputs) -> Evaluated:
    """Put the model in evaluation mode and call it with inputs of these shapes."""
    protocol.set_training(machine, model, False)
    named: dict[str, Value] = {}
    args: list[Value] = []
    if isinstance(inputs, dict):
        named = {name: protocol.make_input(extents(s), "float32") for name, s in inputs.items()}
    else:
        args = [protocol.make_input(extents(s), "float32") for s in inputs]
    built = stock(machine, model, protocol)
    try:
        output = machine.call(model, args, named)
    except (Raised, NotModelled) as error:
        output = recover(machine, error)
    return Evaluated(model, protocol, (*args, *named.values()), output, built)


def recover(machine: Machine, error: Raised | NotModelled) -> Value:
    """What ended the call goes into the trace; the model is still counted."""
    if isinstance(error, Raised):
        machine.trace.raised, machine.trace.raised_at = error.text, error.site
        return Unknown(f"raises {error.text}", error.site)
    return machine.unknown(error.reason)


def extents(shape: Shape) -> tuple[Dim, ...]:
    """A shape as given: numbers, and names of symbols or expressions of them."""
    return tuple(e if isinstance(e, int) else (symbol(e) if e.isidentifier() else parse(e)) for e in shape)
