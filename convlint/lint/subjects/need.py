"""What joins ask of an input whose sizes are free: that they are multiples of a number."""

from __future__ import annotations

from convlint.dims import Dim
from convlint.lint.subjects.base import Place, Subject
from convlint.trace import Span


class JoinNeeds(Subject, frozen=True, kw_only=True):
    """Joins of one run that all hold only if each of `sizes` is a multiple of `multiple`.

    `smallest` is the least size, admissible otherwise, that fails; the join at `span` is the one that fails
    for it, with `left` and `right` as the extents that meet.
    """

    sizes: tuple[str, ...]
    multiple: int
    smallest: int
    left: int
    right: int
    operation: str
    shapes: tuple[tuple[Dim, ...], ...]
    joins: int
    span: Span

    def here(self) -> Place:
        """The join that fails first."""
        return self.pointing(self.span)
