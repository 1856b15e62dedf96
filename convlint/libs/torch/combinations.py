"""Combinations of variables and of vectors' elements: covariance, grids, products, powers."""

from __future__ import annotations

from math import comb

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch.axes import listed, short
from convlint.libs.torch.declare import operation
from convlint.libs.torch.joining import tensors
from convlint.libs.torch.promotion import category, floating, result_type
from convlint.libs.torch.stretching import expanded
from convlint.libs.torch.views import with_axes
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.fault import Kind, Shape
from convlint.values import NotModelled, Tensor, Value

# -- statistics of variables ---------------------------------------------------------------------------------


@operation("corrcoef", out=False)
@operation("cov", "*, correction=1, fweights=None, aweights=None", out=False)
def covariance(op: Op) -> Value:
    """One row a variable: a square matrix, or a number for one variable."""
    x = op.tensor("input")
    assert x.shape is not None
    if len(x.shape) > 2:
        words = (
            f"{short(op)}(): expected input to have two or fewer dimensions but got an input with "
            f"{len(x.shape)} dimensions"
        )
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    shape = (x.shape[0], x.shape[0]) if len(x.shape) == 2 else ()
    if len(x.shape) == 2 and x.shape[0] == 1:
        shape = ()
    return op.result(x, shape, dtype=floating(op.caller, x.dtype))


@function("torch.cartesian_prod", signature="*tensors")
def cartesian_prod(op: Op) -> Value:
    """All combinations of vectors' elements, one a row; of one vector, itself."""
    given = tensors(op, "tensors")
    total: Dim = 1
    for each in given:
        if len(each.shape or ()) != 1:
            op.refuse(
                "RuntimeError", "Expect a 1D vector, but got shape " + shown(each.shape or ()), "tensors"
            )
        assert each.shape is not None
        total = total * each.shape[0]
    if not given:
        raise NotModelled("cartesian_prod of nothing")
    dtype = result_type(op.caller, given)
    if len(given) == 1:
        return op.result(given[0], given[0].shape)
    return op.result(given[0], (total, len(given)), dtype=dtype)


@function("torch.combinations", signature="input, r=2, with_replacement=False")
def combinations(op: Op) -> Value:
    """All choices of r elements of a vector, one a row."""
    x, r = op.tensor("input"), op.integer("r")
    if len(x.shape or ()) != 1:
        op.refuse(
            "RuntimeError",
            "Expect a 1D vector, but got shape " + shown(x.shape or ()),
            "input",
            kind=Kind.RANK,
        )
    if r < 0:
        op.refuse("RuntimeError", f"Expect a non-negative number, but got {r}", "r")
    if r == 0:
        return op.result(x, (0,))
    assert x.shape is not None
    n = x.shape[0]
    count: Dim
    if isinstance(n, int):
        count = (comb(n + r - 1, r) if n else 0) if op.flag("with_replacement") else comb(n, r)
    else:
        count = op.unknown("the number of combinations depends on the input").dim
    return op.result(x, (count, r))


@function("torch.meshgrid", signature="*tensors, indexing=None")
def meshgrid(op: Op) -> Value:
    """One grid a vector: 'ij' keeps the order of axes, 'xy' exchanges the first two."""
    given = op["tensors"]
    assert isinstance(given, tuple)
    members = given
    if len(given) == 1 and listed(given[0]) is not None:
        members = listed(given[0]) or ()
    vectors = [_vector(op, member) for member in members]
    if not vectors:
        op.refuse("RuntimeError", "meshgrid expects a non-empty TensorList", "tensors")
    swap = op["indexing"] == "xy"
    if op["indexing"] not in (None, "ij", "xy"):
        words = f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {op["indexing"]}'
        op.refuse("RuntimeError", words, "indexing")
    shape = [v.shape[0] if v.shape else 1 for v in vectors]
    order = list(range(len(shape)))
    if swap and len(order) > 1:
        order[0], order[1] = 1, 0
    grid = tuple(shape[i] for i in order)
    return tuple(_grid(op, vector, order.index(i), grid) for i, vector in enumerate(vectors))


def _vector(op: Op, value: Value) -> Tensor:
    if not isinstance(value, Tensor) or value.shape is None:
        raise NotModelled("an operand of meshgrid is not known")
    if len(value.shape) > 1:
        words = f"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {shown(value.shape)}"
        op.refuse("RuntimeError", words, "tensors", kind=Kind.RANK)
    return value


def _grid(op: Op, vector: Tensor, place: int, grid: tuple[Dim, ...]) -> Tensor:
    """The vector along one axis of the grid, a view with stride 0 on the others."""
    own = vector if vector.shape else with_axes(op, vector, (0,))
    after = len(grid) - place - 1
    raised = with_axes(op, with_axes(op, own, (0,) * place), tuple(range(place + 1, place + 1 + after)))
    return expanded(op, raised, grid)


@function("torch.vander", signature="x, N=None, increasing=False")
def vander(op: Op) -> Value:
    """Powers of a vector's elements, one row an element."""
    x = op.tensor("x")
    assert x.shape is not None
    if len(x.shape) != 1:
        op.refuse("RuntimeError", "x must be a one-dimensional tensor.", "x", kind=Kind.RANK)
    n = x.shape[0] if op["N"] is None else op.dim("N")
    if isinstance(n, int) and n < 0:
        op.refuse("RuntimeError", "N must be non-negative.", "N")
    return op.result(x, (*x.shape, n), dtype="int64" if is_whole(x.dtype) else x.dtype)


@function("torch.linalg.vander", signature="x, *, N=None")
def linalg_vander(op: Op) -> Value:
    """Powers of the last axis as a new axis of N ≥ 2."""
    x = op.tensor("x")
    shape: Shape = x.shape or (1,)
    n = shape[-1] if op["N"] is None else op.dim("N")
    if isinstance(n, int) and n <= 1:
        op.refuse("RuntimeError", "N must be greater than 1.", "N")
    return op.result(x, (*shape, n), dtype="int64" if is_whole(x.dtype) else x.dtype)


def is_whole(dtype: str | None) -> bool:
    """Whether elements are integers or truth values."""
    return dtype is not None and category(dtype) < 2
