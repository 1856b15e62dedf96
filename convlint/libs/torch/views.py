"""Views: tensors that look at another's memory with a shape and strides of their own.

Law: reordering, dropping or adding axes of extent 1 and cutting an axis never copy; the strides follow the
axes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from convlint.dims import Dim, Expr
from convlint.libs.op import Op
from convlint.libs.torch.content import Content, in_order, picked, share
from convlint.shapes.fault import Shape
from convlint.shapes.reshape import row_major
from convlint.values import CONTIGUOUS, Strides, Tensor


def strides_of(tensor: Tensor) -> Shape | None:
    """The strides in elements, None where they are not known."""
    if isinstance(tensor.strides, tuple):
        return tensor.strides
    if tensor.strides is CONTIGUOUS and tensor.shape is not None:
        return row_major(tensor.shape)
    return None


def normal(shape: Shape, strides: Shape | None) -> Strides:
    """Strides as a tensor keeps them: the word for row-major ones, as far as their forms tell."""
    if strides is None:
        return None
    step: Dim = 1
    for extent, stride in zip(reversed(shape), reversed(strides), strict=True):
        if stride is not step and stride != step and (isinstance(extent, Expr) or extent != 1):
            return strides
        step = step * extent if isinstance(extent, Expr) or extent else step
    return CONTIGUOUS


def convolved(*operands: Tensor) -> Strides:
    """The strides of what a 2-d convolution makes: row-major unless an operand may be channels-last.

    ATen asks each operand's `suggest_memory_format` (c10/core/MemoryFormat.h) and knows no third layout.
    """
    plain = all(x.strides is CONTIGUOUS or _surely_not_channels_last(x) for x in operands)
    return CONTIGUOUS if plain else None


def _surely_not_channels_last(x: Tensor) -> bool:
    if x.shape is None or len(x.shape) != 4 or not isinstance(x.strides, tuple):
        return False
    least: Dim = 0
    for axis in (1, 3, 2, 0):
        extent, stride = x.shape[axis], x.strides[axis]
        if isinstance(extent, Expr) or isinstance(stride, Expr) or isinstance(least, Expr):
            return False
        if stride < least or (axis == 0 and least == x.strides[1]):
            return True
        least = stride * max(extent, 1)
    return False


def view(op: Op, base: Tensor, shape: Shape, strides: Strides, data: Content | None = None) -> Tensor:
    """A view of the base's memory."""
    kept = normal(shape, strides) if isinstance(strides, tuple) else strides
    result = op.result(base, shape, strides=kept, data=data)
    return share(result, base)


def reordered(op: Op, base: Tensor, order: Sequence[int]) -> Tensor:
    """The base with its axes in another order (each from 0, once)."""
    assert base.shape is not None
    strides = strides_of(base)
    shape = tuple(base.shape[axis] for axis in order)
    data = in_order(base, order)
    return view(op, base, shape, None if strides is None else tuple(strides[axis] for axis in order), data)


def with_axes(op: Op, base: Tensor, new: Sequence[int]) -> Tensor:
    """The base with axes of extent 1 inserted at these places of the result (ascending)."""
    assert base.shape is not None
    shape, strides = list(base.shape), strides_of(base)
    steps = None if strides is None else list(strides)
    for axis in new:
        if steps is not None:
            steps.insert(axis, shape[axis] * steps[axis] if axis < len(shape) else 1)
        shape.insert(axis, 1)
    return view(op, base, tuple(shape), None if steps is None else tuple(steps), base.data)


def without_axes(op: Op, base: Tensor, gone: Sequence[int]) -> Tensor:
    """The base without these axes of extent 1."""
    assert base.shape is not None
    keep = [axis for axis in range(len(base.shape)) if axis not in gone]
    strides = strides_of(base)
    shape = tuple(base.shape[axis] for axis in keep)
    return view(
        op, base, shape, None if strides is None else tuple(strides[axis] for axis in keep), base.data
    )


def cut(op: Op, base: Tensor, axis: int, first: object, length: object, step: int = 1) -> Tensor:
    """`length` indices of one axis, from `first` on, every `step`-th."""
    assert base.shape is not None
    shape, strides = base.shape, strides_of(base)
    result = (*shape[:axis], length, *shape[axis + 1 :])
    if strides is not None:
        strides = (*strides[:axis], strides[axis] * step, *strides[axis + 1 :])
    data = None
    if isinstance(first, int):
        data = picked(base, result, _shifted(axis, lambda i: first + i * step))
    return view(op, base, result, strides, data)  # type: ignore[arg-type]


def at(op: Op, base: Tensor, axis: int, index: object) -> Tensor:
    """One index of an axis, which goes away."""
    assert base.shape is not None
    shape, strides = base.shape, strides_of(base)
    if strides is not None:
        strides = (*strides[:axis], *strides[axis + 1 :])
    result = (*shape[:axis], *shape[axis + 1 :])
    data = None
    if isinstance(index, int):
        data = picked(base, result, lambda place: (*place[:axis], index, *place[axis:]))
    return view(op, base, result, strides, data)


def _shifted(axis: int, source: Callable[[int], int]) -> Callable[[tuple[int, ...]], Sequence[int]]:
    return lambda place: (*place[:axis], source(place[axis]), *place[axis + 1 :])
