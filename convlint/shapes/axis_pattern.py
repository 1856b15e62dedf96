"""Patterns that name axes, as einops writes them: `b c (h p) -> b h (p c)`.

Law: a side is a row of groups, one for each axis of its tensor; names in parentheses make one axis, the last
of them moving fastest. `1` and `()` are an axis of extent 1, another number an axis of that extent without a
name, `...` any axes. Source: einops.rocks/api/rearrange, einops/parsing.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct


class PatternError(ValueError):
    """The pattern is refused, in einops' words; `error` is the class that it raises where not its own."""

    def __init__(self, message: str, error: str = "") -> None:
        super().__init__(message)
        self.error = error


class Anonymous(Struct, frozen=True, eq=False):
    """An axis of a given extent without a name: equal to no other."""

    extent: int

    def __repr__(self) -> str:
        return f"{self.extent}-axis"


class Hidden(Struct, frozen=True):
    """One of the axes that an ellipsis stands for, counted from its first."""

    place: int


class Ellipsis_(Struct, frozen=True):
    """The ellipsis itself."""

    def __repr__(self) -> str:
        return "…"


ELLIPSIS = Ellipsis_()
Axis = str | Anonymous | Hidden | Ellipsis_
Group = tuple[Axis, ...]


class Side(Struct, frozen=True):
    """One side of a pattern. An ellipsis outside parentheses is a group of its own."""

    groups: tuple[Group, ...]
    axes: frozenset[Axis]
    ellipsis: bool
    inside: bool
    """Whether the ellipsis stands in parentheses."""

    @property
    def flat(self) -> Group:
        """The axes of all groups, in order."""
        return tuple(axis for group in self.groups for axis in group)

    @property
    def numbers(self) -> bool:
        """Whether an axis is a number above 1."""
        return any(isinstance(axis, Anonymous) for axis in self.axes)

    def spread(self, hidden: int) -> tuple[Group, ...]:
        """The groups with that many axes in place of the ellipsis."""
        axes = tuple(Hidden(place) for place in range(hidden))
        found: list[Group] = []
        for group in self.groups:
            if group == (ELLIPSIS,) and not self.inside:
                found += [(axis,) for axis in axes]
            else:
                at = group.index(ELLIPSIS) if ELLIPSIS in group else -1
                found.append(group if at < 0 else (*group[:at], *axes, *group[at + 1 :]))
        return tuple(found)


_PIECES = re.compile(r"[()]|[^() ]+")


@lru_cache(maxsize=512)
def side(text: str, *, underscore: bool = False, repeated: bool = False) -> Side:
    """One side of a pattern. `underscore` allows `_` for an axis without a name, `repeated` a name that
    comes twice. Raises PatternError.
    """
    if "." in text:
        if "..." not in text:
            raise PatternError("Expression may contain dots only inside ellipsis (...)")
        if text.count("...") != 1 or text.count(".") != 3:
            message = "Expression may contain dots only inside ellipsis (...); only one ellipsis for tensor "
            raise PatternError(message)
    groups: list[Group] = []
    group: list[Axis] | None = None
    seen: set[Axis] = set()
    inside = False
    for piece in _pieces(text.replace("...", "…")):
        if piece == "(":
            if group is not None:
                message = "Axis composition is one-level (brackets inside brackets not allowed)"
                raise PatternError(message)
            group = []
        elif piece == ")":
            if group is None:
                raise PatternError("Brackets are not balanced")
            groups.append(tuple(group))
            group = None
        else:
            axis = _axis(piece, underscore)
            if axis in seen and not (underscore and axis == "_") and not repeated:
                raise PatternError(f'Indexing expression contains duplicate dimension "{piece}"')
            inside = inside or (axis is ELLIPSIS and group is not None)
            if axis is not None:
                seen.add(axis)
            if group is None:
                groups.append(() if axis is None else (axis,))
            elif axis is not None:
                group.append(axis)
    if group is not None:
        raise PatternError(f'Imbalanced parentheses in expression: "{text.replace("...", "…")}"')
    return Side(tuple(groups), frozenset(seen), ELLIPSIS in seen, inside)


def _pieces(text: str) -> Iterator[str]:
    """Parentheses and names, in order; a character that no name has is refused where it stands."""
    for match in _PIECES.finditer(text):
        for character in match[0]:
            if not (character.isalnum() or character in "()_…"):
                raise PatternError(f"Unknown character '{character}'")
        yield match[0]


def _axis(piece: str, underscore: bool) -> Axis | None:
    """The axis that a name stands for; None for one of extent 1."""
    if piece == "…":
        return ELLIPSIS
    if piece.isdecimal():
        extent = int(piece)
        if extent == 0:
            raise PatternError("Anonymous axis should have positive length, not 0")
        return None if extent == 1 else Anonymous(extent)
    reason = unfit(piece, underscore=underscore)
    if reason:
        raise PatternError(f"Invalid axis identifier: {piece}\n{reason}")
    return piece


def unfit(name: str, *, underscore: bool = False) -> str:
    """Why a name is none for an axis; empty where it is one."""
    if not name.isidentifier():
        return "not a valid python identifier"
    if (name[0] == "_" or name[-1] == "_") and not (name == "_" and underscore):
        return "axis name should should not start or end with underscore"
    return ""


def halves(pattern: str) -> tuple[str, str]:
    """The texts before and after the arrow. Raises PatternError."""
    found = pattern.split("->")
    if len(found) == 1:
        raise PatternError("not enough values to unpack (expected 2, got 1)", "ValueError")
    if len(found) > 2:
        raise PatternError("too many values to unpack (expected 2)", "ValueError")
    return found[0], found[1]


@lru_cache(maxsize=256)
def starred(pattern: str, operation: str) -> tuple[int, int]:
    """The numbers of axes before and after the `*` of a pattern of `pack`. Raises PatternError."""
    axes = pattern.split()
    if len(axes) != len(set(axes)):
        raise PatternError(f'Duplicates in axes names in {operation}(..., "{pattern}")')
    if "*" not in axes:
        raise PatternError(f'No *-axis in {operation}(..., "{pattern}")')
    for axis in axes:
        if axis != "*" and unfit(axis):
            raise PatternError(f'Invalid axis name {axis} in {operation}(..., "{pattern}")')
    before = axes.index("*")
    return before, len(axes) - before - 1
