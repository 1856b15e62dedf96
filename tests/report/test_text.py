"""The text format, compared with pictures of it."""

from textwrap import dedent

import pytest

from convlint.lint.finding import Finding, Location, Note, NoteKind, Severity
from convlint.report import Canvas, Palette
from convlint.report.concise import render_concise
from convlint.report.text import render_text

Place = tuple[int, int]


def make(start: Place, end: Place, **changes: object) -> Finding:
    fields: dict[str, object] = {
        "code": "CL101",
        "name": "linear-in-features",
        "severity": Severity.ERROR,
        "message": "m",
        "filename": "net.py",
        "location": Location(*start),
        "end_location": Location(*end),
    }
    return Finding(**(fields | changes))  # type: ignore[arg-type]


def drawn(source: str, start: Place, end: Place, **changes: object) -> str:
    """The excerpt alone: the finding as text without its first line."""
    lines = source.split("\n")
    text = render_text([make(start, end, **changes)], Canvas(lambda filename, cell: lines))
    return text.split("\n", 1)[1].rstrip("\n") + "\n"


def picture(text: str) -> str:
    return dedent(text).removeprefix("\n")


def test_a_whole_finding() -> None:
    finding = make(
        (31, 29),
        (31, 33),
        message="`fc` expects 4096 features, 9216 arrive (256·6·6)",
        filename="models/net.py",
        label="256·6·6 = 9216",
        notes=(
            Note("Net() → forward (x: 1×3×224×224) → fc", kind=NoteKind.PATH),
            Note("RuntimeError: mat1 and mat2 shapes cannot be multiplied", kind=NoteKind.RUN_TIME),
            Note("`width` is 4096 here", "models/parts.py", Location(7, 5)),
        ),
        help="nn.Linear(9216, 10)",
    )
    lines = [""] * 30 + ["        self.fc = nn.Linear(4096, 10)"]
    assert render_text([finding], Canvas(lambda filename, cell: lines)) == picture("""
        models/net.py:31:29: CL101 error: `fc` expects 4096 features, 9216 arrive (256·6·6)
           |
        31 |         self.fc = nn.Linear(4096, 10)
           |                             ^^^^ 256·6·6 = 9216
           |
           = path: Net() → forward (x: 1×3×224×224) → fc
           = at run time: RuntimeError: mat1 and mat2 shapes cannot be multiplied
           = note: `width` is 4096 here (models/parts.py:7:5)
           = help: nn.Linear(9216, 10)

        """)


def test_a_finding_without_source_keeps_its_words() -> None:
    assert render_text([make((3, 1), (3, 2), help="do")], Canvas()) == picture("""
        net.py:3:1: CL101 error: m
          = help: do

        """)


def test_a_row_outside_the_file_has_no_excerpt() -> None:
    assert drawn("a\n", (9, 1), (9, 2), help="do") == "  = help: do\n"
    assert drawn("a\n", (0, 1), (0, 2), help="do") == "  = help: do\n"


def test_a_cell_of_a_notebook_is_named() -> None:
    finding = make((3, 1), (3, 2), filename="a.ipynb", cell=4)
    asked: list[tuple[str, int | None]] = []

    def source(filename: str, cell: int | None) -> list[str]:
        asked.append((filename, cell))
        return ["", "", "x = 1"]

    text = render_text([finding], Canvas(source))
    assert text.startswith("a.ipynb:cell 4:3:1: CL101 error: m\n")
    assert "3 | x = 1\n" in text
    assert asked == [("a.ipynb", 4)]


def test_tabs_are_drawn_as_spaces() -> None:
    assert drawn("\tx =\tConv(3)", (1, 6), (1, 10)) == picture("""
          |
        1 |     x = Conv(3)
          |         ^^^^
          |
        """)


def test_wide_combining_and_joined_characters() -> None:
    assert drawn("名前 = 'é\u0301🙂' + Conv(3)", (1, 15), (1, 19)) == picture("""
          |
        1 | 名前 = 'é\u0301🙂' + Conv(3)
          |                 ^^^^
          |
        """)
    assert drawn("f('🙂🙂', 1)", (1, 4), (1, 6)).split("\n")[2] == "  |    ^^^^"


def test_control_characters_show_as_escapes_with_carets_in_place() -> None:
    assert drawn("x = '\x1b[31m\u202e' + y", (1, 16), (1, 17)) == picture("""
          |
        1 | x = '\\x1b[31m\\u202e' + y
          |                        ^
          |
        """)


