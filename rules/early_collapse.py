"""The map is down to 1×1 before the last convolution with a kernel above 1.

## What it does
Follows a map of known size, and flags the layer that takes it to a single place where convolutions with
larger kernels still come.

## Why it matters
There are no neighbours left: what comes after sees one place and padding, and its kernels work as 1×1 ones.
The input is too small for the network, or the network pools once too often.

## Example
    # input 3×32×32, five poolings of 2
    x = self.pool5(x)        # 512×1×1
    x = self.conv6(x)        # nn.Conv2d(512, 512, 3, padding=1)

## Use instead
    x = self.conv6(x)        # on 512×2×2
    x = self.pool5(x)

## When to ignore
Where the network is used with larger inputs than those that the code shows.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Layer, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import count, shape, window

_HELP = "a larger input, one pooling or stride less, or kernels of 1 from there on"


@rule("CL207", "early-collapse", Severity.ADVICE)
def early_collapse(layer: Layer) -> Iterator[Finding]:
    """One finding for each layer that takes a map to a single place too early; where a function did, for the
    first convolution behind it.
    """
    collapsed = layer.collapses_for()
    if collapsed is not None:
        before, kernels = collapsed
        words = f"a {window(kernels[0])} convolution still comes"
        if len(kernels) > 1:
            words = f"{count(len(kernels), 'convolution')} with kernels above 1 still come"
        yield layer.at("stride", "strides", "kernel_size", "pool_size").finding(
            f"{layer.shown} takes its {shape(before)} map to a single place, and {words} after it", help=_HELP
        )
    elif isinstance(layer, WindowLayer) and layer.kind.convolves and not layer.kind.transposed:
        yield from _behind_a_function(layer)


def _behind_a_function(layer: WindowLayer) -> Iterator[Finding]:
    """A convolution on a single place that no layer made."""
    collapses = layer.collapsed_by if any(kernel != 1 for kernel in layer.window) else []
    if collapses and all(each.first and each.step.layer is None for each in collapses):
        step, before = collapses[0].step, collapses[0].before
        yield layer.at("kernel_size").finding(
            f"{layer.shown} has a kernel {window(layer.window)}, and `{step.what}` has taken the "
            f"{shape(before)} map to a single place before it",
            help=_HELP,
        )
