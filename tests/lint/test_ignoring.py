"""Suppressing comments are written where they change nothing of the program."""

from __future__ import annotations

import ast

import pytest

from convlint.lint.finding import Finding, Location, Severity
from convlint.lint.ignoring import with_ignores


def tree_of(text: str, name: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except SyntaxError:
        return None


def ignored(text: str, row: int, *codes: str) -> tuple[str | None, int]:
    findings = [
        Finding(code, "n", Severity.WARNING, "m", "a.py", Location(row, 1), Location(row, 2))
        for code in codes
    ]
    texts, left = with_ignores({"a.py": text}, findings, tree_of)
    return texts.get("a.py"), len(left)


@pytest.mark.parametrize(
    ("text", "row", "codes", "expected"),
    [
        ("a = 1\n", 1, ("CL201",), "a = 1  # convlint: ignore[CL201]\n"),
        ("a = 1  \r\nb\r\n", 1, ("CL201", "CL301"), "a = 1  # convlint: ignore[CL201, CL301]\r\nb\r\n"),
        ("a = 1  # why", 1, ("CL201",), "a = 1  # why  # convlint: ignore[CL201]"),
        ("a  # convlint: ignore[CL3]\n", 1, ("CL201",), "a  # convlint: ignore[CL3, CL201]\n"),
        ("f(\n    x,\n)\n", 2, ("CL201",), "f(\n    x,  # convlint: ignore[CL201]\n)\n"),
    ],
)
def test_where_a_comment_goes(text: str, row: int, codes: tuple[str, ...], expected: str) -> None:
    assert ignored(text, row, *codes) == (expected, 0)


@pytest.mark.parametrize("text", ["a = '''x\ny'''\n", "a = 1 + \\\n 2\n"])
def test_no_place_for_a_comment(text: str) -> None:
    assert ignored(text, 1, "CL201") == (None, 1)


def test_no_comment_about_a_comment() -> None:
    assert ignored("a  # convlint: ignore[CL3]\n", 1, "CL001") == (None, 0)
