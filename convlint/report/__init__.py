"""Renderers of findings: one file a format, pure functions."""

from collections.abc import Sequence
from importlib import import_module

from msgspec import Struct

from convlint.lint.finding import Finding
from convlint.report.headline import closing_line
from convlint.report.palette import PLAIN, ColourChoice, Palette, palette_for
from convlint.report.renderer import Canvas, Renderer, RuleCard, SourceLines


class _Format(Struct, frozen=True):
    """A format whose file is loaded when it is first drawn: a run draws one or two of them."""

    module: str
    function: str

    def __call__(self, findings: Sequence[Finding], canvas: Canvas) -> str:
        render: Renderer = getattr(import_module(f"convlint.report.{self.module}"), self.function)
        return render(findings, canvas)


_NAMES = (
    "text",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "rdjson",
    "checkstyle",
)

FORMATS: dict[str, Renderer] = {name: _Format(name, f"render_{name}") for name in _NAMES}
"""Every output format of `check`, by its name on the command line."""

STATISTICS: dict[str, Renderer] = {
    "text": _Format("statistics", "statistics_text"),
    "concise": _Format("statistics", "statistics_text"),
    "json": _Format("statistics", "statistics_json"),
    "jsonl": _Format("statistics", "statistics_jsonl"),
}
"""The formats in which counts can be said; the others are made of findings."""

__all__ = [
    "FORMATS",
    "PLAIN",
    "STATISTICS",
    "Canvas",
    "ColourChoice",
    "Palette",
    "Renderer",
    "RuleCard",
    "SourceLines",
    "closing_line",
    "palette_for",
]
