"""From what the roots of a file left behind to the subjects that rules look at."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from convlint.config.readers import ModelSettings
from convlint.lint.gathering.batches import batch_sizes
from convlint.lint.gathering.budgets import Budgets, missing
from convlint.lint.gathering.code import TreeIndex
from convlint.lint.gathering.constructors import misspelt, uninitialized
from convlint.lint.gathering.doubt import refused_at_once
from convlint.lint.gathering.evidence import Proof, proven
from convlint.lint.gathering.flow import Flow, Step
from convlint.lint.gathering.members import Members
from convlint.lint.gathering.needs import Need, needs
from convlint.lint.gathering.outputs import Outputs
from convlint.lint.gathering.pairs import Pairs
from convlint.lint.gathering.peers import Peers
from convlint.lint.gathering.pools import pools
from convlint.lint.gathering.statements import Statements
from convlint.lint.gathering.story import operation
from convlint.lint.gathering.troubles import troubles
from convlint.lint.gathering.windows import is_dense, is_keras
from convlint.lint.sources import Sources
from convlint.lint.subjects import (
    BatchSize,
    JoinNeeds,
    Layer,
    Loss,
    Model,
    ModelLayer,
    Reshaped,
    ShapeFault,
    Subject,
)
from convlint.lint.subjects.window import layer_of, subject_for
from convlint.model.census import Census, census, last_layer, models_in, name_of, names_in
from convlint.model.roots import Analysis, RootRun
from convlint.model.run import Outcome
from convlint.shapes.fault import Kind
from convlint.trace import Called, Instance, Site, Span, Tensor, call_in, is_opaque, span_of, written_at

_RESHAPES = ("view", "reshape", "Reshape")


class Seen(Struct, frozen=True):
    """A subject, and which of its root's things it is: findings of several count together."""

    subject: Subject
    key: object


def gather(
    analysis: Analysis, sources: Sources, models: Mapping[str, ModelSettings] | None = None
) -> Iterator[Seen]:
    """All subjects of a file; `models` is what the configuration says of its models, by name."""
    yield from (Seen(trouble, trouble.span) for trouble in troubles(analysis, sources))
    index = TreeIndex(analysis.tree)
    members = Members(sources, index)
    statements = Statements(sources, index, analysis.filename)
    pairs = Pairs(sources, index, analysis.filename)
    limits = {name: model for name, model in (models or {}).items() if model.limited}
    yield from _budgeted(analysis, Budgets(analysis.filename, limits, sources))
    absent = missing(analysis.tree, analysis.filename, tuple(models or ()), sources)
    if absent is not None:
        yield Seen(absent, absent.names)
    peers = Peers(analysis.runs)
    for run in analysis.runs:
        for proof in proven(run, sources.accepts):
            proof.outcome.show()
            yield _failing(run, proof, sources, members)
    done: dict[str, set[object]] = {}
    for run in analysis.runs:
        for outcome in run.outcomes:
            outcome.show()
            known = done.setdefault(run.name, set())
            fresh = _Outcome(run, outcome, sources, members, statements, pairs, peers, known)
            yield from fresh.subjects()
    yield from (Seen(subject, key) for subject, key in pairs.found("<module>"))
    yield from (Seen(subject, key) for subject, key in members.unused())


def _failing(run: RootRun, proof: Proof, sources: Sources, members: Members) -> Seen:
    """The subject of a proven failure."""
    failure, layer = proof.failure, proof.failure.layer
    if failure.fault.kind is Kind.UNINITIALIZED and layer is not None:
        return Seen(uninitialized(run.name, proof, layer, sources), proof.span)
    if failure.fault.kind is Kind.SHADOWED and layer is not None:
        shadowed = members.hidden(run, layer, failure.fault.detail, failure.words, proof.span)
        return Seen(shadowed, shadowed.span)
    fault = ShapeFault(
        sources=sources, root=run.name, failure=failure, outcome=proof.outcome, span=proof.span
    )
    return Seen(fault, proof.span if layer is None else chain(layer))


def _budgeted(analysis: Analysis, budgets: Budgets) -> Iterator[Seen]:
    """Models that the configuration limits."""
    if not budgets.limits:
        return
    names = {chain: name for run in analysis.runs for chain, name in budgets.named(run).items()}
    for run in analysis.runs:
        for outcome in run.outcomes:
            outcome.show()
            for subject in budgets.of(run, outcome, names):
                yield Seen(subject, (subject.name, run.name))


