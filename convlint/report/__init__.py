"""Renderers of findings: one file a format, pure functions."""

from convlint.report.concise import render_concise
from convlint.report.headline import closing_line
from convlint.report.json import render_json
from convlint.report.palette import PLAIN, ColourChoice, Palette, palette_for
from convlint.report.renderer import Canvas, Renderer, SourceLines
from convlint.report.statistics import statistics_json, statistics_text
from convlint.report.text import render_text

FORMATS: dict[str, Renderer] = {
    "text": render_text,
    "concise": render_concise,
    "json": render_json,
}
"""Every output format of `check`, by its name on the command line."""

__all__ = [
    "FORMATS",
    "PLAIN",
    "Canvas",
    "ColourChoice",
    "Palette",
    "Renderer",
    "SourceLines",
    "closing_line",
    "palette_for",
    "render_concise",
    "render_json",
    "render_text",
    "statistics_json",
    "statistics_text",
]
