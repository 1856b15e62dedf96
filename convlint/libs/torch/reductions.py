"""Reductions: sum, mean, extremes, norms, quantiles and truth over axes.

Law: reduced axes go away, or stay with extent 1 under `keepdim`; without axes everything is reduced.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.torch.axes import axes, axis, listed, short
from convlint.libs.torch.broadcasting import combined
from convlint.libs.torch.content import Content, Number, held, in_order, known_count
from convlint.libs.torch.declare import operation, scalar_name
from convlint.libs.torch.dtypes import asked_dtype
from convlint.libs.torch.inexact import Inexact
from convlint.libs.torch.promotion import category, floating, result_type
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
    """The reduction of `x` over axes.

    `collapse` gives torch's number of a group of elements where it is certain.
    """
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
    data = in_order(x, order)
    size = known_count(tuple(x.shape[a] for a in gone))
    count = known_count(tuple(x.shape[a] for a in range(len(x.shape)) if a not in gone))
    if data is None or size is None or count is None:
        return None
    try:
        return held((collapse(data[i * size : (i + 1) * size]) for i in range(count)), dtype)
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
                    f"{short(op)}(): Expected reduction dim to be specified for input.numel() == 0. Specify "
                    "the reduction dim with the 'dim' argument."
                )
                op.refuse("RuntimeError", words, "dim", kind=Kind.OTHER)
            words = f"{short(op)}(): Expected reduction dim {place} to have non-zero size."
            op.refuse("IndexError", words, "dim", kind=Kind.OTHER)


# -- sums ----------------------------------------------------------------------------------------------------


def _summed_dtype(dtype: str | None) -> str | None:
    """Integers and truth values add up as int64."""
    return "int64" if dtype is not None and category(dtype) < 2 else dtype


def _axis_with_keepdim(op: Op, *, none: bool = True) -> None:
    """Refuse `keepdim` without an axis, which no overload takes; nor does None count as one unless `none`."""
    if "keepdim" in op.given and ("dim" not in op.given or (op["dim"] is None and not none)):
        op.refuse("TypeError", f"{short(op)}() received an invalid combination of arguments", "keepdim")


@operation("sum nansum", "dim=None, keepdim=False, *, dtype=None")
def sum_(op: Op) -> Value:
    """Sums over axes."""
    if short(op) == "sum":
        _axis_with_keepdim(op)
    x = op.tensor("input")
    return reduced(op, x, reduced_axes(op, x), asked_dtype(op, _summed_dtype(x.dtype)), exact_sum)


@operation("mean nanmean", "dim=None, keepdim=False, *, dtype=None")
def mean(op: Op) -> Value:
    """Means over axes, of floats only."""
    if short(op) == "mean":
        _axis_with_keepdim(op)
    x = op.tensor("input")
    dtype = asked_dtype(op, x.dtype)
    if short(op) == "nanmean" and x.dtype is not None and category(x.dtype) < 2:
        words = "nanmean(): expected input to have floating point or complex dtype but got " + scalar_name(
            x.dtype
        )
        op.refuse("RuntimeError", words, "input", kind=Kind.OTHER)
    if dtype is not None and category(dtype) < 2:
        why = "Input dtype must be either a floating point or complex dtype. Got: " + scalar_name(dtype)
        op.refuse("RuntimeError", f"mean(): could not infer output dtype. {why}", "input", kind=Kind.OTHER)
    return reduced(op, x, reduced_axes(op, x), dtype, _mean)


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
    gone = one_or_all(op, x)
    refuse_empty(op, x, gone)
    low, high = (reduced(op, x, gone, x.dtype, pick) for pick in (min, max))
    return named(op, "aminmax", min=low, max=high)


def one_or_all(op: Op, x: Tensor) -> tuple[int, ...]:
    """The axis that `dim` names, or all."""
    rank = len(x.shape or ())
    return tuple(range(rank)) if op.known("dim") is None else (axis(op, "dim", rank),)[:rank]


def _position(values: Sequence[Number], pick: Collapse) -> int:
    return list(values).index(pick(values))


@operation("argmax argmin", "dim=None, keepdim=False")
def positions(op: Op) -> Value:
    """The index of an extreme over one axis, or in the flat tensor; the first where several are equal."""
    x = op.tensor("input")
    pick: Collapse = max if short(op) == "argmax" else min
    gone = one_or_all(op, x)
    refuse_empty(op, x, gone)
    return reduced(op, x, gone, "int64", lambda values: _position(values, pick))


@operation("max min", "dim=None, keepdim=False")
def max_min(op: Op) -> Value:
    """Of all elements, of two tensors, or values and indices over one axis."""
    x, other, name = op.tensor("input"), op.known("dim"), short(op)
    pick: Collapse = max if name == "max" else min
    if isinstance(other, Tensor):
        second = op.tensor("dim")
        dtype = result_type(op.caller, (x, second))
        return combined(op, (x, second), dtype, lambda a, b: pick((a, b)), dtype)
    _axis_with_keepdim(op, none=False)
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
        _axis_with_keepdim(op, none=False)
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
