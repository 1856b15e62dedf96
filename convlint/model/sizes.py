"""Which input size would do: a model that fails for one size is called again with symbols for it.

Law: a size is offered only if everything that the run required of the symbols holds for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convlint.dims import Dim, Question, holds, symbol
from convlint.interp.budget import Exhausted, Limits
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.model.run import Outcome
from convlint.trace import Called, Failure, Trace
from convlint.values import NotModelled, Raised, Tensor, is_opaque

_FARTHEST = 512
_LIMITS = Limits(steps=400_000, paths=1, seconds=3.0)


def fitting_input(outcome: Outcome, failure: Failure) -> tuple[Dim, ...] | None:
    """The shape nearest to the one given for which nothing fails; None where there is none near, or more
    inputs.
    """
    root = _root(failure)
    if root is None or len(root.inputs) != 1 or not isinstance(root.inputs[0], Tensor):
        return None
    given = root.inputs[0]
    axes = _spatial(given)
    if given.shape is None or not axes or any(not isinstance(given.shape[a], int) for a in axes):
        return None
    names = {axis: f"size{axis}" for axis in axes}
    free = tuple(symbol(names[i]) if i in names else extent for i, extent in enumerate(given.shape))
    questions = _questions(outcome, root, free, given)
    if questions is None:
        return None
    for step in _steps():
        sizes = {names[a]: given.shape[a] + step for a in axes}  # type: ignore[operator]
        if min(sizes.values()) >= 1 and all(_holds(question, sizes) for question in questions):
            return tuple(sizes[names[i]] if i in names else extent for i, extent in enumerate(given.shape))
    return None


def _root(failure: Failure) -> Called | None:
    call = failure.module
    while call is not None and call.parent is not None:
        call = call.parent
    return call


def _spatial(tensor: Tensor) -> list[int]:
    """The axes that a user may resize: all but batch and channels."""
    rank = tensor.rank or 0
    if rank < 3:
        return []
    if tensor.kind.startswith("keras"):
        return list(range(1, rank - 1))
    return list(range(2 if rank > 3 else 1, rank))


def _questions(
    outcome: Outcome, root: Called, shape: tuple[Dim, ...], given: Tensor
) -> Sequence[Question] | None:
    """What a run with symbols requires of them; None where it fails all the same, or could not be
    followed.
    """
    protocol = registry.protocol_of_model(root.module)
    if protocol is None:
        return None
    machine = Machine(outcome.machine.loader, limits=_LIMITS, training=outcome.machine.training)
    machine.state.update(outcome.machine.state)
    tensor = protocol.make_input(shape, given.dtype or "float32")
    try:
        machine.call(root.module, [tensor])
    except (Raised, NotModelled, Exhausted, RecursionError):
        return None
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
