"""Spread and norms over axes: std, var, quantile, norm, dist."""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch import dtypes
from convlint.libs.torch.axes import axis, short
from convlint.libs.torch.broadcasting import joined, operand
from convlint.libs.torch.declare import operation, scalar_name
from convlint.libs.torch.dtypes import asked_dtype
from convlint.libs.torch.promotion import category
from convlint.libs.torch.reductions import one_or_all, reduced, reduced_axes
from convlint.shapes.fault import Kind, Shape
from convlint.values import Tensor, Value

# -- spread --------------------------------------------------------------------------------------------------


def _spread_axes(op: Op, x: Tensor) -> tuple[int, ...]:
    """`std(x, True)` is the old form: the truth value is `unbiased`."""
    if isinstance(op["dim"], bool):
        return tuple(range(len(x.shape or ())))
    return reduced_axes(op, x)


@operation("std var", "dim=None, unbiased=True, keepdim=False, *, correction=None")
@operation(
    "std_mean var_mean",
    "dim=None, unbiased=True, keepdim=False, *, correction=None",
    methods=False,
    out=False,
)
def spread(op: Op) -> Value:
    """Standard deviation and variance over axes, with the mean beside them."""
    x, name = op.tensor("input"), short(op)
    if x.dtype is not None and category(x.dtype) < 2:
        op.refuse(
            "RuntimeError", f"{name} only support floating point and complex dtypes", "input", kind=Kind.OTHER
        )
    result = reduced(op, x, _spread_axes(op, x), None if x.dtype is None else dtypes.real_of(x.dtype))
    if not name.endswith("_mean"):
        return result
    return (result, reduced(op, x, _spread_axes(op, x), x.dtype))


@operation("quantile nanquantile", "q, dim=None, keepdim=False, *, interpolation='linear'")
def quantile(op: Op) -> Value:
    """One number an element of q: a vector q puts its axis in front."""
    x, q = op.tensor("input"), op.known("q")
    front: Shape = ()
    if isinstance(q, Tensor):
        front = op.tensor("q").shape or ()
        if len(front) > 1:
            op.refuse("RuntimeError", "quantile() q must be a scalar or 1D tensor", "q", kind=Kind.RANK)
    elif isinstance(q, (int, float)) and not 0 <= q <= 1:
        op.refuse("RuntimeError", f"quantile() q must be in the range [0, 1] but got {q:g}", "q")
    if x.elements == 0:
        op.refuse("RuntimeError", "quantile() input tensor must be non-empty", "input", kind=Kind.OTHER)
    result = reduced(op, x, one_or_all(op, x), x.dtype)
    return op.result(x, (*front, *(result.shape or ())), strides=None)


# -- norms ---------------------------------------------------------------------------------------------------


@operation("norm", "p='fro', dim=None, keepdim=False, dtype=None", out=False)
def norm(op: Op) -> Value:
    """Vector norms over axes; 'nuc' and 'fro' of two axes are matrix norms."""
    x = op.tensor("input")
    dtype = asked_dtype(op, x.dtype)
    if dtype is not None and category(dtype) < 2:
        words = (
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
            f"{scalar_name(dtype)}"
        )
        op.refuse("RuntimeError", words, "input", kind=Kind.OTHER)
    real = None if dtype is None else dtypes.real_of(dtype)
    _demand_matrix(op, x)
    return reduced(op, x, reduced_axes(op, x), real)


def _demand_matrix(op: Op, x: Tensor) -> None:
    """'nuc' is a norm of matrices alone; 'fro' takes vectors and whole tensors too."""
    order = op["p"]
    if not isinstance(order, str):
        return
    if order not in ("fro", "nuc"):
        op.refuse("RuntimeError", f"linalg.matrix_norm: Order {order} not supported.", "p")
    where = None if op["dim"] is None else op.dims("dim")
    count = len(x.shape or ()) if where is None else len(where)
    if (order == "nuc" and count != 2) or (order == "fro" and where is not None and count > 2):
        found = " ".join(map(str, range(count) if where is None else where))
        op.refuse(
            "RuntimeError", f"linalg.matrix_norm: dim must be a 2-tuple. Got {found}", "dim", kind=Kind.RANK
        )


@function("torch.frobenius_norm", "torch.nuclear_norm", signature="input, dim=(), keepdim=False, *, out=None")
def matrix_norms(op: Op) -> Value:
    """Norms of matrices."""
    x = op.tensor("input")
    return reduced(op, x, reduced_axes(op, x), x.dtype)


@operation("dist", "other, p=2", out=False)
def dist(op: Op) -> Value:
    """The norm of a difference: one number."""
    operands = tuple(operand(op, name, number=False) for name in ("input", "other"))
    joined(op, operands)
    return op.result(operands[0], ())


@operation("renorm", "p, dim, maxnorm", inplace=True)
def renorm(op: Op) -> Value:
    """Sub-tensors scaled down to a norm; the shape stays."""
    x = op.tensor("input")
    axis(op, "dim", len(x.shape or ()))
    if len(x.shape or ()) < 2:
        words = f"renorm: input needs at least 2 dimensions, got {len(x.shape or ())} dimensions"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    p, most = op["p"], op["maxnorm"]
    if isinstance(p, (int, float)) and p <= 0:
        op.refuse("RuntimeError", "renorm: non-positive-norm not supported", "p")
    if isinstance(most, (int, float)) and most < 0:
        op.refuse("RuntimeError", f"renorm: expected maxnorm to be >= 0 but got {most:g}", "maxnorm")
    return op.result(x, x.shape)


@operation("equal", "other", out=False)
def equal(op: Op) -> Value:
    """Whether shapes and all elements are equal."""
    a, b = op.tensor("input"), op.tensor("other")
    assert a.shape is not None and b.shape is not None
    if len(a.shape) != len(b.shape) or any(_unequal(m, n) for m, n in zip(a.shape, b.shape, strict=True)):
        return False
    if a.data is not None and b.data is not None and a.shape == b.shape:
        return all(op.caller.truth(op.caller.binary("==", m, n)) for m, n in zip(a.data, b.data, strict=True))
    return op.unknown("the content of a tensor is not known")


def _unequal(a: Dim, b: Dim) -> bool:
    return isinstance(a, int) and isinstance(b, int) and a != b


@operation("allclose", "other, rtol=1e-05, atol=1e-08, equal_nan=False", out=False)
def allclose(op: Op) -> Value:
    """Whether all elements are nearly equal."""
    joined(op, tuple(operand(op, name, number=False) for name in ("input", "other")))
    return op.unknown("the content of a tensor is not known")
