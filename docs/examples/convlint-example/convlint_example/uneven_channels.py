"""A convolution gives a number of channels that is no multiple of 8.

## What it does
Flags convolutions whose number of output channels is no multiple of `multiple` (8 by default). Those with
fewer channels are left alone: they are the heads of a network, whose number of classes nobody chooses.

## Why it matters
Matrix units work on tiles; a layer of 50 channels takes as long as one of 56.

## Example
    nn.Conv2d(3, 50, 3, padding=1)

## Use instead
    nn.Conv2d(3, 56, 3, padding=1)

## When to ignore
Where the channels mean something, such as key points; or on hardware without such units.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Options, Severity, WindowLayer
from convlint.lint.rule import rule


@rule("EX101", "uneven-channels", Severity.ADVICE, options={"multiple": 8})
def uneven_channels(layer: WindowLayer, options: Options) -> Iterator[Finding]:
    """One finding for each such layer, at the number that is no multiple."""
    channels = layer.number("out_channels")
    multiple = int(options.number("multiple"))
    if isinstance(channels, int) and channels > multiple and channels % multiple:
        better = channels + -channels % multiple
        yield layer.at("out_channels").finding(
            f"{channels} channels are no multiple of {multiple}", help=f"{better} take the same time"
        )
