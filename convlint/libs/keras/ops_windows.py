"""Convolution and pooling as functions (keras.io/api/ops/nn).

Law: the windows of the layers, with kernels that the call gives.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.keras.declare import Body, function
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.setting import DATA_FORMAT
from convlint.libs.keras.tensor import as_tensor
from convlint.libs.op import Op
from convlint.shapes.cost import weight_macs
from convlint.shapes.fault import Fault, Kind, Outcome, Shape
from convlint.shapes.window import Filters, Layout, Window, convolve, convolve_transposed, pool
from convlint.values import NotModelled, Tensor, Value


def layout_of(op: Op) -> Layout:
    """Where the channels stand: `data_format`, or what the program set for all."""
    given = op["data_format"]
    if given is None:
        given = op.caller.state.get(DATA_FORMAT, "channels_last")
    if given in ("channels_first", "NCHW", "NCW", "NCDHW"):
        return Layout.CHANNELS_FIRST
    if given in ("channels_last", "NHWC", "NWC", "NDHWC"):
        return Layout.CHANNELS_LAST
    raise NotModelled("where the channels stand is not known")


def _each(op: Op, value: Value, rank: int, name: str) -> tuple[Dim, ...]:
    """A number an axis; TensorFlow's lists of rank + 2 have ones at both ends."""
    if not isinstance(value, (list, tuple)):
        return (op.as_dim(value, name),) * rank
    if len(value) == rank + 2:
        value = value[1:-1] if layout_of(op) is Layout.CHANNELS_LAST else value[2:]
    if len(value) == 1:
        value = (value[0],) * rank
    if len(value) != rank:
        raise NotModelled(f"`{name}` has {len(value)} numbers for {rank} axes")
    return tuple(op.as_dim(v, name) for v in value)


def _same(op: Op) -> bool:
    how = op.text("padding").lower()
    if how not in ("same", "valid"):
        raise NotModelled("padding that is neither 'same' nor 'valid'")
    return how == "same"


def windows_of(op: Op, sizes: Shape, strides: Value, dilations: Value) -> tuple[Window, ...]:
    """A window for each axis of a kernel; without strides they are as far apart as they are large."""
    rank = len(sizes)
    steps = sizes if strides is None else _each(op, strides, rank, "strides")
    spread = (1,) * rank if dilations is None else _each(op, dilations, rank, "dilation_rate")
    same = _same(op)
    return tuple(Window(k, s, d, same=same) for k, s, d in zip(sizes, steps, spread, strict=True))


def _words(fault: Fault) -> str:
    if fault.kind is Kind.CHANNELS:
        return (
            f"ValueError: The number of input channels must be {fault.expected}, as in the kernel, but is "
            f"{fault.got}. Received: inputs.shape={shown_shape(fault.shapes[0])}"
        )
    return f"ValueError: Computed output size would be negative. Received: {shown_shape(fault.shapes[0])}"


def _operands(op: Op, image: str, kernel: str, rank: int | None) -> tuple[Tensor, Shape, Shape]:
    x, w = as_tensor(op, op[image]), as_tensor(op, op[kernel])
    xs, ws = x.shape or (), w.shape or ()
    axes = len(xs) - 2 if rank is None else rank
    if len(xs) != axes + 2 or len(ws) != axes + 2 or not 1 <= axes <= 3:
        raise NotModelled("a convolution whose map and kernel have other ranks is not modelled")
    return x, xs, ws


def convolve_by(
    op: Op, image: str, kernel: str, dilations: str, *, depthwise: bool, rank: int | None = None
) -> Value:
    """The convolution of the argument `image` by the argument `kernel`; `dilations` names the third."""
    x, xs, ws = _operands(op, image, kernel, rank)
    axes = len(xs) - 2
    where = layout_of(op)
    inputs, outputs = ws[-2], ws[-1]
    groups: Dim = 1
    if depthwise:
        groups, outputs = inputs, inputs * outputs
    else:
        channels = xs[where.channel(axes)]
        if isinstance(channels, int) and isinstance(inputs, int) and channels != inputs:
            if inputs == 0 or channels % inputs or not isinstance(outputs, int):
                raise NotModelled("a grouped convolution whose channels do not divide")
            groups, inputs = channels // inputs, channels
            if outputs % groups:
                raise NotModelled("a grouped convolution whose filters do not divide")
    windows = windows_of(op, ws[:axes], op["strides"], op[dilations])
    filters = Filters(inputs, outputs, windows, groups, where, (axes + 2,))
    shape = op.lawful(_empty_is_open(op, convolve(xs, filters)), _words)
    places = (shape[0], *(shape[axis] for axis in where.spatial(axes)))
    op.caller.count_macs(weight_macs(ws, places))
    return op.result(x, shape, kind=KIND)


