"""Whether a model does in training what it does in evaluation.

Law: the modes differ only where something looks at them. Where each module that did, called by itself in
training, gives what it gave in evaluation, calls the same layers and asks for nothing more, the whole model
does, too. A library's own code asks no layer which one it is: of its layers that hold the same one is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct, field

from convlint.dims import Expr, TooComplex
from convlint.interp import patches
from convlint.interp.budget import Exhausted, Limits
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.taints import Taints
from convlint.interp.watch import Watch
from convlint.model.looks import give_back, looks, looks_apart
from convlint.model.run import Outcome
from convlint.model.standing import Standing
from convlint.trace import Called, Choice
from convlint.values import Instance, Native, NotModelled, Raised, Tensor, Unknown, Value, tensors_in


def alike(loader: Loader, standing: Standing, outcome: Outcome, limits: Limits | None) -> bool:
    """Whether calling a model that stands in training would go as it went on a path of its evaluation; also
    False where that is not plain. What only training comes by is added to the path's records.
    """
    askers = outcome.machine.askers
    if (
        not standing.serves(training=True)
        or standing.before is not None
        or not outcome.clean
        or not all(map(_within_a_model, askers.values()))
    ):
        return False
    machine = Machine(loader, limits=limits, training=True)
    evaluated = outcome.trace
    try:
        standing.begin(machine, training=True)
        for question in outcome.machine.path.assumptions:
            machine.path.assume(question)
        training = _Training(
            machine,
            standing,
            evaluated.calls,
            lost=set(map(_place, evaluated.unknowns)),
            guessed=set(map(_guess, evaluated.choices)),
        )
        if not all(map(training.goes_alike, _outermost(askers.values()))):
            return False
    except Exhausted:  # nothing is left even for putting the model into the mode
        return False
    finally:
        loader.spending.add(machine.budget, machine.trace.exhausted)
        standing.give_back(Machine(loader, limits=limits), False)
    trained = machine.trace
    evaluated.assigned = {**trained.assigned, **evaluated.assigned}
    evaluated.discarded += trained.discarded[len(standing.trace.discarded) :]
    return True


def _within_a_model(call: Called | None) -> bool:
    return call is not None and call.parent is not None


def _outermost(calls: Iterable[Called | None]) -> list[Called]:
    """Those that no other of the calls contains."""
    every = [call for call in calls if call is not None]
    known = {id(call) for call in every}
    return [call for call in every if not any(id(each) in known for each in _around(call))]


def _around(call: Called) -> Iterator[Called]:
    while call.parent is not None:
        call = call.parent
        yield call


class _Training(Struct):
    """A machine on which modules of a model are called in training as an evaluation called them."""

    machine: Machine
    standing: Standing
    calls: Sequence[Called]
    """What the evaluation called."""
    lost: set[Lost]
    guessed: set[Guess]
    known: list[Likeness] = field(default_factory=list)
    """Of the calls that went alike: what was called with what, and what that gave."""

    def goes_alike(self, call: Called) -> bool:
        """Whether a module, called as in the evaluation, does in training what it did. Once a layer of a
        library has, so do others of the same content that are given the same and gave the same: nothing has
        changed in between.
        """
        there = [call, *_inside(call, self.calls)]
        alike = self._likeness(there)
        if alike is not None and alike in self.known:
            return True
        if not self._repeats(there):
            return False
        if alike is not None:
            self.known.append(alike)
        return True

    def _likeness(self, there: Sequence[Called]) -> Likeness | None:
        """What tells the calls from others, where they run nothing but the code of a library."""
        machine, protocol = self.machine, self.standing.protocol
        own = patches.of(machine.state) or any(protocol.has_hooks(machine, call.module) for call in there)
        if own or not isinstance(there[0].module.cls.find(protocol.entry), Native):
            return None
        given = (each for call in there for each in (call.output, *call.inputs))
        return likeness((*given, there[0].names, there[0].module), machine.taints)

    def _repeats(self, there: Sequence[Called]) -> bool:
        """Whether the first of these calls, made again, makes the others again, and asks for nothing more."""
        machine, call = self.machine, there[0]
        split = len(call.inputs) - len(call.names)
        given = [machine.taints.held(each) for each in call.inputs]  # the call may change what it is given
        named = dict(zip(call.names, given[split:], strict=True))
        was = {id(each): (each, looks(each)) for value in call.inputs for each in _tensors(value)}
        trace, watch = machine.trace, Watch(lambda _: False, self.standing.protocol.passes_on)
        start, before, lost = len(trace.calls), _recorded(machine), len(trace.unknowns)
        chosen = len(machine.path.choices)
        machine.watch = watch
        try:
            machine.call(call.module, given[:split], named)
        except (Raised, NotModelled, TooComplex, Exhausted, RecursionError):
            return False
        finally:
            machine.watch = None
            self.standing.changed |= watch.changed
            altered = give_back(was.values())
        here = trace.calls[start:]
        return (
            not (watch.changed or altered)
            and _recorded(machine) == before
            and self.lost.issuperset(map(_place, trace.unknowns[lost:]))
            and self.guessed.issuperset(map(_guess, machine.path.choices[chosen:]))
            and len(there) == len(here)
            and all(_same_call(a, b) for a, b in zip(there, here, strict=True))
        )


Likeness = tuple[object, ...]


def likeness(values: Iterable[Value], taints: Taints) -> Likeness | None:
    """What the values hold in which places, shared in which way; None where they hold anything of the
    program's own, or anything uncertain.
    """
    parts: list[object] = []
    seen: dict[int, int] = {}
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        parts.append(value.__class__)
        if value is None or isinstance(value, (bool, *_PLAIN)):
            parts.append(value)
        elif id(value) in seen:
            parts.append(seen[id(value)])
        elif isinstance(value, Tensor):
            parts.append(looks_apart(value))
        elif taints.of(value) is not None:
            return None
        elif isinstance(value, set) and all(each.__class__ is str for each in value):
            parts.append(frozenset(value))
        elif isinstance(value, (list, tuple, dict)):
            parts.append(len(value))
            if isinstance(value, dict):
                parts += ((type(key), key) for key in value)
            waiting += value.values() if isinstance(value, dict) else value
        elif isinstance(value, Instance) and value.cls.node is None and value.tainted is None:
            parts += (value.cls, *value.attrs)
            waiting += (value.payload, *value.attrs.values())
        else:
            return None
        seen.setdefault(id(value), len(seen))
    return tuple(parts)


def _inside(call: Called, calls: Sequence[Called]) -> Iterator[Called]:
    """The calls that were made while this one was under way."""
    within = {id(call)}
    for each in islice(calls, call.order + 1, None):
        if id(each.parent) not in within:
            return
        within.add(id(each))
        yield each


def _recorded(machine: Machine) -> tuple[int, ...]:
    """How much a run has found, required and assumed so far."""
    trace = machine.trace
    found = len(trace.failures), len(trace.required), len(trace.compared)
    return (*found, len(machine.path.assumptions))


def _same_call(one: Called, other: Called) -> bool:
    return (
        one.module is other.module
        and one.names == other.names
        and _same(one.inputs, other.inputs)
        and _same(one.output, other.output)
    )


def _same(one: Value, other: Value) -> bool:
    """Whether nothing that follows can tell one value from the other by its shape, type or content."""
    if one is other:
        return not isinstance(one, Tensor) or not one.restated
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        return looks_apart(one) == looks_apart(other) and not (one.restated or other.restated)
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return _place(one) == _place(other)
    if isinstance(one, (tuple, list)) and type(one) is type(other):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    return type(one) is type(other) and isinstance(one, _PLAIN) and one == other


Lost = tuple[str, int | None]
"""Why something is unknown, and the `id` of the expression where it became so."""


def _place(unknown: Unknown) -> Lost:
    return unknown.reason, None if unknown.site is None else id(unknown.site.node)


Guess = tuple[Lost | None, bool]
"""What was unknown (None: what was assumed says more), and how it was taken."""


def _guess(choice: Choice) -> Guess:
    return None if choice.unknown is None else _place(choice.unknown), choice.taken


_PLAIN = (int, float, str, Expr)


def _tensors(value: Value) -> Iterator[Tensor]:
    """The tensors that a call is given, alone, in containers and in objects of the program."""
    yield from tensors_in(value)
    if isinstance(value, Instance):
        for each in value.attrs.values():
            yield from tensors_in(each)


__all__ = ["alike"]
