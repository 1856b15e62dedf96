"""A summary as Markdown, for issues and documentation."""

import re
from collections.abc import Sequence

from convlint.report.escape import visible
from convlint.report.palette import Palette
from convlint.report.summary_view import Column, SummaryView, totals, usual_columns


def render_markdown(
    summaries: Sequence[SummaryView], columns: Sequence[Column] | None, palette: Palette
) -> str:
    """Each model as a heading, a table and a list of totals."""
    return "\n".join(_model(summary, columns or usual_columns(summary.layers)) for summary in summaries)


def _model(summary: SummaryView, columns: Sequence[Column]) -> str:
    lines = [
        f"## {_literal(visible(summary.name))}",
        "",
        _row([column.heading for column in columns]),
        _row(["---:" if column.number else "---" for column in columns]),
        *(_row([_literal(column.cell(layer)) for column in columns]) for layer in summary.layers),
        "",
        *(f"- {word}: {_literal(text)}" for word, text in totals(summary)),
    ]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _literal(text: str) -> str:
    """The text with everything escaped that Markdown would take for markup."""
    return re.sub(r"([\\`*_\[\]<>|#&~])", r"\\\1", text)
