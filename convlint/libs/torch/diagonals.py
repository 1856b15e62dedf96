"""Diagonals and triangles: triu, tril, diag, diag_embed, trace."""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import method
from convlint.libs.torch.arguments import refuse_fractions
from convlint.libs.torch.axes import flat_count, short
from convlint.libs.torch.content import known_count, places
from convlint.libs.torch.declare import operation, store
from convlint.libs.torch.splitting import distinct_diagonal, view_of_diagonal
from convlint.shapes.fault import Kind
from convlint.values import Tensor, Value


@operation("triu tril", "diagonal=0", inplace=True)
def triangle(op: Op) -> Value:
    """Zeros on one side of a diagonal of the last two axes."""
    refuse_fractions(op, "diagonal")
    x = op.tensor("input")
    assert x.shape is not None
    if len(x.shape) < 2:
        words = f"{short(op).removesuffix('_')}: input tensor must have at least 2 dimensions"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    data = None
    if x.data is not None and known_count(x.shape) is not None and isinstance(op["diagonal"], int):
        k, lower = op.integer("diagonal"), "tril" in short(op)
        data = tuple(
            value if (p[-1] - p[-2] <= k if lower else p[-1] - p[-2] >= k) else type(value)(0)  # type: ignore[call-arg]
            for p, value in zip(places(x.shape), x.data, strict=True)
        )
    return op.result(x, x.shape, data=data)


@operation("diag", "diagonal=0")
def diag(op: Op) -> Value:
    """A vector as a diagonal, or the diagonal of a matrix."""
    x = op.tensor("input")
    assert x.shape is not None
    offset = op.integer("diagonal")
    if len(x.shape) == 1:
        size = x.shape[0] + abs(offset)
        return op.result(x, (size, size))
    if len(x.shape) != 2:
        words = f"diag(): Supports 1D or 2D tensors. Got {len(x.shape)}D"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    return op.result(x, view_of_diagonal(op, x, offset, 0, 1).shape)


@operation("diagflat", "offset=0", out=False)
def diagflat(op: Op) -> Value:
    """The flat tensor as a diagonal."""
    x = op.tensor("input")
    size = flat_count(x) + abs(op.integer("offset"))
    return op.result(x, (size, size))


@operation("diag_embed", "offset=0, dim1=-2, dim2=-1", out=False)
def diag_embed(op: Op) -> Value:
    """The last axis as diagonals of two new axes."""
    x = op.tensor("input")
    if not x.shape:
        op.refuse(
            "IndexError", "Dimension specified as -1 but tensor has no dimensions", "input", kind=Kind.RANK
        )
    rank = len(x.shape) + 1
    a, b = distinct_diagonal(op, Tensor((1,) * rank), op.integer("dim1"), op.integer("dim2"))
    size = x.shape[-1] + abs(op.integer("offset"))
    rest = iter(x.shape[:-1])
    return op.result(x, tuple(size if i in (a, b) else next(rest) for i in range(rank)))


@operation("trace", out=False)
def trace(op: Op) -> Value:
    """The sum of a matrix's diagonal."""
    x = op.tensor("input")
    if len(x.shape or ()) != 2:
        op.refuse("RuntimeError", "trace: expected a matrix", "input", kind=Kind.RANK)
    dtype = "int64" if x.dtype in ("int8", "int16", "int32", "uint8", "bool") else x.dtype
    return op.result(x, (), dtype=dtype)


@method("torch.Tensor", "fill_diagonal_", "self, fill_value, wrap=False")
def fill_diagonal_(op: Op) -> Value:
    """One number on the main diagonal."""
    x = op.tensor("self")
    assert x.shape is not None
    if len(x.shape) < 2:
        op.refuse("RuntimeError", "dimensions must larger than 1", "self", kind=Kind.RANK)
    if len(x.shape) > 2 and all(isinstance(n, int) for n in x.shape) and len(set(x.shape)) > 1:
        words = "all dimensions of input must be of equal length"
        op.refuse("RuntimeError", words, "self", kind=Kind.JOIN)
    return store(op, x, op.result(x, x.shape))
