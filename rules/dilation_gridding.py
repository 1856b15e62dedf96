"""Equal dilations in a row read a grid: neighbouring outputs share no input.

## What it does
Flags a convolution with a dilation above 1 that follows another one with the same dilation, both with kernels
above 1; norms, activations, 1×1 convolutions and residual sums between them do not matter. Off by default.

## Why it matters
Two layers of dilation 2 only ever meet every second pixel: the receptive field is large and full of holes,
and outputs side by side are computed from disjoint pixels. Dilations without a common divisor in a row, such
as 1, 2, 3 or 1, 2, 5, fill the holes (hybrid dilated convolution).

## Example
    nn.Conv2d(64, 64, 3, padding=2, dilation=2)
    nn.Conv2d(64, 64, 3, padding=2, dilation=2)

## Use instead
    nn.Conv2d(64, 64, 3, padding=1, dilation=1)
    nn.Conv2d(64, 64, 3, padding=2, dilation=2)
    nn.Conv2d(64, 64, 3, padding=3, dilation=3)

## When to ignore
Where layers without dilation follow and close the holes.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import listed


@rule("CL208", "dilation-gridding", Severity.ADVICE, on=False)
def dilation_gridding(layer: WindowLayer) -> Iterator[Finding]:
    """One finding for each convolution that repeats the dilation of the one before it."""
    if not layer.kind.convolves or layer.kind.transposed:
        return
    own = {axis.name: axis.dilation for axis in layer.known_axes() if axis.kernel > 1 and axis.dilation > 1}
    for before in layer.convolutions_before() if own else ():
        same = [axis.name for axis in before if axis.kernel > 1 and own.get(axis.name) == axis.dilation]
        if same:
            yield layer.at("dilation", "dilation_rate").finding(
                f"{layer.shown} repeats the dilation {own[same[0]]} of the convolution before it on "
                f"{'axis' if len(same) == 1 else 'axes'} {listed(same)}",
                help="dilations without a common divisor, such as 1, 2, 3",
            )
            return
