"""A module is used before the constructor of its base class ran.

## What it does
Flags PyTorch modules that assign a module or parameter before `super().__init__()`, Keras layers that are
called without it, and constructors that are written `_init_`, which Python never calls.

## Why it matters
PyTorch raises at the assignment, Keras at the first call; a model with `_init_` has no layers.

## Example
    def __init__(self):
        self.conv = nn.Conv2d(3, 8, 3)

## Use instead
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

## When to ignore
Never: the model cannot run.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, Uninitialized
from convlint.lint.rule import rule


@rule("CL505", "missing-super-init", Severity.ERROR)
def missing_super_init(subject: Uninitialized) -> Iterator[Finding]:
    """One finding for each assignment or method."""
    if subject.misspelt:
        yield subject.here().finding(
            f"`{subject.misspelt}` of {subject.owner} is never called: the constructor is `__init__`",
            help="rename it: __init__",
            fix=subject.fix,
        )
        return
    if subject.attribute:
        when = "comes later" if subject.late else "is missing"
        message = f"{subject.owner} assigns `{subject.attribute}`, and `super().__init__()` {when}"
    else:
        message = f"`__init__` of {subject.owner} does not call `super().__init__()`"
    yield subject.here().finding(
        message, help="super().__init__() as the first statement of __init__", fix=subject.fix
    )
