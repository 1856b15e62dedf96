"""What can be told of a file before it is parsed: whether it speaks of a framework, and what it imports.

Law: it errs on one side only. A file that could matter is never passed over; the words of a string or comment
may make one matter that does not.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

_WORDS = "(?:py)?torch(?:vision|audio|text|metrics|summary|info)?|keras|tensorflow|einops|convlint"
_MENTION = re.compile(rf"(?<![^\W_])(?:{_WORDS})(?![^\W_])", re.ASCII)
_MENTION_BYTES = re.compile(_MENTION.pattern.encode(), re.ASCII)

_BLANKS = r"[ \t\f]*+"
_NAME = r"[^\W\d]\w*+"
_DOTTED = rf"{_NAME}(?:{_BLANKS}\.{_BLANKS}{_NAME})*+"
_IMPORT = re.compile(
    rf"(?:^|[;:]){_BLANKS}(?:lazy[ \t\f]{_BLANKS})?(?:"
    rf"from\b(?P<dots>[. \t\f]*+)(?P<module>{_DOTTED})?{_BLANKS}\bimport\b{_BLANKS}"
    r"(?:\((?P<inside>[^)]*+)|(?P<names>[^\n;#]*+))"
    r"|import\b(?P<plain>[^\n;#]*+))",
    re.MULTILINE,
)
_COMMENT = re.compile(r"#[^\n]*")
_IMPORTED = re.compile(rf"{_DOTTED}|\*")


class Import(Struct, frozen=True):
    """One import of a file: `from <level dots><module> import <names>`, or `import <module>` without names.

    A name may be a submodule or `*`; a module that is empty is the package itself.
    """

    module: str
    names: tuple[str, ...] = ()
    level: int = 0


def mentions_framework(data: bytes | str) -> bool:
    """Whether a word of the text, or a part of one between underscores, names a framework or convlint."""
    if isinstance(data, bytes):
        return _MENTION_BYTES.search(data) is not None
    return _MENTION.search(data) is not None


def imports(text: str) -> tuple[Import, ...]:
    """Every import of a text, in order, wherever it stands."""
    if "import" not in text:
        return ()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\\n", " ")
    return tuple(found for match in _IMPORT.finditer(text) for found in _read(match))


def _read(match: re.Match[str]) -> Iterator[Import]:
    plain = match["plain"]
    if plain is not None:
        for name in _names(plain):
            yield Import(name)
        return
    inside = match["inside"]
    names = _names(_COMMENT.sub("", inside) if inside is not None else match["names"])
    level = match["dots"].count(".")
    module = _compact(match["module"] or "")
    if names and (module or level):
        yield Import(module, names, level)


def _names(text: str) -> tuple[str, ...]:
    """The names in `a as b, c.d`; what is not a name is left out."""
    found = (_IMPORTED.match(" ".join(part.split())) for part in text.split(","))
    return tuple(_compact(match[0]) for match in found if match is not None)


def _compact(dotted: str) -> str:
    return "".join(dotted.split())
