"""A 1×1 convolution in front of a wide one cuts its parameters.

## What it does
Flags a dense convolution with a kernel of at least 3 on every axis and at least `min-channels` (default 256)
channels in and out, and says what a 1×1 convolution to an eighth of the channels before it saves. Silent
where a 1×1 convolution that narrows comes directly before it already. Off by default.

## Why it matters
The 1×1 convolution mixes the channels cheaply, and the large kernel then works on few: 3×3, 256 → 512 has
1,180,160 parameters; through 32 channels it has 8,224 + 147,968 = 156,192.

## Example
    nn.Conv2d(256, 512, 3, padding=1)

## Use instead
    nn.Conv2d(256, 32, 1)
    nn.Conv2d(32, 512, 3, padding=1)

## When to ignore
Where accuracy matters more than size: the narrow layer is a narrow passage for information, too.
"""

from collections.abc import Iterator
from math import prod

from convlint.lint import Finding, Options, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import grouped, window

_LEAST = 3
_NARROWER = 8


@rule("CL403", "missing-bottleneck", Severity.ADVICE, on=False, options={"min-channels": 256})
def missing_bottleneck(layer: WindowLayer, options: Options) -> Iterator[Finding]:
    """One finding for each wide convolution that nothing narrows before."""
    kernel, (inputs, outputs) = layer.window, layer.sizes
    if not layer.kind.convolves or layer.kind.transposed or not layer.connects_all:
        return
    if len(kernel) < layer.kind.rank or min(kernel) < _LEAST or inputs is None or outputs is None:
        return
    if min(inputs, outputs) < options.number("min-channels") or layer.after_bottleneck:
        return
    bias = int(layer.has_bias)
    own = (prod(kernel) * inputs + bias) * outputs
    narrow = inputs // _NARROWER
    first, second = (inputs + bias) * narrow, (prod(kernel) * narrow + bias) * outputs
    yield layer.at("out_channels", "filters").finding(
        f"{window(kernel)}, {inputs}→{outputs}: {grouped(own)} parameters; a {window([1] * len(kernel))} to "
        f"{narrow} channels first: {grouped(first)} + {grouped(second)} = {grouped(first + second)} "
        f"(−{round(100 * (own - first - second) / own)} %)",
        help=f"a convolution {window([1] * len(kernel))} to {narrow} channels before it",
    )
