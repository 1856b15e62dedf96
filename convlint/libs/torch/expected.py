"""What a layer takes as input, from its own attributes: the first use of a model's input says its shape.

Law: a lazy layer that was never called says how many axes its input has, and leaves the channels open.
"""

from __future__ import annotations

from convlint.dims import Dim, Expr, symbol
from convlint.libs.torch.lazy import MIXIN
from convlint.values import Instance, Value

_AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
_CHANNELS = {
    "Conv": "in_channels",
    "ConvTranspose": "in_channels",
    "BatchNorm": "num_features",
    "InstanceNorm": "num_features",
}
_ANY_CHANNELS = (
    "MaxPool", "AvgPool", "AdaptiveAvgPool", "AdaptiveMaxPool", "LPPool", "ReflectionPad", "ReplicationPad",
    "ZeroPad", "ConstantPad", "CircularPad", "Dropout",
)  # fmt: skip


def expected_input(layer: Instance, suffix: str) -> tuple[tuple[Dim, ...], str] | None:
    """Shape and dtype of the layer's first argument; None for a layer that takes any shape."""
    for rank, axes in _AXES.items():
        free = tuple(symbol(axis + suffix) for axis in axes)
        for family, attribute in _CHANNELS.items():
            if layer.cls.derives(f"torch.nn.{family}{rank}d") and (family, rank) != ("BatchNorm", 1):
                channels = _channels(layer, attribute, suffix)
                return None if channels is None else ((symbol("N"), channels, *free), "float32")
        for family in _ANY_CHANNELS:
            if layer.cls.derives(f"torch.nn.{family}{rank}d") and (family, rank) != ("Dropout", 1):
                return (symbol("N"), symbol("C" + suffix), *free), "float32"
    if layer.cls.derives("torch.nn.Linear"):
        features = _channels(layer, "in_features", suffix)
        return None if features is None else ((symbol("N"), features), "float32")
    if layer.cls.derives("torch.nn.Embedding"):
        return (symbol("N"), symbol("L" + suffix)), "int64"
    if layer.cls.derives("torch.nn.RNNBase"):
        size = _dim(layer.attrs.get("input_size"))
        lead = (symbol("N"), symbol("L" + suffix))
        ordered = lead if layer.attrs.get("batch_first") is True else lead[::-1]
        return None if size is None else ((*ordered, size), "float32")
    if layer.cls.derives("torch.nn.Flatten"):
        return None
    return None


def _channels(layer: Instance, attribute: str, suffix: str) -> Dim | None:
    """What the attribute says; of a lazy layer it is 0 until the first call."""
    number = _dim(layer.attrs.get(attribute))
    return symbol("C" + suffix) if number == 0 and layer.cls.derives(MIXIN) else number


def _dim(value: Value) -> Dim | None:
    return value if isinstance(value, (int, Expr)) and not isinstance(value, bool) else None
