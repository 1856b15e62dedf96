"""convlint: a linter for convolutional networks that follows every tensor's shape without running the code.

`check` and `check_source` lint; `summarize` counts. Everything is loaded at the first call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike

from convlint.version import __version__

TYPE_CHECKING = False  # what type checkers take for true; `typing` takes as long to load as Python itself
if TYPE_CHECKING:
    from pathlib import Path

    from convlint.config import Settings
    from convlint.lint.finding import Finding
    from convlint.model.summary import Summary

__all__ = ["__version__", "check", "check_source", "summarize"]


def check(
    paths: Iterable[str | PathLike[str]],
    *,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] = (),
    extend_select: Sequence[str] = (),
) -> list[Finding]:
    """Lint files and folders; the findings in reading order, as `convlint check` shows them.

    The configuration is the one nearest to the paths; `select`, `ignore` and `extend_select` go on top of
    it, as the flags of the same names do. Raises `convlint.config.ConfigError` and `OSError`.
    """
    from pathlib import Path

    from convlint.lint.engine import check_paths
    from convlint.lint.folding import folded

    places = [Path(path) for path in paths]
    for place in places:
        place.stat()
    return folded(check_paths(places, _settings(places, select, ignore, extend_select)).findings)


def check_source(
    text: str,
    filename: str = "<string>",
    *,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] = (),
    extend_select: Sequence[str] = (),
) -> list[Finding]:
    """Lint a text as if it stood in the file; the findings in reading order."""
    from pathlib import Path

    from convlint.lint.engine import check_source
    from convlint.lint.folding import folded

    place = [] if filename.startswith("<") else [Path(filename)]
    return folded(check_source(text, filename, _settings(place, select, ignore, extend_select)).findings)


def summarize(
    target: str,
    inputs: Sequence[Sequence[int | str]] | Mapping[str, Sequence[int | str]] | None = None,
    search_path: Sequence[str] = (),
) -> Summary:
    """The summary of a model from its source: exact numbers or None, and why.

    `target` is `file.py:EXPR` or `package.module:EXPR`; `inputs` are shapes by position or by name, batch
    first; None takes those that the code shows, else symbols. Raises `convlint.model.TargetError`.
    """
    from convlint.model import summarize

    return summarize(target, dict(inputs) if isinstance(inputs, Mapping) else inputs, search_path)


def _settings(
    places: Sequence[Path], select: Sequence[str] | None, ignore: Sequence[str], extend_select: Sequence[str]
) -> Settings:
    """The nearest configuration with the arguments on top."""
    from pathlib import Path

    from convlint.config import load, with_flags

    flags = {"ignore": list(ignore), "extend_select": list(extend_select)}
    if select is not None:
        flags["select"] = list(select)
    stated = {key: texts for key, texts in flags.items() if texts or key == "select"}
    return with_flags(load(places), stated, Path.cwd())
