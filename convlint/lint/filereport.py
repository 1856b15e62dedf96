"""What one file's analysis shows: the data that processes hand on and the cache keeps."""

from __future__ import annotations

from msgspec import Struct

from convlint.lint.finding import Finding
from convlint.lint.sheet.data import Sheet
from convlint.source.comments import Directives


class Said(Struct, frozen=True):
    """A finding, the root that showed it, and which thing of the root it speaks of."""

    finding: Finding
    root: str
    key: object


class FileReport(Struct, frozen=True):
    """What the analysis of one file shows, before suppression; `comments` where the file was parsed.

    `read` are the files whose text it rests on, `absent` the places where it looked for a module in vain.
    """

    said: tuple[Said, ...] = ()
    comments: Directives | None = None
    read: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    sheet: Sheet | None = None
    """What an editor shows of the file, where it was asked for; the cache does not keep it."""
    broken: tuple[int, ...] = ()
    """The rows at which something cannot be parsed; of a notebook, the other cells are analysed."""
