"""Colour, or the lack of it: what a terminal shows, decided once and passed to the renderers that use it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from msgspec import Struct


class Role(StrEnum):
    """What a piece of text is; the value is its ANSI rendition."""

    PLACE = "1"
    ERROR = "1;31"
    WARNING = "1;33"
    ADVICE = "1;36"
    GUTTER = "34"
    KEYWORD = "1"
    GOOD = "32"


class Palette(Struct, frozen=True):
    """Paints text by its role, or leaves it as it is."""

    colour: bool

    def paint(self, role: Role, text: str) -> str:
        """The text in the role's colour."""
        return f"\x1b[{role.value}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Palette(colour=False)

ColourChoice = Literal["auto", "always", "never"]


def palette_for(choice: ColourChoice, terminal: bool, environ: Mapping[str, str]) -> Palette:
    """The palette for an output that is, or is not, a terminal.

    A choice other than `auto` settles it. Then the variables NO_COLOR and FORCE_COLOR do, in that order,
    where they are set and not empty (https://no-color.org, https://force-color.org), then whether it is a
    terminal that knows colours.
    """
    if choice != "auto":
        return Palette(choice == "always")
    if environ.get("NO_COLOR"):
        return PLAIN
    if environ.get("FORCE_COLOR"):
        return Palette(colour=True)
    return Palette(terminal and environ.get("TERM") != "dumb")
