"""A convolution expects another number of channels than arrives.

## What it does
Compares `in_channels` with the channel axis of what arrives at the convolution: after a concatenation, an
up-convolution, inside `Sequential`, through helper functions and other files.

## Why it matters
Every such call fails: the weight has one slice for each input channel.

## Example
    self.a = nn.Conv2d(3, 64, 3, padding=1)
    self.b = nn.Conv2d(32, 64, 3, padding=1)  # 64 arrive

## Use instead
    self.b = nn.Conv2d(64, 64, 3, padding=1)

## When to ignore
Never, where the input is right; where the code shows another input than you use, declare yours with
`# convlint: input=(N, 1, H, W)`.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.lint.wording import count, number
from convlint.shapes.fault import Kind

_COLOUR = {1: "grey", 3: "RGB", 4: "RGBA"}


@rule("CL102", "channel-mismatch", Severity.ERROR)
def channel_mismatch(fault: ShapeFault) -> Iterator[Finding]:
    """One finding for each convolution whose channels disagree."""
    if fault.kind is not Kind.CHANNELS or fault.channels_stand_last:
        return
    expected, got = fault.fault.expected, fault.fault.got
    assert (
        not isinstance(expected, tuple)
        and not isinstance(got, tuple)
        and expected is not None
        and got is not None
    )
    parts = fault.summands
    total = f"{' + '.join(map(number, parts))} = {number(got)}" if len(parts) > 1 else ""
    yield fault.here().finding(
        f"{fault.what} expects {count(expected, 'channel')}, {got} arrive{'s' if got == 1 else ''}",
        label=total,
        help=_remedy(fault),
        fix=fault.giving("in_channels", str(got)) if _divisible(fault) else None,
    )


def _divisible(fault: ShapeFault) -> bool:
    """Whether what arrives is a number that the layer's groups divide."""
    got, groups = fault.fault.got, fault.argument("groups")
    return isinstance(got, int) and isinstance(groups, int) and got % groups == 0


def _remedy(fault: ShapeFault) -> str:
    expected, got = fault.fault.expected, fault.fault.got
    given = fault.input
    if fault.keras:
        return f"it was built for {number(expected)}: a layer of its own for {number(got)} channels"
    if given is not None and given.origin is None and got in _COLOUR and expected in _COLOUR:
        return f"the input is {_COLOUR[got]}, the layer made for {_COLOUR[expected]}: in_channels={got}"
    if fault.layer is None:
        return f"a weight for {number(got)} channels"
    return f"in_channels={number(got)}, or let what comes before give {number(expected)}"
