"""Patterns in the flow of a run: flattening, global pooling, padding before, cropping and restoring after."""

from __future__ import annotations

from collections.abc import Set

from convlint.dims import AtLeast, Dim, certain, product
from convlint.lint.gathering.flow import CROPS, Flow, Step
from convlint.lint.gathering.windows import axes, family, is_dense
from convlint.trace import Instance, Tensor

Shape = tuple[Dim, ...]
_MOST_STEPS = 1000
_NEAR = 12
_POOLS = frozenset(
    ("mean", "amax", "sum", "max", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d")
)
_PASSING = frozenset(
    (
        "flatten",
        "view",
        "reshape",
        "squeeze",
        "dropout",
        "Flatten",
        "Dropout",
        "Identity",
        "__getitem__",
        "permute",
        "Reshape",
        "Activation",
        "BatchNormalization",
    )
)


def flattened_from(tensor: Tensor) -> Shape:
    """The axes that flattening made a tensor's last axis of: (256, 6, 6); the last alone where none did."""
    if not tensor.shape:
        return ()
    features = tensor.shape[-1]
    for _ in range(_MOST_STEPS):
        origin = tensor.origin
        before = None if origin is None else origin.before
        if origin is None or before is None or not before.shape:
            break
        if origin.layer is not None and (is_dense(origin.layer) or family(origin.layer) is not None):
            break  # its features are its own, whatever was flattened before it
        if before.shape[-1] != features:
            shape = before.shape
            start = next((i for i in reversed(range(len(shape))) if product(shape[i:]) == features), None)
            return (features,) if start is None else shape[start:]
        tensor = before
    return (features,)


def globally_pooled(flow: Flow, tensor: Tensor, *, single: bool = False) -> bool:
    """Whether pooling over whole maps made the tensor, only reshaped and normalised since.

    `single` where it is known that a free extent of its map can only be 1.
    """
    step = flow.maker(tensor)
    for _ in range(_MOST_STEPS):
        if step is None or not step.operands:
            return False
        before, after = step.operands[0].shape, step.result.shape
        if before is None or after is None:
            return False
        if _pools_all(step, before, after, single):
            return True
        if step.what not in _PASSING and before != after:
            return False
        step = flow.maker(step.operands[0])
    return False


def _pools_all(step: Step, before: Shape, after: Shape, single: bool) -> bool:
    """Whether a step takes every spatial axis (two leading ones stay) to one, or away."""
    if len(before) < 3 or not ("pool" in step.what.lower() or step.what in _POOLS):
        return False
    if "Global" in step.what:
        return True
    one = all(extent == 1 or (single and not isinstance(extent, int)) for extent in after[2:])
    return one and (any(extent != 1 for extent in before[2:]) or "daptive" in step.what)


def padded(flow: Flow, tensor: Tensor, axis: int) -> bool:
    """Whether the tensor was padded along an axis right before, elementwise steps and norms aside."""
    step = flow.maker(tensor)
    for _ in range(_NEAR):
        if step is None or not step.operands:
            return False
        before, after = step.operands[0].shape, step.result.shape
        if before is None or after is None or len(before) != len(after):
            return False
        if "pad" in step.what.lower():
            return before[axis] != after[axis]
        if before != after and not _pointwise(step):
            return step.what in ("cat", "concat") and any(padded(flow, each, axis) for each in step.operands)
        step = flow.maker(step.operands[0])
    return False


def _pointwise(step: Step) -> bool:
    """Whether a step is a convolution that looks at one place at a time: padding before it is still there."""
    kind = None if step.layer is None else family(step.layer)
    if step.layer is None or kind is None or not kind.convolves or kind.transposed:
        return False
    known = axes(step.layer, kind)
    return len(known) == kind.rank and all(axis.kernel == axis.stride == 1 for axis in known)


def cropped_next(flow: Flow, tensor: Tensor, axis: int) -> bool:
    """Whether the next thing that happens to the tensor's size along an axis is a crop."""
    back = axis - len(tensor.shape or ())
    for step in _nearest(flow, tensor):
        before, after = tensor.shape, step.result.shape
        if step.what not in CROPS or before is None or after is None or len(before) != len(after):
            continue
        if before[back] != after[back]:
            return True
    return False


def layer_before(flow: Flow, tensor: Tensor) -> Instance | None:
    """The layer whose result came to be the tensor through operations of one operand; None where none did."""
    step = flow.maker(tensor)
    for _ in range(_NEAR):
        if step is None or step.layer is not None or len(step.operands) != 1:
            return None if step is None else step.layer
        step = flow.maker(step.operands[0])
    return None


def linearly_before(flow: Flow, tensor: Tensor) -> Step | None:
    """The layer's step whose result, normalised and dropped out at most, the tensor is.

    None where anything else comes between, and where something else takes the layer's result, too.
    """
    step = flow.maker(tensor)
    for _ in range(_NEAR):
        if step is None or len(flow.users(step.result)) != 1 or flow.is_given(step.result):
            return None
        if not _keeps_linear(step):
            return step if step.layer is not None else None
        step = flow.maker(step.operands[0]) if step.operands else None
    return None


def _keeps_linear(step: Step) -> bool:
    """Whether a step is a library's norm, dropout or identity."""
    if step.layer is None:
        return "dropout" in step.what
    names = [cls.name for cls in step.layer.cls.mro]
    return step.layer.cls.node is None and any(
        "Norm" in n or "Dropout" in n or n == "Identity" for n in names
    )


def _nearest(flow: Flow, tensor: Tensor) -> list[Step]:
    """The operations that take the tensor, seen through those that keep its shape."""
    found: list[Step] = []
    waiting = [tensor]
    for _ in range(_NEAR):
        if not waiting:
            break
        for step in flow.users(waiting.pop(0)):
            found.append(step)
            if step.result.shape == tensor.shape:
                waiting.append(step.result)
    return found


def ends_single(flow: Flow, tensor: Tensor, back: int) -> bool:
    """Whether a convolution further on takes an axis (counted from the end) down to exactly 1."""
    for step in flow.after(tensor):
        kind = None if step.layer is None else family(step.layer)
        if (
            kind is None
            or not kind.convolves
            or kind.transposed
            or step.result.shape is None
            or not step.operands
        ):
            continue
        before, after = step.operands[0].shape, step.result.shape
        if (
            before is None
            or len(after) < -back
            or len(before) < -back
            or after[back] != 1
            or before[back] == 1
        ):
            continue
        assert step.layer is not None
        if any(axis.kernel > 1 for axis in axes(step.layer, kind)):
            return True
    return False


def restored(flow: Flow, tensor: Tensor, back: int, sizes: Set[Dim]) -> bool:
    """Whether a later result has one of the sizes on an axis (counted from the end), or is enlarged beyond
    need.
    """
    for step in flow.after(tensor):
        after = step.result.shape
        before = step.operands[0].shape if step.operands else None
        if (
            after is None
            or before is None
            or len(after) != len(before)
            or len(after) < -back
            or len(after) < 3
        ):
            continue
        if after[back] == before[back]:
            continue
        if after[back] in sizes or "pad" in step.what.lower():
            return True
        kind = None if step.layer is None else family(step.layer)
        if kind is None or not kind.convolves:
            continue
        assert step.layer is not None
        own = [
            axis
            for axis in axes(step.layer, kind)
            if axis.position - kind.rank == back + int(kind.channels_last)
        ]
        grows = AtLeast(after[back], before[back] + 1)
        if any(axis.stride == 1 for axis in own) and certain(grows) is True:
            return True
    return False
