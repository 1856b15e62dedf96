"""Functions that make a tensor: of a shape, of a range, of a value (keras.io/api/ops/numpy)."""

from __future__ import annotations

from convlint.dims import Expr, product
from convlint.libs.keras.declare import function
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.ops_names import everywhere, of_numpy
from convlint.libs.keras.ops_shaping import listed
from convlint.libs.keras.tensor import as_tensor
from convlint.libs.op import Op
from convlint.values import NotModelled, Tensor, Value


@function(*everywhere("constant"), signature="value, dtype=None, shape=None, name=None")
def constant(op: Op) -> Value:
    """The value, in the shape that is given: a single number fills it."""
    x = as_tensor(op, op["value"])
    return op.result(x, x.shape if op["shape"] is None else listed(op, "shape"), kind=KIND)


def created(op: Op) -> Value:
    dtype = op["dtype"] if isinstance(op["dtype"], str) else "float32"
    return Tensor(listed(op, "shape"), dtype, kind=KIND)


for _name in (
    "zeros",
    "ones",
    "normal",
    "uniform",
    "random_normal",
    "random_uniform",
    "empty",
    "placeholder",
):
    function(*everywhere(_name), f"keras.random.{_name}", signature="shape, dtype=None, **kwargs")(created)


@function(*of_numpy("arange"), "keras.backend.arange", signature="start, stop=None, step=None, dtype=None")
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
    *of_numpy("linspace"),
    signature="start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, **kwargs",
)
def linspace(op: Op) -> Value:
    """So many numbers from start to stop."""
    if not isinstance(op["start"], (int, float)) or not isinstance(op["stop"], (int, float)):
        raise NotModelled("a range between tensors")
    if op["retstep"] is not False:
        raise NotModelled("a range with its step")
    return Tensor((op.dim("num"),), "float32", kind=KIND)


@function(*of_numpy("meshgrid"), signature="*x, indexing='xy', **kwargs")
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


@function(*of_numpy("full"), signature="shape, fill_value, dtype=None")
def full(op: Op) -> Value:
    dtype = op["dtype"] if isinstance(op["dtype"], str) else "float32"
    return Tensor(listed(op, "shape"), dtype, kind=KIND)


@function(*of_numpy("full_like"), signature="x, fill_value, dtype=None")
def full_like(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND)


@function(*of_numpy("eye", "identity"), signature="N, M=None, k=0, **kwargs")
def eye(op: Op) -> Value:
    if isinstance(op["N"], Tensor):
        return op["N"]
    rows = op.dim("N")
    return Tensor((rows, rows if op["M"] is None else op.dim("M")), "float32", kind=KIND)


@function(*everywhere("one_hot"), signature="x, num_classes, axis=-1, **kwargs")
def one_hot(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    if op["axis"] != -1:
        raise NotModelled("one_hot along another axis than the last is not modelled")
    return op.result(x, (*(x.shape or ()), op.dim("num_classes")), kind=KIND, dtype="float32")
