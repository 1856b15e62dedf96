"""One tolerant scan of Python text into tokens, from which limits, positions, comments and imports are read.

Law: every character that is not white space, a comment or a line break belongs to exactly one token, and text
that Python accepts is split as Python splits it (f-strings as by PEP 701: start, text, expression, end).
The scan never fails: what no token fits becomes a token of one character, for the parser to refuse.
"""

import re
from functools import cache

from msgspec import Struct, field

# Told by what they are not: a class of all characters above ASCII takes 15 ms to compile.
_LETTER, _DIGIT_OR_LETTER = r"[^\x00-@\[-^`{-\x7f]", r"[^\x00-/:-@\[-^`{-\x7f]"
_NAME = rf"{_LETTER}{_DIGIT_OR_LETTER}*+"
_DIGITS = r"[0-9](?:_?[0-9])*"
_NUMBER = (
    r"0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+"
    rf"|(?:{_DIGITS}\.(?:{_DIGITS})?|\.{_DIGITS}|{_DIGITS})(?:[eE][-+]?{_DIGITS})?[jJ]?"
)
_OPERATOR = (
    r"[(),\[\]{}]|==|=|\.\.\.|\.(?![0-9])|:=|:|\*\*=|\*\*|\*=|\*|\+=|\+|->|-=|-|//=|//|/=|/|<<=|<<|<=|<>|<"
    r"|>>=|>>|>=|>|!=|@=|@|%=|%|&=|&|\|=|\||\^=|\^|~|;"
)
_BODIES = (
    r"'''[^'\\]*+(?:(?:\\[\s\S]|'(?!''))[^'\\]*+)*+'''",
    r'"""[^"\\]*+(?:(?:\\[\s\S]|"(?!""))[^"\\]*+)*+"""',
    r"(?!''')'[^'\\\n]*+(?:\\[\s\S][^'\\\n]*+)*+'",
    r'(?!""")"[^"\\\n]*+(?:\\[\s\S][^"\\\n]*+)*+"',
)
_STRING = rf"(?:[bB][rR]?|[rR][bB]?|[uU])?(?:{'|'.join(_BODIES)})"
_FORMATTED = r"(?:[fFtT][rR]?|[rR][fFtT])(?:'''|\"\"\"|'|\")"

NAME, OPERATOR, NEWLINE, STRING, FORMATTED, NUMBER, COMMENT, CONTINUATION, STRAY = range(1, 10)


@cache
def _token() -> re.Pattern[str]:
    """Any token, with white space before it; compiled when first wanted, as the patterns below are."""
    return re.compile(
        rf"[ \t\f]*+(?:({_NAME}(?!['\"]))|({_OPERATOR})|(\n)|({_STRING})|({_FORMATTED})|({_NUMBER})"
        rf"|(#[^\n]*+)|(\\\n)|({_NAME}|[^ \t\f]))"
    )


_ESCAPE = r"\\N\{[^{}'\"\n]*\}|\\[^{}]|\\(?=[{}])"
_RAW_ESCAPE = r"\\[^{}]|\\(?=[{}])"


@cache
def _text_patterns(braces: str) -> dict[tuple[str, bool], re.Pattern[str]]:
    """The text of an f-string up to a brace or its end, by its quote and whether it is raw."""
    patterns = {}
    for raw, escape in ((False, _ESCAPE), (True, _RAW_ESCAPE)):
        for quote in ("'", '"'):
            patterns[quote, raw] = re.compile(rf"(?:[^\\{{}}\n{quote}]|{escape}{braces})*+")
            patterns[quote * 3, raw] = re.compile(
                rf"(?:[^\\{{}}{quote}]|{quote}(?!{quote * 2})|{escape}{braces})*+"
            )
    return patterns


_DOUBLED = r"|\{\{|\}\}"


class Comment(Struct, frozen=True):
    """A comment, `#` included; `start` counts code points from the beginning of the text.

    `own_line` is true where nothing but white space stands before it on its line.
    """

    start: int
    text: str
    own_line: bool


