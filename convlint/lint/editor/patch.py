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
    if before[max(start - 1, 0) : start + 1] == "\r\n":
        start -= 1
    if before[max(len(before) - last - 1, 0) : len(before) - last + 1] == "\r\n":
        last -= 1
    lines = Lines.of(before)
    (row, column), (end_row, end_column) = lines.place(start), lines.place(len(before) - last)
    content = after[start : len(after) - last]
    return Edit(content, Location(row, column + 1), Location(end_row, end_column + 1))
