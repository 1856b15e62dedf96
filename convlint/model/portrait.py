"""What can be said of single layers and models of a run: their own parameters, their receptive fields.

Law: None or nothing where it is not certain; frameworks are asked through their protocol only.
"""

from __future__ import annotations

from collections.abc import Iterable

from convlint.dims import Dim
from convlint.libs import registry
from convlint.model.anatomy import Fields
from convlint.model.run import Outcome
from convlint.trace import Called
from convlint.values import Instance, NotModelled, Tensor


def own_parameters(outcome: Outcome, layer: Instance) -> list[tuple[str, tuple[Dim, ...] | None]]:
    """The layer's own parameters by name, with their shapes; empty where they cannot be known."""
    protocol = registry.protocol_of_model(layer)
    if protocol is None:
        return []
    try:
        return [(name, tensor.shape) for name, tensor in protocol.parameters(outcome.machine, layer)]
    except NotModelled:
        return []


def receptive_fields(calls: Iterable[Called]) -> dict[int, int]:
    """The receptive field of the output of each call, by the call's order; calls without one are left out."""
    calls = list(calls)
    first = next((p for c in calls if (p := registry.protocol_of_model(c.module)) is not None), None)
    if first is None:
        return {}
    fields = Fields(calls, first)
    found = {}
    for call in calls:
        if isinstance(call.output, Tensor) and registry.protocol_of_model(call.module) is first:
            extent = fields.of(call.output)
            if extent is not None:
                found[call.order] = extent
    return found
