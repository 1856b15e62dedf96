"""Functions on tensors: `keras.ops`, the old `keras.backend`, and what models use of `tf` (keras.io/api/ops).

One body serves every name of an operation.
"""

from __future__ import annotations

from itertools import pairwise

from convlint.dims import Dim, Expr, product
from convlint.libs.keras.declare import function
from convlint.libs.keras.layer import KIND, shown_shape
from convlint.libs.keras.reshaping import reshape_to
from convlint.libs.keras.tensor import as_tensor, compared, elementwise, matmul
from convlint.libs.op import Op
from convlint.shapes.combine import concatenate as concatenate_law
from convlint.shapes.combine import stack as stack_law
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.pad import pad as pad_law
from convlint.values import NotModelled, Tensor, Unknown, Value

_UNARY = (
    "abs absolute arccos arccosh arcsin arcsinh arctan arctanh ceil conj copy cos cosh exp exp2 expm1 "
    "floor log "
    "log10 log1p log2 negative positive reciprocal relu relu6 round rsqrt selu sigmoid sign silu sin sinh "
    "softplus softsign sqrt square stop_gradient swish tan tanh tanh_shrink trunc erf erfinv gelu elu "
    "leaky_relu hard_sigmoid hard_silu hard_swish hard_tanh hard_shrink soft_shrink mish celu log_sigmoid "
    "log_softmax softmax exponential linear normalize clip nan_to_num identity relu_6 l2_normalize dropout "
    "zeros_like ones_like cumsum cumprod flip sort argsort"
)
BINARY = (
    "add",
    "subtract",
    "multiply",
    "divide",
    "true_divide",
    "floor_divide",
    "mod",
    "power",
    "pow",
    "maximum",
    "minimum",
    "arctan2",
    "logaddexp",
    "squared_difference",
    "div",
)
COMPARED = (
    "equal",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
)
REDUCED = (
    "mean",
    "sum",
    "max",
    "min",
    "prod",
    "std",
    "var",
    "any",
    "all",
    "amax",
    "amin",
    "logsumexp",
    "median",
    "reduce_mean",
    "reduce_sum",
    "reduce_max",
    "reduce_min",
    "reduce_prod",
    "count_nonzero",
    "reduce_std",
    "reduce_any",
    "reduce_all",
    "reduce_logsumexp",
)
_ARG = "argmax argmin"
_PLACES = (
    "keras.ops", "keras.ops.numpy", "keras.ops.nn", "keras.ops.math", "keras.backend", "keras.activations",
    "tensorflow", "tensorflow.nn", "tensorflow.math", "tensorflow.linalg", "tensorflow.compat.v1",
)  # fmt: skip


def _names(*short: str) -> list[str]:
    """A name in every module that may have it, the canonical one first."""
    return [f"{place}.{name}" for name in short for place in _PLACES]


def unary(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND)


for _name in _UNARY.split():
    function(*_names(_name), signature="x, *args, **kwargs")(unary)
for _name in BINARY:
    function(*_names(_name), signature="x1, x2, name=None")(elementwise)
for _name in COMPARED:
    function(*_names(_name), signature="x1, x2, name=None")(compared)
function(*_names("matmul"), signature="x1, x2")(matmul)


# -- reductions ----------------------------------------------------------------------------------------------


def axes_of(op: Op, name: str, rank: int) -> tuple[int, ...]:
    """The axes, from 0; None means all."""
    value = op[name]
    if value is None:
        return tuple(range(rank))
    axes = value if isinstance(value, (list, tuple)) else (value,)
    found = []
    for axis in axes:
        if not isinstance(axis, int):
            raise NotModelled("the axis of an operation is not known")
        if not -rank <= axis < rank:
            words = f"Invalid axis {axis} for a tensor of rank {rank}"
            op.refuse("ValueError", words, name, kind=Kind.RANK)
        found.append(axis % rank)
    return tuple(found)


def axis_of(op: Op, name: str, rank: int) -> int:
    """A single axis, from 0."""
    found = axes_of(op, name, rank)
    if len(found) != 1:
        raise NotModelled("the axis of an operation is not known")
    return found[0]


