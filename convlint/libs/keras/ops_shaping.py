"""Functions that give a tensor another shape, join tensors or take them apart (keras.io/api/ops/numpy)."""

from __future__ import annotations

from itertools import pairwise

from convlint.dims import Dim, Expr, product
from convlint.libs.keras.declare import function
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.ops_elementwise import axes_of, axis_of
from convlint.libs.keras.ops_names import everywhere, of_numpy
from convlint.libs.keras.reshaping import reshape_to
from convlint.libs.keras.tensor import as_tensor
from convlint.libs.op import Op
from convlint.shapes.combine import concatenate as concatenate_law
from convlint.shapes.combine import stack as stack_law
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.pad import pad as pad_law
from convlint.values import NotModelled, Tensor, Unknown, Value


def listed(op: Op, name: str) -> Shape:
    """A shape given as a tuple; a None in it is the free batch."""
    value = op[name]
    if isinstance(value, Tensor):
        raise NotModelled("a shape that is computed as a tensor is not followed")
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    members = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(-1 if each is None else op.as_dim(each, name) for each in members)


@function(*everywhere("reshape"), signature="x, newshape")
def reshape(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, reshape_to(op, x.shape or (), listed(op, "newshape"), "newshape"), kind=KIND)


@function(*everywhere("flatten", "ravel", "batch_flatten"), signature="x")
def ravel(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    if not shape and op.name.endswith("batch_flatten"):
        raise NotModelled("a batch without axes")
    flat = (shape[0], product(shape[1:])) if op.name.endswith("batch_flatten") else (product(shape),)
    return op.result(x, flat, kind=KIND)


@function(*everywhere("transpose", "permute_dimensions"), signature="x, axes=None, **kwargs")
def transpose(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    extra = op.args.get("kwargs")
    if op["axes"] is None and isinstance(extra, dict) and "perm" in extra:
        op.args["axes"] = extra["perm"]
    order = tuple(range(len(shape)))[::-1] if op["axes"] is None else axes_of(op, "axes", len(shape))
    if sorted(order) != list(range(len(shape))):
        op.refuse("ValueError", f"axes must be a permutation. Received: axes={order}", "axes")
    return op.result(x, tuple(shape[axis] for axis in order), kind=KIND)


@function(*everywhere("expand_dims"), signature="x, axis=-1, name=None")
def expand_dims(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = list(x.shape or ())
    for axis in sorted(axes_of(op, "axis", len(shape) + 1)):
        shape.insert(axis, 1)
    return op.result(x, tuple(shape), kind=KIND)


@function(*everywhere("squeeze"), signature="x, axis=None, name=None")
def squeeze(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    if op["axis"] is None:
        if any(isinstance(extent, Expr) for extent in shape):
            raise NotModelled("which axes a squeeze removes depends on free sizes")
        return op.result(x, tuple(e for e in shape if e != 1), kind=KIND)
    axes = axes_of(op, "axis", len(shape))
    for axis in axes:
        if isinstance(shape[axis], int) and shape[axis] != 1:
            words = (
                f"Cannot squeeze axis={axis}, because the dimension is not 1. Received "
                f"shape={shown_shape(shape)}"
            )
            op.refuse("ValueError", words, "axis", kind=Kind.RESHAPE)
    return op.result(x, tuple(e for i, e in enumerate(shape) if i not in axes), kind=KIND)


@function(*everywhere("swapaxes"), signature="x, axis1, axis2")
def swapaxes(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = list(x.shape or ())
    a, b = (axis_of(op, name, len(shape)) for name in ("axis1", "axis2"))
    shape[a], shape[b] = shape[b], shape[a]
    return op.result(x, tuple(shape), kind=KIND)


@function(*of_numpy("moveaxis"), signature="x, source, destination")
def moveaxis(op: Op) -> Value:
    """Some axes at other places, the rest in their order."""
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    source, destination = (axes_of(op, name, len(shape)) for name in ("source", "destination"))
    if len(source) != len(destination):
        words = f"`source` and `destination` must have the same length: {source} and {destination}"
        op.refuse("ValueError", words, "destination")
    order = [axis for axis in range(len(shape)) if axis not in source]
    for at, axis in sorted(zip(destination, source, strict=True)):
        order.insert(at, axis)
    return op.result(x, tuple(shape[axis] for axis in order), kind=KIND)


@function(*of_numpy("roll"), signature="x, shift, axis=None")
def roll(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND)


@function(*everywhere("broadcast_to"), signature="x, shape, name=None")
def broadcast_to(op: Op) -> Value:
    return op.result(as_tensor(op, op["x"]), listed(op, "shape"), kind=KIND)


@function(*everywhere("repeat", "repeat_elements"), signature="x, repeats, axis=None")
def repeat(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    times = op.dim("repeats")
    if op["axis"] is None:
        return op.result(x, (product(shape) * times,), kind=KIND)
    axis = axis_of(op, "axis", len(shape))
    return op.result(x, (*shape[:axis], shape[axis] * times, *shape[axis + 1 :]), kind=KIND)


@function(*everywhere("tile"), signature="x, repeats, name=None")
def tile(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape, times = x.shape or (), listed(op, "repeats")
    rank = max(len(shape), len(times))
    left, right = (1,) * (rank - len(shape)) + shape, (1,) * (rank - len(times)) + times
    return op.result(x, tuple(a * b for a, b in zip(left, right, strict=True)), kind=KIND)


@function(*everywhere("pad"), signature="x, pad_width, mode='constant', constant_values=None, **kwargs")
def pad(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    width = op["pad_width"]
    shape = x.shape or ()
    if isinstance(width, int):
        width = ((width, width),) * len(shape)
    if not isinstance(width, (list, tuple)):
        raise NotModelled("the padding of an operation is not known")
    if len(width) != len(shape):
        words = f"`pad_width` must have a pair for each of {len(shape)} axes. Received: pad_width={width}"
        op.refuse("ValueError", words, "pad_width", kind=Kind.RANK)
    pairs = [
        (op.as_dim(p[0]), op.as_dim(p[1])) for p in width if isinstance(p, (list, tuple)) and len(p) == 2
    ]
    if len(pairs) != len(shape):
        raise NotModelled("the padding of an operation is not known")
    return op.result(x, op.lawful(pad_law(shape, pairs), lambda _: "ValueError: wrong padding"), kind=KIND)


@function(*everywhere("shape", "int_shape"), signature="x, **kwargs")
def shape_of_tensor(op: Op) -> Value:
    """`shape(x)`: a tuple; a free extent is what the run knows of it."""
    x = as_tensor(op, op["x"])
    return shown_shape(x.shape or ()) if op.name.endswith("int_shape") else tuple(x.shape or ())


@function(*everywhere("ndim", "rank"), signature="x")
def ndim(op: Op) -> Value:
    return len(as_tensor(op, op["x"]).shape or ())


# -- joins and parts -----------------------------------------------------------------------------------------


@function(*everywhere("concatenate", "concat"), signature="xs, axis=0, name=None")
def concatenate(op: Op) -> Value:
    found, shapes = _several(op, "xs")
    axis = axis_of(op, "axis", len(shapes[0]))
    off = (s for s in shapes if s[:axis] + s[axis + 1 :] != shapes[0][:axis] + shapes[0][axis + 1 :])
    other = shown_shape(next(off, shapes[-1]))
    words = (
        "ValueError: Every value in `xs` must have the same shape except on the `axis` dim. But found "
        f"element of shape {other}, which is different from the first element's shape "
        f"{shown_shape(shapes[0])}."
    )
    return op.result(found[0], op.lawful(concatenate_law(shapes, axis), lambda _: words), kind=KIND)


@function(*everywhere("stack"), signature="x, axis=0, name=None")
def stack(op: Op) -> Value:
    found, shapes = _several(op, "x")
    axis = axis_of(op, "axis", len(shapes[0]) + 1)
    words = f"ValueError: x's shapes are different. Received: {[shown_shape(s) for s in shapes]}"
    return op.result(found[0], op.lawful(stack_law(shapes, axis), lambda _: words), kind=KIND)


def _several(op: Op, name: str) -> tuple[list[Tensor], list[Shape]]:
    value = op[name]
    if not isinstance(value, (list, tuple)) or not value:
        raise NotModelled("the tensors of an operation are not known")
    found = [as_tensor(op, each) for each in value]
    return found, [t.shape or () for t in found]


@function(*everywhere("split"), signature="x, indices_or_sections, axis=0, **kwargs")
def split(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    axis = axis_of(op, "axis", len(shape))
    parts = op["indices_or_sections"]
    extent = shape[axis]
    sizes: list[Dim]
    if isinstance(parts, int) and not isinstance(parts, bool):
        if isinstance(extent, int) and extent % parts:
            words = (
                "ValueError: `x` size on selected axis must be divisible by `indices_or_sections` but got "
                f"x.shape={shown_shape(shape)} and {parts}"
            )
            op.lawful(Fault(Kind.RESHAPE, parts, extent, (shape,), axis), lambda _: words)
        sizes = [extent // parts] * parts
    elif isinstance(parts, (list, tuple)) and op.name.startswith("tensorflow"):
        sizes = [op.as_dim(each) for each in parts]
    elif isinstance(parts, (list, tuple)):
        ends = [0, *(op.as_dim(each) for each in parts), extent]
        sizes = [b - a for a, b in pairwise(ends)]
    else:
        raise NotModelled("the parts of a split are not known")
    return [op.result(x, (*shape[:axis], size, *shape[axis + 1 :]), kind=KIND) for size in sizes]


def _stacked(op: Op, axis: int) -> Value:
    value = op["xs"]
    if not isinstance(value, (list, tuple)) or not value:
        raise NotModelled("the tensors of an operation are not known")
    found = [as_tensor(op, each) for each in value]
    least = 2 if axis == 0 else 1
    if min(len(t.shape or ()) for t in found) < max(least, axis + 1):
        raise NotModelled("tensors of too few axes to stack so")
    op.args["axis"] = axis
    return concatenate(op)


@function(*of_numpy("vstack"), signature="xs")
def vstack(op: Op) -> Value:
    return _stacked(op, 0)


@function(*of_numpy("hstack"), signature="xs")
def hstack(op: Op) -> Value:
    return _stacked(op, 1)
