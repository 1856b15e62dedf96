"""The summary of a model: exact totals or None, one row a layer, and what could not be followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import cast

from convlint.dims import Dim, Expr, substitute
from convlint.interp.machine import Machine
from convlint.libs.protocol import Entry, ModelProtocol
from convlint.model.anatomy import Anatomy, Fields, anatomy
from convlint.model.run import Outcome
from convlint.model.shapes import (
    Shown,
    free_batches,
    has_tensor,
    shown,
    shown_dim,
    shown_inputs,
    unwrapped,
)
from convlint.trace import Called, Failure
from convlint.values import Instance, NotModelled, Site, Tensor, Unknown, Value, is_opaque, unknown_in

_BESIDES = ("anatomy", "connected_to")
"""Fields of a row that are no part of its JSON, or not of every row's."""


@dataclass(frozen=True, slots=True)
class Row:
    """One call of one layer. `params` are the layer's own; `path`, `line`, `column` of its constructor
    call.
    """

    name: str
    type: str
    input_shape: Shown
    output_shape: Shown
    params: int | None
    macs: int | str | None
    call: int
    path: str | None
    line: int | None
    column: int | None
    anatomy: Anatomy = field(default_factory=Anatomy)
    """What `--columns` shows besides; no part of the JSON."""
    connected_to: tuple[str, ...] = ()
    """Where its inputs come from, in the framework's words, where it says so: Keras."""

    @property
    def neurons(self) -> int | None:
        """Output elements of a convolution, pooling or dense layer, of one sample."""
        return self.anatomy.neurons

    @property
    def connections(self) -> int | None:
        """(fan-in + bias) · neurons."""
        return self.anatomy.connections

    @property
    def receptive_field(self) -> int | None:
        """The extent of the input that one output element sees."""
        return self.anatomy.receptive_field

    def to_dict(self) -> dict[str, object]:
        """The row as JSON shows it."""
        shown = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _BESIDES}
        return shown | {"connected_to": list(self.connected_to)} if self.connected_to else shown


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be followed: what depends on it, why, and where."""

    what: str
    reason: str
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A model from its source: numbers are exact or None, and `unknown` says why.

    Where the framework shows a free batch as None (Keras), `macs`, those of rows too, count one sample; and
    an output that is a list of one tensor shows as that tensor's shape, as `model.output_shape` does.
    """

    name: str
    params: int | None
    trainable_params: int | None
    macs: int | str | None
    input_shapes: list[Shown]
    output_shape: Shown
    layers: tuple[Row, ...]
    contract: str | None
    unknown: tuple[Gap, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain data, as the JSON output shows it."""
        result: dict[str, object] = {f.name: getattr(self, f.name) for f in fields(self)}
        result["layers"] = [row.to_dict() for row in self.layers]
        result["unknown"] = [asdict(gap) for gap in self.unknown]
        return cast(dict[str, object], _plain(result))


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer by its dotted name, with its own parameters by theirs."""

    name: str
    instance: Instance
    parameters: tuple[tuple[str, Tensor], ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """The layers of a model at one moment; `gap` says why they could not all be known."""

    layers: tuple[Layer, ...]
    gap: Gap | None = None


def stock(machine: Machine, model: Instance, protocol: ModelProtocol) -> Stock:
    """Take stock of a model as it is now."""
    layers: list[Layer] = []
    name, instance = "", model
    try:
        for name, instance in protocol.layers(machine, model):
            layers.append(Layer(name, instance, tuple(protocol.parameters(machine, instance))))
    except NotModelled as why:
        where = f"{name or model.cls.name}: {why.reason}"
        return Stock(tuple(layers), _placed("params", where, instance.site))
    return Stock(tuple(layers))


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What one run of a model gave: the model, the inputs it was called with, its output.

    `built` is the model before the call, which may materialise lazy layers or reach code that cannot be
    followed.
    """

    model: Instance
    protocol: ModelProtocol
    inputs: tuple[Value, ...]
    output: Value
    built: Stock


def summarize_run(name: str, run: Evaluated, outcome: Outcome, contract: str | None = None) -> Summary:
    """The summary of one path."""
    gaps: list[Gap] = []
    layers = _final(run, outcome)
    params, trainable = _totals(layers, gaps)
    calls = _calls_of(run, outcome)
    macs = total_macs(calls, outcome, gaps, free_batches(run.inputs))
    output = shown(unwrapped(run.output) if run.protocol.unwraps_single else run.output, now=True)
    if isinstance(run.output, Unknown):
        gaps.append(gap("output_shape", run.output))
    elif (hidden := _opaque_in(run.output)) is not None:
        gaps.append(gap("output_shape", hidden))
    if outcome.trace.exhausted:
        gaps.append(Gap("everything", f"the budget of {outcome.trace.exhausted} was spent"))
        macs = None
    if outcome.trace.raised:
        site = outcome.trace.raised_at
        gaps.append(_placed("output_shape", f"raises {outcome.trace.raised}", site))
        macs = None
    for failure in outcome.trace.failures:
        if failure.fault.version and failure.layer is None:
            continue  # an optimizer's argument of another version: the model is what it is
        gaps.append(_placed("output_shape, macs", failure.words, failure.site))
        macs = None
        if not (run.protocol.builds_when_called and _of_free_extents(failure)):
            output = None
    return Summary(
        name=name,
        params=params,
        trainable_params=trainable,
        macs=macs,
        input_shapes=[shown(value) for value in run.inputs],
        output_shape=output,
        layers=_rows(run, calls, layers.layers, outcome),
        contract=contract,
        unknown=tuple(dict.fromkeys(gaps)),
    )


def gap(what: str, unknown: Unknown) -> Gap:
    """A gap from the unknown value that made it."""
    return _placed(what, unknown.reason, unknown.site)


def _placed(what: str, reason: str, site: Site | None) -> Gap:
    if site is None:
        return Gap(what, reason)
    return Gap(what, reason, site.span.filename, site.span.row)


def _opaque_in(value: Value) -> Unknown | None:
    if isinstance(value, Tensor) and value.shape is not None:
        return next((u for d in value.shape if (u := unknown_in(d)) is not None), None)
    if isinstance(value, (list, tuple)):
        return next((u for v in value if (u := _opaque_in(v)) is not None), None)
    if isinstance(value, dict):
        return _opaque_in(list(value.values()))
    return None


def _final(run: Evaluated, outcome: Outcome) -> Stock:
    """The model as built; after the call where that materialised lazy parameters."""
    lazy = any(tensor.shape is None for layer in run.built.layers for _, tensor in layer.parameters)
    lazy = lazy or (run.built.gap is not None and run.protocol.builds_when_called)
    return stock(outcome.machine, run.model, run.protocol) if lazy else run.built


def _totals(built: Stock, gaps: list[Gap]) -> tuple[int | None, int | None]:
    """All parameters and the trainable ones, a shared one counted once."""
    if built.gap is not None:
        gaps.append(built.gap)
        return None, None
    total: Dim = 0
    trainable: Dim = 0
    seen: set[int] = set()
    for layer in built.layers:
        for parameter, tensor in layer.parameters:
            if id(tensor) in seen:
                continue
            seen.add(id(tensor))
            size = tensor.elements
            if size is None or is_opaque(size):
                hidden = None if size is None else unknown_in(size)
                reason = "its size is not known" if hidden is None else hidden.reason
                place = f"{layer.name}.{parameter}: {reason}"
                gaps.append(_placed("params", place, layer.instance.site))
                return None, None
            total = total + size
            if tensor.trainable:
                trainable = trainable + size
    if not isinstance(total, int):
        gaps.append(Gap("params", f"the count is {total}"))
        return None, None
    return total, trainable if isinstance(trainable, int) else None


def _calls_of(run: Evaluated, outcome: Outcome) -> list[Called]:
    """The model's last call and those inside it, not what a constructor or the module's code tried before."""
    calls = outcome.trace.calls
    last = next((c for c in reversed(calls) if c.module is run.model and c.parent is None), None)
    return [] if last is None else within(last, outcome)


def within(outer: Called, outcome: Outcome) -> list[Called]:
    """A call and those inside it."""
    inside = [outer]
    found = {id(outer)}
    for call in outcome.trace.calls[outer.order + 1 :]:
        if call.parent is not None and id(call.parent) in found:
            found.add(id(call))
            inside.append(call)
    return inside


def total_macs(
    calls: Sequence[Called], outcome: Outcome, gaps: list[Gap], batches: dict[str, Dim]
) -> int | str | None:
    """The total, with these symbols replaced."""
    macs: Dim = 0
    for call in calls:
        if isinstance(call.macs, Unknown):
            gaps.append(gap("macs", call.macs))
            return None
        macs = macs + call.macs
    if not calls:
        gaps.append(Gap("macs", "the model was not called"))
        return None
    if is_opaque(macs):
        hidden = unknown_in(macs)
        gaps.append(Gap("macs", "an extent is not known") if hidden is None else gap("macs", hidden))
        return None
    if outcome.trace.unknowns:
        gaps.append(gap("macs", outcome.trace.unknowns[0]))
        return None
    macs = substitute(macs, batches)
    return macs if isinstance(macs, int) else str(macs)


def _rows(
    run: Evaluated, calls: Sequence[Called], layers: tuple[Layer, ...], outcome: Outcome
) -> tuple[Row, ...]:
    try:
        table = run.protocol.table(outcome.machine, run.model)
    except NotModelled:
        return ()
    if table is not None:
        fields_of = Fields(calls, run.protocol)
        return tuple(_tabled(entry, calls, run, fields_of) for entry in table)
    named = {id(layer.instance): layer for layer in layers}
    failing = _failing(outcome)
    counts: Counter[int] = Counter()
    seen = Fields(calls, run.protocol)
    rows = []
    for call in calls:
        if failing and call.order > failing[0].order:
            break  # what comes after an operation that must fail is never called
        counts[id(call.module)] += 1
        sees = seen.of(call.output)
        layer = named.get(id(call.module))
        if layer is None or not layer.name:
            continue
        if layer.parameters or not run.protocol.has_children(call.module):
            own = [tensor for _, tensor in layer.parameters]
            number = counts[id(call.module)]
            row = _row(layer.name, call, number, own, run.protocol.counts_macs(call.module))
            row = replace(row, anatomy=anatomy(call, sees, run.protocol))
            ends = any(call is each for each in failing)
            rows.append(replace(row, output_shape=None, macs=None) if ends else row)
    return tuple(rows)


def _of_free_extents(failure: Failure) -> bool:
    """Whether free extents disagree: a framework that shows them as None builds such a model all the same."""
    numbers = (failure.fault.expected, failure.fault.got)
    return any(isinstance(e, Expr) for n in numbers for e in (n if isinstance(n, tuple) else (n,)))


def _failing(outcome: Outcome) -> list[Called]:
    """The first call in which an operation must fail, and those around it."""
    calls = [failure.module for failure in outcome.trace.failures if failure.module is not None]
    found: list[Called] = []
    call = min(calls, key=lambda each: each.order, default=None)
    while call is not None:
        found.append(call)
        call = call.parent
    return found


def _tabled(entry: Entry, calls: Sequence[Called], run: Evaluated, seen: Fields) -> Row:
    """A row of the framework's own table: a layer with all that it holds."""
    call = next((call for call in reversed(calls) if call.module is entry.layer), None)
    if call is not None:
        counted = run.protocol.counts_macs(entry.layer)
        row = _row(entry.name, call, 1, list(entry.parameters), counted)
        given = anatomy(call, seen.of(call.output), run.protocol)
        output = shown(unwrapped(call.output) if run.protocol.unwraps_single else call.output)
        return replace(row, anatomy=given, connected_to=entry.connected_to, output_shape=output)
    site = entry.layer.site
    return Row(
        name=entry.name,
        type=entry.layer.cls.name,
        input_shape=shown(entry.output),
        output_shape=shown(entry.output),
        params=_size(entry.parameters),
        macs=None,
        call=1,
        path=None if site is None else site.span.filename,
        line=None if site is None else site.span.row,
        column=None if site is None else site.span.column + 1,
        connected_to=entry.connected_to,
    )


def _size(parameters: Sequence[Tensor]) -> int | None:
    params: Dim | None = 0
    for tensor in parameters:
        size = tensor.elements
        params = None if params is None or size is None else params + size
    return params if isinstance(params, int) else None


def _row(name: str, call: Called, number: int, own: list[Tensor], counted: bool) -> Row:
    macs = call.macs if counted and isinstance(call.output, Tensor) else None
    site = call.module.site
    tensors = [v for v in call.inputs if has_tensor(v) or isinstance(v, Unknown)]
    return Row(
        name=name,
        type=call.module.cls.name,
        input_shape=shown_inputs(tensors),
        output_shape=shown(call.output),
        params=_size(own),
        macs=None
        if macs is None or isinstance(macs, Unknown)
        else shown_dim(substitute(macs, free_batches(tensors))),
        call=number,
        path=None if site is None else site.span.filename,
        line=None if site is None else site.span.row,
        column=None if site is None else site.span.column + 1,
    )


def merged(summaries: list[Summary], conditions: list[str]) -> Summary:
    """One summary of several paths: what they do not agree on is None, and the conditions say why."""
    first = summaries[0]
    if len(summaries) == 1:
        return first
    gaps = list(first.unknown)

    def agreed(name: str) -> object:
        values = [getattr(s, name) for s in summaries]
        if all(v == values[0] for v in values):
            return values[0]
        gaps.append(Gap(name, "it depends on " + "; ".join(dict.fromkeys(conditions))))
        return None

    return Summary(
        name=first.name,
        params=cast("int | None", agreed("params")),
        trainable_params=cast("int | None", agreed("trainable_params")),
        macs=cast("int | str | None", agreed("macs")),
        input_shapes=first.input_shapes,
        output_shape=agreed("output_shape"),
        layers=first.layers if all(s.layers == first.layers for s in summaries) else (),
        contract=first.contract if all(s.contract == first.contract for s in summaries) else None,
        unknown=tuple(dict.fromkeys(gaps)),
    )
