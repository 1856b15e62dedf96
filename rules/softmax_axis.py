"""Softmax over the samples of a batch instead of over the classes.

## What it does
Flags a softmax that the model returns, or that a loss takes, where its axis is the one on which the model's
input has its samples; and a PyTorch softmax that names no axis at all.

## Why it matters
The probabilities of one sample then depend on the others and do not sum to 1. Without `dim`, PyTorch warns
and takes axis 0 or 1, by the number of axes.

## Example
    return F.softmax(x, dim=0)

## Use instead
    return F.softmax(x, dim=1)

## When to ignore
Where scores are compared over a batch on purpose.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, Softmax
from convlint.lint.rule import rule
from convlint.lint.wording import shape


@rule("CL603", "softmax-axis", Severity.WARNING)
def softmax_axis(subject: Softmax) -> Iterator[Finding]:
    """One finding for each softmax."""
    name = subject.operation
    if subject.missing:
        yield subject.here().finding(
            f"{name} names no axis: for {shape(subject.shape)} axis {subject.axis} is taken",
            help="dim=1, or dim=-1 for the last axis",
        )
    elif subject.decides and subject.over_batch:
        yield subject.here().finding(
            f"{name} over axis 0 of {shape(subject.shape)}: it is the axis of the samples",
            help="the axis of the classes: 1, or -1 for the last",
        )
