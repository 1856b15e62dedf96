"""What is not Python is refused with a place and a reason; what would break the parser is refused before."""

import ast
import inspect
import sys
import threading
import time

import pytest

from convlint.syntax import SyntaxFault, parse, parse_fast


def fault(text: str) -> SyntaxFault:
    with pytest.raises(SyntaxFault) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "row", "column", "fragment"),
    [
        ("x = 1\ny = = 2\n", 2, 5, "invalid syntax"),
        ('print "x"\n', 1, 1, "Missing parentheses"),
        ("é = 1; 日 = $\n", 1, 12, "invalid syntax"),
        ("def f():\nx\n", 2, 1, "expected an indented block"),
        ("if x:\n\ty\n        z\n", 3, 9, "inconsistent use of tabs"),
        ("x = (\n", 1, 5, "'(' was never closed"),
        ("x = '''\n", 1, 5, "unterminated triple-quoted string"),
        ("x\r\ny\0\r\n", 2, 2, "NUL character"),
        ("x = '\ud800'\n", 1, 6, "surrogate"),
        ("x = 1\ny = '\\N{NO SUCH NAME}'\n", 2, 5, "unknown Unicode character name"),
        ("a\n  b\n", 2, 3, "unexpected indent"),
        ("if a:\n    b\n  c\n", 3, 3, "unindent does not match"),
        ("x = f'{a'\n", 1, None, "f-string"),
        ("x = 0777\n", 1, None, "leading zeros"),
        ("'a' b'b'\n", 1, None, "cannot mix bytes and nonbytes"),
    ],
)
def test_place_and_reason(text: str, row: int, column: int | None, fragment: str) -> None:
    found = fault(text)
    assert fragment in found.message
    assert found.row == row
    assert column is None or found.column == column
    with pytest.raises(SyntaxFault):
        parse_fast(text)


def test_integers_beyond_the_conversion_limit() -> None:
    digits = sys.get_int_max_str_digits() + 1
    found = fault(f"x = {'9' * digits}\n")
    assert "Exceeds the limit" in found.message
    assert (found.row, found.column) == (1, 5)
    (statement,) = parse(f"x = 0x{'f' * digits}\n").body
    assert isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    assert statement.value.value == 16**digits - 1


NESTED = {
    "parentheses": ("(", "1", ")"),
    "calls": ("f(", "1", ")"),
    "subscripts": ("f(a[", "1", "])"),
    "dicts": ("{1:", "1", "}"),
    "f-strings": ("f'{", "1", "}'"),
    "lambdas": ("(lambda a=", "1", ": a)"),
}


@pytest.mark.parametrize("kind", NESTED)
def test_brackets_that_nest_too_deep(kind: str) -> None:
    before, inner, after = NESTED[kind]
    found = fault(f"x = 1\nx = {before * 2000}{inner}{after * 2000}\n")
    assert found.message == "brackets nest more than 100 deep"
    assert found.row == 2


@pytest.mark.parametrize("kind", [kind for kind in NESTED if kind != "f-strings"])
def test_brackets_that_nest_deep(kind: str) -> None:
    before, inner, after = NESTED[kind]
    text = f"x = {before * 45}{inner}{after * 45}\n"
    assert ast.dump(parse(text), include_attributes=True) == ast.dump(
        ast.parse(text), include_attributes=True
    )


CHAINED = {
    "sum": "x = a{}\n".format(" + a" * 5000),
    "difference in brackets": "x = (b, a{})\n".format(" - a" * 5000),
    "attributes": "x = a{}\n".format(".b" * 5000),
    "calls": "x = a{}\n".format(".b()" * 5000),
    "subscripts": "x = a{}\n".format("[0]" * 5000),
    "powers": "x = a{}\n".format(" ** a" * 5000),
    "nots": "x = {}a\n".format("not " * 5000),
    "signs": "x = {}a\n".format("-" * 5000),
    "conditions": "x = {}c\n".format("a if b else " * 5000),
    "lambdas": "x = {}c\n".format("lambda a, b=1: " * 5000),
    "clauses": "x = [a {}]\n".format("for a in b " * 5000),
    "patterns": "match x:\n case {}: pass\n".format(" | ".join("1" * 5000)),
}


