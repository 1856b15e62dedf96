"""An image with its channels on one side goes into a layer that takes them on the other.

## What it does
Flags Keras convolutions under `channels_last` whose input, as the code gives it, looks like
`(3, 224, 224)`: three channels, then an image. In PyTorch: 2d convolutions that are given an image with its
channels last, and a `view` or `reshape` that renames the axes of such an image where `permute` was meant. It
is an error where the convolution must refuse it.

## Why it matters
The network runs: it takes rows for height, columns for channels, and convolves over the colours. A `reshape`
leaves the numbers where they are and mixes rows, columns and colours.

## Example
    layers.Conv2D(32, 3, input_shape=(3, 224, 224))
    x = images.reshape(-1, 3, 224, 224)  # of 224×224×3

## Use instead
    layers.Conv2D(32, 3, input_shape=(224, 224, 3))
    x = images.permute(0, 3, 1, 2)

## When to ignore
Where the first axis is no channel axis.
"""

from collections.abc import Iterator

from convlint.dims import Dim
from convlint.lint import Finding, Severity, ShapeFault, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import shape

Shape = tuple[Dim, ...]
_IMAGE = 16
"""An extent from which on an axis is rather rows or columns than channels of an input."""


@rule("CL602", "channel-order", Severity.WARNING)
def channel_order(subject: WindowLayer | ShapeFault) -> Iterator[Finding]:
    """One finding for each layer that takes such an input."""
    if isinstance(subject, ShapeFault):
        if subject.channels_stand_last:
            yield _refused(subject)
    elif subject.keras:
        yield from _first_under_last(subject)
    elif subject.kind.rank == 2 and subject.kind.convolves and subject.reshaped is not None:
        yield from _renamed(subject, *subject.reshaped)


def _refused(fault: ShapeFault) -> Finding:
    given = fault.fault.shapes[0]
    order = "0, 3, 1, 2" if len(given) == 4 else "2, 0, 1"
    return fault.here().finding(
        f"{fault.what} takes {given[-3]} channels of {shape(given)}: the channels stand last",
        help=f"permute({order}) before it",
        severity=Severity.ERROR,
    )


def _renamed(layer: WindowLayer, before: Shape, after: Shape) -> Iterator[Finding]:
    """(…, H, W, C) as (…, C, H, W) without moving a number; one channel stays what it is."""
    if len(before) != len(after) or len(before) not in (3, 4) or before == after:
        return
    *samples, height, width, channels = before
    if channels != 1 and (*samples, channels, height, width) == after:
        order = "0, 3, 1, 2" if samples else "2, 0, 1"
        yield layer.at().finding(
            f"{layer.shown} is given {shape(before)} reshaped to {shape(after)}: it mixes rows and channels",
            help=f"permute({order}) in place of the reshape",
        )


def _first_under_last(layer: WindowLayer) -> Iterator[Finding]:
    if not layer.kind.channels_last or not layer.kind.convolves:
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
