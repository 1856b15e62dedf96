"""A batch size that is no power of two suits GPUs less well.

## What it does
Flags `DataLoader(batch_size=…)`, `model.fit(batch_size=…)` and a tensor with a literal batch that the code
calls a model with, where the number is no power of two. Off by default.

## Why it matters
Memory and threads come in powers of two; other sizes leave some of them idle in each step.

## Example
    DataLoader(data, batch_size=50)

## Use instead
    DataLoader(data, batch_size=64)

## When to ignore
Where memory allows just that size, or the size divides the data.
"""

from collections.abc import Iterator

from convlint.lint import BatchSize, Finding, Severity
from convlint.lint.rule import rule


@rule("CL407", "batch-size-not-power-of-two", Severity.ADVICE, on=False)
def batch_size_not_power_of_two(batch: BatchSize) -> Iterator[Finding]:
    """One finding for each batch size that is written so."""
    size = batch.size
    if size > 0 and size & (size - 1):
        below = 1 << (size.bit_length() - 1)
        yield batch.here().finding(
            f"the batch size {size} is no power of two", help=f"{below} or {2 * below}"
        )
