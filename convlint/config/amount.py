"""Amounts as people write them: 10M, 1.5G, 30 MB, 64MiB."""

from __future__ import annotations

import re

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_BINARY = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_AMOUNT = re.compile(r"(?P<number>\d+(\.\d*)?|\.\d+)\s*(?P<unit>[kKMGT]?)")
_BYTES = re.compile(_AMOUNT.pattern + r"((?P<binary>i)?B)?")


def amount(text: str) -> float:
    """A count: "10M" is 10,000,000. Raises ValueError."""
    match = _AMOUNT.fullmatch(text.strip().replace("_", "").replace(",", ""))
    if match is None:
        raise ValueError(f"`{text}` is not an amount such as 10M")
    return float(match["number"]) * _UNITS[match["unit"].upper()]


def bytes_of(text: str) -> float:
    """A size in bytes: "30MB" is 30,000,000, "64MiB" 67,108,864. Raises ValueError."""
    match = _BYTES.fullmatch(text.strip().replace("_", "").replace(",", ""))
    if match is None:
        raise ValueError(f"`{text}` is not a size such as 30MB or 64MiB")
    units = _BINARY if match["binary"] and match["unit"] else _UNITS
    return float(match["number"]) * units[match["unit"].upper()]
