"""Notebooks read as programs: which cells count, where their rows stand, and what is no notebook."""

from __future__ import annotations

import json
from typing import Any

import pytest

from convlint.source.notebooks import NotebookFault, read_notebook

CODE: dict[str, Any] = {"cell_type": "code", "source": "x = 1\n"}


def notebook(*cells: object, **others: Any) -> str:
    return json.dumps({"cells": cells, "nbformat": 4, **others})


def test_rows_know_their_cell() -> None:
    text = notebook(
        CODE,
        {"cell_type": "markdown", "source": "text"},
        {"cell_type": "code", "source": ["    a\r\n", "    b"]},
    )
    read = read_notebook(text)
    assert read.program == "x = 1\n\na\nb"
    places = [(cell.number, cell.place(row, 1)) for row in range(1, 6) if (cell := read.cell_at(row))]
    assert places == [(1, (1, 1)), (1, (2, 1)), (3, (1, 5)), (3, (2, 5)), (3, (3, 1))]
    found = read.cell(3)
    assert found is not None
    assert found.lines == ("    a", "    b")
    assert read.cell(2) is None


@pytest.mark.parametrize(
    ("cell", "counts"),
    [
        (CODE, True),
        ({**CODE, "source": ["x = ", "1\n"]}, True),
        ({**CODE, "metadata": {"tags": ["parameters"], "vscode": {"languageId": "python"}}}, True),
        ({**CODE, "metadata": {"tags": ["raises-exception"]}}, False),
        ({**CODE, "metadata": {"vscode": {"languageId": "sql"}}}, False),
        ({**CODE, "language": "ruby"}, False),
        ({**CODE, "cell_type": "raw"}, False),
        ({**CODE, "source": {"a": 1}}, False),
        ({**CODE, "source": ["x", 1]}, False),
        ({"cell_type": "code"}, False),
        (None, False),
        ([], False),
    ],
)
def test_which_cells_count(cell: object, counts: bool) -> None:
    assert bool(read_notebook(notebook(cell)).cells) is counts


@pytest.mark.parametrize(
    ("metadata", "counts"),
    [
        ({}, True),
        ({"kernelspec": {"name": "conda-env-x-py", "language": "python"}}, True),
        ({"language_info": {"name": "Python"}}, True),
        ({"language_info": {"name": "R"}}, False),
        ({"kernelspec": {"language": "julia"}}, False),
        ({"language_info": {"name": "python"}, "kernelspec": {"language": "scala"}}, True),
        ({"kernelspec": None, "language_info": []}, True),
        (None, True),
    ],
)
def test_which_notebooks_count(metadata: object, counts: bool) -> None:
    assert bool(read_notebook(notebook(CODE, metadata=metadata)).cells) is counts


@pytest.mark.parametrize(
    "text",
    ["", " \n", "\ufeff", "{}", '{"cells": null}', '{"cells": [], "worksheets": {}}', '{"nbformat": 4}'],
)
def test_nothing_in_it_is_no_fault(text: str) -> None:
    assert read_notebook(text).cells == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "a JSON object, not a list"),
        ('{"cells": [', "line 1, column 12"),
        ('{"cells": []}}', "Extra data"),
        ('{"cells": [{"source": "a}]}', "Unterminated string"),
        ("x = 1", "not valid JSON"),
        ('{"metadata": ' + "[" * 100_000, "nested too deeply"),
        ('{"nbformat": ' + "9" * 5_000 + "}", "not valid JSON"),
    ],
)
def test_what_is_no_notebook(text: str, words: str) -> None:
    with pytest.raises(NotebookFault, match=words):
        read_notebook(text)
