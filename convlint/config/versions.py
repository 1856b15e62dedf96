"""Version requirements: comparisons joined by commas, all of which have to hold."""

import re
from collections.abc import Callable

_COMPARISON = re.compile(r"\s*(==|>=|<=|!=|~=|<|>)?\s*(\d[\w.]*)\s*")
_Release = tuple[int, ...]
_HOLDS: dict[str, Callable[[_Release, _Release], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
}


def admits(requirement: str, version: str) -> bool:
    """Whether the version meets `>=0.2,<1`; a bare one has to be equal, `~=1.4` is 1.4 up to before 2."""
    return all(_meets(part, _release(version)) for part in requirement.split(",") if part.strip())


def _meets(part: str, own: _Release) -> bool:
    match = _COMPARISON.fullmatch(part)
    if match is None:
        return False
    operator, wanted = match[1] or "==", _release(match[2])
    if operator == "~=":
        head = wanted[:-1] or wanted
        return _pair(own, wanted, ">=") and own[: len(head)] == head
    return _pair(own, wanted, operator)


def _pair(own: _Release, wanted: _Release, operator: str) -> bool:
    size = max(len(own), len(wanted))
    return _HOLDS[operator](own + (0,) * (size - len(own)), wanted + (0,) * (size - len(wanted)))


def _release(version: str) -> _Release:
    """The numbers of a version, without its suffixes: 1.2.0rc1 counts as 1.2.0."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(number) for number in found[0].split(".")) if found else (0,)
