"""One layer holds very many parameters, or most of the model's.

## What it does
Flags a layer with more parameters than `max-params` (default 10M), or with over half of those of a model
that has at least a million; says the formula with its numbers, the share, and what would be smaller. Exempt
from the share are a classifier directly after global pooling, a layer for which nothing smaller is known (the
recurrent layer that is the model), and a convolution of a pyramid: where another layer has a quarter of its
parameters, as half the channels make it. Of the first dense layer behind a flattened map CL402 speaks
instead.

## Why it matters
Memory, download size and overfitting are decided by one layer then: a wide dense layer behind another one,
or a convolution between many channels.

## Example
    nn.Linear(4096, 4096)                    # 16,781,312 parameters

## Use instead
    nn.Linear(4096, 512), nn.Linear(512, 4096)   # 4,198,912 parameters

## When to ignore
Where the size is known and wanted; raise the limit in the configuration:
    [tool.convlint.rules.parameter-heavy-layer]
    max-params = "40M"
"""

from collections.abc import Iterator
from math import prod

from convlint.lint import Finding, Layer, Model, ModelLayer, Options, Severity
from convlint.lint.rule import rule
from convlint.lint.wording import factors, grouped

_STEP = 4
"""How many times the parameters grow where the channels double."""


@rule("CL401", "parameter-heavy-layer", Severity.WARNING, options={"max-params": "10M"})
def parameter_heavy_layer(model: Model, options: Options) -> Iterator[Finding]:
    """One finding for each layer over the limit or over half of the model."""
    limit = options.number("max-params")
    for heavy in model.heavy(limit):
        if heavy.layer.first_after_flatten:
            continue  # CL402 speaks of those
        if heavy.params <= limit and _by_design(model, heavy):
            continue
        yield heavy.layer.at().finding(
            f"{heavy.layer.shown} has {grouped(heavy.params)} parameters{model.share(heavy.params)}",
            label=_formula(heavy.layer, heavy.params),
            help=_smaller(heavy.layer, heavy.params),
        )


def _by_design(model: Model, heavy: ModelLayer) -> bool:
    """Whether most of a model is where its kind has it: doubling the channels gives each convolution four
    times the parameters of the one before, so the last of them always has three quarters.
    """
    if not _smaller(heavy.layer, heavy.params):
        return True
    others = (each.params for each in model.layers if each is not heavy)
    return not heavy.layer.dense and max(others, default=0) * _STEP >= heavy.params


def _formula(layer: Layer, params: int) -> str:
    """The count with its numbers: (25088 + 1)·4096 = 102,764,544."""
    inputs, outputs = layer.sizes
    if inputs is None or outputs is None:
        return ""
    kernel = layer.window
    groups = layer.number("groups") or 1
    product = factors((*kernel, inputs // groups))
    for words, bias in ((f"({product} + 1)·{outputs}", 1), (f"{product}·{outputs}", 0)):
        if (prod(kernel) * (inputs // groups) + bias) * outputs == params:
            return f"{words} = {grouped(params)}"
    return ""


def _smaller(layer: Layer, params: int) -> str:
    """What would do with fewer parameters, and with how many."""
    inputs, outputs = layer.sizes
    if inputs is None or outputs is None:
        return ""
    kernel = layer.window
    narrow = max(min(inputs, outputs) // 4, 1)
    if layer.dense:
        fewer = (inputs + 1) * narrow + (narrow + 1) * outputs
        return f"two layers through {narrow} features: {grouped(fewer)} parameters" if fewer < params else ""
    if prod(kernel) > 1 and layer.number("groups") == 1:
        fewer = (inputs + 1) * narrow + (prod(kernel) * narrow + 1) * outputs
        return f"a 1×1 convolution to {narrow} channels before it: {grouped(fewer)} parameters together"
    return ""
