"""The lowering against `ast` on code that nobody wrote for the purpose: the running standard library."""

import ast
import sysconfig
import tokenize
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from convlint.source.tokens import scan
from convlint.syntax import parse
from convlint.syntax.concrete import lowered

Difference = Callable[[ast.AST, str], str | None]

LIBRARY = Path(sysconfig.get_path("stdlib"))
FILES = sorted(path for path in LIBRARY.rglob("*.py") if "site-packages" not in path.parts)


def compare(paths: Iterable[Path], difference: Difference) -> tuple[int, dict[str, str], int]:
    """How many files are equal, where others differ, and how many LibCST left to Python's parser."""
    equal, differing, left = 0, {}, 0
    for path in paths:
        try:
            with tokenize.open(path) as file:
                text = file.read()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(text)
        except (SyntaxError, UnicodeDecodeError, ValueError):
            continue  # deliberately broken files among the tests
        left += lowered(scan(text)) is None
        found = difference(parse(text), text)
        if found is None:
            equal += 1
        else:
            differing[str(path.relative_to(LIBRARY))] = found
    return equal, differing, left


def test_sample(difference: Difference) -> None:
    sample = [path for path in FILES if not {"test", "tests", "idle_test"} & set(path.parts)][::16]
    equal, differing, left = compare(sample, difference)
    assert differing == {}
    assert left == 0
    assert equal >= 35


@pytest.mark.long
def test_everything(difference: Difference) -> None:
    equal, differing, left = compare(FILES, difference)
    print(f"{equal} files equal, {left} left to Python's parser")
    assert differing == {}
    assert left <= 8
    assert equal > 1000
