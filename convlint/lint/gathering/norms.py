"""Norms that take the mean of every channel off again, and with it whatever a bias before them added."""

from __future__ import annotations

from collections.abc import Sequence

from convlint.lint.gathering.flow import Flow
from convlint.lint.gathering.windows import family, is_dense
from convlint.trace import Called, Instance, Tensor

_OVER_CHANNELS = (
    "torch.nn.modules.batchnorm._BatchNorm",
    "torch.nn.modules.instancenorm._InstanceNorm",
)


def cancelled_by(flow: Flow, layer: Instance, calls: Sequence[Called]) -> Instance | None:
    """The norm that directly follows a layer wherever it is called, and cancels what is added to a channel.

    None where there is none, or something else takes what the layer gives as well.
    """
    if (layer.arguments or {}).get("activation") not in (None, "linear"):
        return None  # Keras applies it between the bias and the norm
    found: Instance | None = None
    for call in calls:
        output = call.output
        takers = flow.takers(output) if isinstance(output, Tensor) else []
        norm = takers[0].layer if len(takers) == 1 else None
        if norm is None or not isinstance(output, Tensor) or not _cancels(norm, layer, output):
            return None
        if flow.returned(output):
            return None
        found = norm
    return found


def _cancels(norm: Instance, layer: Instance, given: Tensor) -> bool:
    if given.shape is None:
        return False
    rank = len(given.shape)
    kind = family(layer)
    if not norm.cls.lineage.isdisjoint(_OVER_CHANNELS):
        return rank == 2 if is_dense(layer) else kind is not None
    if norm.cls.derives("torch.nn.GroupNorm"):
        arguments = norm.arguments or {}
        return kind is not None and arguments.get("num_groups") == arguments.get("num_channels")
    last = rank - 1 if kind is None or kind.channels_last else 1
    if norm.cls.derives("keras.layers.BatchNormalization"):
        return _axis(norm, rank) == last
    if norm.cls.derives("keras.layers.GroupNormalization"):
        groups = (norm.arguments or {}).get("groups")
        return kind is not None and _axis(norm, rank) == last and groups in (-1, given.shape[last])
    return False


def _axis(norm: Instance, rank: int) -> int | None:
    axis = (norm.arguments or {}).get("axis")
    return axis % rank if isinstance(axis, int) else None
