"""What a model decides with, and what a loss compares: softmax on an axis, an output and its target."""

from __future__ import annotations

from convlint.dims import Dim
from convlint.lint.subjects.base import Place, Subject
from convlint.trace import Span

Shape = tuple[Dim, ...]


class Softmax(Subject, frozen=True, kw_only=True):
    """A softmax that ran. `axis` is the one it normalises, None where it is not known; `missing` says that
    the code names none; `over_batch` that the axis is the one that the model's input has its samples on;
    `decides` that the result is the model's output, or goes into a loss.
    """

    operation: str
    axis: int | None
    missing: bool
    over_batch: bool
    decides: bool
    shape: Shape
    span: Span

    def here(self) -> Place:
        """The call, or the layer's constructor."""
        return self.pointing(self.span)


class Comparison(Subject, frozen=True, kw_only=True):
    """A loss (`cross_entropy`, `mse_loss` …) and the output that it was given; `activation` is what made the
    output, empty where nothing known did; `target` is the target's shape where it is known.
    """

    loss: str
    activation: str
    output: Shape | None
    target: Shape | None
    span: Span

    def here(self) -> Place:
        """The call of the loss."""
        return self.pointing(self.span)
