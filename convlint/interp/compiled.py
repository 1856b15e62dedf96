"""Source as it is evaluated: each file is read and compiled once, whatever reads it, however often it runs.

A tree and its compiled statements hold nothing of a run, so every loader of the process shares them.
"""

from __future__ import annotations

import ast
import re
from collections import OrderedDict
from pathlib import Path

from msgspec import Struct, field

from convlint.interp.expressions import Context
from convlint.interp.frame import Statement
from convlint.source.files import read_source

MAX_SOURCE = 2_000_000
MAX_KEPT = 600_000
"""Words of source whose trees are kept, of which code has one in eight characters; the least recently used
go first.
"""
_WORD = re.compile(r"\w+")


class Compiled(Struct):
    """A file: its text, its tree, and its statements as far as they were compiled."""

    text: str
    tree: ast.Module
    words: int = 0
    """What reading it cost: names, keywords and numbers."""
    statements: dict[int, Statement] = field(default_factory=dict)
    """By position in the tree's body."""

    def statement(self, index: int, context: Context) -> Statement:
        """One statement of the file, compiled now if it was not yet."""
        found = self.statements.get(index)
        if found is None:
            from convlint.interp.statements import statement  # it imports the loader, which reads here

            found = self.statements[index] = statement(self.tree.body[index], context)
        return found


_Key = tuple[str, int, int]
_kept: OrderedDict[_Key, Compiled] = OrderedDict()


def compiled(path: Path) -> Compiled:
    """The file, parsed now if it was not yet or has changed. Raises OSError, ValueError or SyntaxError."""
    found = path.stat()
    key = (str(path), found.st_mtime_ns, found.st_size)
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    made = _read(path, found.st_size)
    if made.words > MAX_KEPT // 4:
        return made
    _kept[key] = made
    total = sum(each.words for each in _kept.values())
    while total > MAX_KEPT and len(_kept) > 1:
        total -= _kept.popitem(last=False)[1].words
    return made


def compiled_text(text: str, name: str) -> Compiled:
    """A text as if it stood in the file. Raises ValueError or SyntaxError."""
    from convlint.syntax import parse_fast

    return Compiled(text, parse_fast(text, name), len(_WORD.findall(text)))


def _read(path: Path, size: int) -> Compiled:
    if size > MAX_SOURCE:
        raise ValueError("the file is too large")
    return compiled_text(read_source(path).text, str(path))
