"""Reductions: sum, mean, extremes, norms, quantiles and truth over axes.

Law: reduced axes go away, or stay with extent 1 under `keepdim`; without axes everything is reduced.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch import dtypes
from convlint.libs.torch.axes import axes, axis, listed, short
from convlint.libs.torch.broadcasting import combined, joined, operand
from convlint.libs.torch.content import Content, known_count, picked, rounded
from convlint.libs.torch.declare import operation
from convlint.libs.torch.dtypes import asked_dtype
from convlint.libs.torch.exact import Inexact, Number
from convlint.libs.torch.promotion import category, floating
from convlint.libs.torch.returns import named
from convlint.shapes.fault import Kind, Shape
from convlint.values import Instance, Tensor, Value

Collapse = Callable[[Sequence[Number]], Number]


def remaining(shape: Shape, gone: Sequence[int], keepdim: bool) -> Shape:
    """The shape without the reduced axes, or with extent 1 there."""
    if keepdim:
        return tuple(1 if axis in gone else extent for axis, extent in enumerate(shape))
    return tuple(extent for axis, extent in enumerate(shape) if axis not in gone)


def reduced_axes(op: Op, x: Tensor, name: str = "dim") -> tuple[int, ...]:
    """The axes an argument names; all where it is None or empty."""
    rank = len(x.shape or ())
    value = op.known(name)
    if value is None or listed(value) == ():
        return tuple(range(rank))
    found = axes(op, name, rank)
    return tuple(place for place in found if place < rank)


def reduced(
    op: Op,
    x: Tensor,
    gone: Sequence[int],
    dtype: str | None,
    collapse: Collapse | None = None,
    *,
    keep: str = "keepdim",
) -> Tensor:
    """The reduction of `x` over axes; `collapse` gives torch's number of a group of elements where it is certain."""
    assert x.shape is not None
    keepdim = keep in op.args and op.flag(keep)
    shape = remaining(x.shape, gone, keepdim)
    data = None
    if collapse is not None and x.data is not None:
        data = _collapsed(x, gone, dtype, collapse)
    return op.result(x, shape, dtype=dtype, data=data)


def _collapsed(x: Tensor, gone: Sequence[int], dtype: str | None, collapse: Collapse) -> Content | None:
    assert x.shape is not None
    order = [a for a in range(len(x.shape)) if a not in gone] + list(gone)
    moved = tuple(x.shape[a] for a in order)

    def source(place: tuple[int, ...]) -> list[int]:
        found = [0] * len(order)
        for index, a in zip(place, order, strict=True):
            found[a] = index
        return found

    data = picked(x, moved, source)
    size = known_count(tuple(x.shape[a] for a in gone))
    count = known_count(tuple(x.shape[a] for a in range(len(x.shape)) if a not in gone))
    if data is None or size is None or count is None:
        return None
    try:
        return tuple(rounded(collapse(data[i * size : (i + 1) * size]), dtype) for i in range(count))
    except (Inexact, TypeError, ValueError, OverflowError, ZeroDivisionError):
        return None


def exact_sum(values: Sequence[Number]) -> Number:
    """A sum that no order of additions rounds: of integers, or of floats that are small integers."""
    if any(isinstance(v, float) and (not v.is_integer() or abs(v) > 2**20) for v in values):
        raise Inexact
    total: Number = 0
    for value in values:
        total = total + value
    return total


def _exact_product(values: Sequence[Number]) -> Number:
    result: Number = 1
    for value in values:
        if isinstance(value, float) and (not value.is_integer() or abs(result) > 2**20):
            raise Inexact
        result = result * value
    return result


def _mean(values: Sequence[Number]) -> Number:
    total = exact_sum(values)
    return total / len(values)


def refuse_empty(op: Op, x: Tensor, gone: Sequence[int]) -> None:
    """An extreme of no elements does not exist."""
    assert x.shape is not None
    everything = op.args.get("dim") is None
    for place in gone:
        if x.shape[place] == 0 and (everything or 0 not in remaining(x.shape, gone, False) or True):
            if everything:
                words = (
                    f"{short(op)}(): Expected reduction dim to be specified for input.numel() == 0. Specify the "
                    "reduction dim with the 'dim' argument."
                )
                op.refuse("RuntimeError", words, "dim", kind=Kind.OTHER)
            words = f"{short(op)}(): Expected reduction dim {place} to have non-zero size."
            op.refuse("IndexError", words, "dim", kind=Kind.OTHER)


