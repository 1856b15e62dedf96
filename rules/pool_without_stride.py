"""A 2×2 pool with stride 1 does not down-sample: it blurs, and takes one row and one column.

## What it does
Flags a pooling layer with a kernel of 2 and an explicit stride of 1 on every axis. Silent where the map is
padded right before it (it keeps its size then, as tiny YOLO does), where the pool pads itself, and where a
layer with a stride follows.

## Why it matters
Pooling is there to reduce the map; without a stride the next layers cost four times as much as was meant,
and the window of 2 has no centre: the map shifts by half a pixel.

## Example
    nn.MaxPool2d(2, 1)

## Use instead
    nn.MaxPool2d(2)
    layers.MaxPooling2D(2)  # Keras: the stride is the pool size

## When to ignore
Where a maximum over neighbours is wanted at full resolution.
"""

from collections.abc import Iterator

from convlint.lint import Axis, Finding, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import lines, listed, window


@rule("CL209", "pool-without-stride", Severity.ADVICE)
def pool_without_stride(layer: WindowLayer) -> Iterator[Finding]:
    """One finding for each pooling layer that does not move on by its kernel."""
    axes = layer.known_axes()
    if layer.kind.convolves or len(axes) < layer.kind.rank or not all(map(_still, axes)):
        return
    if any(map(layer.padded_before, axes)) or layer.strided_after:
        return
    lost = listed([lines(axis.name, 1) for axis in axes])
    yield layer.at("stride", "strides").finding(
        f"{layer.shown} pools {window(layer.window)} with stride 1: it takes {lost} and does not down-sample",
        help=f"{'strides' if layer.keras else 'stride'}=2, which is what it is without the argument",
    )


def _still(axis: Axis) -> bool:
    return axis.kernel == 2 and axis.stride == 1 and axis.lost == axis.reach - 1
