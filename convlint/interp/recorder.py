"""Keeps the trace of a run: the stack of module calls, their inputs and outputs, faults and costs."""

from __future__ import annotations

import ast
from collections import Counter

from msgspec import Struct

from convlint.dims import Dim, Question
from convlint.shapes.fault import Fault, Requirement
from convlint.trace import Built, Called, Discarded, Failure, Required, Trace
from convlint.values import Instance, Site, Tensor, Unknown, Value, is_opaque
from convlint.values.caller import Words


class Mark(Struct, frozen=True):
    """How much a trace held at one moment."""

    calls: int
    counts: dict[int, int]
    assigned: dict[tuple[str, int, int], int]
    discarded: int
    compared: int
    rest: tuple[object, ...]


class Recorder:
    """Writes a `Trace`."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._stack: list[Called] = []
        self._counts: dict[int, int] = Counter(id(call.module) for call in trace.calls)

    def built(self, layer: Instance, site: Site | None) -> None:
        """A library layer was constructed."""
        self.trace.built.append(Built(layer, site, self.module))

    def enter(
        self, module: Instance, inputs: tuple[Value, ...], site: Site | None, names: tuple[str, ...] = ()
    ) -> Called:
        """A module's call begins; the last inputs were passed by these names."""
        number = self._counts[id(module)] = self._counts.get(id(module), 0) + 1
        parent = self._stack[-1] if self._stack else None
        call = Called(module, len(self.trace.calls), number, site, inputs, parent=parent, names=names)
        self.trace.calls.append(call)
        self._stack.append(call)
        return call

    def leave(self, token: object, output: Value) -> None:
        """A module's call ended."""
        assert isinstance(token, Called)
        token.output = output
        while self._stack and self._stack.pop() is not token:
            pass

    def mark(self) -> Mark:
        """What the trace holds now."""
        assigned = {place: len(values) for place, values in self.trace.assigned.items()}
        trace = self.trace
        lost = len(trace.discarded), len(trace.compared)
        return Mark(len(trace.calls), dict(self._counts), assigned, *lost, self.rest)

    def rewind(self, mark: Mark) -> bool:
        """Forget the calls since then; False, and nothing forgotten, where more than calls was recorded."""
        if self.rest != mark.rest:
            return False
        del self.trace.calls[mark.calls :]
        del self.trace.discarded[mark.discarded :]
        del self.trace.compared[mark.compared :]
        for place, values in self.trace.assigned.items():
            del values[mark.assigned.get(place, 0) :]
        self._counts = dict(mark.counts)
        self._stack.clear()
        return True

    @property
    def rest(self) -> tuple[object, ...]:
        """How much was recorded besides calls."""
        trace = self.trace
        happened = len(trace.built), len(trace.failures), len(trace.required), len(trace.unknowns)
        return (*happened, len(trace.macs), trace.exhausted)

    @property
    def module(self) -> Called | None:
        """The innermost module call under way."""
        return self._stack[-1] if self._stack else None

    def count(self, macs: Dim | Unknown) -> None:
        """Multiply-accumulates of the operation being evaluated."""
        self.trace.macs.append(macs)
        if self._stack:
            self._stack[-1].macs = _sum(self._stack[-1].macs, macs)

    def lose(self, unknown: Unknown) -> None:
        """Computation inside a model's call could not be followed."""
        if self._stack:
            self.trace.unknowns.append(unknown)

    def failure(
        self,
        fault: Fault,
        sentence: str,
        site: Site | None,
        layer: Instance | None,
        assumptions: tuple[Question, ...],
        certain: bool,
        guessed: bool,
    ) -> None:
        """An operation must fail. A fault that rests on an unknown extent is kept, but is not certain."""
        certain = certain and not _rests_on_unknown(fault)
        self.trace.failures.append(
            Failure(fault, sentence, site, layer, self.module, assumptions, certain, guessed)
        )

    def assigned(self, node: ast.expr | ast.stmt, filename: str, value: Tensor) -> None:
        """A tensor was bound to a name, or returned."""
        row = self.trace.assigned.setdefault((filename, node.lineno, node.col_offset), [])
        if not row or row[-1].shape != value.shape:
            row.append(value)

    def discarded(self, node: ast.expr, filename: str, value: Tensor) -> None:
        """A statement gave a tensor that is bound to nothing."""
        self.trace.discarded.append(Discarded(node, filename, value, self.module))

    def required(
        self, requirement: Requirement, words: Words, site: Site | None, layer: Instance | None
    ) -> None:
        """The run goes on assuming the requirement."""
        sentence = words(requirement.otherwise)
        self.trace.required.append(Required(requirement, sentence, site, layer, self.module))


def _sum(left: Dim | Unknown, right: Dim | Unknown) -> Dim | Unknown:
    if isinstance(left, Unknown):
        return left
    return right if isinstance(right, Unknown) else left + right


def _rests_on_unknown(fault: Fault) -> bool:
    numbers: list[Dim] = []
    for value in (fault.expected, fault.got):
        numbers += value if isinstance(value, tuple) else [] if value is None else [value]
    return any(is_opaque(n) for n in numbers)
