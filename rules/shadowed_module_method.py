"""A module or parameter has the name of a method, and reading it finds the method.

## What it does
Flags `self.half = nn.Conv2d(…)` and its kin in PyTorch: a module or parameter in an attribute whose name is a
method of the class. It is an error where the code meets the method instead, and where PyTorch refuses the
name.

## Why it matters
Modules are kept beside the attributes and are looked for last: `self.half(x)` converts the model to half
precision, or raises.

## Example
    self.half = nn.Conv2d(64, 32, 1)

## Use instead
    self.reduce = nn.Conv2d(64, 32, 1)

## When to ignore
Where the module is only ever used through `children()`.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, Shadowed
from convlint.lint.rule import rule


@rule("CL509", "shadowed-module-method", Severity.WARNING)
def shadowed_module_method(subject: Shadowed) -> Iterator[Finding]:
    """One finding for each attribute."""
    yield subject.here().finding(
        f"`{subject.attribute}` is a method of {subject.owner}: what is stored as that is hidden by it",
        help="another name",
        severity=Severity.ERROR if subject.words else None,
    )
