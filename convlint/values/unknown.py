"""Unknown: the honest answer, with its reason and its place.

An `Unknown` absorbs every operation. What is read from one is derived from it once, so the same question
asked twice gets the same (unknown) object, and a path that assumed it true keeps assuming it.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from convlint.dims import Dim, Expr, symbol

if TYPE_CHECKING:
    from convlint.values.site import Site

OPAQUE = "?"
_serial = count(1)
_opaque: dict[str, Unknown] = {}


class Unknown:
    """A value that could not be followed: `reason` says why, `site` where."""

    __slots__ = ("_derived", "_symbol", "reason", "site")

    def __init__(self, reason: str, site: Site | None = None) -> None:
        self.reason = reason
        self.site = site
        self._derived: dict[object, Unknown] | None = None
        self._symbol: Expr | None = None

    def derive(self, key: object) -> Unknown:
        """The unknown that `key` (an attribute name, an item, an operation) yields on this one."""
        if self._derived is None:
            self._derived = {}
        found = self._derived.get(key)
        if found is None:
            found = self._derived[key] = Unknown(self.reason, self.site)
        return found

    @property
    def dim(self) -> Expr:
        """An opaque symbol that stands for this value where an extent is needed."""
        if self._symbol is None:
            name = f"{OPAQUE}{next(_serial)}"
            self._symbol = symbol(name)
            _opaque[name] = self
        return self._symbol

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r})"


def is_opaque(dim: Dim) -> bool:
    """Whether the extent rests on a value that could not be followed."""
    return not isinstance(dim, int) and any(name.startswith(OPAQUE) for name in dim.symbols)


def unknown_in(dim: Dim) -> Unknown | None:
    """The unknown value that makes the extent opaque, or None."""
    if isinstance(dim, int):
        return None
    for name in sorted(dim.symbols):
        if name in _opaque:
            return _opaque[name]
    return None


def forget_opaque() -> None:
    """Start counting opaque symbols anew: called where an analysis begins, so that output is reproducible."""
    global _serial
    _opaque.clear()
    _serial = count(1)


class NotModelled(Exception):
    """Raised where a form of an operation is not modelled; the interpreter turns it into `Unknown`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
