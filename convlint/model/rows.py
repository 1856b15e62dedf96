"""The rows of a summary: a layer of a model for each, or what the framework's own table shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from convlint.dims import Dim, substitute
from convlint.libs.protocol import Entry
from convlint.model.anatomy import Fields, anatomy
from convlint.model.run import Outcome
from convlint.model.shapes import free_batches, has_tensor, shown, shown_dim, shown_inputs, unwrapped
from convlint.model.stock import Evaluated, Layer
from convlint.model.summary import Row
from convlint.trace import Called
from convlint.values import NotModelled, Tensor, Unknown


def rows_of(
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
