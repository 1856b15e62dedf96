"""Version specifiers of requirements (PEP 440, and the ^ and ~ of Poetry), asked of one plain version.

Law: a version is its numbers; of pre-releases, builds and local parts only the numbers count. What cannot be
read allows every version.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Version = tuple[int, ...]

_CLAUSE = re.compile(r"(===|==|~=|!=|<=|>=|<|>|\^|~)?\s*v?(\d+(?:\.\d+)*)(\.\*)?[a-zA-Z0-9.+_-]*")
_LONGEST = 200


def allows(specifier: str, version: Version) -> bool:
    """Whether `specifier` (`>=2.4,<3`, `^2.4`, `==2.*`; a version by itself is exact) allows the version."""
    if len(specifier) > _LONGEST:
        return True
    return any(
        all(_clause(part.strip(), version) for part in choice.split(","))
        for choice in specifier.strip().strip("()").split("||")
    )


def _clause(text: str, version: Version) -> bool:
    found = _CLAUSE.fullmatch(text)
    if found is None:
        return True
    wanted = tuple(int(part) for part in found[2].split("."))
    if found[3] or (found[1] in (None, "==", "===") and len(wanted) < 2 and "*" in text):
        same = version[: len(wanted)] == wanted
        return same is not (found[1] == "!=")
    return _COMPARISONS[found[1] or "=="](*_as_long(version, wanted), len(wanted))


def _as_long(one: Version, other: Version) -> tuple[Version, Version]:
    length = max(len(one), len(other))
    return one + (0,) * (length - len(one)), other + (0,) * (length - len(other))


def _caret(version: Version, wanted: Version, given: int) -> bool:
    """`^1.2` is below 2, `^0.3` below 0.4: what stands first and is no 0 stays."""
    kept = next((i for i, part in enumerate(wanted) if part), given - 1) + 1
    return version >= wanted and version[:kept] == wanted[:kept]


def _compatible(version: Version, wanted: Version, given: int) -> bool:
    """`~=2.4.1` is 2.4 from 2.4.1 on; `~=2.4` is 2 from 2.4 on."""
    kept = max(given - 1, 1)
    return version >= wanted and version[:kept] == wanted[:kept]


def _tilde(version: Version, wanted: Version, given: int) -> bool:
    """Poetry's `~2.4` is 2.4, `~2` is 2."""
    kept = min(given, 2)
    return version >= wanted and version[:kept] == wanted[:kept]


_COMPARISONS: dict[str, Callable[[Version, Version, int], bool]] = {
    "==": lambda version, wanted, given: version == wanted,
    "===": lambda version, wanted, given: version == wanted,
    "!=": lambda version, wanted, given: version != wanted,
    "<=": lambda version, wanted, given: version <= wanted,
    ">=": lambda version, wanted, given: version >= wanted,
    "<": lambda version, wanted, given: version < wanted,
    ">": lambda version, wanted, given: version > wanted,
    "~=": _compatible,
    "^": _caret,
    "~": _tilde,
}
