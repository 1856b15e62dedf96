"""A summary as CSV, a row a layer, with the model's name before it."""

import csv
import io
from collections.abc import Sequence

from convlint.report.palette import Palette
from convlint.report.summary_view import COLUMNS, Column, SummaryView


def render_csv(summaries: Sequence[SummaryView], columns: Sequence[Column] | None, palette: Palette) -> str:
    """All columns unless some are asked for; numbers as digits alone, an empty field for what is unknown."""
    chosen = columns or tuple(COLUMNS.values())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["model", *(column.key for column in chosen)])
    for summary in summaries:
        for layer in summary.layers:
            writer.writerow([summary.name, *(column.plain(layer) for column in chosen)])
    return text.getvalue()
