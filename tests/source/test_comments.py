"""Comments to convlint: read exactly, reaching what a reader would say they reach, refused in words."""

import ast
import textwrap

import pytest

from convlint.source.comments import Directives, read_comments
from convlint.source.input_shapes import NamedShape
from convlint.source.suppression import Kind


def read(text: str) -> Directives:
    text = textwrap.dedent(text)
    return read_comments(text, ast.parse(text))


def rows(text: str) -> list[tuple[int, int | None]]:
    return [(s.rows.first, s.rows.last) for s in read(text).suppressions]


def test_what_a_suppression_says() -> None:
    (found,) = read("é = 1  # convlint: ignore[CL201, cl3,even-kernel] because, #12\n").suppressions
    assert found.kind is Kind.IGNORE
    assert [(c.text, c.column, c.end_column) for c in found.codes] == [
        ("CL201", 27, 32),
        ("CL3", 34, 37),
        ("even-kernel", 38, 49),
    ]
    assert found.reason == "because, #12"
    assert (found.row, found.column, found.end_column) == (1, 8, 63)


@pytest.mark.parametrize(
    ("code", "name", "suppressed"),
    [
        ("CL201", "shrinking-padding", True),
        ("CL202", "growing-padding", False),
        ("CL301", "even-kernel", True),
        ("CL399", "other", True),
        ("CL102", "channel-mismatch", True),
        ("CL101", "channel-mismatch-2", False),
    ],
)
def test_codes_are_prefixes_and_names_are_whole(code: str, name: str, suppressed: bool) -> None:
    (found,) = read("x  # convlint: ignore[CL201, CL3, channel-mismatch]\n").suppressions
    assert found.suppresses(code, name, 1) is suppressed
    assert not found.suppresses(code, name, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1  # convlint: ignore[CL1]\ny = 2\n", (1, 1)),
        # The first row of a statement reaches all of it; a later one what begins there.
        ("x = f(  # convlint: ignore[CL1]\n    1,\n)\n", (1, 3)),
        ("x = f(\n    1,  # convlint: ignore[CL1]\n    2,\n)\n", (2, 2)),
        ("x = f(\n    g(  # convlint: ignore[CL1]\n        1\n    ),\n    2,\n)\n", (2, 4)),
        ("x = f(\n    a=g(  # convlint: ignore[CL1]\n        1\n    ),\n    b=2,\n)\n", (2, 4)),
        ("x = f(\n    1, g(  # convlint: ignore[CL1]\n        2), 3,\n)\n", (2, 3)),
        # A row that begins with a closing bracket speaks for what it closes.
        ("x = f(\n    1,\n)  # convlint: ignore[CL1]\n", (1, 3)),
        ("x = f(\n    g(\n        1\n    ),  # convlint: ignore[CL1]\n    2,\n)\n", (2, 4)),
        ("x = f(1,\n      2)  # convlint: ignore[CL1]\n", (2, 2)),
        ("x = [\n    f(1),\n    f(2)]  # convlint: ignore[CL1]\n", (3, 3)),
        # A header is a statement up to its colon.
        ("class A(B):  # convlint: ignore[CL1]\n    x = 1\n", (1, 1)),
        ("def f(\n    a,\n):  # convlint: ignore[CL1]\n    return a\n", (1, 3)),
        ("def f(  # convlint: ignore[CL1]\n    a,\n):\n    return a\n", (1, 3)),
        ("@a  # convlint: ignore[CL1]\ndef f():\n    pass\n", (1, 1)),
        ("if a: b  # convlint: ignore[CL1]\n", (1, 1)),
        ("x = '''\n'''  # convlint: ignore[CL1]\n", (2, 2)),
        ("x = 1 + \\\n    2  # convlint: ignore[CL1]\n", (2, 2)),
        # A comment of its own speaks for the next statement, body included.
        ("# convlint: ignore[CL1]\nx = f(\n    1\n)\ny\n", (1, 4)),
        ("# convlint: ignore[CL1]\n\n# else\nx\ny\n", (1, 4)),
        ("# convlint: ignore[CL1]\nclass A:\n    def f(self):\n        pass\n\ny\n", (1, 4)),
        ("# convlint: ignore[CL1]\n@a\n@b(\n    c\n)\ndef f():\n    pass\ny\n", (1, 7)),
        ("@a\n# convlint: ignore[CL1]\ndef f():\n    pass\n", (2, 3)),
        ("class A:\n    x\n    # convlint: ignore[CL1]\n    y = f(\n        1)\n    z\n", (3, 5)),
        ("try:\n    x\nexcept E:\n    # convlint: ignore[CL1]\n    if y:\n        z\n", (4, 6)),
        ("match x:\n    case 1:\n        # convlint: ignore[CL1]\n        y\n        z\n", (3, 4)),
        ("if a:\n    b\n# convlint: ignore[CL1]\nelse:\n    c\n", (3, 4)),
        ("x = [\n    # convlint: ignore[CL1]\n    f(\n        1\n    ),\n    g(),\n]\n", (2, 5)),
        ("x = [\n    f(),\n    # convlint: ignore[CL1]\n]\n", (3, 4)),
        ("x\n# convlint: ignore[CL1]\n", (2, 2)),
        ("x  # convlint: file-ignore[CL1]\n", (1, None)),
        ("x\n\n# convlint: disable[CL1]\ny\n", (3, None)),
    ],
)
def test_reach(text: str, expected: tuple[int, int | None]) -> None:
    assert rows(text) == [expected]
    crlf = text.replace("\n", "\r\n")
    (found,) = read_comments(crlf, ast.parse(crlf)).suppressions
    assert (found.rows.first, found.rows.last) == expected


