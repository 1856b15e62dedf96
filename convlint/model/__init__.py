"""Roots (what to analyse, with which inputs) and summaries; loaded when they are first asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convlint.model.summarizing import summarize, summarize_file
    from convlint.model.summary import Gap, Row, Summary
    from convlint.model.target import TargetError

_HOME = {
    "Gap": "convlint.model.summary",
    "Row": "convlint.model.summary",
    "Summary": "convlint.model.summary",
    "TargetError": "convlint.model.target",
    "summarize": "convlint.model.summarizing",
    "summarize_file": "convlint.model.summarizing",
}

__all__ = ["Gap", "Row", "Summary", "TargetError", "summarize", "summarize_file"]


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
