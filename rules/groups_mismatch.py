"""The groups of a convolution do not divide its channels.

## What it does
Checks that `groups` divides `in_channels` and `out_channels`, and channel counts of group norms.

## Why it matters
The constructor, or the first call, fails: each group takes an equal share of the channels.

## Example
    nn.Conv2d(64, 100, 3, groups=32)

## Use instead
    nn.Conv2d(64, 96, 3, groups=32)

## When to ignore
Never.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.shapes.fault import Kind


@rule("CL110", "groups-mismatch", Severity.ERROR)
def groups_mismatch(fault: ShapeFault) -> Iterator[Finding]:
    """One finding for each layer whose groups do not fit."""
    if fault.kind is not Kind.GROUPS:
        return
    data = fault.fault
    groups, channels = data.expected, data.got
    if isinstance(groups, int) and isinstance(channels, int) and len(data.arguments) > 1:
        near = [n for n in (channels // groups * groups, -(-channels // groups) * groups) if n > 0]
        yield fault.here().finding(
            f"groups={groups} does not divide {data.arguments[1]}={channels}",
            label=f"{channels} = {channels // groups}·{groups} + {channels % groups}",
            help=f"{data.arguments[1]}={' or '.join(str(n) for n in dict.fromkeys(near))}",
        )
    else:
        yield fault.here().finding(f"{fault.what}: {data.detail or fault.words}")
