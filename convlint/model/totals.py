"""What one run of a model comes to: parameters, multiply-accumulates, output, and the gaps in them."""

from __future__ import annotations

from collections.abc import Sequence

from convlint.dims import Dim, Expr, substitute
from convlint.model.rows import rows_of
from convlint.model.run import Outcome
from convlint.model.shapes import free_batches, shown, unwrapped
from convlint.model.stock import Evaluated, Stock, stock
from convlint.model.summary import Gap, Summary, gap, placed
from convlint.trace import Called, Failure
from convlint.values import Tensor, Unknown, Value, is_opaque, unknown_in


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
        gaps.append(placed("output_shape", f"raises {outcome.trace.raised}", site))
        macs = None
    for failure in outcome.trace.failures:
        if failure.fault.version and failure.layer is None:
            continue  # an optimizer's argument of another version: the model is what it is
        gaps.append(placed("output_shape, macs", failure.words, failure.site))
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
        layers=rows_of(run, calls, layers.layers, outcome),
        contract=contract,
        unknown=tuple(dict.fromkeys(gaps)),
    )


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
                gaps.append(placed("params", place, layer.instance.site))
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


def _of_free_extents(failure: Failure) -> bool:
    """Whether free extents disagree: a framework that shows them as None builds such a model all the same."""
    numbers = (failure.fault.expected, failure.fault.got)
    return any(isinstance(e, Expr) for n in numbers for e in (n if isinstance(n, tuple) else (n,)))
