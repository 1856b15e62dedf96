"""The sentences in which ATen refuses a pooling (aten/src/ATen/native/Pool.h, Pooling.cpp, MaxPooling.h)."""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.torch.wording import by, sizes
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.window import Window, extent

COUNT = {2: "two ints", 3: "three ints"}
FORM = {
    "max_pool": {
        "kernel_size": "must either be",
        "stride": "must either be omitted,",
        "padding": "must either be",
    },
    "avg_pool3d": {"kernel_size": "must be", "stride": "must be omitted,", "padding": "must be"},
}


def length(what: str, rank: int, name: str, got: int) -> str:
    """A list argument is as long as neither one nor the axes."""
    if what == "max_pool1d":
        form = "None, an int" if name == "stride" else "an int"
        comma = "," if name in ("stride", "padding") else ""
        return (
            f"max_pool1d() {name} must be {form}, list of ints{comma} or tuple of ints of size 1 "
            f"but got size {got}"
        )
    if rank == 1:
        return f"{what}() argument '{name}' should contain one int (got {got})"
    if name == "dilation":
        return f"{what}: dilation must be either a single int, or a tuple of {COUNT[rank]}"
    form = FORM.get(what, FORM["max_pool"])[name]
    return f"{what}: {name} {form} a single int, or a tuple of {COUNT[rank]}"


def not_positive(what: str, name: str, numbers: Shape) -> str:
    """A kernel, stride or dilation below 1."""
    if what == "max_pool1d":
        return f"max_pool1d() {name} must be greater than zero, but got {numbers[0]}"
    letter = {"kernel_size": "k", "stride": "d", "dilation": "dilation"}[name]
    if len(numbers) == 1:
        numbers = (1, *numbers)
    axes = "THW"[-len(numbers) :]
    shown = " ".join(f"{letter}{axis}: {n}" for axis, n in zip(axes, numbers, strict=True))
    return f"{name.replace('_', ' ')} should be greater than zero, but got {shown}"


def negative_padding(what: str, padding: Dim) -> str:
    """A padding below 0."""
    if what == "max_pool1d":
        return f"max_pool1d() padding must be non-negative, but got {padding}"
    return f"pad must be non-negative, but got pad: {padding}"


def padding_over_half(what: str, padding: Dim, kernel: Dim, dilation: Dim) -> str:
    """A padding of more than half the (dilated) kernel."""
    if what == "max_pool1d":
        return (
            "max_pool1d() padding should be at most half of kernel size, "
            f"but got padding={padding} and kernel_size={kernel}"
        )
    return (
        "pad should be at most half of effective kernel size, "
        f"but got pad={padding}, kernel_size={kernel} and dilation={dilation}"
    )


def padding_over_plain_half(kernel: Shape, padding: Shape) -> str:
    """A padding of more than half the kernel, dilation apart."""
    axes = "THW"[-len(kernel) :]
    pads = ", ".join(f"pad{a} = {p}" for a, p in reversed(list(zip(axes, padding, strict=True))))
    kernels = ", ".join(f"k{a} = {k}" for a, k in reversed(list(zip(axes, kernel, strict=True))))
    return f"pad should be smaller than or equal to half of kernel size, but got {pads}, {kernels}"


def rank(what: str, axes: int, shape: Shape) -> str:
    """The input has neither of the two ranks."""
    if what == "max_pool1d":
        return (
            "RuntimeError: max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim "
            "batch size for input, "
            f"but got:{sizes(shape)}"
        )
    if axes == 1:
        return (
            f"RuntimeError: Expected 2 to 3 dimensions, but got {len(shape)}-dimensional tensor "
            "for argument #1 'self' "
            f"(while checking arguments for {what})"
        )
    return f"RuntimeError: non-empty {axes + 1}D or {axes + 2}D (batch mode) tensor expected for input"


def empty(what: str, axes: int, shape: Shape) -> str:
    """Channels or space without elements."""
    if axes == 3:
        template = "max_pool3d_with_indices_out_cpu_template" if what == "max_pool3d" else what
        axis = shape[1:].index(0) if len(shape) == 5 else shape.index(0)
        return (
            f"RuntimeError: {template}(): Expected input's non-batch dimensions to have positive length, "
            f"but input has a shape of {sizes(shape)} and non-batch dimension {axis} has length zero!"
        )
    if what == "max_pool1d":
        return rank(what, axes, shape)
    shown = (*shape[:-1], 1, shape[-1]) if axes == 1 else shape
    return (
        "RuntimeError: Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, "
        f"but got:{sizes(shown)}"
    )


def too_small(what: str, shape: Shape, windows: tuple[Window, ...], fault: Fault) -> str:
    """No window fits."""
    axes = len(windows)
    space = shape[-axes:]
    made = [extent(n, w) for n, w in zip(space, windows, strict=True)]
    if what == "max_pool1d":
        return f"RuntimeError: max_pool1d() Invalid computed output size: {made[0]}"
    if fault.detail == "unpadded":
        sides = " ".join(f"{a}: {n}" for a, n in zip("THW", space, strict=True))
        kernel = " ".join(f"k{a}: {w.kernel}" for a, w in zip("THW", windows, strict=True))
        return f"RuntimeError: input image ({sides}) smaller than kernel size ({kernel})"
    channels = shape[-axes - 1]
    given = (channels, 1, *space) if axes == 1 else (channels, *space)
    result = (channels, 1, *made) if axes == 1 else (channels, *made)
    return (
        f"RuntimeError: Given input size: ({by(given)}). Calculated output size: ({by(result)}). "
        "Output size is too small"
    )


def refused(what: str, shape: Shape, windows: tuple[Window, ...], fault: Fault) -> str:
    """The sentence for what the law refuses."""
    if fault.kind is Kind.RANK:
        return rank(what, len(windows), shape)
    return too_small(what, shape, windows, fault)
