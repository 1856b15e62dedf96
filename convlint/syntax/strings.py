"""String literals: plain, bytes, raw, formatted, templates, and any of them side by side."""

import ast
import warnings
from collections.abc import Iterator, Sequence

import libcst as cst
from msgspec import Struct, field

from convlint.source.tokens import STRING, Tokens
from convlint.syntax import nodes
from convlint.syntax.cursor import Cursor, Misplaced, Place, placed
from convlint.syntax.expressions import expression, lowers

_Literal = cst.SimpleString | cst.FormattedString | cst.TemplatedString
_Text = cst.FormattedStringText | cst.TemplatedStringText
_Replacement = cst.FormattedStringExpression | cst.TemplatedStringExpression
_Part = cst.BaseFormattedStringContent | cst.BaseTemplatedStringContent


@lowers(cst.SimpleString)
def simple(c: Cursor, node: cst.SimpleString) -> ast.expr:
    start = c.leaf(node.value)
    constant = ast.Constant(_evaluate(c, node.value, start))
    if node.value[0] == "u":
        constant.kind = "u"
    return c.at(start, constant)


@lowers(cst.ConcatenatedString)
def concatenated(c: Cursor, node: cst.ConcatenatedString) -> ast.expr:
    pieces = list(_pieces(node))
    if all(isinstance(piece, cst.SimpleString) for piece in pieces):
        return _plain(c, [piece for piece in pieces if isinstance(piece, cst.SimpleString)])
    return _joined(c, pieces)


@lowers(cst.FormattedString, cst.TemplatedString)
def formatted(c: Cursor, node: cst.FormattedString | cst.TemplatedString) -> ast.expr:
    return _joined(c, [node])


def _pieces(node: cst.BaseString) -> Iterator[_Literal]:
    while isinstance(node, cst.ConcatenatedString):
        yield node.left
        node = node.right
    assert isinstance(node, _Literal)
    yield node


def _plain(c: Cursor, pieces: Sequence[cst.SimpleString]) -> ast.expr:
    start = c.i
    values = [_evaluate(c, piece.value, c.leaf(piece.value)) for piece in pieces]
    joined = b"".join(values) if isinstance(values[0], bytes) else "".join(values)  # type: ignore[arg-type]
    return c.at(start, ast.Constant(joined, "u" if pieces[0].value[0] == "u" else None))


def _evaluate(c: Cursor, literal: str, start: int) -> str | bytes:
    """The value of one literal; escapes are left to Python itself."""
    quote = literal[-1]
    if "\\" not in literal and literal[0] == quote:
        width = 3 if literal.startswith(quote * 3) and len(literal) >= 6 else 1
        return literal[width:-width]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = ast.literal_eval(literal)
    except (SyntaxError, ValueError) as error:
        c.i = start
        raise c.fault(error.msg if isinstance(error, SyntaxError) else str(error)) from error
    assert isinstance(value, str | bytes)
    return value


class _Values(Struct):
    """The values of a joined string; texts that touch are one constant, empty ones none."""

    kind: str | None
    values: list[ast.expr] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    begin: Place = (0, 0)
    end: Place = (0, 0)

    def text(self, text: str, begin: Place, end: Place) -> None:
        if not self.texts:
            self.begin = begin
        self.end = end
        self.texts.append(text)

    def value(self, value: ast.expr) -> None:
        self.flush()
        self.values.append(value)

    def flush(self) -> list[ast.expr]:
        joined = "".join(self.texts)
        self.texts.clear()
        if joined:
            self.values.append(placed(ast.Constant(joined, self.kind), self.begin, self.end))
        return self.values


def _joined(c: Cursor, pieces: Sequence[_Literal]) -> ast.expr:
    start = c.i
    template = any(isinstance(piece, cst.TemplatedString) for piece in pieces)
    first = pieces[0]
    kind = "u" if isinstance(first, cst.SimpleString) and first.value[0] == "u" else None
    values = _Values(kind)
    for piece in pieces:
        if isinstance(piece, cst.SimpleString):
            index = c.leaf(piece.value)
            text = _evaluate(c, piece.value, index)
            assert isinstance(text, str)
            values.text(text, c.begins[index], c.ends[index])
        else:
            c.leaf(piece.start)
            _parts(c, piece.parts, values, None if "r" in piece.prefix else piece.end[0] * 3, spec=False)
            c.leaf(piece.end)
    parts = values.flush()
    return c.at(start, nodes.TemplateStr(parts) if template else ast.JoinedStr(parts))


def _parts(c: Cursor, parts: Sequence[_Part], values: _Values, quote: str | None, spec: bool) -> None:
    """Lower what stands between the quotes of an f-string, or after the colon of one of its expressions.

    `quote` is what escapes are evaluated in, None in a raw string.
    """
    tokens = c.tokens
    for part in parts:
        if isinstance(part, _Text):
            end = c.i + 1
            if tokens.texts[c.i] != part.value or tokens.kinds[c.i] != STRING:
                raise Misplaced(part.value)
            values.text(_unescape(c, part.value, quote, spec), c.begins[c.i], c.ends[c.i])
            c.i = end
        else:
            assert isinstance(part, _Replacement)
            template = isinstance(part, cst.TemplatedStringExpression) and not spec
            _replacement(c, part, values, quote, template)


def _unescape(c: Cursor, text: str, quote: str | None, spec: bool) -> str:
    if not spec:
        text = text.replace("{{", "{").replace("}}", "}")
    if quote is None or "\\" not in text:
        return text
    value = _evaluate(c, f"{quote}{text} {quote}", c.i)  # the blank: the text may end in a quote
    assert isinstance(value, str)
    return value[:-1]


def _replacement(c: Cursor, node: _Replacement, values: _Values, quote: str | None, template: bool) -> None:
    start = c.i
    tokens = c.tokens
    c.leaf("{")
    value = expression(c, node.expression)
    source_end = c.i
    if node.equal is not None:
        c.leaf("=")
        shown = _without_comments(tokens, tokens.ends[start], tokens.starts[c.i])
        values.text(shown, c.ends[start], c.begins[c.i])
    conversion = -1
    if node.conversion is not None:
        c.leaf("!")
        c.leaf(node.conversion)
        conversion = ord(node.conversion)
    spec = _specification(c, node, quote)
    if node.equal is not None and conversion == -1 and spec is None:
        conversion = ord("r")
    c.leaf("}")
    if template:
        written = tokens.text[tokens.ends[start] : tokens.starts[source_end]].strip()
        values.value(c.at(start, nodes.Interpolation(value, written, conversion, spec)))
    else:
        values.value(c.at(start, ast.FormattedValue(value, conversion, spec)))


def _without_comments(tokens: Tokens, start: int, end: int) -> str:
    """What stands between two places, as `{x = }` shows it."""
    shown = tokens.text[start:end]
    if "#" in shown:
        for comment in reversed(tokens.comments):
            if start <= comment.start < end:
                at = comment.start - start
                shown = shown[:at] + shown[at + len(comment.text) :]
    return shown


def _specification(c: Cursor, node: _Replacement, quote: str | None) -> ast.JoinedStr | None:
    if c.tokens.texts[c.i] != ":":
        return None
    start = c.i
    c.i += 1
    values = _Values(None)
    _parts(c, node.format_spec or (), values, quote, spec=True)
    return c.at(start, ast.JoinedStr(values.flush()))
