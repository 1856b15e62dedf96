"""A stride-1 convolution with less padding than its kernel needs shrinks the map.

## What it does
Flags a convolution of stride 1 whose padding is below d(k − 1)/2, and says how many rows and columns it
loses and which padding keeps the size. Silent where the shrinking is meant: where the map ends at 1×1 by
convolution, where the input was padded before, or where the loss is undone: skips that are cropped to fit
(a U-Net of valid convolutions), a later padding, resizing or transposed convolution that brings the size
back.

## Why it matters
Each such layer takes d(k − 1) rows and columns off the map, and pixels at the border are seen by fewer
windows: deep networks run out of map, and shapes stop being simple fractions of the input.

## Example
    nn.Conv2d(64, 64, 3)

## Use instead
    nn.Conv2d(64, 64, 3, padding=1)
    layers.Conv2D(64, 3, padding="same")  # Keras

## When to ignore
Where the border must not be padded: real-valued filters, very small networks, published architectures.
"""

from collections.abc import Iterator

from convlint.dims import Dim
from convlint.lint import Applicability, Axis, Finding, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import lines, listed, per_axis, shape

_WHOLE = 4


@rule("CL201", "shrinking-padding", Severity.WARNING)
def shrinking_padding(layer: WindowLayer) -> Iterator[Finding]:
    """One finding for each convolution that loses a border on some axis."""
    if not layer.kind.convolves or layer.kind.transposed or not layer.inputs:
        return
    axes = layer.known_axes()
    lossy = [axis for axis in axes if _shrinks(axis) and not _meant(layer, axis)]
    if not lossy:
        return
    lost = listed([lines(axis.name, axis.lost or 0) for axis in lossy])
    padding = _padding(axes, lossy, layer.keras)
    yield layer.at("padding", "kernel_size").finding(
        f"{layer.shown} loses {lost} of its map",
        label=_example(layer, axes),
        help=f"padding={padding} keeps the size",
        fix=layer.giving(Applicability.UNSAFE, padding=padding) if _fixable(layer) else None,
    )


def _fixable(layer: WindowLayer) -> bool:
    """Whether the layer's own call says its window in full, the same for every layer that it builds."""
    words = ("strides", "dilation_rate") if layer.keras else ("stride", "dilation")
    names = ("kernel_size", "padding", *words)
    return layer.literal(*names) and layer.alike(*names)


def _meant(layer: WindowLayer, axis: Axis) -> bool:
    """Whether the loss is undone, or all that there is: a small kernel hardly stands for a whole map."""
    return layer.loss_is_meant(axis) or (axis.kernel >= _WHOLE and layer.may_span_its_map(axis))


def _shrinks(axis: Axis) -> bool:
    """Padding below d(k − 1)/2 at stride 1; an even kernel that lacks half a pixel is another rule's."""
    return axis.stride == 1 and axis.lost is not None and axis.lost > 1 and (axis.before or 0) >= 0


def _example(layer: WindowLayer, axes: list[Axis]) -> str:
    pairs = [layer.extents(axis) for axis in axes]
    if not all(pairs) or len(pairs) < layer.kind.rank:
        return ""
    before: list[Dim] = [pair[0][0] for pair in pairs]
    after: list[Dim] = [pair[0][1] for pair in pairs]
    return f"{shape(before)} → {shape(after)}"


def _padding(axes: list[Axis], lossy: list[Axis], keras: bool) -> str:
    """The padding that keeps the size, as it is written."""
    if keras or any((axis.reach - 1) % 2 for axis in lossy):
        return '"same"'
    return per_axis([(axis.reach - 1) // 2 if axis in lossy else axis.before or 0 for axis in axes])
