"""Reads dimensions as `printing` writes them, and as people do: spaces, `//`, `%`, `min(..)`, `max(..)`.

Law: `parse(str(d)) == d`; anything but such text is a ValueError.
"""

from __future__ import annotations

import re

from msgspec import Struct

from convlint.dims.expr import Dim, Expr, TooComplex, symbol
from convlint.dims.extremum import maximum, minimum
from convlint.dims.floor import floordiv, mod
from convlint.dims.printing import NAME

_TOKEN = re.compile(rf"\s*(?:(\d+)|(`(?:[^`]|``)*`)|({NAME.pattern})|(//|\*\*|[-+*%(),]))")
_MAX_TEXT = 20_000
_MAX_DIGITS = 1_200
_MAX_NESTING = 60


def parse(text: str) -> Dim:
    """The dimension that `text` denotes. Raises ValueError where it denotes none."""
    if len(text) > _MAX_TEXT:
        raise ValueError(f"a dimension of {len(text)} characters")
    reader = _Reader(text, _tokens(text))
    try:
        result = reader.sum()
    except (ZeroDivisionError, TooComplex) as error:
        raise ValueError(f"{text!r}: {error}") from error
    if reader.peek():
        raise reader.unexpected()
    return result


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"{text!r}: {text[position:].lstrip()[0]!r} is not part of a dimension")
        if match[1] and len(match[1]) > _MAX_DIGITS:
            raise ValueError(f"an integer of {len(match[1])} digits")
        tokens.append(match[0].lstrip())
        position = match.end()
    return tokens


class _Reader(Struct):
    """Recursive descent over the tokens, with Python's precedence."""

    text: str
    tokens: list[str]
    position: int = 0
    nesting: int = 0

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.peek()
        if not token or (expected and token not in expected):
            raise self.unexpected()
        self.position += 1
        return token

    def unexpected(self) -> ValueError:
        return ValueError(f"{self.text!r}: unexpected {self.peek() or 'end'!r}")

    def sum(self) -> Dim:
        result = self.term()
        while self.peek() in ("+", "-"):
            result = result + self.term() if self.take() == "+" else result - self.term()
        return result

    def term(self) -> Dim:
        result = self.signed()
        while self.peek() in ("*", "//", "%"):
            match self.take():
                case "*":
                    result = result * self.signed()
                case "//":
                    result = floordiv(result, self.signed())
                case _:
                    result = mod(result, self.signed())
        return result

    def signed(self) -> Dim:
        negative = False
        while self.peek() in ("+", "-"):
            negative ^= self.take() == "-"
        value = self.power()
        return -value if negative else value

    def power(self) -> Dim:
        base = self.primary()
        if self.peek() != "**":
            return base
        self.take()
        exponent = self.primary()
        if isinstance(exponent, Expr) or exponent > _MAX_NESTING:
            raise ValueError(f"{self.text!r}: an exponent must be a small integer")
        result: Dim = 1
        for _ in range(exponent):
            result = result * base
        return result

    def primary(self) -> Dim:
        token = self.take()
        if token == "(":
            return self.nested()[0]
        if token in ("min", "max") and self.peek() == "(":
            self.take()
            operands = self.nested(several=True)
            return minimum(*operands) if token == "min" else maximum(*operands)
        if token.isdecimal():
            return int(token)
        if token.startswith("`"):
            return symbol(token[1:-1].replace("``", "`"))
        if NAME.fullmatch(token):
            return symbol(token)
        self.position -= 1
        raise self.unexpected()

    def nested(self, *, several: bool = False) -> list[Dim]:
        """What stands between an opening parenthesis, already taken, and its closing one."""
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise ValueError(f"{self.text!r}: nested too deeply")
        values = [self.sum()]
        while several and self.peek() == ",":
            self.take()
            values.append(self.sum())
        self.take(")")
        self.nesting -= 1
        return values
