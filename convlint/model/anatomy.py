"""What the classic articles count of a layer besides parameters: neurons, connections, receptive field.

Neurons are the output elements of a convolution, pooling or dense layer; connections (fan-in + bias) ·
neurons, for
pooling (k·k + 1) · neurons (LeCun et al. 1998 count the trainable sub-sampling layer so). The receptive
field is the
extent of the input that one output element sees: r = r' + (reach - 1) · j', with the jump j = stride · j'
(Araujo et al., "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from convlint.trace import Called
from convlint.values import Instance, Tensor, Value

_CONVOLUTIONS = ("Conv1d", "Conv2d", "Conv3d")
_POOLS = ("MaxPool", "AvgPool", "LPPool")


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Counts of one call; None where they do not apply or are not known."""

    neurons: int | None = None
    connections: int | None = None
    receptive_field: int | None = None


def anatomy(call: Called, field: int | None) -> Anatomy:
    """The counts of one call of a layer."""
    rank = _window_rank(call.module)
    dense = call.module.cls.derives("torch.nn.Linear")
    if rank is None and not dense:
        return Anatomy(receptive_field=field)
    neurons = _neurons(call.output, 1 if dense else rank + 1 if rank else 1)
    fan_in = _fan_in(call.module, rank)
    connections = None if neurons is None or fan_in is None else fan_in * neurons
    return Anatomy(neurons, connections, field)


def _neurons(output: Value, axes: int) -> int | None:
    """The elements of one sample: the last axes of the output, the batch left out."""
    if not isinstance(output, Tensor) or output.shape is None or len(output.shape) < axes:
        return None
    shape = output.shape[-axes:]
    return prod(d for d in shape if isinstance(d, int)) if all(isinstance(d, int) for d in shape) else None


def _window_rank(layer: Instance) -> int | None:
    for rank in (1, 2, 3):
        if any(layer.cls.derives(f"torch.nn.{name}") for name in _CONVOLUTIONS if name == f"Conv{rank}d"):
            return rank
        if any(layer.cls.derives(f"torch.nn.{pool}{rank}d") for pool in _POOLS):
            return rank
    return None


def _fan_in(layer: Instance, rank: int | None) -> int | None:
    """Inputs of one output element, and one for the bias where there is one (of pooling: the trainable
    shift).
    """
    parameters = layer.attrs.get("_parameters")
    weight = parameters.get("weight") if isinstance(parameters, dict) else None
    if isinstance(weight, Tensor) and weight.shape is not None:
        window = weight.shape[1:]
        if not all(isinstance(d, int) for d in window) or not isinstance(parameters, dict):
            return None
        return prod(d for d in window if isinstance(d, int)) + (parameters.get("bias") is not None)
    kernel = _each(layer.attrs.get("kernel_size"), rank or 1)
    return None if kernel is None else prod(kernel) + 1


def _each(value: Value, rank: int) -> tuple[int, ...] | None:
    if isinstance(value, int):
        return (value,) * rank
    if isinstance(value, (tuple, list)) and len(value) == rank and all(isinstance(v, int) for v in value):
        return tuple(v for v in value if isinstance(v, int))
    return None


class Fields:
    """Receptive fields of the tensors of a run: (extent, jump) on the longest axis, from where each came
    from.
    """

    def __init__(self, calls: Sequence[Called]) -> None:
        self._known: dict[int, tuple[int, int] | None] = {}
        self._calls = {
            id(call.output): call
            for call in calls
            if isinstance(call.output, Tensor) and _window_rank(call.module) is not None
        }

    def of(self, value: Value) -> int | None:
        """The extent that one element of the tensor sees of the input; None where it is not a matter of
        windows.
        """
        found = self._field(value, 0) if isinstance(value, Tensor) else None
        return None if found is None else found[0]

    def _field(self, tensor: Tensor, depth: int) -> tuple[int, int] | None:
        if id(tensor) in self._known:
            return self._known[id(tensor)]
        if depth > 400:
            return None
        self._known[id(tensor)] = found = self._compute(tensor, depth)
        return found

    def _compute(self, tensor: Tensor, depth: int) -> tuple[int, int] | None:
        call = self._calls.get(id(tensor))
        if call is not None:
            before = call.inputs[0] if call.inputs else None
            reached = self._field(before, depth + 1) if isinstance(before, Tensor) else None
            return None if reached is None else _through(call.module, reached)
        origin = tensor.origin
        if origin is None:
            return (1, 1)
        sources = origin.operands or ((origin.before,) if origin.before is not None else ())
        fields = [
            self._field(source, depth + 1) for source in sources if source.origin or not source.trainable
        ]
        if not fields or any(f is None for f in fields) or not _same_map(tensor, sources):
            return None
        known = [f for f in fields if f is not None]
        return max(f[0] for f in known), max(f[1] for f in known)


def _same_map(tensor: Tensor, sources: tuple[Tensor, ...]) -> bool:
    """Whether an operation without a window keeps the spatial extents, so that it keeps the field."""
    return all(s.shape is None or tensor.shape is None or s.shape[2:] == tensor.shape[2:] for s in sources)


def _through(layer: Instance, before: tuple[int, int]) -> tuple[int, int] | None:
    rank = _window_rank(layer) or 1
    kernel, dilation = (_each(layer.attrs.get(n, 1), rank) for n in ("kernel_size", "dilation"))
    stride = _each(layer.attrs.get("stride"), rank) or kernel
    if kernel is None or stride is None or dilation is None:
        return None
    extent, jump = before
    reach = max(d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True))
    return extent + (reach - 1) * jump, jump * max(stride)
