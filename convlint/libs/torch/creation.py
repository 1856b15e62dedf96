"""New tensors: filled, empty, from data, ranges, and like another one.

Law: a shape is given as numbers or as one sequence; small tensors of known numbers keep them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from convlint.dims import Dim, Expr, ceildiv
from convlint.libs.op import Op
from convlint.libs.python.quotient import Quotient
from convlint.libs.registry import function, method
from convlint.libs.torch import dtypes
from convlint.libs.torch.axes import extent, short, sizes
from convlint.libs.torch.content import Content, Inexact, converted, known_count, rounded
from convlint.libs.torch.declare import into_out
from convlint.libs.torch.dtypes import asked_dtype, default_dtype
from convlint.libs.torch.promotion import category, scalar_dtype
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.fault import Shape
from convlint.values import MAX_DATA, Instance, NotModelled, Origin, Tensor, Unknown, Value

OPTIONS = "*, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False"


def made(op: Op, shape: Shape, dtype: str | None, data: Content | None = None) -> Tensor:
    """A new tensor that remembers where it was made."""
    for size in shape:
        if isinstance(size, int) and size < 0:
            op.refuse(
                "RuntimeError",
                f"Trying to create tensor with negative dimension {size}: {shown(shape)}",
                "size",
            )
    tensor = Tensor(shape, dtype, data=data, origin=Origin(short(op), op.caller.site))
    if "requires_grad" in op.args and op["requires_grad"] not in (False, None):
        tensor.attrs = {"requires_grad": op["requires_grad"]}
    return tensor


def filled(op: Op, shape: Shape, dtype: str | None, value: Value) -> Tensor:
    """A tensor of one number."""
    tensor = made(op, shape, dtype)
    count = known_count(shape)
    if count is not None:
        try:
            tensor.data = (rounded(value, dtype),) * count
        except (Inexact, TypeError):
            tensor.data = None
    return tensor


_FILLS = {"zeros": 0, "ones": 1}


@function("torch.zeros", "torch.ones", signature=f"*args, size=None, out=None, {OPTIONS[3:]}")
def constants(op: Op) -> Value:
    """All 0, or all 1."""
    dtype = asked_dtype(op, default_dtype(op.caller))
    result = filled(op, sizes(op, "args", "size"), dtype, _FILLS[short(op)])
    return result if op["out"] is None else into_out(op, op["out"], result)


@function("torch.empty", signature=f"*args, size=None, out=None, memory_format=None, {OPTIONS[3:]}")
def empty(op: Op) -> Value:
    """Unknown numbers."""
    return made(op, sizes(op, "args", "size"), asked_dtype(op, default_dtype(op.caller)))


@function("torch.full", signature=f"size, fill_value, {OPTIONS}, out=None")
def full(op: Op) -> Value:
    """One number, whose kind gives the dtype."""
    value = op["fill_value"]
    return filled(op, sizes(op, "size"), asked_dtype(op, _dtype_of_number(op, value)), value)


def _dtype_of_number(op: Op, value: Value) -> str | None:
    if isinstance(value, Tensor):
        return value.dtype
    try:
        return scalar_dtype(op.caller, value)
    except NotModelled:
        return None


@function("torch.empty_strided", signature=f"size, stride, {OPTIONS}")
def empty_strided(op: Op) -> Value:
    """Unknown numbers with given strides."""
    shape, stride = op.dims("size"), op.dims("stride")
    if len(shape) != len(stride):
        op.refuse(
            "RuntimeError",
            f"mismatch in length of strides and shape: size {shown(shape)}, stride {shown(stride)}",
            "stride",
        )
    tensor = made(op, shape, asked_dtype(op, default_dtype(op.caller)))
    tensor.strides = stride
    return tensor


@function("torch.scalar_tensor", signature="s, *, dtype=None, layout=None, device=None, pin_memory=False")
def scalar_tensor(op: Op) -> Value:
    """A number as a tensor without axes, of the default float dtype."""
    return filled(op, (), asked_dtype(op, default_dtype(op.caller)), op["s"])


# -- like another tensor -------------------------------------------------------------------------------------

_LIKE = f"{OPTIONS}, memory_format=None"


@function("torch.zeros_like", "torch.ones_like", signature=f"input, {_LIKE}")
def constants_like(op: Op) -> Value:
    """All 0, or all 1, in another's shape and dtype."""
    x = op.tensor("input")
    value = 0 if "zeros" in op.name else 1
    return _with_strides(filled(op, x.shape or (), asked_dtype(op, x.dtype), value), x)


