"""Running reductions along an axis, and differences and integrals: cumsum, cummax, diff, trapezoid.

Law: a running reduction keeps the shape.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.torch.axes import axis, short
from convlint.libs.torch.broadcasting import joined
from convlint.libs.torch.content import Content, Number
from convlint.libs.torch.declare import operation
from convlint.libs.torch.dtypes import asked_dtype
from convlint.libs.torch.inexact import Inexact
from convlint.libs.torch.joining import concatenated
from convlint.libs.torch.promotion import category, floating
from convlint.libs.torch.returns import named
from convlint.shapes.fault import Kind, Shape
from convlint.values import Tensor, Value


def _running(x: Tensor, place: int, step: Callable[[Number, Number], Number]) -> Content | None:
    """Known content accumulated along one axis; integers only, so that nothing rounds."""
    if x.data is None or not x.shape or any(isinstance(v, float) and not v.is_integer() for v in x.data):
        return None
    inner = 1
    for extent in x.shape[place + 1 :]:
        inner *= extent if isinstance(extent, int) else 0
    size = x.shape[place]
    assert isinstance(size, int)
    result: list[Number] = []
    for index, value in enumerate(x.data):
        first = (index // inner) % size == 0 if inner else True
        result.append(value if first else step(result[index - inner], value))
        if isinstance(result[-1], float) and abs(result[-1]) > 2**20:
            return None
    return tuple(result)


@operation("cumsum cumprod", "dim, *, dtype=None", inplace=True)
def cumulated(op: Op) -> Value:
    """Running sums or products; integers become int64."""
    x = op.tensor("input")
    place = axis(op, "dim", len(x.shape or ()))
    dtype = asked_dtype(op, "int64" if x.dtype is not None and category(x.dtype) < 2 else x.dtype)
    add = "sum" in short(op)
    data = None
    if dtype == x.dtype or dtype == "int64":
        try:
            data = (
                _running(x, place, (lambda a, b: a + b) if add else (lambda a, b: a * b))
                if x.shape
                else x.data
            )
        except (Inexact, TypeError):
            data = None
    return op.result(x, x.shape, dtype=dtype, data=data)


@operation("logcumsumexp", "dim")
def logcumsumexp(op: Op) -> Value:
    """Running log Σ exp."""
    x = op.tensor("input")
    axis(op, "dim", len(x.shape or ()))
    return op.result(x, x.shape, dtype=floating(op.caller, x.dtype))


@operation("cummax cummin", "dim")
def running_extremes(op: Op) -> Value:
    """Running extremes with their indices."""
    x = op.tensor("input")
    if x.elements != 0:  # of none, torch never looks at the axis
        axis(op, "dim", len(x.shape or ()))
    return named(op, short(op), values=op.result(x, x.shape), indices=op.result(x, x.shape, dtype="int64"))


@operation("diff", "n=1, dim=-1, prepend=None, append=None")
def diff(op: Op) -> Value:
    """Differences of neighbours, n times: the axis loses n."""
    x = op.tensor("input")
    if not x.shape:
        op.refuse(
            "RuntimeError", "diff expects input to be at least one-dimensional", "input", kind=Kind.RANK
        )
    n = op.integer("n")
    if n < 0:
        op.refuse("RuntimeError", f"order must be non-negative but got {n}", "n")
    parts = [op.optional_tensor("prepend"), x, op.optional_tensor("append")]
    given = [part for part in parts if part is not None]
    if any(len(part.shape or ()) != len(x.shape) for part in given):
        words = "diff expects prepend or append to be the same dimension as input"
        op.refuse("RuntimeError", words, "prepend", kind=Kind.RANK)
    if n == 0:
        return op.result(x, x.shape, data=x.data)
    place = axis(op, "dim", len(x.shape))
    whole = x if len(given) == 1 else concatenated(op, given, lambda _: place)
    assert whole.shape is not None
    size = whole.shape[place]
    length: Dim = max(size - n, 0) if isinstance(size, int) else size - n
    shape = (*whole.shape[:place], length, *whole.shape[place + 1 :])
    return op.result(x, shape, dtype=whole.dtype, data=_differences(whole, n))


def _differences(x: Tensor, times: int) -> Content | None:
    """Known content of a vector of integers, differenced so many times."""
    if x.data is None or len(x.shape or ()) != 1 or any(type(value) is not int for value in x.data):
        return None
    values = [value for value in x.data if isinstance(value, int)]
    for _ in range(min(times, len(values))):
        values = [b - a for a, b in pairwise(values)]
    return tuple(values)


@operation("trapezoid trapz", "x=None, *, dx=None, dim=-1", first="y", methods=False, out=False)
def trapezoid(op: Op) -> Value:
    """The integral over an axis, which goes away."""
    return _integrated(op, None)


@operation("cumulative_trapezoid", "x=None, *, dx=None, dim=-1", first="y", methods=False, out=False)
def cumulative_trapezoid(op: Op) -> Value:
    """Running integrals: the axis loses 1."""
    return _integrated(op, 1)


def _integrated(op: Op, lost: int | None) -> Value:
    y = op.tensor("y")
    if not y.shape:
        op.refuse(
            "IndexError", "Dimension specified as -1 but tensor has no dimensions", "dim", kind=Kind.RANK
        )
    place = axis(op, "dim", len(y.shape))
    shape = y.shape
    points = op.optional_tensor("x")
    inner = _inner(shape, place)
    if points is not None and points.shape is not None and (lost or shape[place] != 0):
        own = points.shape
        if (
            len(own) == 1
            and isinstance(own[0], int)
            and isinstance(shape[place], int)
            and own[0] != shape[place]
        ):
            words = "trapezoid(): There must be one `x` value for each sample point"
            op.refuse("RuntimeError", words, "x", kind=Kind.JOIN)
        if len(own) == 1:
            own = (*own, *(1,) * (len(shape) - place - 1))
        aligned = (*(1,) * (len(shape) - len(own)), *own)
        inner = joined(op, (Tensor(inner), Tensor(_inner(aligned, place))))
    new = inner if lost else (*inner[:place], *inner[place + 1 :])
    return op.result(y, new, dtype=floating(op.caller, y.dtype))


def _inner(shape: Shape, place: int) -> Shape:
    """The extents of differences along an axis."""
    size = shape[place]
    return (*shape[:place], max(size - 1, 0) if isinstance(size, int) else size - 1, *shape[place + 1 :])