def test_without_a_tree_a_comment_reaches_its_logical_line() -> None:
    text = "# convlint: ignore[CL1]\nx = f(  # convlint: ignore[CL2]\n  1)\nclass A(:\n"
    assert [(s.rows.first, s.rows.last) for s in read_comments(text).suppressions] == [(1, 3), (2, 3)]


def test_a_finding_counts_by_its_first_or_last_row() -> None:
    (found,) = read("x = f(1,\n      2)  # convlint: ignore[CL201]\n").suppressions
    assert found.suppresses("CL201", "", 1, 2)
    assert found.suppresses("CL201", "", 2, 2)
    assert not found.suppresses("CL201", "", 1, 1)


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("# noqa", []),
        ("#noqa", []),
        ("# NOQA : cl201", ["CL201"]),
        ("# noqa:CL201,E501", ["CL201", "E501"]),
        ("# noqa: E501 CL3 the reason", ["E501", "CL3"]),
        ("# type: ignore # noqa: CL201", ["CL201"]),
        ("# noqa because of that", []),
    ],
)
def test_noqa(comment: str, codes: list[str]) -> None:
    (found,) = read(f"x  {comment}\n").suppressions
    assert found.kind is Kind.NOQA
    assert [code.text for code in found.codes] == codes
    assert found.suppresses("CL201", "", 1) is (codes == [] or "CL201" in codes)


@pytest.mark.parametrize(
    "comment", ["# flake8: noqa", "# ruff: noqa: CL201", "# see noqa", "# noqas", "# noqa_x"]
)
def test_what_is_no_noqa(comment: str) -> None:
    assert read(f"x  {comment}\n") == Directives()


@pytest.mark.parametrize(
    "text",
    [
        "x = '# convlint: ignore[CL1]'\n",
        "x = f'''\n# convlint: ignore[CL1] {y}\n# noqa\n'''\n",
        "'''\n# convlint: input=(N, 3)\n'''\n",
        "x  # is convlint: a tool\n",
        "x  # about convlint\n",
    ],
)
def test_what_is_no_comment_to_convlint(text: str) -> None:
    assert read(text) == Directives()


def test_several_in_one_comment() -> None:
    text = "x  # type: int  # convlint: ignore[CL1] why # convlint: ignore[CL2] # noqa: CL3\n"
    found = read(text).suppressions
    assert [(s.codes[0].text, s.reason, text[s.column - 1 : s.end_column - 1]) for s in found] == [
        ("CL1", "why", "# convlint: ignore[CL1] why"),
        ("CL2", "", "# convlint: ignore[CL2]"),
        ("CL3", "", "# noqa: CL3"),
    ]


def test_disable_and_enable() -> None:
    text = "\n".join(
        [
            "a",
            "# convlint: disable[CL3, CL201]",
            "b",
            "# convlint: enable[CL301]",
            "c",
            "# convlint: enable[CL3, CL2]",
            "d",
            "# convlint: disable[CL301]",
            "e  # convlint: enable[CL]",
        ]
    )
    found = read(text)
    assert found.problems == ()
    holds = {
        code: [row for row in range(1, 10) if any(s.suppresses(code, "", row) for s in found.suppressions)]
        for code in ("CL301", "CL302", "CL201", "CL202")
    }
    assert holds == {"CL301": [2, 3, 8], "CL302": [2, 3, 4, 5], "CL201": [2, 3, 4, 5], "CL202": []}


