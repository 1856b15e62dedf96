"""What the outputs of PyTorch's convolution, pooling and linear layers look at."""

from __future__ import annotations

from math import prod

from convlint.libs.protocol import Reach
from convlint.values import Instance, Tensor, Value

_RANKS = {
    f"torch.nn.{name}{rank}d": rank for name in ("Conv", "MaxPool", "AvgPool", "LPPool") for rank in (1, 2, 3)
}
"""The axes of a window, by layer."""


def reach_of(layer: Instance) -> Reach | None:
    """The window of a layer as it was built; None for a layer without one."""
    if layer.cls.derives("torch.nn.Linear"):
        return Reach(fan_in=_fan_in(layer, ()))
    rank = next((_RANKS[name] for name in layer.cls.lineage if name in _RANKS), None)
    return None if rank is None else _windowed(layer, rank)


def _windowed(layer: Instance, rank: int) -> Reach | None:
    kernel, dilation = (extents(layer.attrs.get(name, 1), rank) for name in ("kernel_size", "dilation"))
    stride = extents(layer.attrs.get("stride"), rank) or kernel
    if kernel is None or stride is None or dilation is None:
        return None
    return Reach(kernel, stride, dilation, fan_in=_fan_in(layer, kernel))


def _fan_in(layer: Instance, kernel: tuple[int, ...]) -> int | None:
    parameters = layer.attrs.get("_parameters")
    weight = parameters.get("weight") if isinstance(parameters, dict) else None
    if isinstance(weight, Tensor) and weight.shape is not None and isinstance(parameters, dict):
        known = [d for d in weight.shape[1:] if isinstance(d, int)]
        whole = len(known) == len(weight.shape) - 1
        return prod(known) + (parameters.get("bias") is not None) if whole else None
    return prod(kernel) + 1 if kernel else None


def extents(value: Value, rank: int) -> tuple[int, ...] | None:
    """One number for each axis; None where they are not known."""
    if isinstance(value, int):
        return (value,) * rank
    if not isinstance(value, (tuple, list)) or len(value) != rank:
        return None
    known = tuple(each for each in value if isinstance(each, int))
    return known if len(known) == rank else None