@function("torch.empty_like", "torch.rand_like", "torch.randn_like", signature=f"input, {_LIKE}")
def unknown_like(op: Op) -> Value:
    """Unknown numbers in another's shape and dtype."""
    x = op.tensor("input")
    return _with_strides(made(op, x.shape or (), asked_dtype(op, x.dtype)), x)


@function("torch.full_like", signature=f"input, fill_value, {_LIKE}")
def full_like(op: Op) -> Value:
    """One number in another's shape and dtype."""
    x = op.tensor("input")
    return _with_strides(filled(op, x.shape or (), asked_dtype(op, x.dtype), op["fill_value"]), x)


@function("torch.randint_like", signature=f"input, low=None, high=None, {_LIKE}")
def randint_like(op: Op) -> Value:
    """Random integers in another's shape and dtype."""
    x = op.tensor("input")
    return _with_strides(made(op, x.shape or (), asked_dtype(op, x.dtype)), x)


def _with_strides(result: Tensor, x: Tensor) -> Tensor:
    from convlint.libs.torch.alike import kept

    result.strides = kept(x)
    return result


@method("torch.Tensor", "new_zeros", f"self, *args, size=None, {OPTIONS[3:]}")
@method("torch.Tensor", "new_ones", f"self, *args, size=None, {OPTIONS[3:]}")
@method("torch.Tensor", "new_empty", f"self, *args, size=None, {OPTIONS[3:]}")
def new(op: Op) -> Value:
    """A tensor of another shape in this one's dtype."""
    dtype = asked_dtype(op, op.tensor("self").dtype)
    shape = sizes(op, "args", "size")
    if "empty" in op.name:
        return made(op, shape, dtype)
    return filled(op, shape, dtype, 0 if "zeros" in op.name else 1)


@method("torch.Tensor", "new", "self, *args, size=None, device=None")
def new_legacy(op: Op) -> Value:
    """The old constructor: sizes, or a sequence of numbers."""
    x, args = op.tensor("self"), op["args"]
    assert isinstance(args, tuple)
    if len(args) == 1 and isinstance(args[0], list):
        return nested_tensor(op, args[0], x.dtype)
    if len(args) == 1 and isinstance(args[0], Tensor):
        return args[0]
    return made(op, sizes(op, "args", "size") if args or op["size"] is not None else (0,), x.dtype)


@method("torch.Tensor", "new_full", f"self, size, fill_value, {OPTIONS}")
def new_full(op: Op) -> Value:
    """One number in this tensor's dtype."""
    return filled(op, sizes(op, "size"), asked_dtype(op, op.tensor("self").dtype), op["fill_value"])


@method("torch.Tensor", "new_tensor", "self, data, *, dtype=None, device=None, requires_grad=False")
def new_tensor(op: Op) -> Value:
    """A copy of data in this tensor's dtype."""
    return nested_tensor(op, op.known("data"), asked_dtype(op, op.tensor("self").dtype))


# -- from data -----------------------------------------------------------------------------------------------


@function("torch.tensor", signature="data, *, dtype=None, device=None, requires_grad=False, pin_memory=False")
def tensor(op: Op) -> Value:
    """A copy of nested sequences of numbers."""
    return nested_tensor(op, op["data"], asked_dtype(op, None))


@function("torch.as_tensor", signature="data, dtype=None, device=None")
@function("torch.asarray", signature="obj, *, dtype=None, device=None, copy=None, requires_grad=False")
def as_tensor(op: Op) -> Value:
    """A tensor stays what it is where the dtype allows."""
    data = op["data"] if "data" in op.args else op["obj"]
    dtype = asked_dtype(op, None)
    if isinstance(data, Tensor) and (dtype is None or dtype == data.dtype):
        return data
    return nested_tensor(op, data, dtype)


