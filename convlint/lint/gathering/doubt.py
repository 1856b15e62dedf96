"""What a user's own configuration of Keras may turn round: the order of axes that layers take by default.

Keras reads the default of `data_format` from a file in the user's home, and much code was written where it
said `channels_first`. Law: what fails only because the default is `channels_last` is no error where the
input's own shape says otherwise.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.lint.gathering.windows import is_keras
from convlint.model.run import Outcome
from convlint.shapes.fault import Kind
from convlint.trace import Failure, Instance, tensors_in

_FEW = (1, 3, 4)
"""The channels of an image: grey, colour, and colour with transparency."""
_MANY = 16
"""An extent from which on an axis is rather rows or columns than channels of an input."""


def order_in_doubt(failure: Failure, outcome: Outcome) -> bool:
    """Whether the failing model is given images with the channels first, and layers take them as the
    configuration has it.
    """
    if failure.fault.version or failure.fault.kind in (Kind.RANK, Kind.RESULT):
        return False  # an argument that is refused, or a number of axes: no order changes that
    calls = outcome.trace.calls
    layers = [failure.layer, *(call.module for call in calls)]
    if not any(layer is not None and _by_default(layer) for layer in layers):
        return False
    given = [tensor.shape for call in calls for tensor in tensors_in(call.inputs) if tensor.origin is None]
    first = refused_at_once(failure, outcome)
    return any(shape is not None and _channels_first(shape) for shape in (*given, first))


def refused_at_once(failure: Failure, outcome: Outcome) -> tuple[Dim, ...] | None:
    """The shape that a call refused and no layer had made: a model's own input; None for any other."""
    shape = next(iter(failure.fault.shapes), None)
    made = (tensor.shape for call in outcome.trace.calls for tensor in tensors_in(call.output))
    return None if shape in made else shape


def _by_default(layer: Instance) -> bool:
    """Whether a layer of Keras has an order of axes, and none that the code names."""
    ordered = layer.attrs.get("data_format") == "channels_last"
    return ordered and is_keras(layer) and (layer.arguments or {}).get("data_format") is None


def _channels_first(shape: tuple[Dim, ...]) -> bool:
    if len(shape) not in (4, 5):
        return False
    few, last = shape[1], shape[-1]
    return few in _FEW and not (isinstance(last, int) and last < _MANY)
