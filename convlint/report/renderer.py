"""What a format is: a pure function from findings, in the order to show them, to the whole output."""

from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct

from convlint.lint.finding import Finding, Severity
from convlint.report.palette import PLAIN, Palette

SourceLines = Callable[[str, int | None], Sequence[str] | None]
"""The lines, without their ends, of a file or of a notebook's cell; None where they cannot be had."""


def no_source(filename: str, cell: int | None) -> None:
    """The SourceLines of one who has none: findings are shown without excerpts."""


class RuleCard(Protocol):
    """What a format may tell of a rule besides its findings."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def doc(self) -> str:
        """Its page: a sentence, a blank line, sections in Markdown."""
        ...

    @property
    def on(self) -> bool:
        """Whether it runs without being selected."""
        ...


def no_rules() -> Sequence[RuleCard]:
    """The rules of one who knows none: formats tell what the findings say of them."""
    return ()


class Canvas(Struct, frozen=True):
    """What a renderer may draw with, besides the findings.

    `rules` gives those that may have made the findings, and loads them if need be. File names are relative
    to `folder`; hosted services want them relative to `root`, the top of the project (both absolute, or
    empty: names stay as they are). Findings at or above `fail_on` fail the run.
    """

    source: SourceLines = no_source
    palette: Palette = PLAIN
    rules: Callable[[], Sequence[RuleCard]] = no_rules
    folder: str = ""
    root: str = ""
    fail_on: Severity = Severity.ADVICE


class Renderer(Protocol):
    """A format."""

    def __call__(self, findings: Sequence[Finding], canvas: Canvas) -> str: ...