def _empty_is_open(op: Op, outcome: Outcome) -> Outcome:
    """TensorFlow itself may give an empty map where a window finds no room, where Keras refuses."""
    if op.name.startswith("tensorflow.") and isinstance(outcome, Fault) and outcome.kind is Kind.KERNEL:
        raise NotModelled("a window that finds no room on the map")
    return outcome


_CONV = "strides=1, padding='valid', data_format=None, dilation_rate=1"
_PLACES = ("keras.ops", "keras.ops.nn")


@function(*(f"{p}.conv" for p in _PLACES), signature=f"inputs, kernel, {_CONV}")
def conv(op: Op) -> Value:
    """A convolution by a kernel (size…, channels, filters)."""
    return convolve_by(op, "inputs", "kernel", "dilation_rate", depthwise=False)


@function(*(f"{p}.depthwise_conv" for p in _PLACES), signature=f"inputs, kernel, {_CONV}")
def depthwise_conv(op: Op) -> Value:
    """Each channel by its own kernels (size…, channels, multiplier)."""
    return convolve_by(op, "inputs", "kernel", "dilation_rate", depthwise=True)


for _rank in (1, 2, 3):

    def _backend(rank: int) -> Body:
        def body(op: Op) -> Value:
            return convolve_by(op, "x", "kernel", "dilation_rate", depthwise=False, rank=rank)

        return body

    function(f"keras.backend.conv{_rank}d", signature=f"x, kernel, {_CONV}")(_backend(_rank))


@function("keras.backend.depthwise_conv2d", signature=f"x, depthwise_kernel, {_CONV}")
def depthwise_conv2d(op: Op) -> Value:
    return convolve_by(op, "x", "depthwise_kernel", "dilation_rate", depthwise=True, rank=2)


def tf_conv(rank: int, *, depthwise: bool) -> Body:
    """`tf.nn.conv2d` and its kin."""

    def body(op: Op) -> Value:
        return convolve_by(op, "input", "filters", "dilations", depthwise=depthwise, rank=rank)

    return body


TRANSPOSED = "strides=(1, 1), padding='valid', data_format=None, dilation_rate=(1, 1)"


@function(
    *(f"{p}.conv_transpose" for p in _PLACES),
    signature="inputs, kernel, strides=1, padding='valid', output_padding=None, data_format=None, "
    "dilation_rate=1",
)
def conv_transpose(op: Op) -> Value:
    """The inverse of a convolution by a kernel (size…, filters, channels)."""
    x, xs, ws = _operands(op, "inputs", "kernel", None)
    axes = len(xs) - 2
    where = layout_of(op)
    extra = op["output_padding"]
    more: tuple[Dim | None, ...] = (None,) * axes
    if extra is not None:
        more = _each(op, extra, axes, "output_padding")
    windows = windows_of(op, ws[:axes], op["strides"], op["dilation_rate"])
    filters = Filters(ws[-1], ws[-2], windows, 1, where, (axes + 2,))
    shape = op.lawful(convolve_transposed(xs, filters, more), _words)
    places = (xs[0], *(xs[axis] for axis in where.spatial(axes)))
    op.caller.count_macs(weight_macs(ws, places))
    return op.result(x, shape, kind=KIND)


# -- pooling -------------------------------------------------------------------------------------------------


def pooled(op: Op, image: str, size: str, rank: int | None = None) -> Value:
    """The pooling of the argument `image` by windows of the argument `size`."""
    x = as_tensor(op, op[image])
    xs = x.shape or ()
    axes = len(xs) - 2 if rank is None else rank
    if len(xs) != axes + 2 or not 1 <= axes <= 3:
        raise NotModelled("pooling of a map of another rank is not modelled")
    sizes = _each(op, op[size], axes, size)
    windows = windows_of(op, sizes, op["strides"], None)
    layout = layout_of(op)
    outcome = _empty_is_open(op, pool(xs, windows, layout=layout, ranks=(axes + 2,)))
    shape = op.lawful(outcome, _words)
    return op.pooled(op.result(x, shape, kind=KIND), windows, layout is Layout.CHANNELS_LAST)


def tf_pool(rank: int) -> Body:
    """`tf.nn.max_pool2d` and its kin."""

    def body(op: Op) -> Value:
        return pooled(op, "input", "ksize", rank)

    return body


@function(
    *(f"{p}.{name}_pool" for p in _PLACES for name in ("max", "average")),
    signature="inputs, pool_size, strides=None, padding='valid', data_format=None",
)
def pooling(op: Op) -> Value:
    """The greatest, or the mean, of each window."""
    return pooled(op, "inputs", "pool_size")
