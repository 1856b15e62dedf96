"""The little of XML that reports need: elements, attributes and text, in ASCII whatever they hold.

What XML 1.0 cannot hold at all (control characters, lone surrogates) is shown as Python would escape it.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from convlint.report.escape import visible

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


class Element(Struct, frozen=True):
    """An element with attributes, and text or other elements in it."""

    name: str
    attributes: Mapping[str, str | int] = field(default_factory=dict)
    children: tuple["Element", ...] = ()
    text: str = ""

    def lines(self, indent: str = "") -> Iterator[str]:
        """The element, its children indented; the lines of its text stand as they are."""
        pairs = (f' {key}="{_content(str(value))}"' for key, value in self.attributes.items())
        start = f"{indent}<{self.name}{''.join(pairs)}"
        if self.children:
            yield f"{start}>"
            for child in self.children:
                yield from child.lines(f"{indent}  ")
            yield f"{indent}</{self.name}>"
        elif self.text:
            inside = "\n".join(_content(line) for line in self.text.split("\n"))
            yield f"{start}>{inside}</{self.name}>"
        else:
            yield f"{start}/>"


def document(root: Element) -> str:
    """The whole text of a file."""
    return _ascii(['<?xml version="1.0" encoding="UTF-8"?>', *root.lines()])


def _content(text: str) -> str:
    return visible(text).translate(_ENTITIES)


def _ascii(lines: Iterable[str]) -> str:
    text = "\n".join(lines) + "\n"
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")
