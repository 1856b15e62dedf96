"""The last rows and columns of a map are never read: the stride does not divide what the window leaves over.

## What it does
Flags a convolution or pooling layer that is called with a map of known size, where the last window ends
before the map does: (size + padding − d(k − 1) − 1) modulo the stride, minus the padding behind the map, is
above 0. Axes with a kernel of 1 are exempt (sub-sampling means to skip), and axes whose stride exceeds
the kernel (CL204 speaks of those). The size must be known from the code, a comment or the configuration.

## Why it matters
Output sizes are rounded down. What lies in the last rows and columns is computed, stored, and thrown away;
an object there is not seen, and the map is no longer centred on the image.

## Example
    nn.MaxPool2d(2)        # on 7×7: the last row and column are never read

## Use instead
    nn.MaxPool2d(2, ceil_mode=True)
    layers.MaxPooling2D(2, padding="same")  # Keras

## When to ignore
Where the border holds nothing that matters, or a published architecture does so.
"""

from collections.abc import Iterator

from convlint.lint import Axis, Finding, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import lines, listed, per_axis, shape

_Extents = tuple[Axis, int, int]


@rule("CL203", "dropped-border", Severity.ADVICE)
def dropped_border(layer: WindowLayer) -> Iterator[Finding]:
    """One finding for each layer that leaves real places unread in every call."""
    maps = [] if layer.kind.transposed else layer.maps()
    dropped = [[each for each in extents if _unread(*each)] for extents in maps]
    if not dropped or not all(dropped):
        return
    if any(layer.padded_before(axis) for axis, _, _ in dropped[0]):
        return
    lost = listed([lines(axis.name, _unread(axis, n, m)) for axis, n, m in dropped[0]])
    size = shape([before for _, before, _ in maps[0]])
    yield layer.at("stride", "strides", "kernel_size", "pool_size").finding(
        f"{layer.shown} never reads the last {lost} of its {size} map",
        label=f"{size} → {shape([after for _, _, after in maps[0]])}",
        help=_help(layer, maps[0], dropped[0]),
    )


def _unread(axis: Axis, before: int, after: int) -> int:
    """The real places behind the last window; a window that skips places, a kernel of 1 too, means to."""
    return 0 if axis.stride > axis.reach else axis.unread(before, after) or 0


def _help(layer: WindowLayer, extents: list[_Extents], dropped: list[_Extents]) -> str:
    if layer.keras:
        return 'padding="same" reads them'
    wanted = [_padding(axis, n) if (axis, n, m) in dropped else axis.before or 0 for axis, n, m in extents]
    allowed = layer.kind.convolves or all(
        p <= axis.kernel // 2 for p, (axis, _, _) in zip(wanted, extents, strict=True)
    )
    if layer.kind.convolves:
        return f"padding={per_axis(wanted)} reads them"
    return "ceil_mode=True reads them" + (f", and so does padding={per_axis(wanted)}" if allowed else "")


def _padding(axis: Axis, size: int) -> int:
    """The least padding on both sides with which the windows reach the end."""
    padding = axis.before or 0
    while (size + 2 * padding - axis.reach) % axis.stride > padding:
        padding += 1
    return padding
