"""Text out of analysed source is untrusted: nothing of it may move the cursor, colour, reorder or hide.

A character that would do so is shown as Python would escape it, `\\n`, `\\x1b`, `\\u202e`.
"""

import unicodedata

_JOINERS = "\u200c\u200d"  # they shape scripts and emoji, and neither hide nor reorder anything
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """The text on one line, every control, format, separator and surrogate character escaped."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(visible_character(character) for character in text)


def visible_character(character: str) -> str:
    """The character itself, or its escape if it is not safe to print."""
    if character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs":
        return character
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def encodable(text: str) -> str:
    """The text with lone surrogates escaped, which no UTF-8 can hold and few readers of JSON take."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def width(text: str) -> int:
    """How many columns of a terminal the text takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
