"""Python's words for a call with the wrong number of arguments."""

from __future__ import annotations

from collections.abc import Sequence


def surplus(least: int, most: int, given: int) -> str:
    """What is said where too many positional arguments are given."""
    span = str(most) if least == most else f"from {least} to {most}"
    plural = "" if least == most == 1 else "s"
    return f"takes {span} positional argument{plural} but {given} {'was' if given == 1 else 'were'} given"


def shortage(missing: Sequence[str], kind: str = "positional") -> str:
    """What is said where required arguments are missing."""
    names = [f"'{name}'" for name in missing]
    several = len(names) > 2
    shown = ", ".join(names[:-1]) + f", and {names[-1]}" if several else " and ".join(names)
    return f"missing {len(names)} required {kind} argument{'s' * (len(names) > 1)}: {shown}"
