"""A stride-1 convolution with more padding than its kernel needs grows the map by a border of zeros.

## What it does
Flags a convolution of stride 1 whose padding is beyond d(k − 1)/2 on some axis, and says how much it adds. A
1×1 convolution with padding is a warning. Silent for the first convolution of a model, where the result is
cropped or sliced (causal convolutions), and where what was added, or lost elsewhere, makes up for it: the
map comes back to a size that it had before.

## Why it matters
The new border is computed from padding alone, or nearly so: it holds little but the bias. Around a 1×1
convolution nothing else is there at all. Each such layer adds 2·padding − d(k − 1) rows and columns, and
what it is added to or concatenated with no longer fits.

## Example
    nn.Conv2d(64, 64, 3, padding=2)
    nn.Conv2d(64, 128, 1, padding=1)

## Use instead
    nn.Conv2d(64, 64, 3, padding=1)
    nn.Conv2d(64, 128, 1)

## When to ignore
Where the border is wanted: a full convolution whose output is larger than its input.
"""

from collections.abc import Iterator

from convlint.lint import Axis, Finding, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import lines, listed, per_axis


@rule("CL202", "growing-padding", Severity.ADVICE)
def growing_padding(layer: WindowLayer) -> Iterator[Finding]:
    """One finding for each convolution that grows its map on some axis."""
    if not layer.kind.convolves or layer.kind.transposed or not layer.inputs:
        return
    axes = layer.known_axes()
    pointwise = len(axes) == layer.kind.rank and all(axis.kernel == 1 for axis in axes)
    grown = [axis for axis in axes if _grows(axis) and not layer.cropped_after(axis)]
    if not grown or (not pointwise and (layer.first_convolution or any(map(layer.growth_is_meant, grown)))):
        return
    added = listed([lines(axis.name, -(axis.lost or 0)) for axis in grown])
    yield layer.at("padding").finding(
        f"{layer.shown} adds {added} of padding to its map" + (": its kernel is 1×1" if pointwise else ""),
        severity=Severity.WARNING if pointwise else None,
        help=_help(axes, grown),
    )


def _grows(axis: Axis) -> bool:
    """Padding beyond d(k − 1)/2 at stride 1; half a pixel too much for an even kernel is another rule's."""
    return axis.stride == 1 and axis.lost is not None and axis.lost < -((axis.reach - 1) % 2)


def _help(axes: list[Axis], grown: list[Axis]) -> str:
    if any((axis.reach - 1) % 2 for axis in grown):
        return "padding='same' keeps the size"
    wanted = [(axis.reach - 1) // 2 if axis in grown else axis.before or 0 for axis in axes]
    return f"padding={per_axis(wanted)} keeps the size"
