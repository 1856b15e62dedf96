"""How far a comment reaches: the rows of the statement or expression that it stands on or above.

Law: on the first row of a logical line (a simple statement, a header up to its colon) a comment reaches all
of it; on a later row, what begins there or what the closing brackets that begin the row end; on a row of its
own, the next statement with its body, or inside brackets the next expression.
"""

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from convlint.source.positions import Lines
from convlint.source.tokens import Tokens


class Rows(Struct, frozen=True):
    """Rows from first to last, both included; without a last one, to the end of the file."""

    first: int
    last: int | None

    def __contains__(self, row: int) -> bool:
        return self.first <= row and (self.last is None or row <= self.last)


class Extents:
    """The rows of a file's statements; without a tree, of its logical lines only."""

    def __init__(self, tokens: Tokens, lines: Lines, tree: ast.Module | None) -> None:
        self._tokens = tokens
        self._tree = tree
        self._begin_rows = [lines.place(start)[0] for start in tokens.starts]
        self._end_rows = [lines.place(end)[0] for end in tokens.ends]
        firsts = tokens.logical_lines
        lasts = [*(index - 1 for index in firsts[1:]), len(tokens.starts) - 1]
        self._logical = [
            Rows(self._begin_rows[a], self._end_rows[b]) for a, b in zip(firsts, lasts, strict=True)
        ]
        self._logical_starts = [rows.first for rows in self._logical]

    def of_line(self, row: int) -> Rows:
        """What a comment behind code on this row reaches."""
        logical = self._logical_at(row)
        if logical is None:
            return Rows(row, row)
        closes = self._closes(row)
        if row == logical.first or (closes and row == logical.last):
            return logical
        return self._widest(row, closes, logical)

    def below(self, row: int) -> Rows:
        """What a comment alone on this row reaches."""
        following = self._next_code(row)
        if following is None:
            return Rows(row, row)
        logical = self._logical_at(row)
        if logical is not None:
            return Rows(row, self._widest(following, False, logical).last)
        statement = self._statement(following)
        if statement is not None:
            return Rows(row, statement.end_lineno)
        after = self._logical_at(following)
        return Rows(row, after.last if after is not None else following)

    def statement_at(self, row: int) -> int | None:
        """The row, as `ast` has it, of the statement whose logical line holds this row."""
        logical = self._logical_at(row)
        return self._own_row(logical.first) if logical is not None else None

    def next_statement(self, row: int) -> int | None:
        """The row, as `ast` has it, of the statement that follows this row, or that it lies within."""
        if self._logical_at(row) is not None:
            return self.statement_at(row)
        following = self._next_code(row)
        return self._own_row(following) if following is not None else None

    def _own_row(self, row: int) -> int:
        statement = self._statement(row)
        return statement.lineno if statement is not None else row

    def _logical_at(self, row: int) -> Rows | None:
        index = bisect_right(self._logical_starts, row) - 1
        if index < 0 or row not in self._logical[index]:
            return None
        return self._logical[index]

    def _next_code(self, row: int) -> int | None:
        index = bisect_right(self._begin_rows, row)
        return self._begin_rows[index] if index < len(self._begin_rows) else None

    def _closes(self, row: int) -> bool:
        """Whether a row begins with a closing bracket."""
        index = bisect_left(self._begin_rows, row)
        return index < len(self._begin_rows) and self._tokens.texts[index] in (")", "]", "}")

    def _widest(self, row: int, closes: bool, within: Rows) -> Rows:
        """The most rows of an expression that begins on this row, or ends on it where the row closes it."""
        first = last = row
        for begin, end in self._tall:
            if begin == row:
                last = max(last, end)
            if closes and end == row and begin > within.first:
                first = min(first, begin)
        return Rows(first, last)

    @cached_property
    def _tall(self) -> list[tuple[int, int]]:
        """First and last row of every expression that has more than one."""
        rows = {
            (node.lineno, node.end_lineno or node.lineno)
            for node in ast.walk(self._tree or ast.Module([], []))
            if isinstance(node, ast.expr | ast.keyword)
        }
        return sorted((begin, end) for begin, end in rows if begin < end)

    def _statement(self, row: int) -> ast.stmt | None:
        """The outermost statement that begins on a row, decorators included."""
        body: list[ast.stmt] = self._tree.body if self._tree is not None else []
        while True:
            for statement in body:
                begin = _first_row(statement)
                if begin == row:
                    return statement
                if begin < row <= (statement.end_lineno or begin):
                    body = list(_children(statement))
                    break
            else:
                return None


def _first_row(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _children(statement: ast.stmt) -> Iterator[ast.stmt]:
    for node in ast.iter_child_nodes(statement):
        if isinstance(node, ast.stmt):
            yield node
        elif isinstance(node, ast.ExceptHandler | ast.match_case):
            yield from node.body
