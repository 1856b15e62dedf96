"""The first dense layer after Flatten holds most of a network's parameters.

## What it does
Takes the place of CL401 where the heavy layer is the first dense one after flattening a map: more than
`max-params` parameters (default 10M), or over half of a model that has at least a million. Says how many
parameters global pooling, or a 1×1 convolution before it, would leave.

## Why it matters
A convolution shares its weights between all places of a map; a dense layer has one for each place: 400
places of 30 maps make 12,000 features, and `Dense(12)` on them has 144,012 parameters. It fixes the size of
the input, too: its size is not known until every layer before it has been followed.

## Example
    x = torch.flatten(x, 1)     # 512×7×7
    x = self.fc(x)              # nn.Linear(25088, 4096): 102,764,544 parameters

## Use instead
    x = F.adaptive_avg_pool2d(x, 1)
    x = torch.flatten(x, 1)
    x = self.fc(x)              # nn.Linear(512, 4096): 2,101,248 parameters

## When to ignore
Where each place of the map means something of its own, and the size is wanted; raise the limit then:
    [tool.convlint.rules.dense-after-flatten]
    max-params = "40M"
"""

from collections.abc import Iterator
from math import prod

from convlint.lint import Finding, Layer, Model, Options, Severity
from convlint.lint.rule import rule
from convlint.lint.wording import factors, grouped, window

_NARROWER = 8


@rule("CL402", "dense-after-flatten", Severity.WARNING, options={"max-params": "10M"})
def dense_after_flatten(model: Model, options: Options) -> Iterator[Finding]:
    """One finding for each heavy dense layer behind a flattened map."""
    for heavy in model.heavy(options.number("max-params")):
        layer = heavy.layer
        if layer.first_after_flatten:
            yield layer.at().finding(
                f"{layer.shown} has {grouped(heavy.params)} parameters{model.share(heavy.params)}",
                label=_formula(layer, heavy.params),
                help=_smaller(layer, heavy.params),
            )


def _formula(layer: Layer, params: int) -> str:
    """The count with its numbers: (512·7·7 + 1)·4096 = 102,764,544."""
    features = factors(layer.flattened)
    features = f"({features} + 1)" if layer.has_bias else features
    return f"{features}·{layer.sizes[1]} = {grouped(params)}"


def _smaller(layer: Layer, params: int) -> str:
    """Global pooling, and a 1×1 convolution to an eighth of the channels, with what each saves."""
    outputs = layer.sizes[1]
    extents = [extent for extent in layer.flattened if isinstance(extent, int)]
    if outputs is None or len(extents) < len(layer.flattened):
        return ""
    *places, channels = extents if layer.keras else (*extents[1:], extents[0])
    rank, bias = len(places), int(layer.has_bias)
    pooled = (channels + bias) * outputs
    pooling = f"GlobalAveragePooling{rank}D in place of Flatten" if layer.keras else "global average pooling"
    words = f"{pooling}: {grouped(pooled)} parameters, {grouped(params - pooled)} fewer"
    narrow = channels // _NARROWER
    squeezed = (channels + 1) * narrow + (narrow * prod(places) + bias) * outputs
    if narrow == 0 or squeezed >= params:
        return words
    one = f"a {window([1] * rank)} convolution" if rank > 1 else "a convolution with a kernel of 1"
    return f"{words}; {one} to {narrow} channels before it: {grouped(squeezed)} together"
