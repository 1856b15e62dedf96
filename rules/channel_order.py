"""An image with its channels first goes into a layer that takes them last.

## What it does
Flags Keras convolutions under `channels_last` whose input, as the code gives it, looks like
`(3, 224, 224)`: three channels, then an image.

## Why it matters
The network runs: it takes rows for height, columns for channels, and convolves over the colours.

## Example
    layers.Conv2D(32, 3, input_shape=(3, 224, 224))

## Use instead
    layers.Conv2D(32, 3, input_shape=(224, 224, 3))

## When to ignore
Where the first axis is no channel axis.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import shape

_IMAGE = 16
"""An extent from which on an axis is rather rows or columns than channels of an input."""


@rule("CL602", "channel-order", Severity.WARNING)
def channel_order(layer: WindowLayer) -> Iterator[Finding]:
    """One finding for each layer that takes such an input."""
    if not layer.keras or not layer.kind.channels_last or layer.kind.rank != 2 or not layer.kind.convolves:
        return
    for given in layer.from_outside:
        if len(given) != 4:
            continue
        _, channels, height, width = given
        if not isinstance(height, int) or not isinstance(width, int) or min(height, width) < _IMAGE:
            continue
        if channels == 3 or (channels == 1 and height == width):
            yield layer.at("input_shape", "batch_input_shape").finding(
                f"{layer.shown} takes {width} channels of an image of {channels}×{height}: "
                f"the channels of {shape(given[1:])} stand first",
                help=f"an input of {shape((height, width, channels))}, or data_format='channels_first'",
            )
            return
