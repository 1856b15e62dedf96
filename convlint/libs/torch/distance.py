"""Distances and similarities: the axis along which two broadcast operands are compared is gone;
normalisation.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch.alike import alike
from convlint.libs.torch.axes import axes, axis
from convlint.libs.torch.broadcasting import not_joining
from convlint.libs.torch.declare import into_out
from convlint.libs.torch.layer import layer
from convlint.shapes.broadcast import broadcast
from convlint.shapes.fault import Kind, Shape
from convlint.values import Tensor, Value


def joined(op: Op, left: Tensor, right: Tensor) -> Shape:
    """The shape that two operands broadcast to."""
    return op.lawful(broadcast(left.shape or (), right.shape or ()), not_joining)


@layer("torch.nn.CosineSimilarity", "dim=1, eps=1e-08", call="x1, x2")
@function(
    "torch.nn.functional.cosine_similarity", "torch.cosine_similarity", signature="x1, x2, dim=1, eps=1e-8"
)
def cosine_similarity(op: Op) -> Value:
    """x1 · x2 / (|x1| |x2|) along an axis of the broadcast shape."""
    left, right = op.tensor("x1"), op.tensor("x2")
    shape = joined(op, left, right)
    along = axis(op, "dim", len(shape))
    return op.result(left, (*shape[:along], *shape[along + 1 :]))


@layer("torch.nn.PairwiseDistance", "p=2.0, eps=1e-06, keepdim=False", call="x1, x2")
@function(
    "torch.nn.functional.pairwise_distance",
    "torch.pairwise_distance",
    signature="x1, x2, p=2.0, eps=1e-6, keepdim=False",
)
def pairwise_distance(op: Op) -> Value:
    """The norm of x1 − x2 along the last axis."""
    left, right = op.tensor("x1"), op.tensor("x2")
    shape = joined(op, left, right)
    lead = shape[:-1]
    return op.result(left, (*lead, 1) if op.flag("keepdim") and shape else lead)


@function("torch.nn.functional.pdist", "torch.pdist", signature="input, p=2.0")
def pdist(op: Op) -> Value:
    """The distances of all n(n − 1)/2 pairs of rows."""
    x = op.tensor("input")
    assert x.shape is not None
    if len(x.shape) != 2:
        words = f"pdist only supports 2D tensors, got: {len(x.shape)}D"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    p = op["p"]
    if isinstance(p, (int, float)) and p < 0:
        op.refuse("RuntimeError", "pdist only supports non-negative p values", "p")
    rows = x.shape[0]
    return op.result(x, (rows * (rows - 1) // 2,))


@function("torch.nn.functional.normalize", signature="input, p=2.0, dim=1, eps=1e-12, out=None")
def normalize(op: Op) -> Value:
    """The input over its norm along an axis or several."""
    x = op.tensor("input")
    axes(op, "dim", len(x.shape or ()))
    result = alike(op, x)
    return result if op["out"] is None else into_out(op, op["out"], result)
