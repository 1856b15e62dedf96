"""A residual connection adds a tensor to itself.

## What it does
Flags `x += x`, `x + x`, `torch.add(x, x)` and Keras' `add([x, x])` where x is what a layer gave.

## Why it matters
It doubles the map; the block's input, which was meant, is left out, and the block is not residual.

## Example
    x = self.conv(x)
    x += x

## Use instead
    identity = x
    x = self.conv(x)
    x += identity

## When to ignore
Where doubling is meant: write `2 * x`.
"""

from collections.abc import Iterator

from convlint.lint import Doubled, Finding, Severity
from convlint.lint.rule import rule


@rule("CL508", "self-residual", Severity.ADVICE)
def self_residual(subject: Doubled) -> Iterator[Finding]:
    """One finding for each sum."""
    yield subject.here().finding(
        f"`{subject.operation}` adds `{subject.name}` to itself: was the input of the block meant?",
        help=f"keep the input under another name, or write 2 * {subject.name}",
    )
