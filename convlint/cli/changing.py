"""`--fix`, `--diff`, `--add-ignore`: what `convlint check` changes in files, or would."""

from __future__ import annotations

import difflib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from convlint.cli.engine import CheckResult, Engine
from convlint.cli.error import UsageError
from convlint.cli.terminal import Terminal
from convlint.config import Settings
from convlint.lint.finding import Applicability, Finding
from convlint.report.headline import place_of
from convlint.source.writing import UnwritableSource, write_source

_NO_END = "\\ No newline at end of file\n"


def fix(
    lint: Engine, result: CheckResult, settings: Settings, *, unsafe: bool, write: bool, terminal: Terminal
) -> tuple[CheckResult, Mapping[str, str]]:
    """What is left after the fixes, and the texts that they changed; written to the files if so wished.

    Raises UsageError for a file that cannot be written.
    """
    fixed = lint.fixed(result, settings, unsafe)
    if write:
        _write(result.texts, fixed.texts)
    for finding in fixed.dropped:
        place = place_of(finding.filename, finding.location, finding.cell)
        terminal.remark(f"{place}: the fix of {finding.code} was dropped: it would leave more to find")
    return fixed.result, fixed.texts


def add_ignores(lint: Engine, result: CheckResult, terminal: Terminal) -> int:
    """Write a suppressing comment for every finding; how many there were. Raises UsageError."""
    changed, left = lint.with_ignores(result)
    _write(result.texts, changed)
    for finding in left:
        place = place_of(finding.filename, finding.location, finding.cell)
        terminal.remark(f"{place}: no place for a comment ({finding.code})")
    return len(result.findings) - len(left)


def diff(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Unified diffs of the changed files, in the order of their names."""
    parts = []
    for name in sorted(after):
        lines = difflib.unified_diff(_lines(before[name]), _lines(after[name]), name, name)
        parts += [line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in lines]
    return "".join(parts)


def _lines(text: str) -> list[str]:
    """Lines with their ends, as Python's source has them: a form feed ends none."""
    return io.StringIO(text, newline="").readlines()


def remaining(findings: Sequence[Finding], unsafe: bool) -> str:
    """How many of the findings a fix would mend: a line for those who did not ask for fixes."""
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    safe = sum(each.applicability is Applicability.SAFE for each in fixes)
    rest = len(fixes) - safe
    words = []
    if safe:
        words.append(f"{safe} can be fixed with --fix")
    if rest and not unsafe:
        words.append(f"{rest} {'more ' if safe else ''}with --fix --unsafe-fixes")
    return ", ".join(words)


def _write(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    for name, text in after.items():
        try:
            write_source(str(Path(name)), before[name], text)
        except UnwritableSource as error:
            raise UsageError(str(error)) from error
