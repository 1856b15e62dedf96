"""What stands around a convolution or pooling layer: the convolutions before it, what comes next, and where
its map collapsed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from convlint.dims import AtLeast, Dim, certain
from convlint.lint.gathering.flow import Flow, Step
from convlint.lint.gathering.windows import Axis, Family, axes, family
from convlint.trace import Instance, Tensor

_NEAR = 24
_RESHAPING = frozenset(
    ("reshape", "view", "permute", "transpose", "unflatten", "movedim", "swapaxes", "Reshape", "Permute")
)
_WIDEST = 16
"""More than any kernel adds to a map."""


class Collapse(Struct, frozen=True):
    """The operation that took a map to a single place, and the extents of the map before it."""

    step: Step
    before: tuple[Dim, ...]
    first: bool
    """Whether no kernel above 1 worked on the single place before."""


def spatial(shape: Sequence[Dim] | None, kind: Family) -> tuple[Dim, ...] | None:
    """The spatial extents of a map as a layer of the kind sees it; None where the rank does not fit."""
    if shape is None or len(shape) not in (kind.rank + 1, kind.rank + 2):
        return None
    last = len(shape) - int(kind.channels_last)
    return tuple(shape[last - kind.rank : last])


def convolves(layer: Instance | None, *, wider: bool = True) -> Family | None:
    """The kind of a convolution, not a transposed one; `wider`: with a kernel above 1 on some axis."""
    kind = None if layer is None else family(layer)
    if layer is None or kind is None or not kind.convolves or kind.transposed:
        return None
    return kind if not wider or any(axis.kernel > 1 for axis in axes(layer, kind)) else None


def makes_ones(step: Step) -> bool:
    """Whether an operation gives more axes of a single place than it was given: a quick look before a long
    one.
    """
    before, after = step.operands[0].shape if step.operands else None, step.result.shape
    if before is None or after is None or len(before) != len(after):
        return False
    ones = after.count(1)
    return ones > 0 and ones > before.count(1)


def collapse_before(flow: Flow, tensor: Tensor, kind: Family) -> Collapse | None:
    """Where the single place that a convolution is given was made; None where its map is larger, or a model's
    own input.
    """
    if set(spatial(tensor.shape, kind) or ()) != {1}:
        return None
    first = True
    step = flow.maker(tensor)
    for _ in range(_NEAR * 8):
        if step is None or not step.operands:
            return None
        before = spatial(step.operands[0].shape, kind)
        if before is None:
            return None
        if set(before) != {1}:
            return Collapse(step, before, first)
        first = first and convolves(step.layer) is None
        step = flow.maker(step.operands[0])
    return None


def convolved_before(flow: Flow, tensor: Tensor) -> bool:
    """Whether a convolution took part in making the tensor."""
    return any(
        convolves(step.layer, wider=False) is not None or "conv" in step.what.lower()
        for step in flow.before(tensor)
    )


def nearest_convolutions(flow: Flow, tensor: Tensor, kind: Family) -> Iterator[list[Axis]]:
    """The windows of the convolutions with kernels above 1 that made the tensor, seen through everything that
    keeps its size.
    """
    waiting, seen = [tensor], set[int]()
    size = spatial(tensor.shape, kind)
    for _ in range(_NEAR):
        if not waiting:
            return
        step = flow.maker(waiting.pop(0))
        if step is None or id(step.result) in seen or spatial(step.result.shape, kind) != size:
            continue
        seen.add(id(step.result))
        own = convolves(step.layer)
        if own is not None and step.layer is not None:
            yield axes(step.layer, own)
        else:
            waiting += step.operands


def narrowed_before(flow: Flow, tensor: Tensor, kind: Family) -> bool:
    """Whether the convolution directly before, norms and activations aside, has a kernel of 1 and narrows."""
    step = flow.maker(tensor)
    for _ in range(_NEAR):
        if step is None or len(step.operands) != 1:
            return False
        if convolves(step.layer, wider=False) is not None:
            before, after = step.operands[0].shape, step.result.shape
            channel = -1 if kind.channels_last else -1 - kind.rank
            if convolves(step.layer) is not None or before is None or after is None:
                return False
            return certain(AtLeast(before[channel], after[channel] + 1)) is True
        step = flow.maker(step.operands[0])
    return False


def strided_next(flow: Flow, tensor: Tensor, kind: Family) -> bool:
    """Whether the next window that moves over the tensor has a stride above 1."""
    waiting = [tensor]
    for _ in range(_NEAR):
        if not waiting:
            return False
        current = waiting.pop(0)
        for step in flow.takers(current):
            before, after = spatial(current.shape, kind), spatial(step.result.shape, kind)
            own = None if step.layer is None else family(step.layer)
            if own is not None and step.layer is not None:
                if any(axis.stride > 1 for axis in axes(step.layer, own)):
                    return True
            elif before is not None and after is not None and before != after:
                if all(_halved(b, a) for b, a in zip(before, after, strict=True)):
                    return True
            elif before == after:
                waiting.append(step.result)
    return False


def _halved(before: Dim, after: Dim) -> bool:
    """Whether an extent is about half of what it was, or less."""
    if isinstance(before, int) and isinstance(after, int):
        return 2 * after <= before + 2
    return certain(AtLeast(before + _WIDEST, 2 * after)) is True


def from_tokens(flow: Flow, tensor: Tensor) -> bool:
    """Whether the map was made of tokens: reshaped or transposed right before."""
    step = flow.maker(tensor)
    for _ in range(_NEAR):
        if step is None or not step.operands:
            return False
        if step.what in _RESHAPING:
            return True
        if step.operands[0].shape != step.result.shape:
            return False
        step = flow.maker(step.operands[0])
    return False


def spans_at_the_end(flow: Flow, given: Tensor, made: Tensor, transposed: bool) -> bool:
    """Whether a convolution comes last after windows that stride down; transposed, first before those that
    stride up.
    """
    inner = flow.after(made) if transposed else flow.before(given)
    outer = flow.before(given) if transposed else flow.after(made)
    if any(_slides(step) for step in outer):
        return False
    return any(_slides(step, strided=True, transposed=transposed) for step in inner)


def _slides(step: Step, *, strided: bool = False, transposed: bool | None = None) -> bool:
    """Whether a step is a convolution or pooling with a kernel above 1, as far as its window is known."""
    kind = None if step.layer is None else family(step.layer)
    if step.layer is None or kind is None or transposed not in (None, kind.transposed):
        return False
    return any(axis.kernel > 1 and (axis.stride > 1 or not strided) for axis in axes(step.layer, kind))
