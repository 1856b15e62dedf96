"""Models that the configuration limits: found by class, factory or name of the module, with what they take.

Law: a number that is not certain is None, and exceeds no limit.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from convlint.config.error import did_you_mean
from convlint.config.readers import ModelSettings
from convlint.dims import Dim, substitute
from convlint.lint import wording
from convlint.lint.sources import Sources
from convlint.lint.subjects.budgeted import Budgeted, Heaviest, MissingModel
from convlint.model.census import Census, census, models_in, names_in
from convlint.model.roots import RootKind, RootRun
from convlint.model.run import Outcome
from convlint.model.shapes import free_batches
from convlint.model.totals import total_macs, within
from convlint.trace import Called, Instance, Span, Tensor, Unknown, call_in, span_of, tensors_in

_BATCHES = frozenset(("N", "B", "batch", "batch_size", "bs"))
_MOST_LAYERS = 3


class Budgets(Struct, frozen=True):
    """The limits for the models of one file, by name, and how the file's runs name its models."""

    filename: str
    limits: Mapping[str, ModelSettings]
    sources: Sources

    def of(self, run: RootRun, outcome: Outcome, names: Mapping[tuple[Span, ...], str]) -> Iterator[Budgeted]:
        """The limited models of one path, parts of other models among them; `names` are what the module calls
        the models that it builds.
        """
        whole = {id(model) for model in models_in(outcome)}
        seen: set[int] = set()
        for call in reversed(outcome.trace.calls):
            model = call.module
            if id(model) in seen:
                continue
            seen.add(id(model))
            for name, span in self._names(run, model, names, whole=id(model) in whole):
                yield self._budgeted(run, outcome, call, name, span)

    def _budgeted(self, run: RootRun, outcome: Outcome, call: Called, name: str, span: Span) -> Budgeted:
        limits, counted = self.limits[name], census(outcome, call.module)
        calls = within(call, outcome)
        return Budgeted(
            sources=self.sources,
            root=run.name,
            name=name,
            limits=limits,
            params=None if counted is None or outcome.trace.exhausted else counted.total,
            macs=_macs(outcome, calls, limits),
            most_params=() if counted is None else _heaviest(counted),
            most_macs=_busiest(outcome, call.module, calls),
            shapes=", ".join(wording.shape(each.shape or ()) for each in _given(calls)),
            span=span,
        )

    def named(self, run: RootRun) -> dict[tuple[Span, ...], str]:
        """The models that the module binds to limited names, by the calls that constructed them."""
        found: dict[tuple[Span, ...], str] = {}
        for outcome in run.outcomes if run.kind is RootKind.MODULE else ():
            attrs = getattr(outcome.value, "attrs", {})
            for name in self.limits:
                model = attrs.get(name)
                if isinstance(model, Instance):
                    found[_chain(model)] = name
        return found

    def _names(
        self, run: RootRun, model: Instance, names: Mapping[tuple[Span, ...], str], *, whole: bool
    ) -> Iterator[tuple[str, Span]]:
        """The names under which the configuration may know a model, each with its place."""
        cls = model.cls
        own = cls.node is not None and self.sources.shown(cls.filename) == self.sources.shown(self.filename)
        if cls.node is not None and own and cls.name in self.limits:
            yield cls.name, _header(cls.node, self.filename)
        if not whole:
            return
        factory = run.name.removesuffix("()")
        if run.kind is RootKind.FACTORY and factory in self.limits:
            yield factory, run.span
        name = names.get(_chain(model))
        span = call_in(model.site, self.sources.accepts)
        if name is not None and span is not None:
            yield name, span


def missing(tree: ast.Module, filename: str, names: Sequence[str], sources: Sources) -> MissingModel | None:
    """The configuration's models that a file speaks of nowhere: in no code, and no string."""
    if not names:
        return None
    spoken = frozenset(_words(tree))
    absent = [name for name in names if name not in spoken]
    if not absent or "*" in spoken:
        return None
    defined = [n.name for n in ast.walk(tree) if isinstance(n, (ast.ClassDef, ast.FunctionDef))]
    near = tuple((name, did_you_mean(name, defined)) for name in absent)
    return MissingModel(sources=sources, root="<module>", names=near, span=Span(filename, 1, 0, 1, 0))


def _words(tree: ast.Module) -> Iterator[str]:
    """Everything in a file that may name a thing."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
                yield name
            case ast.alias(name=name, asname=bound):
                yield bound or name


def _chain(model: Instance) -> tuple[Span, ...]:
    return () if model.site is None else model.site.spans


def _header(node: ast.ClassDef, filename: str) -> Span:
    """`class Name`."""
    span = span_of(node, filename)
    end = span.column + len(f"class {node.name}".encode())
    return Span(filename, span.row, span.column, span.row, end)


def _given(calls: list[Called]) -> list[Tensor]:
    return list(tensors_in(calls[0].inputs)) if calls else []


def _macs(outcome: Outcome, calls: list[Called], limits: ModelSettings) -> int | None:
    """The multiply-accumulates of the model's call, of one sample where the batch is free."""
    trace, given = outcome.trace, _given(calls)
    failed = any(not (each.fault.version and each.layer is None) for each in trace.failures)
    if trace.exhausted or trace.raised or failed or not _as_configured(given, limits):
        return None  # an optimizer's argument of another version leaves the model what it is
    batches: dict[str, Dim] = dict(free_batches(given))
    batches |= {str(each.shape[0]): 1 for each in given if each.shape and str(each.shape[0]) in _BATCHES}
    total = total_macs(calls, outcome, [], batches)
    return total if isinstance(total, int) else None


def _as_configured(given: list[Tensor], limits: ModelSettings) -> bool:
    """Whether the call was made with the inputs that the configuration gives, where it gives any."""
    return all(
        tensor.shape is not None
        and len(tensor.shape) == len(shape.extents)
        and all(isinstance(e, str) or e == d for e, d in zip(shape.extents, tensor.shape, strict=True))
        for shape, tensor in zip(limits.input, given, strict=False)
    )


def _heaviest(counted: Census) -> Heaviest:
    known = [(each.name, each.params) for each in counted.layers if each.params]
    return tuple(sorted(known, key=lambda each: -each[1])[:_MOST_LAYERS])


def _busiest(outcome: Outcome, model: Instance, calls: list[Called]) -> Heaviest:
    names = names_in(outcome, model)
    batches: dict[str, Dim] = dict.fromkeys(_BATCHES, 1)
    sums: dict[str, int] = {}
    for call in calls:
        name = names.get(id(call.module), call.module.cls.name)
        macs = 0 if isinstance(call.macs, Unknown) else substitute(call.macs, batches)
        if isinstance(macs, int) and macs:
            sums[name] = sums.get(name, 0) + macs
    return tuple(sorted(sums.items(), key=lambda each: -each[1])[:_MOST_LAYERS])