class Tokens(Struct, frozen=True):
    """The tokens of a text in order, as parallel lists; offsets count code points of that text.

    `logical_lines` holds the index of the first token of every logical line.
    """

    text: str
    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    logical_lines: list[int] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


class _Literal(Struct):
    """An f-string (or a format specification of one) that is open, and its expression's bracket depth."""

    quote: str
    raw: bool
    spec: bool
    depth: int = 0


def scan(text: str) -> Tokens:
    """Scan text whose line breaks are all `\\n`."""
    return _Scanner(Tokens(text)).run()


class _Scanner:
    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.depth = 0
        self.open: list[_Literal] = []
        self.fresh = True

    def run(self) -> Tokens:
        position = 0
        while position >= 0:
            position = self._plain(position)
        return self.tokens

    def _add(self, text: str, start: int, end: int, kind: int) -> None:
        tokens = self.tokens
        if self.fresh:
            tokens.logical_lines.append(len(tokens.texts))
            self.fresh = False
        tokens.texts.append(text)
        tokens.starts.append(start)
        tokens.ends.append(end)
        tokens.kinds.append(kind)

    def _plain(self, position: int) -> int:
        """Scan tokens until an f-string's own text begins; where to go on, or -1 at the end of the text."""
        source = self.tokens.text
        add = self._add
        for match in _token().finditer(source, position):
            kind = match.lastindex or STRAY
            if kind == NEWLINE:
                self.fresh = self.fresh or not self.depth
                continue
            if kind == COMMENT:
                self._comment(match.start(kind), match[kind])
                continue
            if kind == CONTINUATION:
                continue
            text = match[kind]
            start, end = match.span(kind)
            if kind == OPERATOR:
                if text in "([{":
                    self.depth += 1
                elif self.open and self.depth == self.open[-1].depth and text in ("}", ":", ":="):
                    return self._leave_expression(text[0], start)
                elif text in ")]}":
                    self.depth = max(self.depth - 1, 0)
            add(text, start, end, kind)
            if kind == FORMATTED:
                prefix = text.rstrip("'\"")
                self.open.append(_Literal(text[len(prefix) :], "r" in prefix.lower(), spec=False))
                return self._literal(end)
        return -1

    def _comment(self, start: int, text: str) -> None:
        line_start = self.tokens.text.rfind("\n", 0, start) + 1
        own_line = not self.tokens.text[line_start:start].strip()
        self.tokens.comments.append(Comment(start, text, own_line))

    def _leave_expression(self, text: str, start: int) -> int:
        """A `}` or `:` at the expression's own depth gives the word back to the string around it."""
        self._add(text, start, start + 1, OPERATOR)
        if text == "}":
            self.depth -= 1
        else:
            outer = self.open[-1]
            self.open.append(_Literal(outer.quote, outer.raw, spec=True))
        return self._literal(start + 1)

    def _literal(self, position: int) -> int:
        """Scan an f-string's text from here until an expression of it begins or the string ends."""
        source = self.tokens.text
        while self.open:
            literal = self.open[-1]
            pattern = _text_patterns("" if literal.spec else _DOUBLED)[literal.quote, literal.raw]
            match = pattern.match(source, position)
            end = match.end() if match else position
            if end > position:
                self._add(source[position:end], position, end, STRING)
            if source.startswith("{", end):
                self._add("{", end, end + 1, OPERATOR)
                self.depth += 1
                literal.depth = self.depth
                return end + 1
            if source.startswith("}", end) and literal.spec:
                self._add("}", end, end + 1, OPERATOR)
                self.depth -= 1
                self.open.pop()
                position = end + 1
                continue
            return self._close(literal, end)
        return position

    def _close(self, literal: _Literal, end: int) -> int:
        """The end of an f-string; of one that no quote ends, too: the parser will refuse it."""
        while self.open and self.open.pop().spec:
            self.depth = max(self.depth - 1, 0)
        if self.tokens.text.startswith(literal.quote, end):
            self._add(literal.quote, end, end + len(literal.quote), FORMATTED)
            return end + len(literal.quote)
        return end if end < len(self.tokens.text) else -1
