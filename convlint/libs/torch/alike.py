"""Results shaped like an operand: what an element-by-element operation gives, in place or as a new tensor.

Law: an in-place operation returns the very tensor it was given, and that tensor remembers the operation from
then on.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.torch.content import overwrite
from convlint.values import CONTIGUOUS, Origin, Strides, Tensor


def alike(op: Op, x: Tensor, *, inplace: bool = False, what: str = "") -> Tensor:
    """The result of an element-by-element operation on `x`, of its dtype; its content is not followed."""
    if not inplace:
        return op.result(x, x.shape, what, strides=kept(x))
    before = x.like(x.shape, strides=x.strides, data=x.data)
    before.origin = x.origin
    x.origin = Origin(what or op.name.rpartition(".")[2], op.caller.site, op.self, before, (before,))
    overwrite(x)
    return x


def kept(x: Tensor) -> Strides:
    """The strides an element-by-element kernel gives its result: the operand's, where they leave no gap."""
    if x.strides is CONTIGUOUS or x.shape is None:
        return CONTIGUOUS
    if isinstance(x.strides, tuple) and dense(x.shape, x.strides):
        return x.strides
    return None


def dense(shape: tuple[Dim, ...], strides: tuple[Dim, ...]) -> bool:
    """Whether the axes, in some order, lie one inside the other without gap (extents of 1 do not count)."""
    left = [(extent, stride) for extent, stride in zip(shape, strides, strict=True) if extent != 1]
    step: Dim = 1
    while left:
        inner = next((axis for axis in left if axis[1] == step), None)
        if inner is None:
            return False
        left.remove(inner)
        step = step * inner[0]
    return True
