"""What can be told of a tensor: to compare it, and to give it back what it was."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import astuple, replace

from convlint.values import Strides, Tensor
from convlint.values.tensor import MEMORY, Shape


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

    def __eq__(self, other: object) -> bool:
        """Numbers that are known up to rounding are the same where the same is known of them."""
        if not isinstance(other, Looks) or self.data is other.data:
            return super().__eq__(other) is True
        return _told(self.data) == _told(other.data) and self == replace(other, data=self.data)


_CERTAIN = frozenset((int, float, bool))


def _told(data: tuple[object, ...] | None) -> tuple[object, ...] | None:
    """What is known of each number."""
    if data is None or _CERTAIN.issuperset(map(type, data)):
        return data
    return tuple((type(each), *astuple(each)) if isinstance(each, Struct) else each for each in data)


def looks(tensor: Tensor) -> Looks:
    """What can be told of it now."""
    t = tensor
    attrs = None if t.attrs is None else dict(t.attrs)
    return Looks(t.shape, t.dtype, t.kind, t.strides, t.trainable, t.data, attrs, t.restated)


def looks_apart(tensor: Tensor) -> Looks:
    """What can be told of it, but for the others that look at its memory."""
    found = looks(tensor)
    if found.attrs is None or MEMORY not in found.attrs:
        return found
    attrs = {name: value for name, value in found.attrs.items() if name != MEMORY}
    return replace(found, attrs=attrs or None)


def give_back(tensors: Iterable[tuple[Tensor, Looks]]) -> bool:
    """Give tensors back what they were; whether any was something else."""
    altered = False
    for tensor, before in tensors:
        if looks(tensor) != before:
            altered = True
            for name in before.__struct_fields__:
                setattr(tensor, name, getattr(before, name))
    return altered
