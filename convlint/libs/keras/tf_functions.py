"""What models use of `tf`: the same operations with TensorFlow's parameter names and defaults
(tensorflow.org/api_docs/python/tf).
"""

from __future__ import annotations

from convlint.dims import Dim, Expr
from convlint.libs.keras import ops_elementwise, ops_making, ops_picking, ops_shaping
from convlint.libs.keras.declare import function
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.ops_making import arange
from convlint.libs.keras.ops_windows import tf_conv, tf_pool
from convlint.libs.keras.renaming import also
from convlint.libs.keras.tensor import as_tensor, compared, elementwise
from convlint.libs.op import Op
from convlint.shapes.fault import Kind
from convlint.values import NotModelled, Value

_ROOTS = ("tensorflow", "tensorflow.compat.v1", "tensorflow.math", "tensorflow.linalg", "tensorflow.nn")


def _tf(*names: str) -> list[str]:
    return [f"{root}.{name}" for name in names for root in _ROOTS]


for _name in ops_elementwise.REDUCED:
    if _name.startswith("reduce_"):
        also(
            _tf(_name),
            "input_tensor, axis=None, keepdims=False, name=None",
            ops_elementwise.reduced,
            "input_tensor=x",
        )
for _name in ("argmax", "argmin"):
    also(
        _tf(_name),
        "input, axis=0, output_type=None, name=None",
        ops_elementwise.reduced,
        "input=x",
        keepdims=False,
    )
for _name in ops_elementwise.BINARY:
    also(_tf(_name), "x, y, name=None", elementwise, "x=x1 y=x2")
for _name in ops_elementwise.COMPARED:
    also(_tf(_name), "x, y, name=None", compared, "x=x1 y=x2")
also(
    ["tensorflow.range"],
    "start, limit=None, delta=1, dtype=None, name='range'",
    arange,
    "limit=stop delta=step",
)
also(_tf("concat"), "values, axis, name='concat'", ops_shaping.concatenate, "values=xs")
also(_tf("stack"), "values, axis=0, name='stack'", ops_shaping.stack, "values=x")
also(_tf("reshape"), "tensor, shape, name=None", ops_shaping.reshape, "tensor=x shape=newshape")
also(
    _tf("transpose"),
    "a, perm=None, conjugate=False, name='transpose'",
    ops_shaping.transpose,
    "a=x perm=axes",
)
also(_tf("expand_dims"), "input, axis, name=None", ops_shaping.expand_dims, "input=x")
also(_tf("squeeze"), "input, axis=None, name=None", ops_shaping.squeeze, "input=x")
also(_tf("tile"), "input, multiples, name=None", ops_shaping.tile, "input=x multiples=repeats")
also(_tf("broadcast_to"), "input, shape, name=None", ops_shaping.broadcast_to, "input=x")
also(_tf("repeat"), "input, repeats, axis=None, name=None", ops_shaping.repeat, "input=x")
also(_tf("cast"), "x, dtype, name=None", ops_elementwise.cast)
also(_tf("shape"), "input, out_type=None, name=None", ops_shaping.shape_of_tensor, "input=x")
also(_tf("rank"), "input, name=None", ops_shaping.ndim, "input=x")
also(_tf("where"), "condition, x=None, y=None, name=None", ops_elementwise.where, "x=x1 y=x2")
also(
    _tf("pad"),
    "tensor, paddings, mode='CONSTANT', constant_values=0, name=None",
    ops_shaping.pad,
    "tensor=x paddings=pad_width",
)
also(
    _tf("gather"),
    "params, indices, validate_indices=None, axis=None, batch_dims=0, name=None",
    ops_picking.gather,
    "params=x",
)
for _name in ("relu", "relu6", "elu", "selu", "softplus", "softsign", "leaky_relu", "gelu", "silu", "swish"):
    also([f"tensorflow.nn.{_name}"], "features, *args, **kwargs", ops_elementwise.unary, "features=x")
for _name in ("softmax", "log_softmax"):
    also([f"tensorflow.nn.{_name}"], "logits, axis=None, name=None", ops_elementwise.unary, "logits=x")


@function(*_tf("matmul"), signature="a, b, transpose_a=False, transpose_b=False, *args, **kwargs")
def tf_matmul(op: Op) -> Value:
    """A product of matrices, either of them transposed first."""
    from convlint.libs.keras.tensor import matmul

    for name, flag in (("a", "transpose_a"), ("b", "transpose_b")):
        x = as_tensor(op, op[name])
        shape = x.shape or ()
        if op.flag(flag):
            if len(shape) < 2:
                raise NotModelled("a vector that is transposed")
            x = op.result(x, (*shape[:-2], shape[-1], shape[-2]), kind=KIND)
        op.args["x1" if name == "a" else "x2"] = x
    return matmul(op)


