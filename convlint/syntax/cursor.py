"""Where the lowering stands in the tokens: a node's place is that of its first and last token.

Law: every leaf of the concrete tree is the next token of the text, so a walk in source order needs no
white space to know where it is; a leaf that is not the next token stops the lowering.
"""

import ast
from bisect import bisect_right
from itertools import accumulate
from typing import TypeVar

from convlint.source.tokens import Tokens
from convlint.syntax.fault import SyntaxFault, fault_at

Node = TypeVar("Node", bound=ast.AST)
Place = tuple[int, int]
"""A line, from 1, and a column in UTF-8 bytes, from 0."""


def placed(node: Node, begin: Place, end: Place) -> Node:
    """The node itself, now with a place."""
    node.lineno, node.col_offset = begin  # type: ignore[attr-defined]
    node.end_lineno, node.end_col_offset = end  # type: ignore[attr-defined]
    return node


class Misplaced(Exception):
    """A leaf of the concrete tree that is not the next token."""


class Cursor:
    """A place in the tokens of a text; `i` is the index of the next token."""

    __slots__ = ("begins", "ends", "i", "tokens")

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.i = 0
        self.begins, self.ends = _byte_positions(tokens)

    def at(self, start: int, node: Node) -> Node:
        """Give the node the place from token `start` to the last one taken."""
        return placed(node, self.begins[start], self.ends[self.i - 1])

    def between(self, start: int, last: int, node: Node) -> Node:
        """Give the node the place from token `start` to token `last`."""
        return placed(node, self.begins[start], self.ends[last])

    def leaf(self, text: str) -> int:
        """Take the next token, which must read `text`; its index."""
        index = self.i
        if index >= len(self.begins) or self.tokens.texts[index] != text:
            raise Misplaced(text)
        self.i = index + 1
        return index

    def finish(self) -> None:
        """No token may be left."""
        if self.i != len(self.begins):
            raise Misplaced

    def fault(self, message: str) -> SyntaxFault:
        """A fault at the next token."""
        return fault_at(self.tokens, self.i, message)


def _byte_positions(tokens: Tokens) -> tuple[list[Place], list[Place]]:
    """Line and UTF-8 column of every token's start and end, as `ast` counts them."""
    lines = tokens.text.split("\n")
    line_starts = [0, *accumulate(len(line) + 1 for line in lines)]
    wide = {row for row, line in enumerate(lines) if not line.isascii()}

    def place(offset: int, row: int) -> Place:
        start = line_starts[row]
        if row in wide:
            return row + 1, len(lines[row][: offset - start].encode("utf-8", "surrogatepass"))
        return row + 1, offset - start

    begins, ends = [], []
    row, following = 0, line_starts[1]
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        if start >= following:
            row = bisect_right(line_starts, start, row) - 1
            following = line_starts[row + 1]
        begins.append(place(start, row))
        ends.append(place(end, row if end < following else bisect_right(line_starts, end, row) - 1))
    return begins, ends