def reduced(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    axes = axes_of(op, "axis", len(shape))
    keep = op.flag("keepdims")
    kept = tuple(1 if i in axes else e for i, e in enumerate(shape) if keep or i not in axes)
    return op.result(x, kept, kind=KIND)


for _name in REDUCED:
    function(*_names(_name), signature="x, axis=None, keepdims=False, **kwargs")(reduced)
for _name in _ARG.split():
    function(*_names(_name), signature="x, axis=None, keepdims=False, **kwargs")(reduced)


# -- shapes --------------------------------------------------------------------------------------------------


def listed(op: Op, name: str) -> Shape:
    """A shape given as a tuple; a None in it is the free batch."""
    value = op[name]
    if isinstance(value, Tensor):
        raise NotModelled("a shape that is computed as a tensor is not followed")
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    members = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(-1 if each is None else op.as_dim(each, name) for each in members)


@function(*_names("reshape"), signature="x, newshape")
def reshape(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, reshape_to(op, x.shape or (), listed(op, "newshape"), "newshape"), kind=KIND)


@function(*_names("flatten", "ravel", "batch_flatten"), signature="x")
def ravel(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    if not shape and op.name.endswith("batch_flatten"):
        raise NotModelled("a batch without axes")
    flat = (shape[0], product(shape[1:])) if op.name.endswith("batch_flatten") else (product(shape),)
    return op.result(x, flat, kind=KIND)


@function(*_names("transpose", "permute_dimensions"), signature="x, axes=None, **kwargs")
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


@function(*_names("expand_dims"), signature="x, axis=-1, name=None")
def expand_dims(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = list(x.shape or ())
    for axis in sorted(axes_of(op, "axis", len(shape) + 1)):
        shape.insert(axis, 1)
    return op.result(x, tuple(shape), kind=KIND)


@function(*_names("squeeze"), signature="x, axis=None, name=None")
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


@function(*_names("concatenate", "concat"), signature="xs, axis=0, name=None")
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


@function(*_names("stack"), signature="x, axis=0, name=None")
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


@function(*_names("split"), signature="x, indices_or_sections, axis=0, **kwargs")
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


@function(*_names("pad"), signature="x, pad_width, mode='constant', constant_values=None, **kwargs")
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


@function(*_names("cast"), signature="x, dtype, name=None")
def cast(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND, dtype=op["dtype"] if isinstance(op["dtype"], str) else "float32")


@function(*_names("convert_to_tensor"), signature="x, dtype=None, **kwargs")
def convert(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND)


@function(*_names("constant"), signature="value, dtype=None, shape=None, name=None")
def constant(op: Op) -> Value:
    """The value, in the shape that is given: a single number fills it."""
    x = as_tensor(op, op["value"])
    return op.result(x, x.shape if op["shape"] is None else listed(op, "shape"), kind=KIND)


@function(*_names("broadcast_to"), signature="x, shape, name=None")
def broadcast_to(op: Op) -> Value:
    return op.result(as_tensor(op, op["x"]), listed(op, "shape"), kind=KIND)


@function(*_names("repeat", "repeat_elements"), signature="x, repeats, axis=None")
def repeat(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    times = op.dim("repeats")
    if op["axis"] is None:
        return op.result(x, (product(shape) * times,), kind=KIND)
    axis = axis_of(op, "axis", len(shape))
    return op.result(x, (*shape[:axis], shape[axis] * times, *shape[axis + 1 :]), kind=KIND)


@function(*_names("tile"), signature="x, repeats, name=None")
def tile(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape, times = x.shape or (), listed(op, "repeats")
    rank = max(len(shape), len(times))
    left, right = (1,) * (rank - len(shape)) + shape, (1,) * (rank - len(times)) + times
    return op.result(x, tuple(a * b for a, b in zip(left, right, strict=True)), kind=KIND)


@function(*_names("swapaxes"), signature="x, axis1, axis2")
def swapaxes(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = list(x.shape or ())
    a, b = (axis_of(op, name, len(shape)) for name in ("axis1", "axis2"))
    shape[a], shape[b] = shape[b], shape[a]
    return op.result(x, tuple(shape), kind=KIND)


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
    function(*_names(_name), f"keras.random.{_name}", signature="shape, dtype=None, **kwargs")(created)


@function(*_names("shape", "int_shape"), signature="x, **kwargs")
def shape_of_tensor(op: Op) -> Value:
    """`ops.shape(x)`: a tuple; a free extent is what the run knows of it."""
    x = as_tensor(op, op["x"])
    return shown_shape(x.shape or ()) if op.name.endswith("int_shape") else tuple(x.shape or ())


@function(*_names("ndim", "rank"), signature="x")
def ndim(op: Op) -> Value:
    return len(as_tensor(op, op["x"]).shape or ())


@function(*_names("where"), signature="condition, x1=None, x2=None")
def where(op: Op) -> Value:
    if op["x1"] is None:
        raise NotModelled("where with a condition alone is not modelled")
    return elementwise(op)


@function(*_names("one_hot"), signature="x, num_classes, axis=-1, **kwargs")
def one_hot(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    if op["axis"] != -1:
        raise NotModelled("one_hot along another axis than the last is not modelled")
    return op.result(x, (*(x.shape or ()), op.dim("num_classes")), kind=KIND, dtype="float32")


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


def _resized(op: Op) -> Value:
    x = as_tensor(op, op["images"])
    shape = x.shape or ()
    size = listed(op, "size")
    if len(shape) not in (3, 4) or len(size) != 2:
        raise NotModelled("this form of a resize is not modelled")
    return op.result(x, (*shape[:-3], *size, shape[-1]), kind=KIND)


function(
    "tensorflow.image.resize",
    "keras.preprocessing.image.smart_resize",
    signature="images, size, *args, **kwargs",
)(_resized)
