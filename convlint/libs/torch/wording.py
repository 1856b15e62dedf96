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


def listed(values: Iterable[object], like: object) -> str:
    """As Python prints a sequence of numbers that the call gave: a tuple, a list or a torch.Size."""
    inner = ", ".join(map(str, values))
    if not isinstance(like, tuple):
        return f"[{inner}]"
    return f"({inner},)" if inner and "," not in inner else f"({inner})"
