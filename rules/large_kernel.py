"""A stack of 3×3 convolutions sees what one large kernel sees, with fewer parameters.

## What it does
Flags a dense convolution of stride 1 with an odd kernel of at least 5 on every axis, where the stack of 3×3
convolutions with the same receptive field has fewer parameters: for 5×5 that is so where 16·Cin > 9·Cout.
Both counts and the saving are in the message. Silent where the kernel covers the whole map, and for outputs
of fewer than `min-channels` (default 8) channels, which a stack would have to squeeze everything through.

## Why it matters
Two 3×3 convolutions see the same 5×5 pixels as one 5×5 (three see 7×7) with 18 weights for each pair of
channels in place of 25, and put an activation between. Where there are many more outputs than inputs the
stack is the larger one: the first layer of LeNet would grow from 156 to 390 parameters.

## Example
    nn.Conv2d(32, 32, 5, padding=2)      # 25,632 parameters

## Use instead
    nn.Conv2d(32, 32, 3, padding=1)      # 9,248 parameters
    nn.ReLU()
    nn.Conv2d(32, 32, 3, padding=1)      # 9,248 parameters

## When to ignore
Where latency counts and one layer is faster than two, or a published architecture does so.
"""

from collections.abc import Iterator, Sequence
from math import prod

from convlint.lint import Finding, Options, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import grouped, window

_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven"}
_LEAST = 5


@rule("CL302", "large-kernel", Severity.ADVICE, options={"min-channels": 8})
def large_kernel(layer: WindowLayer, options: Options) -> Iterator[Finding]:
    """One finding for each convolution that a stack of small ones would replace."""
    if not _large(layer):
        return
    kernel, (inputs, outputs) = layer.window, layer.sizes
    if inputs is None or outputs is None or outputs < options.number("min-channels"):
        return
    bias = int(layer.has_bias)
    own = (prod(kernel) * inputs + bias) * outputs
    stack = _stack(kernel)
    small = sum(
        (prod(each) * (inputs if i == 0 else outputs) + bias) * outputs for i, each in enumerate(stack)
    )
    if small >= own or layer.covers_its_map:
        return
    words = _WORDS.get(len(stack), str(len(stack)))
    saved = round(100 * (own - small) / own)
    yield layer.at("kernel_size").finding(
        f"{window(kernel)}, {inputs}→{outputs}: {grouped(own)} parameters; {words} {window(stack[0])} see "
        f"the same {window(kernel)} with {grouped(small)} (−{saved} %)",
        help=f"{words} convolutions {window(stack[0])} with an activation between",
    )


def _large(layer: WindowLayer) -> bool:
    """A dense convolution of stride 1 whose odd kernel is at least 5 on every axis."""
    axes = layer.known_axes()
    if not layer.kind.convolves or layer.kind.transposed or not layer.connects_all:
        return False
    large = all(axis.kernel >= _LEAST and axis.kernel % 2 and axis.stride == 1 for axis in axes)
    return len(axes) == layer.kind.rank and large


def _stack(kernel: Sequence[int]) -> list[tuple[int, ...]]:
    """The kernels of 3 that see the same: 3×3, 3×3 for 5×5; 3×3, 3×3, 1×3 for 5×7."""
    return [tuple(3 if k > 2 * depth + 1 else 1 for k in kernel) for depth in range(max(kernel) // 2)]
