"""Sorting and counting: sort, topk, argsort, unique, searchsorted, bincount, histc, multinomial …

Law: what content decides (how many values are different, how large the largest is) is not known.
"""

from __future__ import annotations

from convlint.dims import AtLeast, Dim, Expr, certain
from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch.axes import axis
from convlint.libs.torch.broadcasting import operand
from convlint.libs.torch.declare import operation
from convlint.libs.torch.demanding import demand_at_most
from convlint.libs.torch.returns import named
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.fault import Kind
from convlint.values import Tensor, Value


def _extent(x: Tensor, place: int) -> Dim:
    return x.shape[place] if x.shape else 1


@operation("sort", "dim=-1, descending=False, stable=False")
def sort(op: Op) -> Value:
    """Values and indices in order along one axis."""
    x = op.tensor("input")
    axis(op, "dim", len(x.shape or ()))
    return named(op, "sort", values=op.result(x, x.shape), indices=op.result(x, x.shape, dtype="int64"))


@operation("argsort", "dim=-1, descending=False, stable=False", out=False)
def argsort(op: Op) -> Value:
    """The indices that sort along one axis."""
    x = op.tensor("input")
    axis(op, "dim", len(x.shape or ()))
    return op.result(x, x.shape, dtype="int64")


@operation("msort")
def msort(op: Op) -> Value:
    """Sorted along the first axis."""
    x = op.tensor("input")
    return op.result(x, x.shape)


@operation("topk", "k, dim=-1, largest=True, sorted=True")
def topk(op: Op) -> Value:
    """The k largest values of one axis and their indices."""
    x, k = op.tensor("input"), op.dim("k")
    assert x.shape is not None
    place = axis(op, "dim", len(x.shape))
    size = _extent(x, place)
    words = "RuntimeError: selected index k out of range"
    demand_at_most(op, size + 1 if isinstance(k, int) and k < 0 else k, size, words, "k")
    shape = (*x.shape[:place], k, *x.shape[place + 1 :]) if x.shape else ()
    return named(op, "topk", values=op.result(x, shape), indices=op.result(x, shape, dtype="int64"))


# -- different values ----------------------------------------------------------------------------------------


@operation("unique", "sorted=True, return_inverse=False, return_counts=False, dim=None", out=False)
def unique(op: Op) -> Value:
    """The different values of all elements, or the different slices of one axis."""
    return _unique(op)


@operation("unique_consecutive", "return_inverse=False, return_counts=False, dim=None", out=False)
def unique_consecutive(op: Op) -> Value:
    """The same, of neighbours only."""
    return _unique(op)


def _unique(op: Op) -> Value:
    x = op.tensor("input")
    assert x.shape is not None
    known = x.data if op["dim"] is None and "consecutive" not in op.name else None
    data: tuple[object, ...] | None = None
    numbers = [v for v in known or () if isinstance(v, (int, float)) and v == v]
    if known is not None and len(numbers) == len(known):
        data = tuple(sorted(set(numbers)))
    count: Dim = op.unknown("how many values are different is not known").dim if data is None else len(data)
    inverse = x.shape
    if op["dim"] is None:
        result = op.result(x, (count,), data=data)
    else:
        place = axis(op, "dim", len(x.shape))
        result = op.result(x, (*x.shape[:place], count, *x.shape[place + 1 :]) if x.shape else (count,))
        inverse = (_extent(x, place),)
    found: list[Value] = [result]
    if op.flag("return_inverse"):
        places = None if data is None else tuple(data.index(v) for v in numbers)
        found.append(op.result(x, inverse, dtype="int64", data=places))
    if op.flag("return_counts"):
        counts = None if data is None else tuple(numbers.count(v) for v in data)  # type: ignore[arg-type]
        found.append(op.result(x, (count,), dtype="int64", data=counts))
    return found[0] if len(found) == 1 else tuple(found)


# -- places in sorted sequences ------------------------------------------------------------------------------


@function(
    "torch.searchsorted",
    signature="sorted_sequence, input, *, out_int32=False, right=False, side=None, out=None, sorter=None",
)
def searchsorted(op: Op) -> Value:
    """Where values belong in sorted rows.

    The values' shape; all axes but the last agree, unless there is one row.
    """
    rows, values = op.tensor("sorted_sequence"), op.known("input")
    dtype = "int32" if op.flag("out_int32") else "int64"
    if not isinstance(values, Tensor):
        return op.result(rows, (), dtype=dtype)
    x = op.tensor("input")
    assert rows.shape is not None and x.shape is not None
    if not rows.shape:
        op.refuse(
            "RuntimeError",
            "torch.searchsorted(): input value can be a scalar only when boundaries tensor dimension is 1",
            kind=Kind.RANK,
        )
    leading, own = rows.shape[:-1], x.shape[:-1]
    differ = len(leading) != len(own) or any(
        a != b and not isinstance(a, Expr) and not isinstance(b, Expr)
        for a, b in zip(leading, own, strict=True)
    )
    if len(rows.shape) > 1 and (differ or not x.shape):
        words = (
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of "
            "boundaries tensor and input value tensor must match, but we got boundaries tensor "
            f"{shown(rows.shape)} and input value tensor {shown(x.shape)}"
        )
        op.refuse("RuntimeError", words, "input", kind=Kind.JOIN)
    return op.result(x, x.shape, dtype=dtype)