# -- sums ----------------------------------------------------------------------------------------------------


def _summed_dtype(dtype: str | None) -> str | None:
    """Integers and truth values add up as int64."""
    return "int64" if dtype is not None and category(dtype) < 2 else dtype


@operation("sum nansum", "dim=None, keepdim=False, *, dtype=None")
def sum_(op: Op) -> Value:
    """Sums over axes."""
    x = op.tensor("input")
    return reduced(op, x, reduced_axes(op, x), asked_dtype(op, _summed_dtype(x.dtype)), exact_sum)


@operation("mean nanmean", "dim=None, keepdim=False, *, dtype=None")
def mean(op: Op) -> Value:
    """Means over axes, of floats only."""
    x = op.tensor("input")
    dtype = asked_dtype(op, x.dtype)
    if short(op) == "nanmean" and x.dtype is not None and category(x.dtype) < 2:
        words = "nanmean(): expected input to have floating point or complex dtype but got " + _scalar(
            x.dtype
        )
        op.refuse("RuntimeError", words, "input", kind=Kind.OTHER)
    if dtype is not None and category(dtype) < 2:
        why = "Input dtype must be either a floating point or complex dtype. Got: " + _scalar(dtype)
        op.refuse("RuntimeError", f"mean(): could not infer output dtype. {why}", "input", kind=Kind.OTHER)
    return reduced(op, x, reduced_axes(op, x), dtype, _mean)


def _scalar(dtype: str) -> str:
    from convlint.libs.torch.declare import scalar_name

    return scalar_name(dtype)


@operation("prod", "dim=None, keepdim=False, *, dtype=None")
def prod_(op: Op) -> Value:
    """Products over one axis, or all."""
    x = op.tensor("input")
    gone = (
        reduced_axes(op, x)
        if op["dim"] is None
        else (axis(op, "dim", len(x.shape or ())),)[: len(x.shape or ())]
    )
    return reduced(op, x, gone, asked_dtype(op, _summed_dtype(x.dtype)), _exact_product)


@operation("logsumexp", "dim, keepdim=False")
def logsumexp(op: Op) -> Value:
    """log Σ exp over axes."""
    x = op.tensor("input")
    return reduced(op, x, reduced_axes(op, x), floating(op.caller, x.dtype))


@operation("count_nonzero", "dim=None", out=False)
def count_nonzero(op: Op) -> Value:
    """How many elements are not 0."""
    x = op.tensor("input")
    return reduced(op, x, reduced_axes(op, x), "int64", lambda values: sum(1 for v in values if v))


@operation("all any", "dim=None, keepdim=False")
def truth(op: Op) -> Value:
    """Whether all elements, or one, are true; bytes stay bytes."""
    x = op.tensor("input")
    collapse: Collapse = all if short(op) == "all" else any
    gone = () if listed(op.known("dim")) == () else reduced_axes(op, x)
    return reduced(op, x, gone, "uint8" if x.dtype == "uint8" else "bool", collapse)


# -- extremes ------------------------------------------------------------------------------------------------


@operation("amax amin", "dim=(), keepdim=False")
def extremes(op: Op) -> Value:
    """The greatest or least element over axes."""
    x = op.tensor("input")
    gone = reduced_axes(op, x)
    if listed(op.known("dim")) == ():
        op.args["dim"] = None
    refuse_empty(op, x, gone)
    return reduced(op, x, gone, x.dtype, max if short(op) == "amax" else min)


@operation("aminmax", "*, dim=None, keepdim=False")
def aminmax(op: Op) -> Value:
    """Both extremes over one axis, or all."""
    x = op.tensor("input")
    gone = _one_or_all(op, x)
    refuse_empty(op, x, gone)
    low, high = (reduced(op, x, gone, x.dtype, pick) for pick in (min, max))
    return named(op, "aminmax", min=low, max=high)


