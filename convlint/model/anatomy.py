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
from math import prod

from msgspec import Struct

from convlint.libs.protocol import ModelProtocol, Reach
from convlint.trace import Called
from convlint.values import Tensor, Value


class Anatomy(Struct, frozen=True):
    """Counts of one call; None where they do not apply or are not known."""

    neurons: int | None = None
    connections: int | None = None
    receptive_field: int | None = None


def anatomy(call: Called, field: int | None, protocol: ModelProtocol) -> Anatomy:
    """The counts of one call of a layer."""
    reach = protocol.reach(call.module)
    if reach is None or not reach.counted:
        return Anatomy(receptive_field=field)
    neurons = _neurons(call.output, len(reach.kernel) + 1)
    connections = None if neurons is None or reach.fan_in is None else reach.fan_in * neurons
    return Anatomy(neurons, connections, field)


def _neurons(output: Value, axes: int) -> int | None:
    """The elements of one sample: the last axes of the output, the batch left out."""
    if not isinstance(output, Tensor) or output.shape is None or len(output.shape) < axes:
        return None
    shape = output.shape[-axes:]
    return prod(d for d in shape if isinstance(d, int)) if all(isinstance(d, int) for d in shape) else None


class Fields:
    """Receptive fields of the tensors of a run: (extent, jump) on the longest axis, from where each came
    from.
    """

    def __init__(self, calls: Sequence[Called], protocol: ModelProtocol) -> None:
        self._known: dict[int, tuple[int, int] | None] = {}
        self._protocol = protocol
        self._calls: dict[int, tuple[Called, Reach]] = {}
        for call in calls:
            reach = protocol.reach(call.module) if isinstance(call.output, Tensor) else None
            if reach is not None and reach.kernel:
                self._calls[id(call.output)] = call, reach

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
        made = self._calls.get(id(tensor))
        if made is not None:
            call, reach = made
            before = call.inputs[0] if call.inputs else None
            reached = self._field(before, depth + 1) if isinstance(before, Tensor) else None
            return None if reached is None else _through(reach, reached)
        origin = tensor.origin
        if origin is None:
            return (1, 1)
        if origin.layer is not None and not self._protocol.keeps_places(origin.layer):
            return None
        sources = origin.operands or ((origin.before,) if origin.before is not None else ())
        fields = [
            self._field(source, depth + 1) for source in sources if source.origin or not source.trainable
        ]
        if not fields or any(f is None for f in fields) or not self._same_map(tensor, sources):
            return None
        known = [f for f in fields if f is not None]
        return max(f[0] for f in known), max(f[1] for f in known)

    def _same_map(self, tensor: Tensor, sources: tuple[Tensor, ...]) -> bool:
        """Whether an operation without a window keeps the spatial extents, so that it keeps the field."""
        spatial = slice(1, -1) if self._protocol.channels_last else slice(2, None)
        return all(
            s.shape is None or tensor.shape is None or s.shape[spatial] == tensor.shape[spatial]
            for s in sources
        )


def _through(reach: Reach, before: tuple[int, int]) -> tuple[int, int]:
    extent, jump = before
    longest = max(d * (k - 1) + 1 for d, k in zip(reach.dilation, reach.kernel, strict=True))
    return extent + (longest - 1) * jump, jump * max(reach.stride)
