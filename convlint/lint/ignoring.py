"""Comments that suppress what is found: `# convlint: ignore[CODE]` at the end of a finding's line.

Law: a comment changes nothing of the program, so its syntax tree stays the same; where it would not (inside a
string, before a continued line) none is added.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec.structs import replace

from convlint.lint.finding import Edit, Finding, Location
from convlint.lint.fixing import applied
from convlint.source.positions import Lines

_OURS = re.compile(r"#[ \t]*convlint:[ \t]*ignore\[(?P<codes>[^\]]*)\]")
META = "CL001"
LinesOf = Callable[[str, int | None], Sequence[str] | None]
"""The lines of a file, or of a notebook's cell."""
TreeOf = Callable[[str, str], ast.Module | None]
"""The tree of a text, with its file's name; None where it is syntactically wrong."""


def with_ignores(
    texts: Mapping[str, str], findings: Iterable[Finding], tree_of: TreeOf, lines_of: LinesOf | None = None
) -> tuple[dict[str, str], list[Finding]]:
    """The files with comments for these findings; and the findings for which there is no place."""
    if lines_of is None:

        def lines_of(name: str, cell: int | None) -> Sequence[str]:
            return Lines.of(texts[name]).lines

    by_file: dict[str, dict[tuple[int | None, int], list[Finding]]] = {}
    left: list[Finding] = []
    for finding in findings:
        if finding.code == META:
            continue  # a comment about a comment helps nobody
        if finding.filename in texts:
            place = finding.cell, finding.location.row
            by_file.setdefault(finding.filename, {}).setdefault(place, []).append(finding)
        else:
            left.append(finding)
    changed = {}
    for name, rows in by_file.items():
        text = texts[name]
        for (cell, row), found in sorted(rows.items(), key=lambda each: (each[0][0] or 0, each[0][1])):
            lines = lines_of(name, cell) or ()
            line = lines[row - 1] if row <= len(lines) else ""
            edit = replace(_comment(line, row, [f.code for f in found]), cell=cell)
            added = applied(text, [edit])
            if _same(tree_of(text, name), tree_of(added, name)):
                text = added
            else:
                left += found
        if text != texts[name]:
            changed[name] = text
    return changed, left


def _comment(line: str, row: int, codes: Sequence[str]) -> Edit:
    """The line with the codes in its comment, or with a comment."""
    match = _OURS.search(line)
    if match is None:
        end = Location(row, len(line.rstrip()) + 1)
        return Edit(
            f"  # convlint: ignore[{', '.join(dict.fromkeys(codes))}]", end, Location(row, len(line) + 1)
        )
    known = [code.strip() for code in match["codes"].split(",") if code.strip()]
    start, end = (Location(row, place + 1) for place in match.span("codes"))
    return Edit(", ".join(dict.fromkeys((*known, *codes))), start, end)


def _same(before: ast.Module | None, after: ast.Module | None) -> bool:
    return before is not None and after is not None and ast.dump(before) == ast.dump(after)
