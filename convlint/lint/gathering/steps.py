"""The way to a failing operation, by its places: the calls that lead there, itself, where its layer is built.

Law: only linted files are pointed at, each place once, the finding's own not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from convlint.lint.finding import Note, NoteKind
from convlint.lint.sources import Sources
from convlint.trace import Failure, Site, Span

_MOST_CALLS = 8
_MODULE = "<module>"


def steps_of(failure: Failure, named: str, own: Span, sources: Sources) -> Iterator[Note]:
    """A note for each step, from the outermost call inward; `named` fails, `own` is the finding's span."""
    told = {own}
    calls = _calls(failure.site, sources)
    for site in calls:
        if site.span not in told:
            told.add(site.span)
            yield _note(_words(site, site is calls[-1]), site.span, sources)
    built = None if failure.layer is None else failure.layer.site
    if built is None or not sources.accepts(built.filename) or _holds(built.span, own):
        return
    if built.span not in told:
        yield _note(f"{named} is built here", built.span, sources)


def _calls(site: Site | None, sources: Sources) -> list[Site]:
    """The calls in linted files, the outermost first; a container's call stands for those that it makes."""
    found = [] if site is None else [each for each in site.chain() if sources.accepts(each.filename)]
    found = [a for a, b in pairwise([*found, None]) if a is not None and (b is None or a.span != b.span)]
    if len(found) <= _MOST_CALLS:
        return found
    return [*found[: _MOST_CALLS // 2], *found[-_MOST_CALLS // 2 :]]


def _words(site: Site, last: bool) -> str:
    around = None if site.parent is None else site.parent.function
    if around is None or around == _MODULE:
        return "fails here" if last else "called here"
    return f"fails here, in {around}" if last else f"called from {around}"


def _note(words: str, span: Span, sources: Sources) -> Note:
    filename, start, _ = sources.locate(span)
    return Note(words, filename, start, NoteKind.STEP)


def _holds(outer: Span, inner: Span) -> bool:
    """Whether a span lies in another of the same file."""
    starts = (outer.filename, outer.row, outer.column) <= (inner.filename, inner.row, inner.column)
    ends = (inner.end_row, inner.end_column) <= (outer.end_row, outer.end_column)
    return outer.filename == inner.filename and starts and ends
