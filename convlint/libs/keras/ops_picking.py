"""Functions that pick from a tensor by numbers (keras.io/api/ops/numpy)."""

from __future__ import annotations

from convlint.dims import Dim, Expr, product
from convlint.libs.keras.declare import function
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.ops_elementwise import axis_of
from convlint.libs.keras.ops_names import of_numpy
from convlint.libs.keras.renaming import also
from convlint.libs.keras.tensor import as_tensor
from convlint.libs.op import Op
from convlint.shapes.fault import Kind
from convlint.values import NotModelled, Value


def gather(op: Op) -> Value:
    """Rows, or whatever stands on an axis, by number: the indices' shape in place of the axis."""
    x, indices = as_tensor(op, op["x"]), as_tensor(op, op["indices"])
    shape, at = x.shape or (), indices.shape or ()
    if op.args.get("batch_dims", 0) != 0:
        raise NotModelled("a gather in batches is not modelled")
    if op["axis"] is None:
        if not op.name.endswith("gather"):
            return op.result(x, at, kind=KIND)
        op.args["axis"] = 0
    axis = axis_of(op, "axis", len(shape))
    return op.result(x, (*shape[:axis], *at, *shape[axis + 1 :]), kind=KIND)


@function(*of_numpy("take"), signature="x, indices, axis=None")
def take(op: Op) -> Value:
    return gather(op)


@function(*of_numpy("take_along_axis"), signature="x, indices, axis=None")
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
    axis = axis_of(op, "axis", len(xs))
    result: list[Dim] = []
    for place, (a, b) in enumerate(zip(xs, at, strict=True)):
        if place != axis and a != b and 1 not in (a, b):
            raise NotModelled("indices whose other axes are not those of the tensor")
        result.append(b if place == axis or a == 1 else a)
    return op.result(x, tuple(result), kind=KIND)


@function(*of_numpy("unstack"), signature="x, num=None, axis=0, **kwargs")
def unstack(op: Op) -> Value:
    """A tensor for each place on the axis."""
    if op["x"] is None:
        raise NotModelled("the tensor that is taken apart is not known")
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    axis = axis_of(op, "axis", len(shape))
    count = shape[axis] if op["num"] is None else op.dim("num")
    if isinstance(count, Expr):
        raise NotModelled("the number of parts is not known")
    rest = (*shape[:axis], *shape[axis + 1 :])
    return [op.result(x, rest, kind=KIND) for _ in range(min(count, 4096))]


also(["tensorflow.unstack"], "value, num=None, axis=0, name='unstack'", unstack, "value=x")


@function(*of_numpy("top_k"), signature="x, k=1, sorted=True, **kwargs")
def top_k(op: Op) -> Value:
    """The greatest of the last axis, and where they stand."""
    x = as_tensor(op, op["x"])
    shape = (*(x.shape or ())[:-1], op.dim("k"))
    return op.result(x, shape, kind=KIND), op.result(x, shape, kind=KIND, dtype="int32")