def chain(layer: Instance) -> tuple[Span, ...]:
    """The calls that constructed a layer: the same for the same layer in another run."""
    return () if layer.site is None else layer.site.spans


class _Outcome(Struct):
    """The subjects of one path; `done` holds the keys of what the root showed before."""

    run: RootRun
    outcome: Outcome
    sources: Sources
    members: Members
    statements: Statements
    pairs: Pairs
    peers: Peers
    done: set[object]

    def subjects(self) -> Iterator[Seen]:
        run, outcome, flow = self.run, self.outcome, Flow(self.outcome.trace)
        yield from self._fresh(self._layers(flow))
        yield from self._fresh(self._reshapes(flow))
        yield from self._fresh(self._needs())
        yield from self._fresh(self._losses(flow))
        self.pairs.note(outcome, flow)
        for wired in (
            self.members.look(run, outcome, flow),
            self.statements.look(run.name, outcome, flow),
            misspelt(run.name, outcome, self.statements.index, self.statements.filename, self.sources),
            Outputs(self.sources, run, outcome, flow).look(),
        ):
            yield from self._fresh(Seen(subject, key) for subject, key in wired)
        yield from self._fresh(self._batches())

    def _fresh(self, found: Iterator[Seen]) -> Iterator[Seen]:
        """What the root did not show before."""
        fresh = set()
        for seen in found:
            mark = (type(seen.subject).__name__, seen.key)
            if mark not in self.done:
                fresh.add(mark)
                yield seen
        self.done |= fresh

    def _layers(self, flow: Flow) -> Iterator[Seen]:
        """Layers, and the models that hold them."""
        calls: dict[int, list[Called]] = {}
        for call in self.outcome.trace.calls:
            calls.setdefault(id(call.module), []).append(call)
        counted = [
            (model, None if (Model.__name__, chain(model)) in self.done else census(self.outcome, model))
            for model in models_in(self.outcome)
        ]
        wanted = list(self._built(every=any(found is not None for _, found in counted)))
        names = self._names(counted) if wanted else {}
        layers: dict[int, Layer] = {}
        for instance, key in wanted:
            own = tuple(calls.get(id(instance), ()))
            name = names.get(id(instance)) or _given_name(instance)
            layers[id(instance)] = layer = self._layer(instance, name, own, flow)
            yield Seen(layer, key)
        for model, found in counted:
            if found is not None:
                yield self._model(model, found, layers)
        for place, pool in pools(flow, self.sources, self.run.name):
            yield Seen(pool, place)

    def _built(self, *, every: bool) -> Iterator[tuple[Instance, object]]:
        """The layers that linted files build, in their order, each with its key: the calls that constructed
        it, and how many layers these had constructed by then. Those that the root showed before are left out,
        unless `every` one is wanted.
        """
        seen: set[int] = set()
        counts: dict[object, int] = {}
        for built in self.outcome.trace.built:
            layer = built.layer
            if id(layer) in seen or not self._written_here(layer):
                continue
            seen.add(id(layer))
            where = chain(layer)
            counts[where] = counts.get(where, 0) + 1
            key = where, counts[where]
            if every or (subject_for(layer).__name__, key) not in self.done:
                yield layer, key

    def _names(self, counted: Sequence[tuple[Instance, Census | None]]) -> dict[int, str]:
        """The dotted names of the layers of these models by the `id` of the layer."""
        names: dict[int, str] = {}
        for model, found in counted:
            names |= names_in(self.outcome, model) if found is None else found.names
        return names

    def _layer(self, instance: Instance, name: str, calls: tuple[Called, ...], flow: Flow) -> Layer:
        refused = tuple(
            shape
            for each in self.outcome.trace.failures
            if each.layer is instance and (shape := refused_at_once(each, self.outcome)) is not None
        )
        return layer_of(
            self.sources,
            self.run.name,
            instance,
            calls=calls,
            flow=flow,
            name=name,
            peers=self.peers,
            refused=refused,
        )

    def _written_here(self, layer: Instance) -> bool:
        """Whether a linted file builds the layer, or writes an argument of it."""
        site, accepts = layer.site, self.sources.accepts
        if site is None:
            return False
        if accepts(site.filename):
            return True
        return any(written_at(site, name, accepts) is not None for name in layer.arguments or ())

    def _model(self, model: Instance, found: Census, layers: dict[int, Layer]) -> Seen:
        own = tuple(
            ModelLayer(layers[id(each.layer)], each.params)
            for each in found.layers
            if each.params and id(each.layer) in layers
        )
        subject = Model(
            sources=self.sources, root=self.run.name, name=model.cls.name, layers=own, total=found.total
        )
        return Seen(subject, chain(model))

    def _reshapes(self, flow: Flow) -> Iterator[Seen]:
        """Maps that are reshaped into rows for a dense layer."""
        for call in self.outcome.trace.calls:
            if not is_dense(call.module):
                continue
            tensor = next((v for v in call.inputs if isinstance(v, Tensor)), None)
            step = None if tensor is None else _reshape_before(flow, tensor)
            if step is None or not step.operands or step.result.origin is None:
                continue
            before, after = step.operands[0].shape, step.result.shape
            site = step.result.origin.site
            span = None if site is None else _row_size(site, self.sources.accepts)
            if before is None or after is None or span is None or any(map(is_opaque, (*before, *after))):
                continue
            subject = Reshaped(
                sources=self.sources,
                root=self.run.name,
                before=before,
                after=after,
                operation=operation(site),
                span=span,
            )
            yield Seen(subject, span)

    def _losses(self, flow: Flow) -> Iterator[Seen]:
        """Losses of models with one output, whose last layer is known."""
        for compiled in self.outcome.trace.compiled:
            span = call_in(compiled.site, self.sources.accepts)
            last = last_layer(compiled.model)
            if span is None or last is None:
                continue
            written = (
                None if compiled.site is None else written_at(compiled.site, "loss", self.sources.accepts)
            )
            calls = tuple(call for call in self.outcome.trace.calls if call.module is last)
            layer = self._layer(last, _given_name(last), calls, flow)
            subject = Loss(
                sources=self.sources,
                root=self.run.name,
                loss=compiled.loss,
                last=layer,
                span=written or span,
            )
            yield Seen(subject, written or span)

    def _batches(self) -> Iterator[Seen]:
        """Batch sizes that the code asks for."""
        for size, span in batch_sizes(self.outcome.trace, self.sources.accepts):
            yield Seen(BatchSize(sources=self.sources, root=self.run.name, size=size, span=span), span)

    def _needs(self) -> Iterator[Seen]:
        """What joins ask of free sizes; sizes with the same need are one subject."""
        trace = self.outcome.trace
        if trace.failures or trace.raised or trace.exhausted or any(c.unknown for c in trace.choices):
            return
        groups: dict[tuple[int, int], list[Need]] = {}
        for need in needs(trace):
            groups.setdefault((need.multiple, need.smallest), []).append(need)
        for (multiple, smallest), group in groups.items():
            first = group[0]
            span = call_in(first.join.site, self.sources.accepts)
            if span is None:
                continue
            subject = JoinNeeds(
                sources=self.sources,
                root=self.run.name,
                sizes=tuple(need.size for need in group),
                multiple=multiple,
                smallest=smallest,
                left=first.left,
                right=first.right,
                operation=operation(first.join.site),
                shapes=first.join.requirement.otherwise.shapes,
                joins=max(need.joins for need in group),
                span=span,
            )
            yield Seen(subject, span)


def _given_name(layer: Instance) -> str:
    """The name of a layer of Keras, which it has by itself; empty for others."""
    return name_of(layer) if is_keras(layer) else ""


def _reshape_before(flow: Flow, tensor: Tensor) -> Step | None:
    """The view or reshape that made a tensor, seen through what keeps its shape."""
    step = flow.maker(tensor)
    for _ in range(8):
        if step is None or step.what in _RESHAPES:
            return step
        if len(step.operands) != 1 or step.operands[0].shape != step.result.shape:
            return None
        step = flow.maker(step.operands[0])
    return None


def _row_size(site: Site, accepts: Callable[[str], bool]) -> Span | None:
    """Where the last number of a reshape was written; else its call, in a linted file."""
    node = site.node
    if isinstance(node, ast.Call) and node.args and accepts(site.filename):
        last = node.args[-1]
        if isinstance(last, (ast.Tuple, ast.List)) and last.elts:
            last = last.elts[-1]
        if not isinstance(last, ast.Starred):
            return span_of(last, site.filename)
    return call_in(site, accepts)
