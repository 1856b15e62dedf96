"""Annotated notebooks: each finding is expected in its cell, on its row, and each expectation is met."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from convlint.config import Settings
from convlint.lint.engine import check_paths
from convlint.source.files import read_source
from convlint.source.notebooks.layout import layout_of

FIXTURES = Path(__file__).parents[1] / "fixtures" / "notebooks"
FILES = sorted(FIXTURES.glob("*.ipynb"))
_EXPECT = re.compile(r'(?<!never )expect: (CL\d{3}) "([^"]*)"')


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_findings(path: Path) -> None:
    expected = [
        (number, row, match[1], match[2])
        for number, cell in enumerate(layout_of(read_source(path).text).cells, 1)
        for row, line in enumerate((cell.written.text if cell.written else "").splitlines(), 1)
        for match in _EXPECT.finditer(line)
    ]
    checked = check_paths([path], Settings(extend_select=("CL002",)))
    found = [(f.cell, f.location.row, f.code, f.message) for f in checked.findings]
    assert [each[:3] for each in found] == [each[:3] for each in expected]
    for (*_, message), (*_, words) in zip(found, expected, strict=True):
        assert words in message
    for finding in checked.findings:
        lines = checked.lines(finding.filename, finding.cell)
        assert lines is not None
        assert "expect: " in lines[finding.location.row - 1]


def test_every_kind_of_notebook_is_there() -> None:
    assert len(FILES) >= 7
