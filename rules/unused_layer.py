"""A layer is built and never used.

## What it does
Flags a layer that a model holds in an attribute and that no run of the model calls, whose parameters nothing
reads, and whose name nothing but the constructor mentions. Silent about a layer without parameters where
another of its type was called; about one whose parts are used; and where code that could not be followed
might have called it: through `getattr` or a loop over all layers in a method that did not run, an unknown
function that was given the model, a subclass that is not here.

## Why it matters
It costs memory and appears in checkpoints and in `summary()`; with data-parallel training, parameters without
a gradient are an error. Most often a line of `forward` was forgotten.

## Example
    self.bn2 = nn.BatchNorm2d(64)  # and forward calls bn1 twice

## Use instead
    x = self.bn2(self.conv2(x))

## When to ignore
Where checkpoints have to keep the layer's keys, or where code elsewhere uses it.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, Unused
from convlint.lint.rule import rule
from convlint.lint.wording import grouped


@rule("CL502", "unused-layer", Severity.ADVICE)
def unused_layer(subject: Unused) -> Iterator[Finding]:
    """One finding for each attribute of a class."""
    cost = f" and has {grouped(subject.params)} parameters" if subject.params else ""
    yield subject.here().finding(
        f"`{subject.attribute}` of {subject.owner}, this {subject.type}, is never used{cost}",
        help="call it, or leave it out",
    )
