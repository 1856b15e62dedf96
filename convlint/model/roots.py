"""Roots: what a linted file is analysed from.

Module-level code run as a program; factories (functions callable without arguments); classes that neither of them
built and called, with symbols for their arguments.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from convlint.dims import symbol
from convlint.interp.budget import Exhausted, Limits
from convlint.interp.frame import Code
from convlint.interp.loader import Loader, run_main
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.model.inputs import InputSpec, learned, probes, required_inputs
from convlint.model.run import Outcome, run_paths
from convlint.model.summary import Evaluated
from convlint.values import (
    BoundMethod,
    Class,
    Function,
    Instance,
    Namespace,
    NotModelled,
    Raised,
    Span,
    Unknown,
    Value,
    span_of,
)

MAX_ROOTS = 400
MAX_ROUNDS = 4


class RootKind(Enum):
    """How much a root proves: arguments that the code itself shows, or symbols for arguments nobody passes."""

    MODULE = "module"
    FACTORY = "factory"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class RootRun:
    """All paths of one root in one mode.

    `confirming` are the paths of a class root with symbols in place of its defaults: an error counts only if it is
    there too. `complete` says that every path was followed to its end.
    """

    name: str
    kind: RootKind
    span: Span
    training: bool
    outcomes: tuple[Outcome, ...]
    models: tuple[Evaluated, ...] = ()
    confirming: tuple[Outcome, ...] | None = None

    @property
    def complete(self) -> bool:
        """Whether no budget ran out on any path."""
        return all(o.trace.exhausted is None for o in self.outcomes)


@dataclass(slots=True)
class Analysis:
    """Everything that the roots of a file left behind."""

    filename: str
    runs: list[RootRun] = field(default_factory=list)


def analyse(loader: Loader, filename: str, name: str, tree: ast.Module, limits: Limits | None = None) -> Analysis:
    """Run every root of a file. `name` is its dotted module name, `tree` its parsed source."""
    analysis = Analysis(filename)
    main, called = _run_main(loader, filename, tree, limits)
    analysis.runs.append(main)
    module = _import(loader, filename, name, tree)
    done = 1
    for value in _own(module, filename):
        if done >= MAX_ROOTS:
            break
        if isinstance(value, Function) and _callable_without_arguments(value):
            run = _factory(loader, value, filename, limits)
            called |= _called_nodes(run.outcomes)
            analysis.runs.append(run)
            done += 1
    for value in _own(module, filename):
        if done >= MAX_ROOTS:
            break
        if isinstance(value, Class) and value.node not in called and _is_model_class(value):
            analysis.runs += _class_runs(loader, value, filename, limits)
            done += 1
    return analysis


def _run_main(
    loader: Loader, filename: str, tree: ast.Module, limits: Limits | None
) -> tuple[RootRun, set[ast.ClassDef | None]]:
    def root(machine: Machine) -> Value:
        return run_main(machine, filename, tree)

    outcomes = tuple(run_paths(loader, root, limits=limits, training=True))
    span = Span(filename, 1, 0, 1, 0)
    return RootRun("<module>", RootKind.MODULE, span, True, outcomes), _called_nodes(outcomes)


def _called_nodes(outcomes: Sequence[Outcome]) -> set[ast.ClassDef | None]:
    return {call.module.cls.node for o in outcomes for call in o.trace.calls}


def _import(loader: Loader, filename: str, name: str, tree: ast.Module) -> Namespace:
    from pathlib import Path

    machine = Machine(loader)
    found = loader.modules.get(name)
    value = found if found is not None else loader.evaluate(machine, name, Path(filename), tree)
    return value if isinstance(value, Namespace) else Namespace(name)


def _own(module: Namespace, filename: str) -> list[Value]:
    """Functions and classes that the file itself defines, in order of their lines."""
    found: dict[int, Value] = {}
    for value in module.attrs.values():
        if isinstance(value, Function) and isinstance(value.code, Code) and value.code.filename == filename:
            found.setdefault(id(value), value)
        elif isinstance(value, Class) and value.node is not None and value.filename == filename:
            found.setdefault(id(value), value)
    return sorted(found.values(), key=_line)


def _line(value: Value) -> int:
    node = value.node if isinstance(value, Class) else value.code.node  # type: ignore[attr-defined]
    return getattr(node, "lineno", 0)


def _callable_without_arguments(function: Function) -> bool:
    code = function.code
    assert isinstance(code, Code)
    positional = len(code.parameters) <= len(function.defaults)
    return positional and all(name in function.kw_defaults for name in code.keyword_only) and not code.generator


def _is_model_class(cls: Class) -> bool:
    probe = Instance(cls)
    return registry.protocol_of_model(probe) is not None and isinstance(cls.find("forward"), Function)


def _factory(loader: Loader, function: Function, filename: str, limits: Limits | None) -> RootRun:
    assert isinstance(function.code, Code)
    span = span_of(function.code.node, filename)
    runs, outcomes = run_model(loader, lambda machine: machine.call(function), False, limits)
    return RootRun(f"{function.name}()", RootKind.FACTORY, span, False, outcomes, runs)


def _class_runs(loader: Loader, cls: Class, filename: str, limits: Limits | None) -> list[RootRun]:
    assert cls.node is not None
    span = span_of(cls.node, filename)
    result = []
    for training in (True, False):
        models, outcomes = run_model(loader, lambda m: build(m, cls, defaults=True), training, limits)
        confirming: tuple[Outcome, ...] | None = None
        if any(o.trace.failures for o in outcomes):
            _, confirming = run_model(loader, lambda m: build(m, cls, defaults=False), training, limits)
        result.append(RootRun(f"{cls.name}()", RootKind.CLASS, span, training, outcomes, models, confirming))
    return result


def build(machine: Machine, cls: Class, defaults: bool) -> Value:
    """Construct a class that nobody builds: a symbol for each argument that must be passed.

    Without `defaults`, symbols and unknown values stand for the optional ones too.
    """
    init = cls.find("__init__")
    kwargs: dict[str, Value] = {}
    if isinstance(init, Function) and isinstance(init.code, Code):
        code = init.code
        names = code.parameters[1:]
        first = len(names) - len(init.defaults)
        for i, name in enumerate(names):
            default = init.defaults[i - first] if i >= first else None
            if i < first:
                kwargs[name] = _argument(code.node, name)
            elif not defaults:
                kwargs[name] = _free(machine, name, default)
        for name in code.keyword_only:
            if name not in init.kw_defaults:
                kwargs[name] = _argument(code.node, name)
            elif not defaults:
                kwargs[name] = _free(machine, name, init.kw_defaults[name])
    return machine.call(cls, (), kwargs)


def _argument(node: ast.AST, name: str) -> Value:
    args = getattr(node, "args", None)
    found = [a for a in (*args.posonlyargs, *args.args, *args.kwonlyargs) if a.arg == name] if args else []
    note = ast.unparse(found[0].annotation) if found and found[0].annotation is not None else "int"
    return symbol(name) if note == "int" else Unknown(f"the argument {name} is not known")


def _free(machine: Machine, name: str, default: Value) -> Value:
    if isinstance(default, int) and not isinstance(default, bool):
        return symbol(name)
    return machine.unknown(f"the argument {name} is not known")


def run_model(
    loader: Loader, make, training: bool, limits: Limits | None  # type: ignore[no-untyped-def]
) -> tuple[tuple[Evaluated, ...], tuple[Outcome, ...]]:
    """Build a model and call it with inputs inferred from use, along every path."""
    specs: list[InputSpec] | None = None
    for _ in range(MAX_ROUNDS):
        runs: list[Evaluated] = []
        known = specs

        def root(machine: Machine, known: list[InputSpec] | None = known, runs: list[Evaluated] = runs) -> Value:
            model = make(machine)
            protocol = registry.protocol_of_model(model)
            if protocol is None or not isinstance(model, Instance) or machine.trace.calls:
                return model
            protocol.set_training(machine, model, training)
            needed = known if known is not None else required_inputs(machine.lookup(model, "forward", None))
            if needed is None:
                return model
            tensors = probes(needed, protocol)
            try:
                output = machine.call(model, tensors)
            except (Raised, NotModelled, Exhausted):
                runs.append(Evaluated(model, protocol, tuple(tensors), machine.unknown("the call did not end")))
                raise
            runs.append(Evaluated(model, protocol, tuple(tensors), output))
            return output

        outcomes = tuple(run_paths(loader, root, limits=limits, training=training))
        if not runs:
            return (), outcomes
        first = runs[0]
        needed = specs if specs is not None else required_inputs(outcomes[0].machine.lookup(first.model, "forward", None))
        after = learned(needed or [], first.inputs, outcomes[0].trace, first.protocol)
        if after == needed or all(spec.shape is not None for spec in needed or []):
            return tuple(runs), outcomes
        specs = after
    return tuple(runs), outcomes


__all__ = ["Analysis", "BoundMethod", "RootKind", "RootRun", "analyse", "run_model"]