@pytest.mark.parametrize(
    ("comment", "message", "blamed"),
    [
        ("# convlint: ignore", "name the codes in brackets, as in ignore[CL201]", "# convlint: ignore"),
        ("# convlint: disable[ , ]", "name the codes in brackets, as in disable[CL201]", None),
        ("# convlint: ignore[CL201", "name the codes in brackets, as in ignore[CL201]", None),
        ("# convlint: ignore[CL201, 2+2]", "`2+2` is not a code", "2+2"),
        ("# convlint: ignor[CL201]", "`ignor` is none of ignore[…],", "ignor[CL201]"),
        ("# convlint:", "nothing is said; expected ignore[…],", "# convlint:"),
        ("# convlint: enable[CL201]", "nothing that is disabled above is enabled here", None),
        ("# convlint: input", "expected input=(N, 3, H, W)", None),
        ("# convlint: input=", "expected a shape in parentheses", None),
        ("# convlint: input=N,3", "expected N=(N, 3, H, W)", ","),
        ("# convlint: input=3", "expected a shape in parentheses", "3"),
        ("# convlint: input=(N, 3", "expected `,` or `)`", None),
        (
            "# convlint: input=(N, -1)",
            "an extent is an integer of at least 1, a symbol such as H, or ?; `-1)` is neither",
            "-1)",
        ),
        ("# convlint: input=(N, 0)", "an extent is an integer of at least 1", "0"),
        ("# convlint: input=(N, 2*H)", "expected `,` or `)` before `*H)`", "*H)"),
        ("# convlint: input=(N, 3) (N, 4)", "`(` does not belong to a shape", "("),
        ("# convlint: input=(N, 3) please", "`please` does not belong to a shape", "please"),
        ("# convlint: input: a=(N, 3), a=(N, 3)", "an input is named twice", None),
        (
            "# convlint: input=(99999999999999999999)",
            "an extent is an integer of at least 1",
            "99999999999999999999",
        ),
    ],
)
def test_problems(comment: str, message: str, blamed: str | None) -> None:
    text = f"é  {comment}\n"
    found = read(text)
    assert (found.inputs, len(found.problems)) == ((), 1)
    (problem,) = found.problems
    assert problem.message.startswith(message)
    assert problem.row == 1
    place = text[problem.column - 1 : problem.end_column - 1]
    assert place in text and place and (blamed is None or place == blamed)


@pytest.mark.parametrize(
    ("said", "shapes"),
    [
        ("input=(N, 3, H, W)", [NamedShape(("N", 3, "H", "W"))]),
        ("input = ( N,3 , 224,2_24 )", [NamedShape(("N", 3, 224, 224))]),
        ("input: (N, 3)", [NamedShape(("N", 3))]),
        ("input=(N,)", [NamedShape(("N",))]),
        ("input=()", [NamedShape(())]),
        ("input=[None, 96, ?, 1]", [NamedShape((None, 96, None, 1))]),
        ("input=(N, 3, H, W), (N, 10)", [NamedShape(("N", 3, "H", "W")), NamedShape(("N", 10))]),
        ("input=(N, 3),", [NamedShape(("N", 3))]),
        (
            "input: left=(N, 3, 64, 64), right=(N, 3, 64, 64)  # a pair",
            [NamedShape(("N", 3, 64, 64), "left"), NamedShape(("N", 3, 64, 64), "right")],
        ),
        ("input=(N, 3), mask=(N, 1)", [NamedShape(("N", 3)), NamedShape(("N", 1), "mask")]),
    ],
)
def test_inputs(said: str, shapes: list[NamedShape]) -> None:
    found = read(f"# convlint: {said}\nclass Net: pass\n")
    assert found.problems == ()
    (comment,) = found.inputs
    assert list(comment.shapes) == shapes
    assert (comment.row, comment.column, comment.statement_row) == (1, 1, 2)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("# convlint: input=(N, 3)\n\n# more\n@a\n@b(\n  1)\nclass Net: pass\n", 7),
        ("@a\n# convlint: input=(N, 3)\nclass Net: pass\n", 3),
        ("class Net(Base):  # convlint: input=(N, 3)\n    pass\n", 1),
        ("@a\nclass Net(\n    Base,\n):  # convlint: input=(N, 3)\n    pass\n", 2),
        ("def f():\n    # convlint: input=(N, 3)\n    net = Net()\n", 3),
        ("if a:\n    net = Net(\n        3,\n    )  # convlint: input=(N, 3)\n", 2),
        ("net = Net(\n    # convlint: input=(N, 3)\n    3)\n", 1),
        ("x\n# convlint: input=(N, 3)\n", None),
    ],
)
def test_the_statement_an_input_belongs_to(text: str, row: int | None) -> None:
    assert [comment.statement_row for comment in read(text).inputs] == [row]
