"""The parts that a reader sees a file in: its classes and functions, each with all that stands inside."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from functools import lru_cache

WHOLE = "the file"


def part_at(text: str, row: int) -> str:
    """The outermost class or function around a row, in words; `the file` outside of any, and where this
    Python cannot parse the text.
    """
    return next((words for first, last, words in _parts(text) if first <= row <= last), WHOLE)


@lru_cache(maxsize=2)
def _parts(text: str) -> tuple[tuple[int, int, str], ...]:
    """First and last row of each part, and its words."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the text that is linted, not of convlint
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ()
    return tuple(
        (node.lineno, node.end_lineno or node.lineno, f"`{node.name}{_call(node)}`")
        for node in _definitions(tree)
    )


def _definitions(node: ast.AST) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """Classes and functions that stand in no other."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield child
        else:
            yield from _definitions(child)


def _call(node: ast.AST) -> str:
    return "" if isinstance(node, ast.ClassDef) else "()"
