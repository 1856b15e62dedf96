"""A window that moves further than it is wide never reads the pixels in between.

## What it does
Flags a convolution or pooling layer whose stride exceeds its kernel on some axis, or whose dilation leaves
places out that no other window reads (the stride and the dilation have a common divisor). Axes with a kernel
of 1 are exempt in every kind of layer: they sub-sample on purpose. So is depthwise pooling of attention
tokens.

## Why it matters
Those pixels have no influence on the output and get no gradient: with a 2×2 kernel and a stride of 3 more
than half of the map is computed for nothing.

## Example
    nn.Conv2d(64, 128, 2, stride=3)

## Use instead
    nn.Conv2d(64, 128, 3, stride=3)

## When to ignore
Where sub-sampling is wanted and the pixels in between carry nothing new.
"""

from collections.abc import Iterator

from convlint.lint import Axis, Finding, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import count, listed


@rule("CL204", "stride-exceeds-kernel", Severity.WARNING)
def stride_exceeds_kernel(layer: WindowLayer) -> Iterator[Finding]:
    """One finding for each layer that leaves pixels between its windows unread."""
    if layer.kind.transposed or (layer.depthwise and (layer.pools_tokens or not layer.inputs)):
        return
    skipping = [axis for axis in layer.known_axes() if axis.kernel > 1 and 0 in axis.residues]
    skipping = [axis for axis in skipping if not all(b == 1 for b, _ in layer.extents(axis) or [(0, 0)])]
    if not skipping:
        return
    first = skipping[0]
    missed = first.residues.count(0)
    names = listed([axis.name for axis in skipping])
    yield layer.at("stride", "strides", "kernel_size", "pool_size").finding(
        f"{layer.shown} never reads {missed} of every {count(first.stride, 'place')} on "
        f"{'axis' if len(skipping) == 1 else 'axes'} {names}: {_why(first)}",
        help=_help(first),
    )


def _why(axis: Axis) -> str:
    if axis.stride > axis.kernel:
        return f"stride {axis.stride}, kernel {axis.kernel}"
    return f"stride {axis.stride}, dilation {axis.dilation}"


def _help(axis: Axis) -> str:
    if axis.stride > axis.kernel:
        return f"a kernel of at least {axis.stride}, or a stride of at most {axis.kernel}"
    return "a stride of 1, or a dilation without a common divisor with the stride"
