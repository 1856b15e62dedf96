"""Shapes as a comment gives them: `=(N, 3, H, W), (N, 10)` or `: left=(N, 3, 64, 64), right=…`."""

import re

from msgspec import Struct

Extent = int | str | None
"""A size, a symbol, or None for a size that is not known."""

_TOKEN = re.compile(
    r"[ \t]*(?:(?P<name>[^\W\d]\w*)|(?P<number>[0-9][0-9_]*)|(?P<mark>[(),=:?\[\]])|(?P<other>\S+))"
)
_MAX_DIGITS = 18


class NamedShape(Struct, frozen=True):
    """The shape of one input, batch first, and the parameter it is for; None where the order says that."""

    extents: tuple[Extent, ...]
    name: str | None = None


class Refused(ValueError):
    """Why a shape cannot be read, and which columns of the text are to blame."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


def read_shapes(text: str, start: int) -> tuple[NamedShape, ...]:
    """Read what follows the word `input`; raises Refused."""
    reader = _Reader(text, start)
    if reader.text not in ("=", ":"):
        raise reader.refuse("expected input=(N, 3, H, W)")
    reader.advance()
    shapes = [_shape(reader)]
    while reader.text == ",":
        reader.advance()
        if not reader.text:
            break
        shapes.append(_shape(reader))
    if reader.text:
        raise reader.refuse(f"`{reader.text}` does not belong to a shape")
    names = [shape.name for shape in shapes if shape.name is not None]
    if len(names) != len(set(names)):
        raise Refused("an input is named twice", start, len(text.rstrip()))
    return tuple(shapes)


class _Reader:
    """A place in the text, and the token there: its text (empty at the end) and kind."""

    def __init__(self, source: str, position: int) -> None:
        self._source = source
        self._end = position
        self.advance()

    def advance(self) -> None:
        match = _TOKEN.match(self._source, self._end)
        self.kind = match.lastgroup if match is not None else None
        self.text = match[self.kind] if match is not None and self.kind is not None else ""
        self._end = match.end() if match is not None else len(self._source)
        self._start = self._end - len(self.text)

    def refuse(self, message: str) -> Refused:
        return Refused(message, self._start if self.text else 0, self._end)


def _shape(reader: _Reader) -> NamedShape:
    name = None
    if reader.kind == "name":
        name = reader.text
        reader.advance()
        if reader.text != "=":
            raise reader.refuse(f"expected {name}=(N, 3, H, W)")
        reader.advance()
    closing = {"(": ")", "[": "]"}.get(reader.text)
    if closing is None:
        raise reader.refuse("expected a shape in parentheses, such as (N, 3, H, W)")
    reader.advance()
    extents: list[Extent] = []
    while reader.text != closing:
        extents.append(_extent(reader))
        if reader.text == ",":
            reader.advance()
        elif reader.text != closing:
            raise reader.refuse(
                f"expected `,` or `{closing}`" + (f" before `{reader.text}`" if reader.text else "")
            )
    reader.advance()
    return NamedShape(tuple(extents), name)


def _extent(reader: _Reader) -> Extent:
    text, kind = reader.text, reader.kind
    size = int(text.replace("_", "")) if kind == "number" and len(text) <= _MAX_DIGITS else 0
    if not (size >= 1 or text == "?" or kind == "name"):
        shown = f"; `{text}` is neither" if text else ""
        raise reader.refuse(f"an extent is an integer of at least 1, a symbol such as H, or ?{shown}")
    reader.advance()
    if text in ("?", "None"):
        return None
    return size or text
