"""Comments that suppress what is found: `# convlint: ignore[CODE]` at the end of a finding's line.

Law: a comment changes nothing of the program, so its syntax tree stays the same; where it would not (inside a
string, before a continued line) none is added.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from convlint.lint.finding import Edit, Finding, Location
from convlint.lint.fixing import applied
from convlint.source.positions import Lines

_OURS = re.compile(r"#[ \t]*convlint:[ \t]*ignore\[(?P<codes>[^\]]*)\]")
META = "CL001"
TreeOf = Callable[[str, str], ast.Module | None]
"""The tree of a text, with its file's name; None where it is syntactically wrong."""


def with_ignores(
    texts: Mapping[str, str], findings: Iterable[Finding], tree_of: TreeOf
) -> tuple[dict[str, str], list[Finding]]:
    """The files with comments for these findings; and the findings for which there is no place."""
    by_file: dict[str, dict[int, list[Finding]]] = {}
    left: list[Finding] = []
    for finding in findings:
        if finding.code == META:
            continue  # a comment about a comment helps nobody
        if finding.cell is None and finding.filename in texts:
            by_file.setdefault(finding.filename, {}).setdefault(finding.location.row, []).append(finding)
        else:
            left.append(finding)
    changed = {}
    for name, rows in by_file.items():
        text = texts[name]
        for row, found in sorted(rows.items()):
            added = applied(text, [_comment(text, row, [f.code for f in found])])
            if _same(tree_of(text, name), tree_of(added, name)):
                text = added
            else:
                left += found
        if text != texts[name]:
            changed[name] = text
    return changed, left


def _comment(text: str, row: int, codes: Sequence[str]) -> Edit:
    """The line with the codes in its comment, or with a comment."""
    line = Lines.of(text).line(row)
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
