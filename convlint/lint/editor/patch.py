"""The difference of two texts as one edit."""

from __future__ import annotations

from convlint.lint.finding import Edit, Location
from convlint.source.positions import Lines


def patch(before: str, after: str) -> Edit | None:
    """The edit that replaces the rows in which two texts differ; None where they are the same."""
    if before == after:
        return None
    start = 0
    most = min(len(before), len(after))
    while start < most and before[start] == after[start]:
        start += 1
    last = 0
    while last < most - start and before[-1 - last] == after[-1 - last]:
        last += 1
    # An edit must not begin or end inside a line break: some editors count \r\n as one.
    while start and before[start - 1] == "\r":
        start -= 1
    while last and before[len(before) - last] == "\n":
        last -= 1
    lines = Lines.of(before)
    (row, column), (end_row, end_column) = lines.place(start), lines.place(len(before) - last)
    content = after[start : len(after) - last]
    return Edit(content, Location(row, column + 1), Location(end_row, end_column + 1))
