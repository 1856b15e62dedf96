"""The scan splits text as Python does, keeps its comments, and survives anything."""

import io
import os
import tokenize
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.source.tokens import FORMATTED, scan

SKIPPED = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
    tokenize.ENCODING,
}


def python_tokens(text: str) -> list[tuple[int, int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [(*token.start, token.string) for token in tokens if token.type not in SKIPPED]


def test_tokens_of_the_standard_library() -> None:
    """Files without f-strings, for in those the tokens of Python 3.11 and 3.12 differ."""
    compared = 0
    for path in sorted(Path(os.__file__).parent.glob("*.py"))[::4]:
        with tokenize.open(path) as stream:
            text = stream.read()
        tokens = scan(text)
        if FORMATTED in tokens.kinds:
            continue
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        expected = python_tokens(text)
        assert tokens.texts == [string for _, _, string in expected], path
        assert tokens.starts == [starts[row - 1] + column for row, column, _ in expected], path
        comments = [
            t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type == tokenize.COMMENT
        ]
        assert [comment.text for comment in tokens.comments] == [token.string for token in comments]
        compared += 1
    assert compared > 12


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f'a{b!r:>{c}}d'", "f'|a|{|b|!|r|:|>|{|c|}|}|d|'"),
        ('rF"{a:=5}{{}}"', 'rF"|{|a|:|=5|}|{{}}|"'),
        ("f'{(a:=5)}'", "f'|{|(|a|:=|5|)|}|'"),
        ("f'{a[\"b\"]}' 'c'", "f'|{|a|[|\"b\"|]|}|'|'c'"),
        ("f'{f'{x}'}'", "f'|{|f'|{|x|}|'|}|'"),
        ("f'''{x # }'''\n}'''", "f'''|{|x|}|'''"),
        ("f'{a != b}{c!s}'", "f'|{|a|!=|b|}|{|c|!|s|}|'"),
        ("f'\\N{DASH}{x}\\{y}'", "f'|\\N{DASH}|{|x|}|\\|{|y|}|'"),
        ("f'{lambda: 1}'", "f'|{|lambda|:| 1|}|'"),
        ("f'{ {1: 2}[1] }'", "f'|{|{|1|:|2|}|[|1|]|}|'"),
        ("t'{x}'", "t'|{|x|}|'"),
        ("1if x else.5", "1|if|x|else|.5"),
        ("1..real+0xfor+1_0e-5J", "1.|.|real|+|0xf|or|+|1_0e-5J"),
        ("a.b...c", "a|.|b|...|c"),
        ("Rb'\\'' ur'' print'x'", "Rb'\\''|ur|''|print|'x'"),
        ("x=\\\n'a\\\nb'", "x|=|'a\\\nb'"),
        ("$ ? ! `", "$|?|!|`"),
        ("'open\nx", "'|open|x"),
    ],
)
def test_tokens(text: str, expected: str) -> None:
    assert "|".join(scan(text).texts) == expected


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb", ["a", "b"]),
        ("a = (\n1)\nb", ["a", "b"]),
        ("a = f'{\nx\n}'\nb", ["a", "b"]),
        ("a \\\n b\n\n# c\nd", ["a", "d"]),
        ("x = '''\n\n'''\n)\ny", ["x", ")", "y"]),
    ],
)
def test_logical_lines(text: str, lines: list[str]) -> None:
    tokens = scan(text)
    assert [tokens.texts[index] for index in tokens.logical_lines] == lines


def test_comments() -> None:
    comments = scan("# a\nx = '# b' # c\n  # d\nf'# {e # f\n} # g' # h").comments
    assert [(c.text, c.own_line) for c in comments] == [
        ("# a", True),
        ("# c", False),
        ("# d", True),
        ("# f", False),
        ("# h", False),
    ]


PIECES = [
    "f'",
    'f"',
    "'",
    '"',
    "'''",
    'rf"""',
    "{",
    "}",
    "{{",
    ":",
    "!r",
    "=",
    "(",
    ")",
    "]",
    "x",
    " ",
    "\n",
    "#",
    "\\",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(deadline=None, derandomize=True, max_examples=500)
def test_every_character_once(text: str) -> None:
    """Whatever the text: tokens stand in order and read what stands there; only blanks are left out."""
    tokens = scan(text)
    covered = list(zip(tokens.starts, tokens.ends, strict=True))
    covered += [(comment.start, comment.start + len(comment.text)) for comment in tokens.comments]
    position = 0
    for start, end in sorted(covered):
        between = text[position:start].replace("\\\n", "")
        assert start >= position and not between.strip(" \n")
        position = end
    assert not text[position:].replace("\\\n", "").strip(" \n")
    assert tokens.texts == [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)]
