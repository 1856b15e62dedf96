"""When a failure is an error: the evidence that no way through the code avoids it.

A failure counts where it happened before anything was chosen, or on every path of a root that was followed
to its end; and, where the root stands for inputs or arguments that the code does not show, only if whatever
else the code admits fails as well. A path that the program's own `raise` or `assert` ends is a path that it
forbids.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from msgspec import Struct

from convlint.dims import AtLeast, Equal, Expr, certain, negate
from convlint.lint.gathering.doubt import order_in_doubt
from convlint.model.roots import RootKind, RootRun
from convlint.model.run import Outcome
from convlint.shapes.fault import Kind
from convlint.trace import Failure, Instance, Span, call_in, written_at

Accepts = Callable[[str], bool]
Identity = tuple[Kind, Span]
_ALSO = {"kernel_size": ("pool_size",), "stride": ("strides",), "dilation": ("dilation_rate",)}
"""What the other framework calls an argument that a law names."""
_LEAVING = ("SystemExit", "KeyboardInterrupt", "AssertionError")


class Proof(Struct, frozen=True):
    """A failure that counts, the path that shows it, and the place in a linted file to blame."""

    failure: Failure
    outcome: Outcome
    span: Span


def proven(run: RootRun, accepts: Accepts) -> list[Proof]:
    """The failures of a root that are errors, each place and kind once, in the order they happen."""
    if run.open:
        return []
    found: dict[Identity, Proof] = {}
    for outcome in run.outcomes:
        for failure in outcome.trace.failures:
            if failure.fault.kind is Kind.PROGRAM and not _shown(run, failure):
                continue
            span = blamed(failure, outcome, accepts) if _counts(failure, outcome) else None
            if span is not None:
                found.setdefault((failure.fault.kind, span), Proof(failure, outcome, span))
    if not found or not all(map(hopeless, run.alternatives)):
        return []
    everywhere = _on_every_path(run, accepts) if run.complete else set()
    return [
        proof
        for identity, proof in found.items()
        if identity in everywhere or before_any_choice(proof.failure, proof.outcome)
    ]


def _shown(run: RootRun, failure: Failure) -> bool:
    """Whether the code itself makes the call in which the program asks for what is not there.

    A template that others complete, or that a tool makes source of, is a class that nobody builds.
    """
    counted = failure.fault.got is not None
    return not run.inferred and (counted or run.kind is not RootKind.CLASS)


def blamed(failure: Failure, outcome: Outcome, accepts: Accepts) -> Span | None:
    """The argument in a linted file that must change, else the call in one; None where there is neither.

    Where the same constructor serves other layers well, who passes it the number is blamed.
    """
    site = failure.site if failure.layer is None else failure.layer.site
    if site is not None:
        through = failure.layer is not None and _serves_others(failure.layer, outcome)
        for argument in (name for each in failure.fault.arguments for name in (each, *_ALSO.get(each, ()))):
            span = written_at(site, argument, accepts, through=through)
            if span is not None:
                return span
    return call_in(failure.site, accepts) or call_in(site, accepts)


def _serves_others(layer: Instance, outcome: Outcome) -> bool:
    """Whether the call that built the layer built another one as well, which was called and did not fail."""
    trace = outcome.trace
    failing = {id(failure.layer) for failure in trace.failures}
    others = {
        id(built.layer)
        for built in trace.built
        if built.layer.site is not None
        and layer.site is not None
        and built.layer.site.node is layer.site.node
    }
    return any(id(call.module) in others - failing for call in trace.calls)


def before_any_choice(failure: Failure, outcome: Outcome) -> bool:
    """Whether the failure came before the first choice of its path: then every path comes by it."""
    if failure.guessed:
        return False
    chosen = {c.question if c.taken else negate(c.question) for c in outcome.trace.choices if c.question}
    return chosen.isdisjoint(failure.assumptions)


def _on_every_path(run: RootRun, accepts: Accepts) -> set[Identity]:
    paths = [set(_identities(o, accepts)) for o in run.outcomes if not forbidden(o) or _fails(o)]
    return set.intersection(*paths) if paths else set()


def _identities(outcome: Outcome, accepts: Accepts) -> Iterator[Identity]:
    for failure in outcome.trace.failures:
        span = blamed(failure, outcome, accepts) if _counts(failure, outcome) else None
        if span is not None:
            yield failure.fault.kind, span


def _fails(outcome: Outcome) -> bool:
    return any(_counts(failure, outcome) for failure in outcome.trace.failures)


def _counts(failure: Failure, outcome: Outcome) -> bool:
    """Whether a failure is certain, and stays so without what joins were only taken to mean.

    Where two free extents are joined they are taken for equal, though one of them may be 1 instead.
    """
    if not failure.certain or order_in_doubt(failure, outcome):
        return False
    trace = outcome.trace
    meant = {r.requirement.question for r in trace.required if r.requirement.otherwise.kind is Kind.JOIN}
    if meant.isdisjoint(failure.assumptions):
        return True
    expected, got = failure.fault.expected, failure.fault.got
    if not isinstance(expected, (int, Expr)) or not isinstance(got, (int, Expr)):
        return not isinstance(expected, tuple) or not any(isinstance(e, Expr) for e in expected)
    windowed = failure.fault.kind is Kind.KERNEL
    question = AtLeast(got, expected) if windowed else Equal(got, expected)
    return certain(question, [fact for fact in failure.assumptions if fact not in meant]) is False


def hopeless(outcomes: tuple[Outcome, ...]) -> bool:
    """Whether every path of an alternative fails, or ends as the program itself forbids."""
    if any(o.trace.exhausted is not None for o in outcomes):
        first = outcomes[0]
        return any(_counts(f, first) and before_any_choice(f, first) for f in first.trace.failures)
    return all(_fails(o) or forbidden(o) for o in outcomes)


def forbidden(outcome: Outcome) -> bool:
    """Whether the program's own `raise`, `assert` or exit ended the path."""
    trace = outcome.trace
    if trace.raised is None:
        return False
    if trace.raised_at is not None and isinstance(trace.raised_at.node, (ast.Raise, ast.Assert)):
        return True
    return trace.raised.startswith(_LEAVING)
