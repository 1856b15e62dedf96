"""Which input size would do: a model that fails for one size is called again with symbols for it.

Law: a size is offered only if everything that the run required of the symbols holds for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convlint.dims import Dim, Question, holds, symbol
from convlint.interp.budget import Exhausted
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.model.run import Outcome
from convlint.trace import Called, Failure, Trace
from convlint.values import NotModelled, Raised, Tensor, is_opaque

_FARTHEST = 512


def fitting_input(outcome: Outcome, failure: Failure) -> tuple[Dim, ...] | None:
    """The shape nearest to the one given for which nothing fails; None where there is none near, or more
    inputs.
    """
    root = _root(failure)
    if root is None or len(root.inputs) != 1 or not isinstance(root.inputs[0], Tensor):
        return None
    given = root.inputs[0]
    sizes = _sizes(given)
    if given.shape is None or not sizes:
        return None
    free = tuple(symbol(f"size{i}") if i in sizes else extent for i, extent in enumerate(given.shape))
    questions = _questions(outcome, root, free, given)
    if questions is None:
        return None
    for step in _steps():
        tried = {f"size{axis}": size + step for axis, size in sizes.items()}
        if min(tried.values()) >= 1 and all(_holds(question, tried) for question in questions):
            return tuple(tried.get(f"size{i}", extent) for i, extent in enumerate(given.shape))
    return None


def _root(failure: Failure) -> Called | None:
    call = failure.module
    while call is not None and call.parent is not None:
        call = call.parent
    return call


def _sizes(tensor: Tensor) -> dict[int, int]:
    """The axes that a user may resize (all but batch and channels) with their extents; empty where one is
    free.
    """
    shape = tensor.shape or ()
    last_is_channels = registry.protocol_of(tensor.kind).channels_last
    first, last = (1, len(shape) - 1) if last_is_channels else (min(len(shape) - 2, 2), len(shape))
    found = {axis: shape[axis] for axis in range(first, last)} if len(shape) > 2 else {}
    known = {axis: size for axis, size in found.items() if isinstance(size, int)}
    return known if len(known) == len(found) else {}


def _questions(
    outcome: Outcome, root: Called, shape: tuple[Dim, ...], given: Tensor
) -> Sequence[Question] | None:
    """What a run with symbols requires of them; None where it fails all the same, or could not be
    followed.
    """
    protocol = registry.protocol_of_model(root.module)
    if protocol is None:
        return None
    loader, limits = outcome.machine.loader, outcome.machine.budget.limits
    if loader.spending.over(limits):
        return None
    machine = Machine(loader, limits=limits, training=outcome.machine.training)
    machine.continues(outcome.machine)
    tensor = protocol.make_input(shape, given.dtype or "float32")
    try:
        machine.call(root.module, [tensor])
    except Exhausted as budget:
        machine.trace.exhausted = budget.what
        return None
    except (Raised, NotModelled, RecursionError):
        return None
    finally:
        loader.spending.add(machine.budget, machine.trace.exhausted)
    return None if _broken(machine.trace) else machine.trace.questions


def _broken(trace: Trace) -> bool:
    unclear = any(is_opaque(d) for r in trace.required for s in r.requirement.otherwise.shapes for d in s)
    return bool(trace.failures) or unclear or trace.exhausted is not None


def _steps() -> Iterator[int]:
    """0, −1, 1, −2, 2 …"""
    yield 0
    for distance in range(1, _FARTHEST + 1):
        yield -distance
        yield distance


def _holds(question: Question, sizes: dict[str, int]) -> bool:
    try:
        return holds(question, sizes)
    except (KeyError, ZeroDivisionError):
        return False
