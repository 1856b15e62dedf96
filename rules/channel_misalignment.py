"""Channels that are no multiple of 8 leave tensor cores partly idle.

## What it does
Flags a dense or convolution layer whose number of outputs is no multiple of `multiple` (default 8). The last
layers of a model are exempt, for their outputs are classes; so are grouped convolutions, and layers with
fewer than `multiple` outputs. Off by default.

## Why it matters
Tensor cores work on tiles of 8 numbers of half precision: 100 channels take as long as 104, and some kernels
fall back to slower ones altogether.

## Example
    nn.Conv2d(64, 100, 3, padding=1)

## Use instead
    nn.Conv2d(64, 104, 3, padding=1)

## When to ignore
On hardware without tensor cores.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Layer, Options, Severity, WindowLayer
from convlint.lint.rule import rule


@rule("CL406", "channel-misalignment", Severity.ADVICE, on=False, options={"multiple": 8})
def channel_misalignment(layer: Layer, options: Options) -> Iterator[Finding]:
    """One finding for each layer with a number of outputs that the hardware has to fill up."""
    if not layer.dense and not (
        isinstance(layer, WindowLayer) and layer.kind.convolves and layer.connects_all
    ):
        return
    multiple, outputs = int(options.number("multiple")), layer.sizes[1]
    if outputs is None or outputs < multiple or outputs % multiple == 0 or layer.gives_result:
        return
    below = outputs - outputs % multiple
    word = "features" if layer.dense else "channels"
    argument = ("units" if layer.dense else "filters") if layer.keras else f"out_{word}"
    yield layer.at(argument).finding(
        f"{layer.shown} has {outputs} {word}, no multiple of {multiple}",
        help=f"{below} or {below + multiple} {word}",
    )
