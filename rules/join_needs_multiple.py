"""A join fits only for inputs whose size is a multiple of a number.

## What it does
Where the input's size is free, works out for which sizes the additions and concatenations of a model fit,
and says of what number they must be multiples, and the smallest size that fails.

## Why it matters
An encoder that halves a map four times and a decoder that doubles it four times agree only if the size is a
multiple of 16; for others the network fails, often for the first real photograph.

## Example
    x = torch.cat([skip, self.up(x)], dim=1)

## Use instead
    x = self.up(x)
    x = F.pad(x, (0, skip.shape[-1] - x.shape[-1], 0, skip.shape[-2] - x.shape[-2]))
    x = torch.cat([skip, x], dim=1)

## When to ignore
Where you make every input such a multiple; `# convlint: input=(N, 3, 256, 256)` says so.
"""

from collections.abc import Iterator

from convlint.lint import Finding, JoinNeeds, Severity
from convlint.lint.rule import rule
from convlint.lint.wording import count, listed


@rule("CL108", "join-needs-multiple", Severity.ADVICE)
def join_needs_multiple(need: JoinNeeds) -> Iterator[Finding]:
    """One finding for each set of joins with a common number."""
    sizes = listed(need.sizes)
    verb = "is a multiple" if len(need.sizes) == 1 else "are multiples"
    which = (
        f"`{need.operation}`"
        if need.joins == 1
        else f"`{need.operation}` and {count(need.joins - 1, 'more join')}"
    )
    fits = "fits" if need.joins == 1 else "fit"
    yield need.here().finding(
        f"{which} {fits} only if {sizes} {verb} of {need.multiple}",
        label=f"{need.sizes[0]} = {need.smallest}: {need.left} meets {need.right}",
        help=f"pad the input to a multiple of {need.multiple}, or one operand to the other's size; "
        f"the smallest size that fails is {need.smallest}",
    )
