"""How torch's own sentences write shapes, so that a quoted one can be searched for."""

from __future__ import annotations

from collections.abc import Iterable

from convlint.dims import Dim


def sizes(shape: Iterable[Dim]) -> str:
    """`[1, 3, 8, 8]`."""
    return f"[{', '.join(map(str, shape))}]"


def size(shape: Iterable[Dim]) -> str:
    """`torch.Size([1, 3, 8, 8])`."""
    return f"torch.Size({sizes(shape)})"


def by(shape: Iterable[Dim], sign: str = "x") -> str:
    """`3x8x8`."""
    return sign.join(map(str, shape))
