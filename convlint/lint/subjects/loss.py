"""A model's single output, and the loss that the code gives the model."""

from __future__ import annotations

import re

from convlint.lint.subjects.base import Place, Subject
from convlint.lint.subjects.layer import Layer
from convlint.trace import Instance, Span, Value


class Loss(Subject, frozen=True, kw_only=True):
    """What `compile` was given; `last` made the output."""

    loss: Value
    last: Layer
    span: Span

    @property
    def name(self) -> str:
        """`categorical_crossentropy`, by its name, as an object or a function; empty for any other."""
        if isinstance(self.loss, str):
            return self.loss.lower()
        if isinstance(self.loss, Instance) and self.loss.cls.qualname.startswith("keras.losses."):
            words = re.findall("[A-Z][a-z]+", self.loss.cls.name)
            return "_".join(words).lower()
        function = getattr(self.loss, "name", None)  # `keras.losses.mean_squared_error` itself
        if isinstance(function, str) and function.startswith("keras.losses."):
            return function.rpartition(".")[2]
        return ""

    @property
    def from_logits(self) -> bool | None:
        """Whether the loss applies softmax or sigmoid itself; None where that is not known."""
        if not isinstance(self.loss, Instance):
            return False
        given = (self.loss.arguments or {}).get("from_logits", False)
        return given if isinstance(given, bool) else None

    @property
    def activation(self) -> str | None:
        """The activation of the output: `softmax`, `linear`; None where it is not known."""
        if self.last.type == "Softmax":
            return "softmax"
        given = self.last.argument("activation")
        if self.last.derives("keras.layers.Activation") or self.last.dense or self.last.window:
            return "linear" if given is None else given if isinstance(given, str) else None
        return None

    def here(self) -> Place:
        """Where the model was told its loss."""
        return self.pointing(self.span)
