"""A bias that the norm behind it takes off again.

## What it does
Flags a convolution or dense layer with a bias that BatchNorm, InstanceNorm, or GroupNorm with as many groups
as channels follows directly, wherever the code uses it. Other norms do not cancel a bias.

## Why it matters
Such a norm subtracts the mean of every channel, and the bias is part of that mean: it changes nothing, gets
no gradient, and the norm has a shift of its own. It costs one parameter a channel and, in training, time.

## Example
    nn.Conv2d(64, 128, 3, padding=1)
    nn.BatchNorm2d(128)

## Use instead
    nn.Conv2d(64, 128, 3, padding=1, bias=False)
    nn.BatchNorm2d(128)

## When to ignore
Where checkpoints that hold the bias must still load, or the norm will be frozen or folded.
"""

from collections.abc import Iterator

from convlint.lint import Applicability, Finding, Layer, Severity
from convlint.lint.rule import rule
from convlint.lint.wording import grouped

_BIASED = (
    *("torch.nn.Linear", "keras.layers.Layer"),
    *(f"torch.nn.Conv{kind}{rank}d" for kind in ("", "Transpose") for rank in (1, 2, 3)),
)


@rule("CL404", "bias-before-norm", Severity.ADVICE, layers=_BIASED)
def bias_before_norm(layer: Layer) -> Iterator[Finding]:
    """One finding for each bias without effect."""
    norm = layer.cancelling_norm if layer.has_bias else ""
    if not norm:
        return
    outputs = layer.sizes[1]
    word = "use_bias" if layer.keras else "bias"
    number = "a bias" if outputs is None else f"a bias of {grouped(outputs)} parameters"
    fixable = layer.literal(word) and layer.argument(word) is True
    place = layer.at(word)
    yield place.finding(
        f"{layer.shown} has {number} that the {norm} behind it cancels",
        help=f"{word}=False; checkpoints then lack the key of the bias",
        fix=layer.giving(Applicability.UNSAFE, **{word: "False"}) if fixable else None,
        together=place.part,
    )