def test_an_empty_span_gets_one_caret() -> None:
    assert drawn("abc", (1, 2), (1, 2)).split("\n")[2] == "  |  ^"


@pytest.mark.parametrize("end", [(1, 4), (1, 400), (1, 0)])
def test_a_column_beyond_the_line_points_behind_its_end(end: Place) -> None:
    assert drawn("abc", (1, 400), end).split("\n")[2] == "  |    ^"


def test_an_end_beyond_the_line_stops_with_it() -> None:
    assert drawn("abc", (1, 2), (1, 400)).split("\n")[2] == "  |  ^^"
    carets = [line[6:] for line in drawn("abc\ndef", (1, 2), (400, 1), label="l").split("\n") if "^" in line]
    assert carets == [" ^^", "^^^ l"]


def test_several_lines_each_get_carets_under_their_code() -> None:
    source = "x = nn.Sequential(\n    nn.Conv2d(3, 8, 3),\n\n    nn.ReLU(),\n)  # end\ny"
    assert drawn(source, (1, 5), (5, 2), label="here") == picture("""
          |
        1 | x = nn.Sequential(
          |     ^^^^^^^^^^^^^^
        2 |     nn.Conv2d(3, 8, 3),
          |     ^^^^^^^^^^^^^^^^^^^
        3 |
        4 |     nn.ReLU(),
          |     ^^^^^^^^^^
        5 | )  # end
          | ^ here
          |
        """)


def test_a_span_that_ends_where_a_row_begins_ends_on_the_row_before() -> None:
    assert drawn("a = 1\n\nb", (1, 1), (3, 1), label="l") == picture("""
          |
        1 | a = 1
          | ^^^^^ l
          |
        """)


def test_many_lines_are_shortened_in_the_middle() -> None:
    source = "\n".join(f"line{row}" for row in range(1, 31))
    assert drawn(source, (2, 1), (12, 3), label="l") == picture("""
           |
         2 | line2
           | ^^^^^
         3 | line3
           | ^^^^^
         4 | line4
           | ^^^^^
         …
        10 | line10
           | ^^^^^^
        11 | line11
           | ^^^^^^
        12 | line12
           | ^^ l
           |
        """)


@pytest.mark.parametrize("column", [1, 30, 70, 500, 4990, 4999])
def test_a_long_line_is_cut_around_the_span(column: int) -> None:
    line = "ab" * 2500
    line = line[: column - 1] + "XY" + line[column + 1 :]
    _, text, carets, _, _ = drawn(line, (1, column), (1, column + 2)).split("\n")
    at = carets.index("^^")
    assert text[at : at + 2] == "XY"
    assert carets.count("^") == 2
    assert 140 <= len(text) <= 150
    assert ("…" in text[:5]) == (column > 60)
    assert text.endswith("…") == (column < 4900)


def test_names_and_messages_cannot_forge_lines_or_move_the_cursor() -> None:
    evil = "a\nnet.py:1:1: CL101 error: forged\x1b[2J\u202e\u2028\udc80\ufeff"
    finding = make(
        (1, 1), (1, 2), message=evil, filename=evil, help=evil, notes=(Note(evil, evil, Location(1, 1)),)
    )
    for text in (render_text([finding], Canvas()), render_concise([finding], Canvas())):
        assert text.isprintable() or set(filter(lambda c: not c.isprintable(), text)) == {"\n"}
        assert len(text.splitlines()) == (1 if text.count("\n") == 1 else 4)
        assert "a\\nnet.py:1:1: CL101 error: forged\\x1b[2J\\u202e\\u2028\\udc80\\ufeff" in text


def test_colour_only_adds_escape_codes() -> None:
    finding = make((1, 1), (1, 2), label="l", help="h", severity=Severity.WARNING)

    def source(filename: str, cell: int | None) -> list[str]:
        return ["x"]

    plain = render_text([finding], Canvas(source))
    coloured = render_text([finding], Canvas(source, Palette(colour=True)))
    assert "\x1b" not in plain
    assert "\x1b[1;33mCL101 warning\x1b[0m" in coloured
    for code in ("1", "1;33", "34", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


def test_concise_is_a_line_a_finding() -> None:
    findings = [make((1, 2), (1, 3)), make((10, 20), (11, 1), severity=Severity.ADVICE, help="h")]
    assert render_concise(findings, Canvas()) == picture("""
        net.py:1:2: CL101 error: m
        net.py:10:20: CL101 advice: m
        """)
