"""The files that are linted: their names as the user gave them, their text, and positions in code points.

Law: a notebook is here the program that its cells make.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from convlint.lint.cells import Notebooks
from convlint.lint.finding import Location, Severity
from convlint.source.positions import Lines

if TYPE_CHECKING:
    from convlint.trace import Span


class Voice(Protocol):
    """The rule in whose name a finding speaks."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def url(self) -> str | None: ...


class Sources:
    """Linted files by the name they are shown under; findings sit only in these."""

    def __init__(
        self, texts: Mapping[str, str], top: Path | None = None, notebooks: Notebooks | None = None
    ) -> None:
        self.notebooks = Notebooks() if notebooks is None else notebooks
        self._top = top
        self._majors: dict[str, frozenset[int]] = {}
        self._texts = dict(texts)
        self._names = {os.path.abspath(name): name for name in texts}
        self._seen: dict[str, str | None] = {name: name for name in texts}
        self._lines: dict[str, Lines] = {}
        self.voice: Voice | None = None
        """The rule that looks at a subject now: what it finds, it finds in this name."""

    def shown(self, filename: str) -> str | None:
        """The name of a linted file, however the interpreter came by it; None for any other file."""
        if filename not in self._seen:
            self._seen[filename] = self._names.get(os.path.abspath(filename))
        return self._seen[filename]

    def accepts(self, filename: str) -> bool:
        """Whether the file is linted."""
        return self.shown(filename) is not None

    def program(self, name: str) -> str:
        """The Python of a linted file: its text, or of a notebook all cells as one module."""
        return self._texts.get(name, "")

    def lines(self, name: str) -> Lines | None:
        """The lines of a linted file, by the name it is shown under."""
        if name not in self._lines and name in self._texts:
            self._lines[name] = Lines.of(self._texts[name])
        return self._lines.get(name)

    def keras_majors(self, filename: str) -> frozenset[int]:
        """The major versions of Keras that the project of a file leaves open; all for a text without a file.

        What stands above the folder of the configuration does not belong to the project.
        """
        from convlint.lint.versions import MAJORS, keras_majors

        folder = os.path.dirname(os.path.abspath(filename))
        if filename.startswith("<"):
            return MAJORS
        if folder not in self._majors:
            self._majors[folder] = keras_majors(Path(folder), self._top)
        return self._majors[folder]

    def locate(self, span: Span) -> tuple[str, Location, Location]:
        """A span of a linted file as the name, start and end that a finding carries. Raises ValueError."""
        name = self.shown(span.filename)
        lines = None if name is None else self.lines(name)
        if name is None or lines is None:
            raise ValueError(f"{span.filename} is not linted")
        start = Location(span.row, lines.from_bytes(span.row, span.column) + 1)
        end = Location(span.end_row, lines.from_bytes(span.end_row, span.end_column) + 1)
        return name, start, end

    def part(self, span: Span) -> str:
        """The class or function of a linted file that a span stands in, in words; else `the file`."""
        from convlint.lint.parts import WHOLE, part_at

        name = self.shown(span.filename)
        return WHOLE if name is None else part_at(self.program(name), span.row)

    def text(self, span: Span) -> str:
        """What stands in a span of a linted file, on its first row."""
        name = self.shown(span.filename)
        lines = None if name is None else self.lines(name)
        if lines is None:
            return ""
        line = lines.line(span.row).encode("utf-8", "surrogatepass")
        end = span.end_column if span.end_row == span.row else len(line)
        return line[span.column : end].decode("utf-8", "ignore")
