"""The oracle of this folder: the running Python's own `ast`."""

import ast
import sys
import warnings
from collections.abc import Callable

import pytest

Difference = Callable[[ast.AST, str], str | None]


def _comparable(tree: ast.AST) -> str:
    """Every field and place; inside f-strings places only where `ast` has them right (3.12 and newer)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            # 3.12.0 and 3.12.1 leave empty texts behind format specifications.
            node.values = [v for v in node.values if not (isinstance(v, ast.Constant) and v.value == "")]
            if sys.version_info < (3, 12):
                for inner in ast.walk(node):
                    if inner is not node and hasattr(inner, "lineno"):
                        inner.lineno = inner.col_offset = inner.end_lineno = inner.end_col_offset = 0
    return ast.dump(tree, include_attributes=True)


def _difference(tree: ast.AST, text: str) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = _comparable(ast.parse(text))
    actual = _comparable(tree)
    if actual == expected:
        return None
    pairs = enumerate(zip(actual, expected, strict=False))
    first = next((i for i, (a, b) in pairs if a != b), min(len(actual), len(expected)))
    return f"{actual[max(first - 120, 0) : first + 60]}\n!=\n{expected[max(first - 120, 0) : first + 60]}"


@pytest.fixture(scope="session")
def difference() -> Difference:
    """Where a tree departs from what `ast.parse` makes of the text; None where it does not."""
    return _difference
