"""Summaries as JSON."""

from collections.abc import Sequence

from convlint.report.json import dump
from convlint.report.summary_view import SummaryView


def render_summary(summary: SummaryView) -> str:
    """One model: the object that `to_dict` gives."""
    return dump(summary.to_dict())


def render_summaries(summaries: Sequence[SummaryView]) -> str:
    """An array of such objects."""
    return dump([summary.to_dict() for summary in summaries])
