"""Renderers of findings: one file a format, pure functions."""

from convlint.report.checkstyle import render_checkstyle
from convlint.report.concise import render_concise
from convlint.report.github import render_github
from convlint.report.gitlab import render_gitlab
from convlint.report.headline import closing_line
from convlint.report.json import render_json
from convlint.report.jsonl import render_jsonl
from convlint.report.junit import render_junit
from convlint.report.palette import PLAIN, ColourChoice, Palette, palette_for
from convlint.report.rdjson import render_rdjson
from convlint.report.renderer import Canvas, Renderer, RuleCard, SourceLines
from convlint.report.sarif import render_sarif
from convlint.report.statistics import STATISTICS, statistics_json, statistics_text
from convlint.report.text import render_text

FORMATS: dict[str, Renderer] = {
    "text": render_text,
    "concise": render_concise,
    "json": render_json,
    "jsonl": render_jsonl,
    "sarif": render_sarif,
    "github": render_github,
    "gitlab": render_gitlab,
    "junit": render_junit,
    "rdjson": render_rdjson,
    "checkstyle": render_checkstyle,
}
"""Every output format of `check`, by its name on the command line."""

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
    "render_checkstyle",
    "render_concise",
    "render_github",
    "render_gitlab",
    "render_json",
    "render_jsonl",
    "render_junit",
    "render_rdjson",
    "render_sarif",
    "render_text",
    "statistics_json",
    "statistics_text",
]
