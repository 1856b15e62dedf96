"""What a format is: a pure function from findings, in the order to show them, to the whole output."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from convlint.lint.finding import Finding
from convlint.report.palette import PLAIN, Palette

SourceLines = Callable[[str, int | None], Sequence[str] | None]
"""The lines, without their ends, of a file or of a notebook's cell; None where they cannot be had."""


def no_source(filename: str, cell: int | None) -> None:
    """The SourceLines of one who has none: findings are shown without excerpts."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a renderer may draw with, besides the findings."""

    source: SourceLines = no_source
    palette: Palette = PLAIN


class Renderer(Protocol):
    """A format."""

    def __call__(self, findings: Sequence[Finding], canvas: Canvas) -> str: ...
