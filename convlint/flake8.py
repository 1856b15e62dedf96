"""The plugin of flake8: what convlint finds in a file, as flake8 shows it (entry point `flake8.extension`).

The configuration is convlint's own; flake8 adds its `noqa` comments and its selection of codes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import convlint


class Plugin:
    """Runs on one file; flake8 makes one for each and hands over its lines as it read them."""

    name = "convlint"
    version = convlint.__version__

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        self._filename = "<stdin>" if filename in ("-", "stdin") else filename
        self._text = "".join(lines)

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Row from 1, column from 0, code and message on one line, and the plugin's type."""
        from convlint.report.escape import visible

        for finding in convlint.check_source(self._text, self._filename):
            message = visible(f"{finding.code} {finding.message}")
            yield finding.location.row, finding.location.column - 1, message, type(self)
