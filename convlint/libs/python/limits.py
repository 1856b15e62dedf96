"""Sizes beyond which known data is not computed: every guard of the package reads them here."""

from __future__ import annotations

from convlint.values import NotModelled

MAX_ITEMS = 1_000_000
"""Items of a sequence, characters of a text."""

MAX_BASES = 1_000
"""Classes that a class inherits from, directly or not."""

MAX_BITS = 4_096
"""Bits of an integer."""

MAX_DEPTH = 40
"""Levels of nesting that a comparison or a printed form goes into."""

MAX_CONTAINERS = 20_000
"""Containers inside one value that is compared or printed, each counted as often as it stands there."""


def check_items(count: int, what: str = "a sequence") -> None:
    """Raises NotModelled where `count` items are too many."""
    if count > MAX_ITEMS:
        raise NotModelled(f"{what} of {_shown(count)} items is too large to follow")


def check_bits(bits: int) -> None:
    """Raises NotModelled where an integer of so many bits is too large."""
    if bits > MAX_BITS:
        raise NotModelled(f"an integer of {_shown(bits)} bits is too large to follow")


def _shown(count: int) -> str:
    return str(count) if count.bit_length() < 64 else "very many"