def _one_or_all(op: Op, x: Tensor) -> tuple[int, ...]:
    rank = len(x.shape or ())
    return tuple(range(rank)) if op.known("dim") is None else (axis(op, "dim", rank),)[:rank]


def _position(values: Sequence[Number], pick: Collapse) -> int:
    return list(values).index(pick(values))


@operation("argmax argmin", "dim=None, keepdim=False")
def positions(op: Op) -> Value:
    """The index of an extreme over one axis, or in the flat tensor; the first where several are equal."""
    x = op.tensor("input")
    pick: Collapse = max if short(op) == "argmax" else min
    gone = _one_or_all(op, x)
    refuse_empty(op, x, gone)
    return reduced(op, x, gone, "int64", lambda values: _position(values, pick))


@operation("max min", "dim=None, keepdim=False")
def max_min(op: Op) -> Value:
    """Of all elements, of two tensors, or values and indices over one axis."""
    x, other, name = op.tensor("input"), op.known("dim"), short(op)
    pick: Collapse = max if name == "max" else min
    if isinstance(other, Tensor):
        from convlint.libs.torch.promotion import result_type

        second = op.tensor("dim")
        dtype = result_type(op.caller, (x, second))
        return combined(op, (x, second), dtype, lambda a, b: pick((a, b)), dtype)
    if other is None:
        refuse_empty(op, x, tuple(range(len(x.shape or ()))))
        return reduced(op, x, tuple(range(len(x.shape or ()))), x.dtype, pick, keep="")
    return valued(op, x, name, pick)


def valued(op: Op, x: Tensor, name: str, pick: Collapse | None) -> Instance:
    """Values and indices over one axis."""
    rank = len(x.shape or ())
    gone = (axis(op, "dim", rank),)[:rank]
    refuse_empty(op, x, gone)
    values = reduced(op, x, gone, x.dtype, pick)
    indices = reduced(op, x, gone, "int64", None if pick is None else lambda v: _position(v, pick))
    return named(op, name, values=values, indices=indices)


@operation("median nanmedian", "dim=None, keepdim=False")
def median(op: Op) -> Value:
    """The lower median of all elements, or values and indices over one axis."""
    x = op.tensor("input")
    if op.known("dim") is None:
        return reduced(op, x, tuple(range(len(x.shape or ()))), x.dtype, keep="")
    return valued(op, x, short(op), None)


@operation("mode", "dim=-1, keepdim=False")
def mode(op: Op) -> Value:
    """The most frequent values and their indices over one axis."""
    return valued(op, op.tensor("input"), "mode", None)


@operation("kthvalue", "k, dim=-1, keepdim=False")
def kthvalue(op: Op) -> Value:
    """The k-th smallest values (k from 1) and their indices over one axis."""
    x = op.tensor("input")
    rank = len(x.shape or ())
    place = axis(op, "dim", rank)
    size: Dim = x.shape[place] if x.shape else 1
    k = op.dim("k")
    if isinstance(k, int) and isinstance(size, int) and not 1 <= k <= size:
        op.refuse("RuntimeError", f"kthvalue(): selected number k out of range for dimension {place}", "k")
    return valued(op, x, "kthvalue", None)


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
    if x.elements == 0:
        op.refuse("RuntimeError", "quantile() input tensor must be non-empty", "input", kind=Kind.OTHER)
    result = reduced(op, x, _one_or_all(op, x), x.dtype)
    return op.result(x, (*front, *(result.shape or ())), strides=None)


# -- norms ---------------------------------------------------------------------------------------------------


@operation("norm", "p='fro', dim=None, keepdim=False, dtype=None", out=False)
def norm(op: Op) -> Value:
    """Vector norms over axes; 'nuc' and 'fro' of two axes are matrix norms."""
    x = op.tensor("input")
    dtype = asked_dtype(op, x.dtype)
    if dtype is not None and category(dtype) < 2:
        words = (
            f"linalg.vector_norm: Expected a floating point or complex tensor as input. Got {_scalar(dtype)}"
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
