"""One layer holds very many parameters, or most of the model's.

## What it does
Flags a layer with more parameters than `max-params` (default 10M), or with over half of those of a model
that has at least a million; says the formula with its numbers, the share, and what would be smaller. A
classifier directly after global pooling is exempt from the share.

## Why it matters
Weight sharing is why convolutions are small; a dense layer behind a flattened map, or a wide layer in the
wrong place, undoes it: memory, download size and overfitting are all decided there.

## Example
    x = torch.flatten(x, 1)     # 512×7×7
    x = self.fc(x)              # nn.Linear(25088, 4096): 102,764,544 parameters

## Use instead
    x = F.adaptive_avg_pool2d(x, 1)
    x = torch.flatten(x, 1)
    x = self.fc(x)              # nn.Linear(512, 4096): 2,101,248 parameters

## When to ignore
Where the size is known and wanted; raise the limit in the configuration:
    [tool.convlint.rules.parameter-heavy-layer]
    max-params = "40M"
"""

from collections.abc import Iterator
from math import prod

from convlint.lint import Finding, Layer, Model, Options, Severity
from convlint.lint.rule import rule
from convlint.lint.wording import factors, grouped

_SMALL_MODEL = 1_000_000
_SHARE = 0.5


@rule("CL401", "parameter-heavy-layer", Severity.WARNING, options={"max-params": "10M"})
def parameter_heavy_layer(model: Model, options: Options) -> Iterator[Finding]:
    """One finding for each layer over the limit or over half of the model."""
    limit = options.number("max-params")
    for heavy in model.heavier_than(0):
        over = heavy.params > limit
        most = model.total is not None and model.total >= _SMALL_MODEL and heavy.params > _SHARE * model.total
        if not over and not (most and not heavy.layer.after_global_pooling):
            continue
        yield heavy.layer.at().finding(
            f"{heavy.layer.shown} has {grouped(heavy.params)} parameters{_share(heavy.params, model.total)}",
            label=_formula(heavy.layer, heavy.params),
            help=_smaller(heavy.layer, heavy.params),
        )


def _share(params: int, total: int | None) -> str:
    if not total:
        return ""
    return f", {100 * params / total:.0f} % of the model's {grouped(total)}"


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
    flattened = layer.flattened
    channels = flattened[-1 if layer.keras else 0] if len(flattened) > 2 else None
    if layer.dense and isinstance(channels, int):
        pooled = (channels + 1) * outputs
        saved = grouped(params - pooled)
        how = (
            "GlobalAveragePooling2D in place of Flatten"
            if layer.keras
            else "global average pooling before it"
        )
        return f"{how}: {grouped(pooled)} parameters, {saved} fewer"
    kernel = layer.window
    narrow = max(min(inputs, outputs) // 4, 1)
    if layer.dense:
        fewer = (inputs + 1) * narrow + (narrow + 1) * outputs
        return f"two layers through {narrow} features: {grouped(fewer)} parameters" if fewer < params else ""
    if prod(kernel) > 1 and layer.number("groups") == 1:
        fewer = (inputs + 1) * narrow + (prod(kernel) * narrow + 1) * outputs
        return f"a 1×1 convolution to {narrow} channels before it: {grouped(fewer)} parameters together"
    return ""
