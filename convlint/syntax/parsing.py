"""Text to tree: scan, guard, parse, lower.

Law: LibCST reads first; what it refuses, or could not read within its means, is refused only if the running
Python refuses it too.
"""

import ast
import gc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from convlint.source.tokens import scan
from convlint.syntax.fault import SyntaxFault
from convlint.syntax.limits import check_characters, measure


def parse(text: str, filename: str = "<string>") -> ast.Module:
    """The `ast` tree of Python source, read by LibCST and placed exactly.

    Lines and UTF-8 columns are those of the text without a byte order mark; raises SyntaxFault.
    """
    text = _normalized(text)
    with _unhindered():
        tree = _by_libcst(text)
    return tree if tree is not None else _by_python(text, filename)


def parse_fast(text: str, filename: str = "<string>") -> ast.Module:
    """The same tree for code that is evaluated but never linted, by Python's own parser where it can.

    Raises SyntaxFault. Deeper trees pass than through `parse`: whoever walks them minds the depth.
    """
    text = _normalized(text)
    try:
        return _by_python(text, filename)
    except SyntaxFault:
        tree = _by_libcst(text)
        if tree is None:
            raise
        return tree


def _normalized(text: str) -> str:
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    check_characters(text)
    return text


def _by_libcst(text: str) -> ast.Module | None:
    """None where LibCST does not read the text, or should not."""
    tokens = scan(text)
    if not measure(tokens).bearable:
        return None
    from convlint.syntax.concrete import lowered  # importing LibCST takes a quarter of a second

    return lowered(tokens)


@contextmanager
def _unhindered() -> Iterator[None]:
    """Parsing makes a million objects and no cycles: looking for some would take a third of its time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _by_python(text: str, filename: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, filename)
    except SyntaxError as error:
        raise SyntaxFault(error.msg, *_place(error, text)) from error
    except (RecursionError, MemoryError, ValueError, OverflowError) as error:
        raise SyntaxFault(str(error) or "nested too deeply to be parsed", 1, 1) from error


def _place(error: SyntaxError, text: str) -> tuple[int, int]:
    """Row and column of Python's complaint; of one about indentation, the line's first character."""
    row = error.lineno or 1
    if not isinstance(error, IndentationError):
        return row, max(error.offset or 1, 1)
    lines = text.split("\n", row)
    line = lines[row - 1] if row <= len(lines) else ""
    return row, len(line) - len(line.lstrip()) + 1
