"""Ranges and patterns: arange, linspace, eye, indices of triangles.

Law: small ones of known numbers keep them, computed as torch's kernels do.
"""

from __future__ import annotations

import math
from fractions import Fraction

from convlint.dims import Dim, Expr, ceildiv
from convlint.libs.op import Op
from convlint.libs.python.quotient import Quotient
from convlint.libs.registry import function
from convlint.libs.torch.axes import extent
from convlint.libs.torch.content import Content, converted, rounded
from convlint.libs.torch.creation import OPTIONS, made
from convlint.libs.torch.dtypes import asked_dtype, default_dtype
from convlint.libs.torch.promotion import category
from convlint.values import MAX_DATA, NotModelled, Tensor, Unknown, Value

# -- ranges --------------------------------------------------------------------------------------------------


@function("torch.arange", signature=f"start, end=None, step=1, {OPTIONS}, out=None")
def arange(op: Op) -> Value:
    """⌈(end − start) / step⌉ numbers; all integers give int64."""
    start, end, step = (op.known(name) for name in ("start", "end", "step"))
    if end is None:
        start, end = 0, start
    bounds = [_number(op, value) for value in (start, end, step)]
    if any(isinstance(b, Unknown) for b in (op["start"], op["end"], op["step"])):
        raise NotModelled("a bound of arange is not known")
    whole = all(isinstance(b, (int, Expr)) for b in bounds)
    dtype = asked_dtype(op, "int64" if whole else default_dtype(op.caller))
    first, last, by = bounds
    if by == 0:
        op.refuse("RuntimeError", "step must be nonzero", "step")
    if dtype is not None and category(dtype) == 1 and not whole:
        first, last, by = (b if isinstance(b, Expr) else int(b) for b in (first, last, by))
        if by == 0:
            raise NotModelled("a range of integers with a step below 1")
    length = _range_length(op, first, last, by)
    data = None
    if isinstance(length, int) and length <= MAX_DATA and all(isinstance(b, (int, float)) for b in bounds):
        data = converted(tuple(first + i * by for i in range(length)), dtype)  # type: ignore[operator]
    return made(op, (length,), dtype, data)


def _number(op: Op, value: Value) -> int | float | Expr:
    if isinstance(value, Quotient):
        raise NotModelled("a bound of a range is a quotient of extents")
    if isinstance(value, float):
        return value
    if isinstance(value, Tensor) and value.data is not None and len(value.data) == 1:
        return _number(op, value.data[0])
    return op.as_dim(value, "bound")


def _range_length(op: Op, first: int | float | Expr, last: int | float | Expr, by: int | float | Expr) -> Dim:
    if isinstance(by, Expr):
        raise NotModelled("the step of a range is not known")
    if isinstance(first, Expr) or isinstance(last, Expr):
        if isinstance(first, float) or isinstance(last, float) or isinstance(by, float):
            raise NotModelled("a range of floats depends on the input")
        return ceildiv(last - first, by) if by > 0 else ceildiv(first - last, -by)
    if not all(math.isfinite(b) for b in (first, last, by)):
        raise op.caller.error("RuntimeError", f"unsupported range: {first} -> {last}")
    if (last - first) * by < 0:
        op.refuse("RuntimeError", "upper bound and lower bound inconsistent with step sign", "end")
    if all(isinstance(b, int) for b in (first, last, by)):
        return ceildiv(last - first, by)  # type: ignore[arg-type]
    return math.ceil((last - first) / by)


@function("torch.range", signature=f"start=0, end=None, step=1, {OPTIONS}, out=None")
def range_(op: Op) -> Value:
    """⌊(end − start) / step⌋ + 1 floats: the end counts."""
    first, last, by = (_number(op, op.known(name)) for name in ("start", "end", "step"))
    if any(isinstance(b, Expr) for b in (first, last, by)):
        raise NotModelled("a range depends on the input")
    if by == 0:
        op.refuse("RuntimeError", "step must be nonzero", "step")
    if (last - first) * by < 0:  # type: ignore[operator]
        op.refuse("RuntimeError", "upper bound and lower bound inconsistent with step sign", "end")
    length = math.floor((last - first) / by) + 1  # type: ignore[operator]
    return made(op, (length,), asked_dtype(op, default_dtype(op.caller)))


