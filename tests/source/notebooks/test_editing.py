"""Edits of cells written back: the sources change as asked, everything else keeps its bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.source.notebooks import CellEdit, NotebookFault, edited
from convlint.source.notebooks.layout import layout_of

NOTEBOOK = """{
 "cells": [
  {"cell_type": "markdown", "source": ["# T\\u00eate"], "metadata": {}},
  {
   "metadata": {"b": 1, "a":2},
   "outputs": [ {"text": ["x = 1\\n"] } ],
   "source": [
    "import torch\\n",
    "x = 1\\n",
    "y = 2"
   ],
   "cell_type": "code"
  }, {"cell_type": "code", "source": "a = 1\\nb = 2", "outputs": []},
  {"cell_type": "code", "source": []}
 ],
 "nbformat": 4}
"""


def edit(cell: int, start: tuple[int, int], end: tuple[int, int], content: str = "") -> CellEdit:
    return CellEdit(cell, start, end, content)


def test_a_line_in_a_list() -> None:
    assert edited(NOTEBOOK, [edit(2, (2, 5), (2, 6), "10")]) == NOTEBOOK.replace(
        '"x = 1\\n",', '"x = 10\\n",'
    )


def test_a_removed_line_takes_its_string_along() -> None:
    assert edited(NOTEBOOK, [edit(2, (2, 1), (3, 1))]) == NOTEBOOK.replace('    "x = 1\\n",\n', "")


def test_the_last_line_takes_the_break_before_it_along() -> None:
    wanted = NOTEBOOK.replace('    "x = 1\\n",\n    "y = 2"\n', '    "x = 1"\n')
    assert edited(NOTEBOOK, [edit(2, (3, 1), (4, 1))]) == wanted


def test_new_lines_become_strings_of_their_own() -> None:
    wanted = NOTEBOOK.replace('    "y = 2"', '    "z = 3\\n",\n    "y = 2"')
    assert edited(NOTEBOOK, [edit(2, (3, 1), (3, 1), "z = 3\n")]) == wanted


def test_everything_removed() -> None:
    text = edited(NOTEBOOK, [edit(2, (1, 1), (9, 1))])
    assert json.loads(text)["cells"][1]["source"] == []


def test_a_source_that_is_one_string() -> None:
    wanted = NOTEBOOK.replace('"a = 1\\nb = 2"', '"a = 1\\nb = 22"')
    assert edited(NOTEBOOK, [edit(3, (2, 6), (2, 6), "2")]) == wanted


def test_an_empty_source() -> None:
    text = edited(NOTEBOOK, [edit(4, (1, 1), (1, 1), "a\nb")])
    assert text == NOTEBOOK.replace('"source": []', '"source": ["a\\n", "b"]')


def test_several_edits_of_several_cells() -> None:
    edits = [
        edit(3, (1, 5), (1, 6), "7"),
        edit(2, (1, 8), (1, 13), "numpy"),
        edit(2, (1, 1), (1, 1), "# i\n"),
    ]
    cells = json.loads(edited(NOTEBOOK, edits))["cells"]
    assert cells[1]["source"] == ["# i\n", "import numpy\n", "x = 1\n", "y = 2"]
    assert cells[2]["source"] == "a = 7\nb = 2"


def test_characters_are_escaped_as_the_notebook_escapes_them() -> None:
    escaping = edited(NOTEBOOK, [edit(2, (2, 1), (2, 1), "é")])
    assert '"\\u00e9x = 1\\n"' in escaping
    raw = edited(NOTEBOOK.replace("\\u00ea", "ê"), [edit(2, (2, 1), (2, 1), "é\ud800")])
    assert '"éx = 1' not in raw
    assert '"é\\ud800x = 1\\n"' in raw


@pytest.mark.parametrize(
    "edits",
    [
        [edit(2, (1, 1), (1, 5)), edit(2, (1, 3), (1, 7))],
        [edit(0, (1, 1), (1, 1))],
        [edit(5, (1, 1), (1, 1))],
    ],
)
def test_refused(edits: list[CellEdit]) -> None:
    with pytest.raises(ValueError, match=r"overlap|no source"):
        edited(NOTEBOOK, edits)


def test_what_is_no_notebook_is_refused() -> None:
    with pytest.raises(NotebookFault, match=r"line 1, column 2"):
        edited("{", [])


_TEXTS = st.text(alphabet='ab =\n\r\t"\\é😀\x0c\ud800', max_size=30)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def sources(draw: st.DrawFn) -> str | list[str]:
    text = draw(_TEXTS)
    form = draw(st.sampled_from(("string", "lines", "odd")))
    if form == "string":
        return text
    if form == "lines":
        return text.splitlines(keepends=True)
    cut = draw(st.integers(0, len(text)))
    return [text[:cut], "", text[cut:]]


@st.composite
def notebooks(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    cells = [
        {
            "outputs": draw(_JSON),
            "cell_type": draw(st.sampled_from(("code", "markdown"))),
            "source": draw(sources()),
            "metadata": draw(_JSON),
        }
        for _ in range(draw(st.integers(1, 3)))
    ]
    notebook = {"metadata": draw(_JSON), "cells": cells, "nbformat": 4, "extra": draw(_JSON)}
    indent = draw(st.sampled_from((None, 0, 1, "\t")))
    text = json.dumps(notebook, indent=indent, ensure_ascii=True)
    return notebook, text + draw(st.sampled_from(("", "\n", " \r\n")))


def joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def masked(text: str) -> str:
    """The text without the sources of its cells."""
    parts, at = [], 0
    for cell in layout_of(text).cells:
        assert cell.written is not None
        parts.append(text[at : cell.written.start])
        at = cell.written.end
    return "\0".join((*parts, text[at:]))


@settings(deadline=None, derandomize=True, max_examples=120)
@given(notebooks(), st.data())
def test_only_what_is_edited_changes(drawn: tuple[dict[str, Any], str], data: st.DataObject) -> None:
    notebook, text = drawn
    number = data.draw(st.integers(1, len(notebook["cells"])))
    source = joined(notebook["cells"][number - 1]["source"])
    rows = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    row = data.draw(st.integers(1, len(rows)))
    start = data.draw(st.integers(1, len(rows[row - 1]) + 1))
    end = data.draw(st.integers(start, len(rows[row - 1]) + 1))
    content = data.draw(_TEXTS)

    after = edited(text, [edit(number, (row, start), (row, end), content)])

    assert masked(after) == masked(text)
    changed = json.loads(after)
    for index, cell in enumerate(notebook["cells"], 1):
        got = changed["cells"][index - 1]["source"]
        if index != number:
            assert got == cell["source"]
            continue
        offset = 0
        for _ in range(row - 1):  # past the line breaks of every kind
            offset += len(source[offset:].replace("\r", "\n").partition("\n")[0])
            offset += 2 if source.startswith("\r\n", offset) else 1
        assert joined(got) == source[: offset + start - 1] + content + source[offset + end - 1 :]
        assert isinstance(got, type(cell["source"]))


@settings(deadline=None, derandomize=True, max_examples=100)
@given(notebooks())
def test_no_edit_changes_nothing(drawn: tuple[dict[str, Any], str]) -> None:
    notebook, text = drawn
    written = [cell.written for cell in layout_of(text).cells]
    assert [each and each.text for each in written] == [joined(c["source"]) for c in notebook["cells"]]
    assert edited(text, []) == text
    assert edited(text, [edit(1, (1, 1), (1, 1), "")]) == text


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.text(alphabet='{}[]",:0 \n"cells\\', max_size=30) | _JSON.map(json.dumps))
def test_it_reads_what_json_reads(text: str) -> None:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if isinstance(value, dict):
        layout_of(text)
    else:
        with pytest.raises(NotebookFault):
            layout_of(text)
