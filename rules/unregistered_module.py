"""Modules in a plain list, tuple or dictionary are no part of the model.

## What it does
Flags an attribute of a PyTorch module that holds modules with parameters in a plain Python container, where
nothing else registers them. A single module in brackets, which is how one is kept out on purpose, passes, and
so do modules that somebody else made, and those that are frozen.

## Why it matters
`parameters()` does not give them, so that the optimizer never trains them; `to(device)`, `train()` and
`state_dict()` pass them by.

## Example
    self.layers = [nn.Linear(8, 8) for _ in range(4)]

## Use instead
    self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(4)])

## When to ignore
Where the modules are to stay what they are, and are moved to the device by hand.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, Unregistered
from convlint.lint.rule import rule
from convlint.lint.wording import count, grouped


@rule("CL501", "unregistered-module", Severity.WARNING)
def unregistered_module(subject: Unregistered) -> Iterator[Finding]:
    """One finding for each attribute."""
    if not subject.trainable or subject.single:
        return
    known = "" if subject.params is None else f", {grouped(subject.params)} parameters,"
    better = "nn.ModuleDict" if subject.container == "dict" else "nn.ModuleList"
    yield subject.here().finding(
        f"{count(subject.modules, 'module')} of `{subject.attribute}`{known} in a plain {subject.container} "
        f"{'is' if subject.modules == 1 else 'are'} not among the parameters of {subject.owner}",
        help=f"{subject.wrapper or better}(…)",
        fix=subject.wrapped(),
    )
