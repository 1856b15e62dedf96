"""Products, selections and ranges among `keras.ops` (keras.io/api/ops/numpy)."""

from __future__ import annotations

from convlint.dims import Dim, Expr, product
from convlint.libs.keras import ops
from convlint.libs.keras.declare import function
from convlint.libs.keras.layer import KIND, shown_shape
from convlint.libs.keras.renaming import also
from convlint.libs.keras.tensor import as_tensor, matmul
from convlint.libs.op import Op
from convlint.shapes.einsum import EquationError, einsum, parsed
from convlint.shapes.fault import Kind, Shape
from convlint.values import NotModelled, Tensor, Value

_PLACES = (
    "keras.ops",
    "keras.ops.numpy",
    "keras.ops.nn",
    "keras.ops.math",
    "tensorflow",
    "tensorflow.linalg",
)


def _names(*short: str) -> list[str]:
    return [f"{place}.{name}" for name in short for place in _PLACES]


# -- products ------------------------------------------------------------------------------------------------


@function(*_names("einsum"), signature="subscripts, *operands, **kwargs")
def einsum_function(op: Op) -> Value:
    """A sum of products that an equation names."""
    operands = op["operands"]
    assert isinstance(operands, tuple)
    found = [as_tensor(op, each) for each in operands]
    if not found:
        raise NotModelled("an equation without operands")
    shapes = [t.shape or () for t in found]
    try:
        strict = op.name.startswith("tensorflow.")
        outcome, macs = einsum(parsed(op.text("subscripts")), shapes, stretch=not strict)
    except EquationError as error:
        op.refuse("ValueError", str(error), "subscripts")
    if macs is None:
        op.caller.lost("the products of three operands or more depend on an order")
    else:
        op.caller.count_macs(macs)
    shown = [shown_shape(s) for s in shapes]
    return op.result(
        found[0], op.lawful(outcome, lambda _: f"ValueError: Invalid operands {shown}"), kind=KIND
    )


@function(*_names("tensordot"), signature="x1, x2, axes=2, **kwargs")
def tensordot(op: Op) -> Value:
    """A product over the last axes of one and the first of the other, or over pairs of axes."""
    left, right = as_tensor(op, op["x1"]), as_tensor(op, op["x2"])
    ls, rs = left.shape or (), right.shape or ()
    axes = op["axes"]
    if isinstance(axes, int):
        if not 0 <= axes <= min(len(ls), len(rs)):
            raise NotModelled("a product over more axes than there are")
        first, second = list(range(len(ls) - axes, len(ls))), list(range(axes))
    elif isinstance(axes, (list, tuple)) and len(axes) == 2:
        first, second = _indices(axes[0], len(ls)), _indices(axes[1], len(rs))
    else:
        raise NotModelled("the axes of a product are not known")
    inner, other = product([ls[a] for a in first]), product([rs[b] for b in second])
    if isinstance(inner, int) and isinstance(other, int) and inner != other:
        words = f"Matrix size-incompatible: {shown_shape(ls)} and {shown_shape(rs)} over axes {axes}"
        op.refuse("InvalidArgumentError", words, "axes", kind=Kind.FEATURES)
    if [ls[a] for a in first] != [rs[b] for b in second]:
        raise NotModelled("a product over axes of other extents: backends differ")
    kept = (
        *(e for i, e in enumerate(ls) if i not in first),
        *(e for i, e in enumerate(rs) if i not in second),
    )
    op.caller.count_macs(product([ls[a] for a in first]) * product(kept))
    return op.result(left, kept, kind=KIND)


def _indices(value: Value, rank: int) -> list[int]:
    members = value if isinstance(value, (list, tuple)) else (value,)
    if not all(isinstance(m, int) and -rank <= m < rank for m in members):
        raise NotModelled("the axes of a product are not known")
    return [m % rank for m in members if isinstance(m, int)]


@function(*_names("dot"), "keras.backend.dot", signature="x1, x2")
def dot(op: Op) -> Value:
    """NumPy's dot: a product of matrices where the second has two axes at most."""
    right = as_tensor(op, op["x2"])
    if len(right.shape or ()) > 2 or not (as_tensor(op, op["x1"]).shape and right.shape):
        raise NotModelled("a dot product with more axes is not modelled")
    return matmul(op)


# -- selection -----------------------------------------------------------------------------------------------


@function(*_names("take"), signature="x, indices, axis=None")
def take(op: Op) -> Value:
    return ops.gather(op)


@function(*_names("take_along_axis"), signature="x, indices, axis=None")
def take_along_axis(op: Op) -> Value:
    """As many as there are indices along the axis; the others join."""
    x, indices = as_tensor(op, op["x"]), as_tensor(op, op["indices"])
    xs, at = x.shape or (), indices.shape or ()
    if op["axis"] is None:
        xs, op.args["axis"] = (product(xs),), 0
    if len(xs) != len(at):
        words = (
            f"`x` and `indices` must have the same number of dimensions, but receive {len(xs)} and {len(at)}"
        )
        op.refuse("ValueError", words, "indices", kind=Kind.RANK)
    axis = ops.axis_of(op, "axis", len(xs))
    result: list[Dim] = []
    for place, (a, b) in enumerate(zip(xs, at, strict=True)):
        if place != axis and a != b and 1 not in (a, b):
            raise NotModelled("indices whose other axes are not those of the tensor")
        result.append(b if place == axis or a == 1 else a)
    return op.result(x, tuple(result), kind=KIND)


