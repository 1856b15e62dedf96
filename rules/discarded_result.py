"""A result is computed and thrown away.

## What it does
Flags statements such as `x.view(-1, 64)`, `F.relu(x)` or `torch.flatten(x, 1)` in a module's `forward`, which
change nothing; a Keras layer that is built and called as a statement; and, as advice, a layer's result that
is bound to a name which is never read.

## Why it matters
Tensors are not changed by these functions: what was meant to happen does not.

## Example
    x.view(-1, 64)

## Use instead
    x = x.view(-1, 64)

## When to ignore
Where the call is made for something else than its result.
"""

from collections.abc import Iterator

from convlint.lint import DroppedResult, Finding, Severity
from convlint.lint.rule import rule


@rule("CL507", "discarded-result", Severity.WARNING)
def discarded_result(subject: DroppedResult) -> Iterator[Finding]:
    """One finding for each statement."""
    if subject.name:
        yield subject.here().finding(
            f"`{subject.name}`, what `{subject.operation}` gives, is never used",
            help="use it, or leave the layer out",
            severity=Severity.ADVICE,
        )
        return
    yield subject.here().finding(
        f"the result of `{subject.operation}` is discarded: the statement changes nothing",
        help=subject.fix.message if subject.fix else "bind the result to a name",
        fix=subject.fix,
    )
