"""The lowered tree is the one `ast` would give: node for node, place for place."""

import ast
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from convlint.syntax import parse, parse_fast

Difference = Callable[[ast.AST, str], str | None]

SNIPPETS = (Path(__file__).parent / "snippets.txt").read_text(encoding="utf-8").split("\n----\n")[1:]


def indented(text: str) -> str:
    return "if é:\n" + textwrap.indent(text, "  ")


VARIANTS: dict[str, Callable[[str], str]] = {
    "as written": lambda text: text,
    "below a wide character": lambda text: f"'é' # 日本\n{text}\n",
    "carriage returns": lambda text: f"{text}\n".replace("\n", "\r\n"),
    "lone carriage returns": lambda text: f"{text}\n".replace("\n", "\r"),
    "indented": indented,
    "after a form feed": lambda text: f"\f{text}\n",
}


def readable(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("variant", VARIANTS)
def test_snippets(variant: str, difference: Difference) -> None:
    texts = [text for text in map(VARIANTS[variant], SNIPPETS) if readable(text)]
    assert len(texts) > 250
    differing = {text: found for text in texts if (found := difference(parse(text), text))}
    assert differing == {}


@pytest.mark.parametrize(
    "text",
    [
        "(x): int = 1\n",
        "class A(x=1, *b): pass\n",
        "if a:\n    \\\n[b] = c\n",
    ],
)
def test_gaps_of_libcst_are_filled(text: str, difference: Difference) -> None:
    assert difference(parse(text), text) is None


@pytest.mark.parametrize(
    "text", ["x = '\\d'\n", "1if x else 2\n", "x is 1\n", "f'\\{x}'\n", "assert (a, b)\n"]
)
def test_no_warnings_of_the_compiler(text: str) -> None:
    assert isinstance(parse(text), ast.Module)
    assert isinstance(parse_fast(text), ast.Module)


def test_byte_order_mark_takes_no_column() -> None:
    (statement,) = parse("\ufeffx = 1\n").body
    assert (statement.lineno, statement.col_offset) == (1, 0)


def test_columns_are_utf8_bytes() -> None:
    (statement,) = parse("'日本'; é = 1\n").body[1:]
    assert (statement.col_offset, statement.end_col_offset) == (10, 16)


def test_identifiers_are_normalised() -> None:
    (statement,) = parse("ﬁ.ﬁ = 1\n").body
    assert ast.dump(statement) == ast.dump(ast.parse("fi.fi = 1").body[0])


def test_no_statement_is_lost_without_a_last_line_break() -> None:
    assert len(parse("x = 1\ny = 2\n# end").body) == 2


@pytest.mark.parametrize("text", ["", "\n", "# c", "\n\n  # c\n", "\f\n", "\ufeff"])
def test_text_without_statements(text: str) -> None:
    assert parse(text).body == []
