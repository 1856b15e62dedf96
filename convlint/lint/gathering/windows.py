"""The windows of convolution and pooling layers, axis by axis, in either framework's words."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from convlint.trace import Instance, Value

_NAMES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
_MOST_WINDOWS = 10_000
_TORCH = re.compile(r"torch\.nn\.(Conv|ConvTranspose|MaxPool|AvgPool|LPPool)([123])d")
_CALLS = frozenset({"forward", "_conv_forward", "call", "__call__"})
_KERAS = re.compile(
    r"keras\.layers\.(Conv|Conv|DepthwiseConv|SeparableConv|MaxPooling|AveragePooling|MaxPool|AvgPool)([123])D(Transpose)?"
)


class Axis(Struct, frozen=True, dict=True):
    """The window along one axis: D, H, W, or L where there is only one. `index` counts axes from the end
    (−1 is the last of the spatial ones); padding is None where it is not known; `same` pads as Keras does.
    """

    name: str
    position: int
    kernel: int
    stride: int
    dilation: int
    before: int | None
    after: int | None
    same: bool = False

    @cached_property
    def reach(self) -> int:
        """d(k − 1) + 1, the extent that one window spans."""
        return self.dilation * (self.kernel - 1) + 1

    @cached_property
    def lost(self) -> int | None:
        """What a stride-1 window takes off the axis: d(k − 1) minus the padding; None where that is not
        known.
        """
        if self.same:
            return 0
        if self.before is None or self.after is None:
            return None
        return self.reach - 1 - self.before - self.after

    @cached_property
    def residues(self) -> tuple[int, ...]:
        """How many of the window's taps fall on each position modulo the stride."""
        counts = [0] * self.stride
        for tap in range(self.kernel):
            counts[tap * self.dilation % self.stride] += 1
        return tuple(counts)

    def start(self, before: int, after: int) -> int | None:
        """Where the first window begins on an axis of extents `before` and `after` it: minus the padding
        there; None where that is not known.
        """
        if self.same:
            return -(max((after - 1) * self.stride + self.reach - before, 0) // 2)
        return None if self.before is None else -self.before

    def unread(self, before: int, after: int) -> int | None:
        """How many places at the end of the axis no window reaches; None where the padding is not known."""
        start = self.start(before, after)
        return None if start is None else max(before - (start + (after - 1) * self.stride + self.reach), 0)

    def most_inside(self, before: int, after: int) -> int | None:
        """The most taps of any window that lie on the map, and not on padding; None where the padding is not
        known.
        """
        start = self.start(before, after)
        if start is None or before >= self.reach + self.stride:
            return None if start is None else self.kernel
        return max(
            sum(0 <= start + i * self.stride + tap * self.dilation < before for tap in range(self.kernel))
            for i in range(min(after, _MOST_WINDOWS))
        )


class Family(Struct, frozen=True, dict=True):
    """What kind of window a layer slides: `what` is Conv, ConvTranspose, MaxPool …; `rank` its spatial
    axes.
    """

    what: str
    rank: int
    channels_last: bool = False

    @cached_property
    def convolves(self) -> bool:
        """Whether it is a convolution with weights, transposed or not."""
        return "Conv" in self.what

    @cached_property
    def transposed(self) -> bool:
        """Whether it is a transposed convolution."""
        return "Transpose" in self.what


def family(layer: Instance) -> Family | None:
    """The kind of window of a layer; None for a layer without one, and where a subclass calls it its own
    way.
    """
    for cls in layer.cls.mro:
        found = _named(cls.qualname)
        if found is not None and found.channels_last and layer.attrs.get("data_format") == "channels_first":
            return replace(found, channels_last=False)
        if found is not None:
            return found
        if not _CALLS.isdisjoint(cls.namespace):
            return None
    return None


@lru_cache(maxsize=1024)
def _named(qualname: str) -> Family | None:
    """The family that a class of a framework belongs to by its name."""
    if match := _TORCH.fullmatch(qualname):
        return Family(match[1], int(match[2]))
    if match := _KERAS.fullmatch(qualname):
        return Family(match[1] + (match[3] or ""), int(match[2]), True)
    return None


Raw = int | str | tuple[int | None, ...] | None
"""An argument as far as it is known: one number, a word, or a number for each axis."""

_DENSE = ("torch.nn.Linear", "keras.layers.Dense")
_OF_KERAS = "keras.layers.Layer"


def is_dense(layer: Instance) -> bool:
    """Whether a layer multiplies the last axis by a matrix."""
    return not layer.cls.lineage.isdisjoint(_DENSE)


def is_keras(layer: Instance) -> bool:
    """Whether it is a layer or model of Keras: its arguments and axes have Keras' names and order."""
    return _OF_KERAS in layer.cls.lineage


def axes(layer: Instance, kind: Family) -> list[Axis]:
    """The axes whose kernel, stride and dilation are known."""
    stride = _read(layer, "stride", "strides")
    kernel = _read(layer, "kernel_size", "pool_size")
    if stride is None and kind.convolves is False:
        stride = kernel
    dilation = _read(layer, "dilation", "dilation_rate", default=1)
    padding = _read(layer, "padding", default=0)
    return list(_axes(kind, *map(_whole, (kernel, stride, dilation, padding))))


def _whole(value: Value) -> Raw:
    """What is known of a number, a padding's name, or one number an axis."""
    if value.__class__ is int or isinstance(value, str):
        return value
    if isinstance(value, (tuple, list)):
        return tuple([item if isinstance(item, int) else None for item in value])
    return None


@lru_cache(maxsize=1024)
def _axes(kind: Family, kernels: Raw, strides: Raw, dilations: Raw, paddings: Raw) -> tuple[Axis, ...]:
    kernel, stride, dilation = (_each(raw, kind.rank) for raw in (kernels, strides, dilations))
    found = []
    for position in range(kind.rank):
        k, s, d = kernel[position], stride[position], dilation[position]
        if k is None or s is None or d is None or min(k, s, d) < 1:
            continue
        before, after, same = _padding(paddings, position, k, d, kind)
        found.append(Axis(_NAMES[kind.rank][position], position, k, s, d, before, after, same))
    return tuple(found)


def _read(layer: Instance, *names: str, default: Value = None) -> Value:
    for name in names:
        if name in layer.attrs:
            return layer.attrs[name]
    for name in names:
        if layer.arguments is not None and name in layer.arguments:
            return layer.arguments[name]
    return default


def _each(value: Raw, rank: int) -> tuple[int | None, ...]:
    """One number an axis, None for each that is not known."""
    if isinstance(value, tuple):
        return value * rank if len(value) == 1 else value if len(value) == rank else (None,) * rank
    return (value if isinstance(value, int) else None,) * rank


def _padding(value: Raw, position: int, k: int, d: int, kind: Family) -> tuple[int | None, int | None, bool]:
    if value == "valid":
        return 0, 0, False
    if value == "same":
        if kind.channels_last:
            return None, None, True
        total = d * (k - 1)
        return total // 2, total - total // 2, False
    number = _each(value, kind.rank)[position]
    return number, number, False
