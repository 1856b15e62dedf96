"""The models of a file with their totals, at the class, factory or construction that makes them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from convlint.dims import Dim
from convlint.lint.sheet.data import ModelSeen, Place
from convlint.lint.sheet.layers import BATCHES
from convlint.lint.sheet.view import View, text_of
from convlint.model.census import models_in
from convlint.model.contract import contract
from convlint.model.roots import RootKind, RootRun
from convlint.model.run import Outcome
from convlint.model.shapes import free_batches, unwrapped
from convlint.model.totals import total_macs, within
from convlint.trace import Instance, Span, span_of, tensors_in


def models_in_file(view: View) -> tuple[ModelSeen, ...]:
    """Every model that a root itself called, where this file makes it; in evaluation where both modes ran."""
    found: dict[Place, ModelSeen] = {}
    for run, outcome in view.outcomes():
        if run.training and run.kind is not RootKind.MODULE:
            continue
        for model in models_in(outcome):
            for place in dict.fromkeys(_places(view, run, model)):
                before = found.get(place)
                here = _model(view, outcome, model, place)
                found[place] = here if before is None else _agreed(before, here)
    return tuple(found[place] for place in sorted(found))


def _places(view: View, run: RootRun, model: Instance) -> Iterator[Place]:
    """The class's header, the factory's, and the construction in the module's own code."""
    node = model.cls.node
    spans: list[Span] = []
    if node is not None:
        spans.append(header(node, model.cls.filename))
    if run.kind is RootKind.FACTORY:
        spans.append(run.span)
    elif run.kind in (RootKind.MODULE, RootKind.BUILT) and model.site is not None:
        spans.append(model.site.chain()[0].span)
    for span in spans:
        place = view.place(span)
        if place is not None:
            yield place


def header(node: ast.ClassDef, filename: str) -> Span:
    """`class Name`."""
    span = span_of(node, filename)
    return Span(filename, span.row, span.column, span.row, span.column + len(f"class {node.name}".encode()))


def _model(view: View, outcome: Outcome, model: Instance, place: Place) -> ModelSeen:
    call = next(c for c in reversed(outcome.trace.calls) if c.module is model and c.parent is None)
    trace = outcome.trace
    failed = bool(trace.exhausted or trace.raised or trace.failures)
    calls = within(call, outcome)
    inputs = list(tensors_in(call.inputs))
    batches: dict[str, Dim] = dict(free_batches(inputs))
    batches |= {str(t.shape[0]): 1 for t in inputs if t.shape and str(t.shape[0]) in BATCHES}
    words = contract(inputs, outcome.machine.path.assumptions) if inputs else None
    return ModelSeen(
        place,
        model.cls.name,
        None if trace.exhausted else view.total(outcome, model),
        None if failed else total_macs(calls, outcome, [], batches),
        None if failed else text_of(unwrapped(call.output), now=True) or None,
        () if failed or words is None else tuple(words.split("; ")[1:]),
    )


def _agreed(a: ModelSeen, b: ModelSeen) -> ModelSeen:
    """What two models of one place have in common."""
    return replace(
        a,
        params=a.params if a.params == b.params else None,
        macs=a.macs if a.macs == b.macs else None,
        output=a.output if a.output == b.output else None,
        accepts=a.accepts if a.accepts == b.accepts else (),
    )
