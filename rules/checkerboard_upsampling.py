"""A transposed convolution whose kernel is no multiple of its stride paints a checkerboard.

## What it does
Flags a transposed convolution with a stride above 1 where some outputs are sums of more products than their
neighbours: the kernel is no multiple of the stride.

## Why it matters
Outputs that more windows overlap on are larger than those beside them, in a pattern with the period of the
stride. Training can learn it away only in part, and it comes back in gradients.

## Example
    nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1)

## Use instead
    nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1)
    nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(64, 32, 3, padding=1))

## When to ignore
Where later layers smooth the pattern, or a published architecture does so.
"""

from collections.abc import Iterator

from convlint.lint import Axis, Finding, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import listed

_TRANSPOSED = tuple(
    name
    for rank in (1, 2, 3)
    for name in (f"torch.nn.ConvTranspose{rank}d", f"keras.layers.Conv{rank}DTranspose")
)


@rule("CL206", "checkerboard-upsampling", Severity.ADVICE, layers=_TRANSPOSED)
def checkerboard_upsampling(layer: WindowLayer) -> Iterator[Finding]:
    """One finding for each transposed convolution with uneven overlap."""
    uneven = [axis for axis in layer.known_axes() if _uneven(axis) and not _from_one(layer, axis)]
    if not uneven:
        return
    first = uneven[0]
    names = listed([axis.name for axis in uneven])
    least, most = min(first.residues), max(first.residues)
    place = layer.at("kernel_size")
    yield place.finding(
        f"{layer.shown}: kernel {first.kernel} is no multiple of stride {first.stride} on "
        f"{'axis' if len(uneven) == 1 else 'axes'} {names}, outputs get {least} or {most} products in turn",
        help=_help(first, layer.keras),
        together=place.part,
    )


def _uneven(axis: Axis) -> bool:
    return len(set(axis.residues)) > 1


def _from_one(layer: WindowLayer, axis: Axis) -> bool:
    """Whether the axis is a single place before the layer, so that nothing overlaps."""
    extents = layer.extents(axis)
    return bool(extents) and all(before == 1 for before, _ in extents)


def _help(axis: Axis, keras: bool) -> str:
    if axis.kernel % axis.stride == 0:
        return "dilation 1, or resizing and a convolution of stride 1 behind it"
    size = axis.kernel + axis.stride - axis.kernel % axis.stride
    words = f"kernel_size={size}"
    if not keras and (size - axis.stride) % 2 == 0:
        words += f" with padding={(size - axis.stride) // 2}"
    return f"{words}, or resizing and a convolution of stride 1 behind it"
