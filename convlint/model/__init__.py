"""Roots (what to analyse, with which inputs) and summaries."""

from convlint.model.summarize import summarize, summarize_file
from convlint.model.summary import Gap, Row, Summary
from convlint.model.target import TargetError

__all__ = ["Gap", "Row", "Summary", "TargetError", "summarize", "summarize_file"]
