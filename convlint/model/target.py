"""TARGET: `file.py`, `file.py:EXPR`, `package.module:EXPR`; which module to evaluate and what in it."""

from __future__ import annotations

import ast
from pathlib import Path

from msgspec import Struct


class TargetError(Exception):
    """The target cannot be found or read; the text says why, for a person."""


class Target(Struct, frozen=True):
    """`file` or `module` (the other is None), and the expression evaluated in it (None: every model)."""

    file: Path | None
    module: str | None
    expression: str | None


def parse_target(text: str) -> Target:
    """Read a target. Raises `TargetError` for an expression that is not a name or a call."""
    place, separator, expression = _split(text)
    if separator and not expression:
        raise TargetError(f"{text}: an expression is missing after the colon")
    if expression:
        check_expression(expression)
    if place.endswith((".py", ".pyi")) or "/" in place or "\\" in place:
        return Target(Path(place), None, expression or None)
    if not all(part.isidentifier() for part in place.split(".")):
        raise TargetError(f"{place}: neither a Python file nor a module's dotted name")
    return Target(None, place, expression or None)


def _split(text: str) -> tuple[str, str, str]:
    """At the first colon that is not a drive's ("C:\\net.py:Net")."""
    start = 2 if len(text) > 2 and text[1] == ":" and text[2] in "\\/" else 0
    place, separator, expression = text[start:].partition(":")
    return text[:start] + place, separator, expression.strip()


def check_expression(text: str) -> ast.expr:
    """Parse EXPR: a name, a dotted name or a call. Raises `TargetError`."""
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise TargetError(f"`{text}` is not a Python expression: {error}") from None
    if not isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
        raise TargetError(f"`{text}` is neither a name nor a call")
    return node
