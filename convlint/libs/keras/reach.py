"""What the outputs of Keras' convolution, pooling, padding and dense layers look at."""

from __future__ import annotations

from math import prod

from convlint.libs.keras.layer import WEIGHTS
from convlint.libs.protocol import Reach
from convlint.values import Instance, Tensor, Value

_CONVOLUTIONS = ("Conv", "DepthwiseConv", "SeparableConv")
_POOLS = ("MaxPooling", "AveragePooling")
_POINTWISE = frozenset(
    (
        *("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Identity", "Lambda", "Rescaling"),
        *("BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization"),
        *("Normalization", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"),
        *("GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization", "Dense"),
        *("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "InputLayer"),
    )
)


def keeps_places(layer: Instance) -> bool:
    """Whether a layer of Keras works on each place by itself; the program's own layers are what they call."""
    qualified = layer.cls.qualname
    return not qualified.startswith("keras.layers.") or qualified.rpartition(".")[2] in _POINTWISE


def reach_of(layer: Instance) -> Reach | None:
    """The window of a layer as it was built; None for a layer without one, and a transposed one."""
    if layer.cls.derives("keras.layers.Dense"):
        return Reach(fan_in=_fan_in(layer, through=1))
    for rank in (1, 2, 3):
        if _is_one(layer, _CONVOLUTIONS, rank):
            through = rank if layer.cls.derives(f"keras.layers.DepthwiseConv{rank}D") else rank + 1
            separable = layer.cls.derives(f"keras.layers.SeparableConv{rank}D")
            fan_in = None if separable else _fan_in(layer, through)
            return _windowed(layer, rank, "kernel_size", fan_in)
        if _is_one(layer, _POOLS, rank):
            size = _extents(layer.attrs.get("pool_size"), rank)
            return _windowed(layer, rank, "pool_size", None if size is None else prod(size) + 1)
        if _is_one(layer, ("ZeroPadding",), rank):
            ones = (1,) * rank
            return Reach(ones, ones, ones, counted=False)
    return None


def _is_one(layer: Instance, families: tuple[str, ...], rank: int) -> bool:
    return any(layer.cls.derives(f"keras.layers.{family}{rank}D") for family in families)


def _windowed(layer: Instance, rank: int, size: str, fan_in: int | None) -> Reach | None:
    kernel = _extents(layer.attrs.get(size), rank)
    strides = layer.attrs.get("strides")
    stride = kernel if strides is None else _extents(strides, rank)
    dilation = _extents(layer.attrs.get("dilation_rate", 1), rank)
    if kernel is None or stride is None or dilation is None:
        return None
    return Reach(kernel, stride, dilation, fan_in=fan_in)


def _fan_in(layer: Instance, through: int) -> int | None:
    """The first axes of the kernel, and 1 where there is a bias."""
    found = layer.attrs.get(WEIGHTS)
    weights = found if isinstance(found, list) else []
    kernel = weights[0] if weights else None
    if not isinstance(kernel, Tensor) or kernel.shape is None:
        return None
    known = [d for d in kernel.shape[:through] if isinstance(d, int)]
    return prod(known) + (len(weights) > 1) if len(known) == through else None


def _extents(value: Value, rank: int) -> tuple[int, ...] | None:
    """One number for each axis; None where they are not known."""
    if isinstance(value, int):
        return (value,) * rank
    if not isinstance(value, (tuple, list)) or len(value) not in (1, rank):
        return None
    known = tuple(each for each in value if isinstance(each, int))
    return (known * rank if len(known) == 1 else known) if len(known) == len(value) else None
