"""Windows and padding of the old `keras.backend`, beside those that it shares with `keras.ops`.

Law (keras.src.legacy.backend): TensorFlow computes them, with kernels that the call gives.
"""

from __future__ import annotations

from convlint.dims import product
from convlint.libs.keras.declare import Body, function
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.ops_windows import TRANSPOSED, convolve_by, layout_of, pooled, windows_of
from convlint.libs.keras.tensor import as_tensor
from convlint.libs.op import Op
from convlint.shapes.cost import weight_macs
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.window import Layout, extent
from convlint.values import NotModelled, Value

_K = "keras.backend."
_STEPS = "padding='valid', data_format=None"


def _pooling(rank: int) -> Body:
    def body(op: Op) -> Value:
        if isinstance(mode := op["pool_mode"], str) and mode not in ("max", "avg"):
            op.refuse("ValueError", f"Invalid pooling mode: {mode}", "pool_mode")
        return pooled(op, "x", "pool_size", rank)

    return body


for _rank in (2, 3):
    _ones = repr((1,) * _rank)
    function(f"{_K}pool{_rank}d", signature=f"x, pool_size, strides={_ones}, {_STEPS}, pool_mode='max'")(
        _pooling(_rank)
    )


@function(
    f"{_K}separable_conv2d",
    signature=f"x, depthwise_kernel, pointwise_kernel, strides=(1, 1), {_STEPS}, dilation_rate=(1, 1)",
)
def separable_conv2d(op: Op) -> Value:
    """Each channel by its own kernels, then all by a kernel of 1×1 (1, 1, channels · multiplier, filters)."""
    op.args["x"] = convolve_by(op, "x", "depthwise_kernel", "dilation_rate", depthwise=True, rank=2)
    x, point = as_tensor(op, op["x"]), as_tensor(op, op["pointwise_kernel"]).shape or ()
    channels = (x.shape or ())[layout_of(op).channel(2)]
    if len(point) != 4 or point[:2] != (1, 1):
        raise NotModelled("the second kernel of a separable convolution is not 1×1")
    if isinstance(channels, int) and isinstance(point[2], int) and channels != point[2]:
        fault = Fault(
            Kind.CHANNELS, point[2], channels, (x.shape or (), point), arguments=("pointwise_kernel",)
        )
        op.lawful(fault, lambda _: f"ValueError: Dimensions must be equal, but are {channels} and {point[2]}")
    op.args |= {"strides": 1, "dilation_rate": 1}
    return convolve_by(op, "x", "pointwise_kernel", "dilation_rate", depthwise=False, rank=2)


@function(f"{_K}conv2d_transpose", signature=f"x, kernel, output_shape, {TRANSPOSED}")
def conv2d_transpose(op: Op) -> Value:
    """The inverse of a convolution; the call names its result, which, convolved, is as large as `x`."""
    x, kernel = as_tensor(op, op["x"]), as_tensor(op, op["kernel"]).shape or ()
    given, where = op["output_shape"], layout_of(op)
    if len(x.shape or ()) != 4 or len(kernel) != 4 or not isinstance(given, (list, tuple)) or len(given) != 4:
        raise NotModelled("this form of a transposed convolution is not modelled")
    xs = x.shape or ()
    batch = xs[0] if given[0] is None else op.as_dim(given[0], "output_shape")
    shape = (batch, *(op.as_dim(each, "output_shape") for each in given[1:]))
    channel, places = where.channel(2), where.spatial(2)
    pairs = [(kernel[3], xs[channel], "kernel"), (kernel[2], shape[channel], "output_shape")]
    for axis, window in zip(
        places, windows_of(op, kernel[:2], op["strides"], op["dilation_rate"]), strict=True
    ):
        pairs.append((extent(shape[axis], window), xs[axis], "output_shape"))
    for expected, got, name in pairs:
        if isinstance(expected, int) and isinstance(got, int) and expected != got:
            words = (
                f"Conv2DSlowBackpropInput: Size of out_backprop doesn't match computed: actual = {got}, "
                f"computed = {expected}"
            )
            op.refuse("InvalidArgumentError", words, name)
    op.caller.count_macs(weight_macs(kernel, (xs[0], *(xs[axis] for axis in places))))
    return op.result(x, shape, kind=KIND)


def _local(op: Op, spatial: Shape) -> Value:
    """A convolution with weights of its own at every place: (places, window · channels, filters)."""
    x, kernel = as_tensor(op, op["inputs"]), as_tensor(op, op["kernel"]).shape or ()
    batch = (x.shape or (1,))[0]
    if len(kernel) != 3:
        raise NotModelled("the kernel of a local convolution has other axes")
    op.caller.count_macs(product((batch, *kernel)))
    last = layout_of(op) is Layout.CHANNELS_LAST
    shape = (batch, *spatial, kernel[2]) if last else (batch, kernel[2], *spatial)
    return op.result(x, shape, kind=KIND)


@function(f"{_K}local_conv1d", signature="inputs, kernel, kernel_size, strides, data_format=None")
def local_conv1d(op: Op) -> Value:
    kernel = as_tensor(op, op["kernel"]).shape or ()
    return _local(op, kernel[:1])


@function(
    f"{_K}local_conv2d", signature="inputs, kernel, kernel_size, strides, output_shape, data_format=None"
)
def local_conv2d(op: Op) -> Value:
    return _local(op, op.dims("output_shape"))


def _padded(op: Op, pairs: Value, rank: int) -> Value:
    """Zeros around the spatial axes of a map."""
    x = as_tensor(op, op["x"])
    if not isinstance(pairs, (list, tuple)) or len(pairs) != rank:
        raise NotModelled("this form of a padding is not modelled")
    shape = list(x.shape or ())
    if len(shape) != rank + 2:
        words = f"Shape must be rank {rank + 2} but is rank {len(shape)}"
        op.refuse("InvalidArgumentError", words, "x", kind=Kind.RANK)
    for axis, pair in zip(layout_of(op).spatial(rank), pairs, strict=True):
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise NotModelled("this form of a padding is not modelled")
        shape[axis] = shape[axis] + op.as_dim(pair[0]) + op.as_dim(pair[1])
    return op.result(x, tuple(shape), kind=KIND)


@function(f"{_K}temporal_padding", signature="x, padding=(1, 1)")
def temporal_padding(op: Op) -> Value:
    """Zeros before and after the steps of (samples, steps, channels)."""
    op.args["data_format"] = "channels_last"
    return _padded(op, [op["padding"]], 1)


for _rank in (2, 3):

    def _around(rank: int) -> Body:
        def body(op: Op) -> Value:
            return _padded(op, op["padding"], rank)

        return body

    function(f"{_K}spatial_{_rank}d_padding", signature=f"x, padding={((1, 1),) * _rank}, data_format=None")(
        _around(_rank)
    )


@function(f"{_K}resize_volumes", signature="x, depth_factor, height_factor, width_factor, data_format")
def resize_volumes(op: Op) -> Value:
    """Each spatial axis of a volume times a factor."""
    x = as_tensor(op, op["x"])
    shape = list(x.shape or ())
    if len(shape) != 5:
        raise NotModelled(f"a volume of shape {shown_shape(tuple(shape))}")
    factors = ("depth_factor", "height_factor", "width_factor")
    for axis, name in zip(layout_of(op).spatial(3), factors, strict=True):
        shape[axis] = shape[axis] * op.dim(name)
    return op.result(x, tuple(shape), kind=KIND)