@pytest.mark.parametrize("kind", CHAINED)
def test_chains_that_are_too_long(kind: str) -> None:
    assert "chains more than 500 operators" in fault(CHAINED[kind]).message


def test_branches_that_are_too_many() -> None:
    text = "if a:\n  b\n{}else:\n  c\n"
    assert "more than 500 `elif`" in fault(text.format("elif a:\n  b\n" * 501)).message
    assert len(list(ast.walk(parse(text.format("elif a:\n  b\n" * 400))))) > 400
    nested = "if a:\n  b\nelif c:\n  if d:\n    e\n"
    assert len(parse(nested * 600).body) == 600


@pytest.mark.parametrize(
    "text",
    [
        "x = {}\n".format(", ".join(["-a.b(c) + d[e]"] * 2000)),
        "x = {}\n".format(" ".join(["'a'"] * 3000)),
        "x = {}\n".format(" ".join(["f'{a:>{b}}'"] * 20_000)),
        "x = {}\n".format(" ".join(["'a' f'' f'b'"] * 20_000)),
        "x = [{}]\n".format("lambda a, b=1: a + b, " * 2000),
        "x = {{{}}}\n".format("'a': -b if c else d, " * 2000),
        "f({})\n".format("a=b.c(d), " * 2000),
        "".join(f"{' ' * i}if a:\n" for i in range(60)) + " " * 60 + "pass\n",
        "a; " * 2000 + "\n",
        "x = " * 2000 + "1\n",
    ],
)
def test_what_is_long_without_being_deep_is_read(text: str) -> None:
    tree = parse(text)
    assert [type(node) for node in ast.walk(tree)] == [type(node) for node in ast.walk(ast.parse(text))]


@pytest.mark.parametrize(
    "text",
    [
        "match x:\n case {}: pass\n".format("{1: " * 40 + "b" + "}" * 40),
        "match x:\n case {}: pass\n".format("A(b=[" * 20 + "b" + "])" * 20),
        "x = a{}\n".format(".b({})".format(", ".join("a" * 200)) * 240),
        "x = {}1{}\n".format("f(" * 90, ", {})".format(", ".join("a" * 100)) * 90),
    ],
)
def test_what_libcst_takes_long_for_is_read_in_time(text: str) -> None:
    began = time.process_time()
    assert [type(n) for n in ast.walk(parse(text))] == [type(n) for n in ast.walk(ast.parse(text))]
    assert time.process_time() - began < 5


def test_size() -> None:
    assert "5,000,000" in fault("#" * 5_000_001).message


def test_deep_text_on_a_small_stack() -> None:
    """What passes the guards does not overflow the two megabytes that a thread has on Windows."""
    text = "x = " + "[f(" * 45 + "a" + ".b()" * 100 + ")]" * 45 + "\n"
    text += (
        "".join(f"{' ' * i}def f():\n" for i in range(30)) + " " * 30 + "return " + "[" * 15 + "]" * 15 + "\n"
    )
    trees: list[ast.Module] = []
    before = threading.stack_size(2_000_000)
    try:
        thread = threading.Thread(target=lambda: trees.append(parse(text)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert ast.dump(trees[0], include_attributes=True) == ast.dump(ast.parse(text), include_attributes=True)


def test_a_caller_with_hardly_any_stack_left() -> None:
    text = "x = [[[f(a)(b).c[d] + (-e if f else g)]]]\n"

    def deep(levels: int) -> ast.Module:
        return parse(text) if levels == 0 else deep(levels - 1)

    tree = deep(sys.getrecursionlimit() - len(inspect.stack(0)) - 40)
    assert ast.dump(tree, include_attributes=True) == ast.dump(ast.parse(text), include_attributes=True)