@function("torch.linspace", signature=f"start, end, steps, {OPTIONS}, out=None")
def linspace(op: Op) -> Value:
    """`steps` numbers at equal distances, both ends included."""
    steps = op.dim("steps")
    if isinstance(steps, int) and steps < 0:
        op.refuse("RuntimeError", "number of steps must be non-negative", "steps")
    dtype = asked_dtype(op, default_dtype(op.caller))
    return made(op, (steps,), dtype, _linspace_content(op, steps, dtype))


def _linspace_content(op: Op, steps: Dim, dtype: str | None) -> Content | None:
    """torch's kernel.

    From the start in the first half, back from the end in the second, multiply-adds fused.
    """
    start, end = op["start"], op["end"]
    if not isinstance(steps, int) or steps > MAX_DATA or dtype not in ("float32", "float64"):
        return None
    if not isinstance(start, (int, float)) or not isinstance(end, (int, float)):
        return None
    first, last = rounded(float(start), dtype), rounded(float(end), dtype)
    if steps == 1:
        return (first,)
    if steps == 0 or not isinstance(first, float) or not isinstance(last, float):
        return ()
    by = rounded(rounded(last - first, dtype) / (steps - 1), dtype)  # type: ignore[operator]
    assert isinstance(by, float)
    values = []
    for i in range(steps):
        lower = i < steps // 2
        exact = (
            Fraction(first) + Fraction(by) * i if lower else Fraction(last) - Fraction(by) * (steps - i - 1)
        )
        values.append(rounded(float(exact), dtype))
    return tuple(values)


@function("torch.logspace", signature=f"start, end, steps, base=10.0, {OPTIONS}, out=None")
def logspace(op: Op) -> Value:
    """`steps` powers of the base."""
    steps = op.dim("steps")
    if isinstance(steps, int) and steps < 0:
        op.refuse("RuntimeError", "number of steps must be non-negative", "steps")
    return made(op, (steps,), asked_dtype(op, default_dtype(op.caller)))


# -- patterns ------------------------------------------------------------------------------------------------


@function("torch.eye", signature=f"n, m=None, {OPTIONS}, out=None")
def eye(op: Op) -> Value:
    """Ones on the diagonal."""
    n = extent(op, op["n"], "n")
    m = n if op["m"] is None else extent(op, op["m"], "m")
    for name, size in (("n", n), ("m", m)):
        if isinstance(size, int) and size < 0:
            op.refuse("RuntimeError", f"{name} must be greater or equal to 0, got {size}", name)
    dtype = asked_dtype(op, default_dtype(op.caller))
    data = None
    if isinstance(n, int) and isinstance(m, int) and n * m <= MAX_DATA:
        data = converted(tuple(int(i == j) for i in range(n) for j in range(m)), dtype)
    return made(op, (n, m), dtype, data)


@function(
    "torch.tril_indices",
    "torch.triu_indices",
    signature="row, col, offset=0, *, dtype=None, device=None, layout=None",
)
def triangle_indices(op: Op) -> Value:
    """The places of a matrix on one side of a diagonal, as two rows."""
    rows, columns, offset = (op.dim(name) for name in ("row", "col", "offset"))
    dtype = asked_dtype(op, "int64")
    if isinstance(rows, Expr) or isinstance(columns, Expr) or isinstance(offset, Expr):
        return made(op, (2, op.unknown("the size of a triangle depends on the input").dim), dtype)
    for name, size in (("row", rows), ("col", columns)):
        if size < 0:
            op.refuse("RuntimeError", f"{name} must be non-negative, got{size}", name)
    if rows * columns > 64 * MAX_DATA:
        raise NotModelled("a triangle is too large to follow")
    lower = "tril" in op.name
    found = [
        (i, j) for i in range(rows) for j in range(columns) if (j - i <= offset if lower else j - i >= offset)
    ]
    data = tuple(place[k] for k in (0, 1) for place in found)
    return made(op, (2, len(found)), dtype, data if len(data) <= MAX_DATA else None)
