"""One layer stands in several places that look like several layers.

## What it does
Flags `[layer] * n`, a list that holds the same layer n times, where the layer has parameters; and a batch
norm that is called at two places of one function behind different layers. A loop over one layer, and a whole
submodule that is used again, are taken as meant.

## Why it matters
`[nn.Linear(8, 8)] * 3` has the weights of one layer. A shared batch norm mixes the statistics of maps that
have nothing to do with each other: training works, evaluation does not.

## Example
    self.layers = nn.ModuleList([nn.Linear(8, 8)] * 3)

## Use instead
    self.layers = nn.ModuleList(nn.Linear(8, 8) for _ in range(3))

## When to ignore
Where the weights are shared on purpose.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Layer, Repeated, Severity
from convlint.lint.rule import rule
from convlint.lint.wording import grouped, listed

_NORMS = ("torch.nn.modules.batchnorm._NormBase", "keras.layers.BatchNormalization")


@rule("CL503", "shared-layer", Severity.WARNING, layers=_NORMS)
def shared_layer(subject: Layer | Repeated) -> Iterator[Finding]:
    """One finding for each product, and for each norm with several places."""
    if isinstance(subject, Repeated):
        yield subject.here().finding(
            f"this list holds one {subject.layer} {subject.times} times: its {grouped(subject.params)} "
            "parameters are shared",
            help="a comprehension makes a layer each time: [… for _ in range(n)]",
        )
    elif "InstanceNorm" not in subject.type:
        rows = subject.places
        if len(rows) > 1:
            yield subject.at().finding(
                f"{subject.shown} normalises the results of {len(rows)} different layers (rows "
                f"{listed([str(row) for row in rows])}): it keeps one mean and variance for all",
                help="a norm for each",
            )
