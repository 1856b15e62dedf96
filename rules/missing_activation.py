"""Two layers follow each other with nothing non-linear between them.

## What it does
Flags a convolution with k > 1 that is fed by another one, or a dense layer that is fed by another one, with
no more than norms and dropout between. Pairs whose middle is narrower than both ends pass: a low-rank pair
and a linear bottleneck are meant so. Depthwise convolutions, factorised ones (1×k, k×1) and results that
something else takes too are not looked at.

## Why it matters
Without an activation the two compute what one layer could: depth is paid for and not had.

## Example
    x = self.fc2(self.fc1(x))

## Use instead
    x = self.fc2(F.relu(self.fc1(x)))

## When to ignore
Where the pair is to be linear, for instance to be merged into one layer later.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Layer, Severity, WindowLayer
from convlint.lint.rule import rule

_CONVOLUTIONS = tuple(
    f"{library}Conv{rank}{axes}"
    for library, axes in (("torch.nn.", "d"), ("keras.layers.", "D"))
    for rank in (1, 2, 3)
)


@rule(
    "CL506",
    "missing-activation",
    Severity.ADVICE,
    layers=("torch.nn.Linear", "keras.layers.Dense", *_CONVOLUTIONS),
)
def missing_activation(layer: Layer) -> Iterator[Finding]:
    """One finding for each layer that is fed so in all its calls."""
    kind = _kind(layer)
    sources = layer.linear_sources if kind else []
    if not sources or any(
        _kind(each) != kind or not _linear(each) or _bottleneck(each, layer) for each in sources
    ):
        return
    before = sources[0]
    widths = " → ".join(str(size) for size in (*before.sizes, layer.sizes[1]))
    yield layer.apart_from(before).finding(
        f"nothing non-linear comes between {layer.shown} and the {before.type} before it ({widths}): "
        "together they compute what one layer could",
        help="an activation between them",
    )


def _kind(layer: Layer) -> str:
    """What the layer is as one of a pair; empty for one that makes none."""
    if layer.dense:
        return "dense"
    if not isinstance(layer, WindowLayer) or layer.kind.what != "Conv" or layer.groups != 1:
        return ""
    axes = layer.known_axes()
    wide = len(axes) == layer.kind.rank and all(axis.kernel > 1 for axis in axes)
    return f"convolution of {layer.kind.rank} axes" if wide else ""


def _linear(layer: Layer) -> bool:
    return not layer.keras or layer.argument("activation") in (None, "linear")


def _bottleneck(first: Layer, second: Layer) -> bool:
    """Whether the middle is narrower than both ends, or a width is not known."""
    (entering, middle), leaving = first.sizes, second.sizes[1]
    if entering is None or middle is None or leaving is None:
        return True
    return middle < min(entering, leaving)
