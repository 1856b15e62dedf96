"""IPython's own syntax in a cell, put in words of Python: magics, shell lines, questions, prompts.

Law: every row stays where it is, and so does every column of what is Python; what a magic may bind becomes
unknown, never a value. The order of the transformations is IPython's (`IPython/core/inputtransformer2.py`).
"""

import ast
import re
from bisect import bisect_right
from itertools import accumulate, pairwise

from msgspec import Struct

from convlint.source.notebooks.magic_names import FOREIGN_CELLS, HARMLESS, PYTHON_CELLS
from convlint.source.tokens import scan

ANYTHING = 'exec("")'
"""The statement that stands for code which is not in the source: it may have bound any name."""
_UNKNOWN = "get_ipython()"
_NOTHING = "pass"

_CELL = re.compile(r"%%(?P<name>[^\W\d][\w.-]*|!)?(?P<rest>.*)", re.DOTALL)
_TIMED = re.compile(r"%(?:time|timeit|prun|memit)(?:[ \t]+-{1,2}\w+(?:[ \t]+\d+)?)*[ \t]+(?=[^\s-])")
_RUN = re.compile(r"%run[ \t]+(?:-\w+[ \t]+)*(?:\./)?(?P<module>[^\W\d]\w*)(?:\.py)?[ \t]*(?:#.*)?$")
_CAPTURE = re.compile(r"[ \t]+(?:--\S+[ \t]+)*(?P<name>[^\W\d]\w*)")
_HELP = re.compile(r"%{0,2}(?!\d)[\w*]+(?:\.\w+|\[-?[0-9]+\])*\?\??$")
_CANDIDATE = re.compile(r"^[ \t]*[%!?,;/]|=[ \t]*[%!]|\?[ \t]*$")
_PROMPTS = (
    (re.compile(r">>>(?: |$)"), re.compile(r"(?:>>>|\.\.\.)(?: |$)")),
    (re.compile(r"In \[\d+\]: "), re.compile(r"(?:In \[\d+\]: |[ \t]*\.{3,}: ?)")),
)
_WORD = re.compile(r"([^\W\d]\w*)[ \t]+[\w./~$\"'-]")
_QUOTES = ("'", '"')
_FIRST_LINES = 4


class Plain(Struct, frozen=True):
    """A cell's rows as Python, and how many columns were cut from the left of each."""

    lines: tuple[str, ...]
    cut: tuple[int, ...]


def plain(lines: tuple[str, ...]) -> Plain:
    """The rows of a cell with IPython's syntax replaced."""
    cut, rows = _undressed(lines)
    first = next((n for n, row in enumerate(rows) if row.strip() and not row.lstrip().startswith("#")), None)
    if first is not None and rows[first].startswith("%%") and not re.match(r"%%\w+\?", rows[first]):
        return Plain(tuple(_cell_magic(rows, first)), cut)
    return Plain(tuple(_line_magics(rows)), cut)