@function(*_tf("split"), signature="value, num_or_size_splits, axis=0, num=None, name='split'")
def tf_split(op: Op) -> Value:
    """Equal parts, or parts of given sizes."""
    parts = op["num_or_size_splits"]
    if not isinstance(parts, (list, tuple)):
        op.args |= {"x": op["value"], "indices_or_sections": parts}
        return ops_shaping.split(op)
    x = as_tensor(op, op["value"])
    shape = x.shape or ()
    axis = ops_elementwise.axis_of(op, "axis", len(shape))
    sizes = [op.as_dim(size) for size in parts]
    if any(size == -1 for size in sizes):
        rest = shape[axis]
        for size in sizes:
            rest = rest - (0 if size == -1 else size)
        sizes = [rest if size == -1 else size for size in sizes]
    total: Dim = 0
    for size in sizes:
        total = total + size
    if isinstance(total, int) and isinstance(shape[axis], int) and total != shape[axis]:
        words = f"can't split axis of size {shape[axis]} into pieces of size {sizes}"
        op.refuse("InvalidArgumentError", words, "num_or_size_splits", kind=Kind.RESHAPE)
    return [op.result(x, (*shape[:axis], size, *shape[axis + 1 :]), kind=KIND) for size in sizes]


@function(
    *_tf("one_hot"),
    signature="indices, depth, on_value=None, off_value=None, axis=None, dtype=None, name=None",
)
def tf_one_hot(op: Op) -> Value:
    """A new axis at the end, unless another place is given."""
    op.args |= {"x": op["indices"], "num_classes": op["depth"]}
    if op["axis"] is None:
        op.args["axis"] = -1
    return ops_making.one_hot(op)


def _blocks(op: Op, *, down: bool) -> Value:
    """Squares of the map as channels, or channels as squares."""
    x = as_tensor(op, op["input"])
    shape, size = x.shape or (), op.integer("block_size")
    if len(shape) != 4 or op["data_format"] != "NHWC" or size < 1:
        raise NotModelled("this form of a rearrangement of blocks is not modelled")
    n, height, width, channels = shape
    if down:
        for extent in (height, width):
            if isinstance(extent, int) and extent % size:
                words = f"Dimension size must be evenly divisible by {size} but is {extent}"
                op.refuse("ValueError", words, "block_size", kind=Kind.RESHAPE)
            if isinstance(extent, Expr):
                raise NotModelled("a free size that blocks divide")
        return op.result(x, (n, height // size, width // size, channels * size * size), kind=KIND)
    if isinstance(channels, Expr) or channels % (size * size):
        words = f"Dimension size must be evenly divisible by {size * size} but is {channels}"
        op.refuse("ValueError", words, "block_size", kind=Kind.RESHAPE)
    return op.result(x, (n, height * size, width * size, channels // (size * size)), kind=KIND)


@function(*_tf("normalize", "l2_normalize"), signature="x, axis=None, **kwargs")
def normalised(op: Op) -> Value:
    """`tf.linalg.normalize` gives the norm too."""
    if op.name.endswith("l2_normalize"):
        return ops_elementwise.unary(op)
    return op.unknown("the norm beside a normalised tensor is not modelled")


_BLOCKS = "input, block_size, data_format='NHWC', name=None"


@function(*_tf("space_to_depth"), signature=_BLOCKS)
def space_to_depth(op: Op) -> Value:
    return _blocks(op, down=True)


@function(*_tf("depth_to_space"), signature=_BLOCKS)
def depth_to_space(op: Op) -> Value:
    return _blocks(op, down=False)


for _name, _rank, _depthwise in (
    ("conv1d", 1, False),
    ("conv2d", 2, False),
    ("conv3d", 3, False),
    ("depthwise_conv2d", 2, True),
):
    _form = {1: "NWC", 2: "NHWC", 3: "NDHWC"}[_rank]
    also(
        [f"tensorflow.nn.{_name}"],
        f"input, filters{', stride' if _rank == 1 else ', strides'}, padding, data_format='{_form}', "
        "dilations=None, name=None",
        tf_conv(_rank, depthwise=_depthwise),
        "stride=strides",
    )
for _name in ("max_pool2d", "avg_pool2d", "max_pool", "avg_pool"):
    also(
        [f"tensorflow.nn.{_name}"],
        "input, ksize, strides, padding, data_format='NHWC', name=None",
        tf_pool(2),
    )
