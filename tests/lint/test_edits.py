"""Edits at exact spans: whatever stands around them survives, and what they make of a call is a call."""

from __future__ import annotations

import ast

import pytest

from convlint.lint import edits
from convlint.lint.finding import Edit
from convlint.lint.sources import Sources
from convlint.model.files import analyse_tree, parse_text
from convlint.trace import Site, span_of

HEAD = "from torch import nn\n"


def site_in(text: str) -> Site:
    """The call that built the first layer of a source."""
    analysis = analyse_tree(parse_text(text, "a.py"), "a.py")
    built = (layer.site for run in analysis.runs for o in run.outcomes for layer in o.trace.built)
    site = next(built)
    assert site is not None
    return site


def applied(text: str, edit: Edit | None) -> str:
    """The source after an edit, which is still Python."""
    assert edit is not None
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    start = starts[edit.location.row - 1] + edit.location.column - 1
    end = starts[edit.end_location.row - 1] + edit.end_location.column - 1
    after = text[:start] + edit.content + text[end:]
    ast.parse(after)
    return after


def given(source: str, name: str, text: str) -> str:
    whole = HEAD + source
    after = applied(whole, edits.argument(Sources({"a.py": whole}), site_in(whole), name, text))
    return after.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("nn.Conv2d(3, 8, 3)", "nn.Conv2d(3, 8, 3, bias=False)"),
        ("nn.Conv2d(3, 8, 3,)", "nn.Conv2d(3, 8, 3, bias=False,)"),
        ("nn.Conv2d(3, 8, (3))", "nn.Conv2d(3, 8, (3), bias=False)"),
        ("nn.Conv2d(3, 8, ((3) ) , )", "nn.Conv2d(3, 8, ((3) ), bias=False , )"),
        ("nn.Conv2d(3, 8, (3, 3))", "nn.Conv2d(3, 8, (3, 3), bias=False)"),
        ("nn.Conv2d(3, 8, kernel_size=(3))", "nn.Conv2d(3, 8, kernel_size=(3), bias=False)"),
        ("nn.Conv2d(3, 8, 3) # )", "nn.Conv2d(3, 8, 3, bias=False) # )"),
        (
            "nn.Conv2d(\n    3,\n    8,\n    3,  # a ) here\n)",
            "nn.Conv2d(\n    3,\n    8,\n    3, bias=False,  # a ) here\n)",
        ),
        ("nn.Conv2d(3, 8, 3  # last\n)", "nn.Conv2d(3, 8, 3, bias=False  # last\n)"),
        ("nn.Conv2d(3, 8, (\n    3\n  ),\n)", "nn.Conv2d(3, 8, (\n    3\n  ), bias=False,\n)"),
        ("'é', nn.Conv2d(3, 8, 3), 'ü'", "'é', nn.Conv2d(3, 8, 3, bias=False), 'ü'"),
        (
            "nn.Conv2d(3, 8, 3, padding_mode='zeros' '')",
            "nn.Conv2d(3, 8, 3, padding_mode='zeros' '', bias=False)",
        ),
    ],
)
def test_a_keyword_is_added_as_the_last_argument(source: str, expected: str) -> None:
    assert given(source, "bias", "False") == expected


def test_a_call_without_arguments_is_given_its_first() -> None:
    assert given("nn.Dropout()", "p", "0.1") == "nn.Dropout(p=0.1)"
    assert given("nn.Dropout(  # none\n)", "p", "0.1") == "nn.Dropout(  # none\np=0.1)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("nn.Conv2d(3, 8, 3, padding=0)", "nn.Conv2d(3, 8, 3, padding=1)"),
        ("nn.Conv2d(3, 8, 3, 1, 0, bias=True)", "nn.Conv2d(3, 8, 3, 1, 1, bias=True)"),
        ("nn.Conv2d(3, 8, 3, padding=(0, 0))", "nn.Conv2d(3, 8, 3, padding=1)"),
        ("'é'; nn.Conv2d(3, 8, 3, padding=(0))", "'é'; nn.Conv2d(3, 8, 3, padding=(1))"),
    ],
)
def test_an_argument_is_changed_where_it_stands(source: str, expected: str) -> None:
    assert given(source, "padding", "1") == expected


def test_an_argument_is_changed_where_it_was_written() -> None:
    inner = "def block(n, pad):\n    return nn.Conv2d(n, n, 3, padding=pad)\n"
    assert given(inner + "block(8, 0)", "padding", "1") == inner + "block(8, 1)"
    stars = "def block(n, **rest):\n    return nn.Conv2d(n, n, 3, **rest)\n"
    assert given(stars + "block(8, padding=0)", "padding", "1") == stars + "block(8, padding=1)"


@pytest.mark.parametrize(
    "source",
    [
        "def block(n, **rest):\n    return nn.Conv2d(n, n, 3, **rest)\nblock(8)",
        "sizes = 3, 8, 3\nnn.Conv2d(*sizes)",
        "nn.Conv2d(3, 8, 3, padding=(\n    0\n    , 0))",
    ],
)
def test_nothing_is_changed_where_the_source_does_not_show_the_place(source: str) -> None:
    whole = HEAD + source
    assert edits.argument(Sources({"a.py": whole}), site_in(whole), "padding", "1") is None


def test_no_file_is_changed_that_is_not_linted() -> None:
    whole = HEAD + "nn.Conv2d(3, 8, 3)"
    assert edits.argument(Sources({"b.py": whole}), site_in(whole), "padding", "1") is None
    assert edits.removed_argument(Sources({"b.py": whole}), site_in(whole), "padding") is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("nn.Dropout(p=0.5)", "nn.Dropout()"),
        ("nn.Dropout(p=0.5,)", "nn.Dropout()"),
        ("nn.Dropout(p=0.5, inplace=True)", "nn.Dropout(inplace=True)"),
        ("nn.Dropout(inplace=True, p=0.5)", "nn.Dropout(inplace=True)"),
        ("nn.Dropout(inplace=(True), p=(0.5),)", "nn.Dropout(inplace=(True),)"),
        ("nn.Dropout(\n    inplace=True,  # a )\n    p=0.5,\n)", "nn.Dropout(\n    inplace=True,\n)"),
    ],
)
def test_an_argument_is_taken_out_with_one_comma(source: str, expected: str) -> None:
    whole = HEAD + source
    edit = edits.removed_argument(Sources({"a.py": whole}), site_in(whole), "p")
    assert applied(whole, edit).removeprefix(HEAD) == expected


def test_a_positional_argument_in_parentheses_keeps_them() -> None:
    whole = HEAD + "nn.Conv2d(3, 8, (3), bias=True)"
    edit = edits.removed_argument(Sources({"a.py": whole}), site_in(whole), "bias")
    assert applied(whole, edit).removeprefix(HEAD) == "nn.Conv2d(3, 8, (3))"
    assert edits.removed_argument(Sources({"a.py": whole}), site_in(whole), "padding") is None


def test_a_span_is_replaced_and_lines_are_taken_out() -> None:
    whole = "a = 1\n'é'; b = (\n    2)\nc = 3\n"
    sources = Sources({"a.py": whole})
    tree = ast.parse(whole)
    second = tree.body[2]
    assert isinstance(second, ast.Assign)
    assert applied(whole, edits.replaced(sources, span_of(second.targets[0], "a.py"), "d")) == whole.replace(
        "b", "d"
    )
    assert applied(whole, edits.whole_lines(sources, span_of(second, "a.py"))) == "a = 1\nc = 3\n"
    with pytest.raises(ValueError, match=r"b\.py"):
        edits.replaced(sources, span_of(second, "b.py"), "d")
