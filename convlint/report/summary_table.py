"""A summary as a table for terminals."""

from collections.abc import Sequence

from convlint.report.escape import visible, width
from convlint.report.palette import Palette, Role
from convlint.report.summary_view import Column, LayerView, SummaryView, totals, usual_columns


def render_table(summaries: Sequence[SummaryView], columns: Sequence[Column] | None, palette: Palette) -> str:
    """Each model's name, its layers in rows, and its totals."""
    return "\n".join(
        _model(summary, columns or usual_columns(summary.layers), palette) for summary in summaries
    )


def _model(summary: SummaryView, columns: Sequence[Column], palette: Palette) -> str:
    words = totals(summary)
    longest = max(len(word) for word, _ in words)
    lines = [
        palette.paint(Role.PLACE, visible(summary.name)),
        *(_layers(summary.layers, columns, palette) if summary.layers else ()),
        *(f"{word:<{longest}}  {text}" for word, text in words),
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _layers(layers: Sequence[LayerView], columns: Sequence[Column], palette: Palette) -> list[str]:
    rows = [[column.cell(layer) for column in columns] for layer in layers]
    widths = [
        max(width(cell) for cell in (column.heading, *(row[i] for row in rows)))
        for i, column in enumerate(columns)
    ]
    heading = _line([column.heading for column in columns], columns, widths)
    rule = palette.paint(Role.GUTTER, "─" * (sum(widths) + 2 * (len(widths) - 1)))
    return [
        palette.paint(Role.KEYWORD, heading),
        rule,
        *(_line(row, columns, widths) for row in rows),
        rule,
    ]


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    padded = [
        " " * (room - width(cell)) + cell if column.number else cell + " " * (room - width(cell))
        for cell, column, room in zip(cells, columns, widths, strict=True)
    ]
    return "  ".join(padded)