@function(*_names("roll"), signature="x, shift, axis=None")
def roll(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND)


@function(*_names("moveaxis"), signature="x, source, destination")
def moveaxis(op: Op) -> Value:
    """Some axes at other places, the rest in their order."""
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    source, destination = (ops.axes_of(op, name, len(shape)) for name in ("source", "destination"))
    if len(source) != len(destination):
        words = f"`source` and `destination` must have the same length: {source} and {destination}"
        op.refuse("ValueError", words, "destination")
    order = [axis for axis in range(len(shape)) if axis not in source]
    for at, axis in sorted(zip(destination, source, strict=True)):
        order.insert(at, axis)
    return op.result(x, tuple(shape[axis] for axis in order), kind=KIND)


@function(*_names("unstack"), signature="x, num=None, axis=0, **kwargs")
def unstack(op: Op) -> Value:
    """A tensor for each place on the axis."""
    if op["x"] is None:
        raise NotModelled("the tensor that is taken apart is not known")
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    axis = ops.axis_of(op, "axis", len(shape))
    count = shape[axis] if op["num"] is None else op.dim("num")
    if isinstance(count, Expr):
        raise NotModelled("the number of parts is not known")
    rest = (*shape[:axis], *shape[axis + 1 :])
    return [op.result(x, rest, kind=KIND) for _ in range(min(count, 4096))]


also(["tensorflow.unstack"], "value, num=None, axis=0, name='unstack'", unstack, "value=x")


@function(*_names("top_k"), signature="x, k=1, sorted=True, **kwargs")
def top_k(op: Op) -> Value:
    """The greatest of the last axis, and where they stand."""
    x = as_tensor(op, op["x"])
    shape = (*(x.shape or ())[:-1], op.dim("k"))
    return op.result(x, shape, kind=KIND), op.result(x, shape, kind=KIND, dtype="int32")


# -- ranges and joins ----------------------------------------------------------------------------------------


@function(*_names("arange"), "keras.backend.arange", signature="start, stop=None, step=None, dtype=None")
def arange(op: Op) -> Value:
    """The numbers from start to stop."""
    start, stop = op["start"], op["stop"]
    if stop is None:
        start, stop = 0, start
    step = 1 if op["step"] is None else op["step"]
    a, b = (op.as_dim(v, "stop") for v in (start, stop))
    if not isinstance(step, int) or step <= 0:
        raise NotModelled("a range whose step is no positive number")
    count = -((a - b) // step)
    if isinstance(count, int) and count < 0:
        raise NotModelled("a range that ends before it begins: backends differ")
    if isinstance(count, Expr):
        raise NotModelled("a range of unknown length")
    dtype = op["dtype"]
    return Tensor((count,), dtype if isinstance(dtype, str) else "int32", kind=KIND)


@function(
    *_names("linspace"),
    signature="start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, **kwargs",
)
def linspace(op: Op) -> Value:
    """So many numbers from start to stop."""
    if not isinstance(op["start"], (int, float)) or not isinstance(op["stop"], (int, float)):
        raise NotModelled("a range between tensors")
    if op["retstep"] is not False:
        raise NotModelled("a range with its step")
    return Tensor((op.dim("num"),), "float32", kind=KIND)


@function(*_names("meshgrid"), signature="*x, indexing='xy', **kwargs")
def meshgrid(op: Op) -> Value:
    """The coordinates of a grid, one tensor an axis."""
    given = op["x"]
    assert isinstance(given, tuple)
    found = [as_tensor(op, each) for each in given]
    if len(found) < 2:
        raise NotModelled("a grid of one axis")
    sizes = [product(t.shape or ()) for t in found]
    if op.text("indexing") == "xy":
        sizes[:2] = sizes[1], sizes[0]
    return [op.result(t, tuple(sizes), kind=KIND) for t in found]


def _stacked(op: Op, axis: int) -> Value:
    value = op["xs"]
    if not isinstance(value, (list, tuple)) or not value:
        raise NotModelled("the tensors of an operation are not known")
    found = [as_tensor(op, each) for each in value]
    least = 2 if axis == 0 else 1
    if min(len(t.shape or ()) for t in found) < max(least, axis + 1):
        raise NotModelled("tensors of too few axes to stack so")
    op.args["axis"] = axis
    return ops.concatenate(op)


@function(*_names("vstack"), signature="xs")
def vstack(op: Op) -> Value:
    return _stacked(op, 0)


@function(*_names("hstack"), signature="xs")
def hstack(op: Op) -> Value:
    return _stacked(op, 1)


@function(*_names("full"), signature="shape, fill_value, dtype=None")
def full(op: Op) -> Value:
    dtype = op["dtype"] if isinstance(op["dtype"], str) else "float32"
    return Tensor(ops.listed(op, "shape"), dtype, kind=KIND)


@function(*_names("full_like"), signature="x, fill_value, dtype=None")
def full_like(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND)


@function(*_names("eye", "identity"), signature="N, M=None, k=0, **kwargs")
def eye(op: Op) -> Value:
    if isinstance(op["N"], Tensor):
        return op["N"]
    rows = op.dim("N")
    return Tensor((rows, rows if op["M"] is None else op.dim("M")), "float32", kind=KIND)


@function(*_names("outer"), signature="x1, x2")
def outer(op: Op) -> Value:
    left, right = as_tensor(op, op["x1"]), as_tensor(op, op["x2"])
    shape: Shape = (product(left.shape or ()), product(right.shape or ()))
    return op.result(left, shape, kind=KIND)
