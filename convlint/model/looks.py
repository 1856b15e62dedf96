"""What can be told of a tensor: to compare it, and to give it back what it was."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from convlint.values import Strides, Tensor
from convlint.values.tensor import Shape


class Looks(Struct, frozen=True):
    """What can be told of a tensor."""

    shape: Shape | None
    dtype: str | None
    kind: str
    strides: Strides
    trainable: bool | None
    data: tuple[object, ...] | None
    attrs: dict[str, object] | None
    restated: bool


def looks(tensor: Tensor) -> Looks:
    """What can be told of it now."""
    t = tensor
    attrs = None if t.attrs is None else dict(t.attrs)
    return Looks(t.shape, t.dtype, t.kind, t.strides, t.trainable, t.data, attrs, t.restated)


def give_back(tensors: Iterable[tuple[Tensor, Looks]]) -> bool:
    """Give tensors back what they were; whether any was something else."""
    altered = False
    for tensor, before in tensors:
        if looks(tensor) != before:
            altered = True
            for name in before.__struct_fields__:
                setattr(tensor, name, getattr(before, name))
    return altered