def nested_tensor(op: Op, data: Value, dtype: str | None) -> Tensor:
    """Nested sequences as a tensor: all members of a level are equally long, the numbers' kinds give the dtype."""
    if isinstance(data, Unknown):
        raise NotModelled(data.reason)
    leaves: list[Value] = []
    kinds: list[str | None] = []
    shape = _nested_shape(op, data, leaves, kinds, 0)
    if dtype is None:
        dtype = _common(op, kinds)
    result = made(op, shape, dtype)
    if known_count(shape) is not None:
        result.data = converted(tuple(leaves), dtype)
    return result


def _nested_shape(op: Op, data: Value, leaves: list[Value], kinds: list[str | None], depth: int) -> Shape:
    if isinstance(data, Instance) and data.payload is not None:
        data = data.payload
    if isinstance(data, Tensor):
        if data.shape is None:
            raise NotModelled("the rank of a tensor is not known")
        kinds.append(data.dtype)
        count = known_count(data.shape)
        leaves.extend(data.data if data.data is not None else (None,) * (count or 0))
        return data.shape
    if not isinstance(data, (list, tuple, range)):
        kinds.append(None if isinstance(data, Unknown) else scalar_dtype(op.caller, data))
        leaves.append(None if isinstance(data, Unknown) else data)
        return ()
    if depth > 32 or len(data) > MAX_DATA * 16:
        raise NotModelled("the data of a tensor is too large to follow")
    if any(isinstance(member, Unknown) for member in data) and not any(_is_number(member) for member in data):
        raise NotModelled("the data of a tensor is not known")
    shapes = [_nested_shape(op, member, leaves, kinds, depth + 1) for member in data]
    for number, shape in enumerate(shapes):
        if shape != shapes[0]:
            _ragged(op, shapes[0], shape, number, depth)
    return (len(data), *(shapes[0] if shapes else ()))


def _is_number(member: Value) -> bool:
    """Whether the member is a lone number: then its neighbours have to be, too."""
    return isinstance(member, (int, float, complex, Expr)) or (
        isinstance(member, Tensor) and member.shape == ()
    )


def _ragged(op: Op, first: Shape, shape: Shape, number: int, depth: int) -> None:
    if len(first) == len(shape) and any(isinstance(e, Expr) for e in (*first, *shape)):
        raise NotModelled("whether the data of a tensor is rectangular depends on the input")
    if len(first) > len(shape):
        raise op.caller.error("TypeError", "only length-1 arrays can be converted to Python scalars")
    expected = first[0] if first else 0
    raise op.caller.error(
        "ValueError",
        f"expected sequence of length {expected} at dim {depth + 1} (got {shape[0] if shape else 0})",
    )


def _common(op: Op, kinds: Sequence[str | None]) -> str | None:
    """The dtype of the widest kind of number; tensors inside keep theirs."""
    if not kinds:
        return default_dtype(op.caller)
    if None in kinds:
        return None
    return max(
        (kind for kind in kinds if kind is not None),
        key=lambda kind: (category(kind), dtypes.element_size(kind)),
    )


@function("torch.from_numpy", signature="ndarray")
def from_numpy(op: Op) -> Value:
    """An array's shape and dtype, where it is followed."""
    array = op.tensor("ndarray")
    return Tensor(array.shape, array.dtype, data=array.data, origin=Origin("from_numpy", op.caller.site))


@function("torch.complex", "torch.polar", signature="real, imag, *, out=None")
def complex_(op: Op) -> Value:
    """Complex numbers from two real tensors."""
    from convlint.libs.torch.broadcasting import combined, operand

    parts = tuple(operand(op, name, number=False) for name in ("real", "imag"))
    dtype = parts[0].dtype
    return combined(op, parts, None if dtype is None else dtypes.complex_of(dtype), None)


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
    """torch's kernel: from the start in the first half, back from the end in the second, multiply-adds fused."""
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
