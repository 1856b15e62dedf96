"""A baseline: the findings of a project as they were once, so that only new ones are shown.

Law: an entry is a rule's code and the text of the line it sits on, not its number, so that a finding stays
known when lines move; it covers one finding, and is stale when none in its file is left for it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from convlint.lint.finding import Finding

LinesOf = Callable[[str, int | None], Sequence[str] | None]
"""The lines of a file, or of a notebook's cell."""


class BaselineError(Exception):
    """A baseline file that cannot be read or written; the text says why."""


class Entry(Struct, frozen=True, order=True):
    """A known finding: its file below the baseline's folder with `/`, its code, the text of its line."""

    file: str
    code: str
    line: str


class Compared(Struct, frozen=True):
    """The findings that are new, and the entries for which none was found in the files that were checked."""

    new: list[Finding]
    stale: list[Entry]


class Baseline(Struct, frozen=True):
    """The known findings of a baseline file, each as often as it is known."""

    path: Path
    entries: Counter[Entry]

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """Raises BaselineError."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            entries = [
                Entry(file, code, line)
                for file, known in found["findings"].items()
                for code, line in known
                if isinstance(code, str) and isinstance(line, str)
            ]
        except OSError as error:
            remedy = "; --update-baseline writes it" if isinstance(error, FileNotFoundError) else ""
            raise BaselineError(f"{path}: {error.strerror}{remedy}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BaselineError(f"{path}: it is no baseline; --update-baseline writes a new one") from error
        return cls(path, Counter(entries))

    @classmethod
    def of(cls, path: Path, findings: Iterable[Finding], lines: LinesOf) -> Baseline:
        """The baseline that knows these findings."""
        return cls(path, Counter(_entry(path, finding, lines) for finding in findings))

    def write(self) -> None:
        """Raises BaselineError."""
        by_file: dict[str, list[list[str]]] = {}
        for entry in sorted(self.entries.elements()):
            by_file.setdefault(entry.file, []).append([entry.code, entry.line])
        text = json.dumps({"version": 1, "findings": by_file}, indent=1, ensure_ascii=False) + "\n"
        try:
            self.path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise BaselineError(f"{self.path}: {error.strerror}") from error

    def compare(self, findings: Iterable[Finding], files: Iterable[str], lines: LinesOf) -> Compared:
        """What is new among the findings of these files, and what is stale."""
        left = Counter(self.entries)
        new = []
        for finding in findings:
            entry = _entry(self.path, finding, lines)
            if left[entry] > 0:
                left[entry] -= 1
            else:
                new.append(finding)
        checked = {_below(self.path, file) for file in files}
        return Compared(new, sorted(entry for entry in left.elements() if entry.file in checked))


def _entry(path: Path, finding: Finding, lines: LinesOf) -> Entry:
    text = lines(finding.filename, finding.cell)
    row = finding.location.row - 1
    line = text[row].strip() if text is not None and 0 <= row < len(text) else ""
    return Entry(_below(path, finding.filename), finding.code, line)


def _below(path: Path, file: str) -> str:
    try:
        return os.path.relpath(os.path.abspath(file), os.path.abspath(path.parent)).replace(os.sep, "/")
    except ValueError:  # on another drive
        return os.path.abspath(file).replace(os.sep, "/")
