"""A layer that is built while the model is called has new weights on every call.

## What it does
Flags layers with parameters that are built in `forward` or `call`, or in what these call. A layer that is
built once, under a condition, and kept in an attribute passes.

## Why it matters
The weights are random anew on every call: nothing is learned, `parameters()` does not give them, and the
layer is on the wrong device. Keras refuses to make variables in a second call.

## Example
    def forward(self, x):
        return nn.Linear(64, 10)(x)

## Use instead
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(64, 10)

## When to ignore
Where a random projection is meant.
"""

from collections.abc import Iterator

from convlint.lint import BuiltInCall, Finding, Severity
from convlint.lint.rule import rule


@rule("CL504", "layer-built-in-forward", Severity.WARNING)
def layer_built_in_forward(subject: BuiltInCall) -> Iterator[Finding]:
    """One finding for each call that builds such a layer."""
    yield subject.here().finding(
        f"`{subject.entry}` of {subject.owner} builds this {subject.type} with new weights on every call",
        help="build it in __init__, and call it here",
    )
