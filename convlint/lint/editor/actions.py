"""What can be done about findings: apply a fix, or suppress them with a comment on their line."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from convlint.lint.editor.patch import patch
from convlint.lint.finding import Applicability, Edit, Finding
from convlint.lint.ignoring import with_ignores


class Action(Struct, frozen=True):
    """Edits of the findings' file under a title; `preferred` where it changes nothing that is computed."""

    title: str
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]
    preferred: bool = False


def fixes(findings: Iterable[Finding]) -> Iterator[Action]:
    """The fix of each finding that has one; an unsafe one says so."""
    for finding in findings:
        if finding.fix is None:
            continue
        safe = finding.fix.applicability is Applicability.SAFE
        title = f"{finding.code}: {finding.fix.message}" + ("" if safe else " (changes shapes or weights)")
        yield Action(title, finding.fix.edits, (finding,), preferred=safe)


def ignores(text: str, findings: Sequence[Finding]) -> Iterator[Action]:
    """A comment for each code found on a row, where there is a place; `text` may be a cell's."""
    done: set[tuple[int, str]] = set()
    for finding in findings:
        key = finding.location.row, finding.code
        if key in done:
            continue
        done.add(key)
        asked = replace(finding, filename="text", cell=None)
        changed, _ = with_ignores({"text": text}, [asked], _tree if finding.cell is None else _tree_of_cell)
        edit = patch(text, changed["text"]) if changed else None
        if edit is not None:
            edit = replace(edit, cell=finding.cell)
            yield Action(f"{finding.code}: ignore on this line", (edit,), (finding,))


def _tree(text: str, filename: str) -> ast.Module | None:
    """The tree by this Python's own parser: only whether two texts have the same one matters."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _tree_of_cell(text: str, filename: str) -> ast.Module | None:
    """The tree of a cell, with IPython's syntax replaced."""
    from convlint.source.notebooks import python_of

    return _tree(python_of(text), filename)
