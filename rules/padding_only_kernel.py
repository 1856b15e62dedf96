"""The map is so small that most of the kernel always lies on padding.

## What it does
Flags a convolution with padding that is called with a map of known size, where more than half of every
window's taps lie outside the map, wherever the window stands.

## Why it matters
Weights that only ever meet zeros are never trained and change nothing: a 3×3 convolution on a 1×1 map is a
1×1 convolution with eight ninths of its weights idle, a 3×3 one with dilation 36 on a 14×14 map as well.

## Example
    nn.Conv2d(512, 512, 3, padding=1)    # on a map of 1×1

## Use instead
    nn.Conv2d(512, 512, 1)

## When to ignore
Where the network is used with larger inputs than those that the code shows.
"""

from collections.abc import Iterator
from math import prod

from convlint.lint import Axis, Finding, Options, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import shape, window

_SHARE = 0.5


@rule("CL205", "padding-only-kernel", Severity.ADVICE, options={"min-share": _SHARE})
def padding_only_kernel(layer: WindowLayer, options: Options) -> Iterator[Finding]:
    """One finding for each convolution that has less than the share of its taps on the map, in every call."""
    maps = layer.maps() if layer.kind.convolves and not layer.kind.transposed else []
    taps = prod(layer.window)
    inside = [_inside(extents) for extents in maps]
    most = [prod(each) for each in inside if each is not None]
    if len(most) < len(maps) or not most or max(most) >= options.number("min-share") * taps:
        return
    size = shape([before for _, before, _ in maps[0]])
    axes = [axis for axis, _, _ in maps[0]]
    dilated = f" with dilation {axes[0].dilation}" if axes[0].dilation > 1 else ""
    yield layer.at("kernel_size").finding(
        f"{layer.shown}: at most {most[0]} of the {taps} taps of its {window(layer.window)} kernel{dilated} "
        f"lie on its {size} map",
        help=f"a kernel {window(inside[0] or ())} does as much here; or a larger map, by pooling less",
    )


def _inside(extents: list[tuple[Axis, int, int]]) -> list[int] | None:
    """The most taps on the map, axis by axis; None where the padding is not known."""
    found = [axis.most_inside(before, after) for axis, before, after in extents]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else None
