"""Functions on images (keras.io/api/ops/image)."""

from __future__ import annotations

from msgspec.structs import replace

from convlint.dims import product
from convlint.libs.keras.declare import function
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.ops_shaping import listed
from convlint.libs.keras.ops_windows import layout_of, windows_of
from convlint.libs.keras.tensor import as_tensor
from convlint.libs.op import Op
from convlint.libs.registry import alias
from convlint.shapes.fault import Shape
from convlint.shapes.window import Filters, Layout, convolve, pool
from convlint.values import NotModelled, Value


def _spatial(op: Op, shape: Shape) -> tuple[int, int, int]:
    """The axes of height, width and channels."""
    if len(shape) not in (3, 4):
        raise NotModelled("images of another rank than 3 or 4 are not modelled")
    first = layout_of(op) is Layout.CHANNELS_FIRST
    return (-2, -1, -3) if first else (-3, -2, -1)


@function(
    "keras.ops.image.resize",
    signature="images, size, interpolation='bilinear', antialias=False, crop_to_aspect_ratio=False, "
    "pad_to_aspect_ratio=False, fill_mode='constant', fill_value=0.0, data_format=None",
)
def resize(op: Op) -> Value:
    """Another height and width."""
    x = as_tensor(op, op["images"])
    shape = list(x.shape or ())
    high, wide, _ = _spatial(op, x.shape or ())
    size = op.dims("size")
    if len(size) != 2:
        words = f"Expected `size` to be a tuple of 2 integers. Received: size={op['size']}"
        op.refuse("ValueError", words, "size")
    shape[high], shape[wide] = size
    return op.result(x, tuple(shape), kind=KIND)


@function("keras.ops.image.rgb_to_grayscale", signature="images, data_format=None")
def grey(op: Op) -> Value:
    """Three channels as one."""
    x = as_tensor(op, op["images"])
    shape = list(x.shape or ())
    shape[_spatial(op, x.shape or ())[2]] = 1
    return op.result(x, tuple(shape), kind=KIND)


@function(
    *(f"keras.ops.image.{name}" for name in ("rgb_to_hsv", "hsv_to_rgb")),
    signature="images, data_format=None",
)
def recoloured(op: Op) -> Value:
    x = as_tensor(op, op["images"])
    return op.result(x, x.shape, kind=KIND)


@function(
    "keras.backend.resize_images",
    signature="x, height_factor, width_factor, data_format=None, interpolation='nearest'",
)
def resize_images(op: Op) -> Value:
    """Height and width times a factor each."""
    x = as_tensor(op, op["x"])
    shape = list(x.shape or ())
    high, wide, _ = _spatial(op, x.shape or ())
    shape[high], shape[wide] = shape[high] * op.dim("height_factor"), shape[wide] * op.dim("width_factor")
    return op.result(x, tuple(shape), kind=KIND)


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


alias("tensorflow.compat.v1.image", "tensorflow.image")


@function("tensorflow.image.extract_patches", signature="images, sizes, strides, rates, padding, name=None")
def extract_patches(op: Op) -> Value:
    """The elements of each window as channels, in (samples, rows, columns, channels)."""
    x = as_tensor(op, op["images"])
    shape = x.shape or ()
    if len(shape) != 4:
        raise NotModelled("images of another rank than 4 are not modelled")
    sizes, strides, rates = (listed(op, name) for name in ("sizes", "strides", "rates"))
    if any(len(each) != 4 for each in (sizes, strides, rates)):
        raise NotModelled("windows of another rank than 4 are not modelled")
    op.args |= {"data_format": "channels_last"}
    windows = windows_of(op, sizes[1:3], strides[1:3], rates[1:3])
    places = op.lawful(pool(shape, windows, layout=Layout.CHANNELS_LAST, ranks=(4,)), lambda _: "")
    return op.result(x, (*places[:3], product((*sizes[1:3], shape[3]))), kind=KIND)


@function(
    "keras.ops.image.extract_patches",
    signature="images, size, strides=None, dilation_rate=1, padding='valid', data_format=None",
)
def patches(op: Op) -> Value:
    """The elements of each window of an image or volume as channels; without strides none overlap."""
    x = as_tensor(op, op["images"])
    shape, size = x.shape or (), op["size"]
    sizes = (op.as_dim(size),) * 2 if not isinstance(size, (list, tuple)) else listed(op, "size")
    rank = len(sizes)
    if rank not in (2, 3):
        words = f"Invalid `size` argument. Expected a tuple of length 2 or 3. Received: size={size}"
        op.refuse("ValueError", words, "size")
    if len(shape) not in (rank + 1, rank + 2):
        raise NotModelled("patches of images of another rank")
    where = layout_of(op)
    batched = shape if len(shape) == rank + 2 else (1, *shape)
    windows = windows_of(op, sizes, op["strides"], op["dilation_rate"])
    filters = Filters(batched[where.channel(rank)], product((*sizes, batched[where.channel(rank)])), windows)
    filters = replace(filters, layout=where, ranks=(rank + 2,))
    found = op.lawful(convolve(batched, filters), lambda _: f"ValueError: Computed output size: {shape}")
    return op.result(x, found if batched is shape else found[1:], kind=KIND)