def _undressed(lines: tuple[str, ...]) -> tuple[tuple[int, ...], list[str]]:
    """The rows without the first one's indentation and without prompts; what was cut from each."""
    first = next((row for row in lines if row.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    rows = [row[len(indent) :] if indent and row.startswith(indent) else row for row in lines]
    for begins, prompt in _PROMPTS:
        if begins.match(first.lstrip(" \t")):
            matches = [prompt.match(row) for row in rows]
            rows = [row[match.end() :] if match else row for row, match in zip(rows, matches, strict=True)]
    return tuple(len(old) - len(new) for old, new in zip(lines, rows, strict=True)), rows


# -- a cell that begins with %% ------------------------------------------------------------------------------


def _cell_magic(rows: list[str], first: int) -> list[str]:
    match = _CELL.match(rows[first])
    name = (match["name"] or "") if match else ""
    rest = match["rest"] if match else ""
    blank = [""] * len(rows)
    if name in PYTHON_CELLS:
        captured = _CAPTURE.match(rest) if name == "capture" else None
        head = "" if captured is None else f"{captured['name']} = {_UNKNOWN}"
        return [*rows[:first], head, *_line_magics(rows[first + 1 :])]
    if name == "timeit":
        body = _line_magics(rows[first + 1 :])
        return blank if _binds("\n".join(body)) else [*rows[:first], "", *body]
    if name not in FOREIGN_CELLS or "--out" in rest or "--err" in rest or "--proc" in rest:
        blank[first] = ANYTHING
    return blank


def _binds(text: str) -> bool:
    """Whether the text binds a name, which `%%timeit` keeps to itself; so does what is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    bound = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return any(
        isinstance(node, bound) or (isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
        for node in ast.walk(tree)
    )


# -- lines of IPython among lines of Python ------------------------------------------------------------------


def _line_magics(rows: list[str]) -> list[str]:
    """Blank what is no Python, line by line; each time the scan begins anew behind it."""
    rows = _without_percent(rows)
    if not any(_CANDIDATE.search(row) for row in rows):
        return rows
    at, most = 0, _FIRST_LINES
    while at < len(rows):
        part = rows[at : at + most]
        found, complete = _first_special(part)
        if found is not None:
            at, most = at + _replace(rows, at, found), _FIRST_LINES
        elif at + most >= len(rows):
            break
        elif complete:
            at, most = at + complete, _FIRST_LINES
        else:
            most *= 2
    return rows


def _without_percent(rows: list[str]) -> list[str]:
    """A cell's first line may be a magic without its sign, `pip install torch`, where it is no Python."""
    first = next((number for number, row in enumerate(rows) if row.strip()), 0)
    rows = list(rows)
    word = _WORD.match(rows[first]) if rows else None
    if word is None or (word[1] not in HARMLESS and word[1] != "run"):
        return rows
    try:
        ast.parse(rows[first])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        statement = _statement("%" + rows[first])
        timed = statement.startswith("1;")  # one column less stands before what is timed
        rows[first] = "1;" + statement[3:] if timed else statement
    return rows


class _Special(Struct, frozen=True):
    """What is not Python: from a row and column to the end of its logical line, and what stands for it."""

    row: int
    column: int
    by: str
    last: int | None = None


def _first_special(part: list[str]) -> tuple[_Special | None, int]:
    """The first line of IPython, and else how many rows are whole logical lines."""
    tokens = scan("\n".join(part) + "\n")
    starts = [0, *accumulate(len(row) + 1 for row in part)]
    bounds = [*tokens.logical_lines, len(tokens.texts)]
    row = 0
    for first, end in pairwise(bounds):
        row = bisect_right(starts, tokens.starts[first]) - 1
        last = bisect_right(starts, tokens.starts[end - 1]) - 1
        texts = tokens.texts[first:end]
        special = _special(part, row, tokens.starts[first] - starts[row], last, texts)
        if special is not None:
            return special, 0
        index = _assigned(texts)
        if index is not None:
            start = tokens.starts[first + index]
            of = bisect_right(starts, start) - 1
            return _Special(of, start - starts[of], _UNKNOWN), 0
        if any(text in _QUOTES for text in texts):  # a string that ends below this part, or nowhere
            break
    return None, row


def _special(part: list[str], row: int, column: int, last: int, texts: list[str]) -> _Special | None:
    """A logical line that begins with an escape, or asks for help."""
    if texts[0][0] in "%!?,;/":
        return _Special(row, column, _statement(part[row][column:]))
    if texts[-1] == "?" and _HELP.search("".join(part[row : last + 1])):
        return _Special(row, column, _NOTHING, last)
    return None


def _assigned(texts: list[str]) -> int | None:
    """Where the value of an assignment is a magic or a shell command."""
    depth = 0
    for index, token in enumerate(texts[:-1]):
        if token in ("(", "[", "{"):
            depth += 1
        elif token in (")", "]", "}"):
            depth -= 1
        elif token == "=" and not depth:
            return index + 1 if index and texts[index + 1] in ("%", "!") else None
    return None


def _statement(text: str) -> str:
    """What stands for an escaped line: the statement that is timed, an import of what is run, or a word."""
    if text[0] != "%":
        return _NOTHING
    timed = _TIMED.match(text)
    if timed is not None and _simple(text[timed.end() :], binds=text.startswith(("%time ", "%time\t"))):
        return "1;" + " " * (timed.end() - 2) + text[timed.end() :]
    ran = _RUN.match(text)
    if ran is not None:
        return f"from {ran['module']} import *"
    name = re.match(r"%+([^\W\d]\w*)?", text)
    return _NOTHING if name is not None and name[1] in HARMLESS and timed is None else _leftover(text)


def _leftover(text: str) -> str:
    """A timed statement that cannot stand on the line binds what it binds; `%timeit` nothing."""
    return _NOTHING if text.startswith(("%timeit", "%memit", "%prun")) else ANYTHING


def _simple(text: str, *, binds: bool) -> bool:
    """Whether the text is one line of simple statements, that bind names only where they may."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(body) and not any(hasattr(node, "body") for node in body) and (binds or not _binds(text))


def _replace(rows: list[str], at: int, found: _Special) -> int:
    """Put the statement in place, blank the rows that continue it; how many rows are done."""
    row = at + found.row
    last = row if found.last is None else at + found.last
    while found.last is None and rows[last].endswith("\\") and last + 1 < len(rows):
        last += 1
    rows[row] = rows[row][: found.column] + found.by
    rows[row + 1 : last + 1] = [""] * (last - row)
    return last + 1 - at