@function("torch.bucketize", signature="input, boundaries, *, out_int32=False, right=False, out=None")
def bucketize(op: Op) -> Value:
    """Which bucket values belong to: the values' shape."""
    boundaries = op.tensor("boundaries")
    if len(boundaries.shape or ()) != 1:
        words = f"boundaries tensor must be 1 dimension, but got dim({len(boundaries.shape or ())})"
        op.refuse("RuntimeError", words, "boundaries", kind=Kind.RANK)
    x = operand(op, "input")
    return op.result(x, x.shape, dtype="int32" if op.flag("out_int32") else "int64")


# -- counting ------------------------------------------------------------------------------------------------


@operation("bincount", "weights=None, minlength=0", out=False)
def bincount(op: Op) -> Value:
    """How often each number occurs: as many as the greatest number, and one more."""
    x = op.tensor("input")
    if len(x.shape or ()) != 1:
        words = "bincount only supports 1-d non-negative integral inputs."
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    weights = op.optional_tensor("weights")
    if weights is not None and weights.shape != x.shape and not _symbolic(weights, x):
        words = "weights should be 1-d and have the same length as input"
        op.refuse("RuntimeError", words, "weights", kind=Kind.JOIN)
    least = op.integer("minlength")
    count: Dim
    if x.data is not None and all(isinstance(v, int) for v in x.data):
        count = max(least, *(v + 1 for v in x.data), 0) if x.data else least  # type: ignore[operator]
    else:
        count = op.unknown("the greatest number of a tensor is not known").dim
    dtype: str | None = "int64"
    if weights is not None:
        dtype = "float32" if weights.dtype == "float32" else "float64"
    return op.result(x, (count,), dtype=dtype)


def _symbolic(*tensors: Tensor) -> bool:
    return any(isinstance(n, Expr) for t in tensors for n in t.shape or ())


@operation("histc", "bins=100, min=0, max=0")
def histc(op: Op) -> Value:
    """How many elements fall into each of equal bins."""
    bins = op.dim("bins")
    if isinstance(bins, int) and bins <= 0:
        op.refuse("RuntimeError", f"torch.histc(): bins must be > 0, but got {bins}", "bins")
    return op.result(op.tensor("input"), (bins,))


@operation("histogram", "bins=100, *, range=None, weight=None, density=False")
def histogram(op: Op) -> Value:
    """Counts and the edges of bins."""
    x, bins = op.tensor("input"), op.known("bins")
    count: Dim
    if isinstance(bins, Tensor):
        edges = op.tensor("bins").shape or ()
        if len(edges) != 1:
            words = (
                f"torch.histogram(): bins tensor should have one dimension, but got {len(edges)} dimensions"
            )
            op.refuse("RuntimeError", words, "bins", kind=Kind.RANK)
        count = edges[0] - 1
    else:
        count = op.dim("bins")
        if isinstance(count, int) and count <= 0:
            op.refuse("RuntimeError", f"torch.histogram(): bins must be > 0, but got {count}", "bins")
    return named(op, "histogram", hist=op.result(x, (count,)), bin_edges=op.result(x, (count + 1,)))


@function("torch.isin", signature="elements, test_elements, *, assume_unique=False, invert=False, out=None")
def isin(op: Op) -> Value:
    """One truth value an element."""
    x = operand(op, "elements")
    operand(op, "test_elements")
    return op.result(x, x.shape, dtype="bool")


@operation("multinomial", "num_samples, replacement=False, *, generator=None")
def multinomial(op: Op) -> Value:
    """Random indices: the last axis becomes the number of samples."""
    x, count = op.tensor("input"), op.dim("num_samples")
    assert x.shape is not None
    if len(x.shape) not in (1, 2):
        words = "prob_dist must be 1 or 2 dim"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    if isinstance(count, int) and count <= 0:
        op.refuse("RuntimeError", "cannot sample n_sample <= 0 samples", "num_samples")
    if not op.flag("replacement") and certain(AtLeast(x.shape[-1], count)) is False:
        words = "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        op.refuse("RuntimeError", words, "num_samples")
    return op.result(x, (*x.shape[:-1], count), dtype="int64")
