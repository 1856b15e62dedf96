"""A module's `forward` returns nothing that another layer could take, or is missing, and something calls it.

## What it does
Follows what `forward` returns: None where a `return` is missing goes into the next layer, and so does a tuple
where a recurrent layer gives its output and its state, or a comma ends a line; a `forward` that is misspelt,
or nested inside `__init__`, is not found when the module is called.

## Why it matters
The call fails.

## Example
    def forward(self, x):
        x = self.conv(x)

## Use instead
    def forward(self, x):
        return self.conv(x)

## When to ignore
Never.
"""

import re
from collections.abc import Iterator

from convlint.lint import Finding, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.shapes.fault import Kind

_CONTAINER = re.compile(r"must be Tensor, not (tuple|list|dict)$|received (\d+) input tensors")


@rule("CL113", "forward-result", Severity.ERROR)
def forward_result(fault: ShapeFault) -> Iterator[Finding]:
    """One finding for each module without a usable result."""
    if fault.kind is not Kind.RESULT:
        return
    entry = fault.entry
    if fault.missing_entry or "missing the required" in fault.words:
        near = fault.misspelt_forward
        found = f"; it defines `{near}`" if near else ""
        yield fault.here().finding(
            f"{fault.type} is called and has no `{entry}`{found}",
            help=f"rename `{near}` to `{entry}`"
            if near
            else f"define `{entry}(self, …)` in the class's own body",
        )
        return
    several = _CONTAINER.search(fault.words)
    if several is not None:
        yield _several(fault, several.group(1) or f"list of {several.group(2)}")
        return
    source = fault.gives_none
    if source is None:
        yield fault.here().finding(f"{fault.what} is given None")
        return
    yield fault.here().finding(
        f"{fault.what} is given None: `{entry}` of {source} returns nothing",
        help=f"end `{entry}` of {source} with a `return`",
    )


def _several(fault: ShapeFault, kind: str) -> Finding:
    """A layer of one tensor is given several, in a container."""
    source = fault.gives_several  # "" where the code makes the container itself, None where nobody knows
    made = f", the result of {source}" if source else ""
    remedy = "give it one tensor"
    if source:
        remedy = "take the tensor out of it, its first item, say"
    elif kind == "tuple" and source is not None:
        remedy = "no comma at the end of the line that makes it"
    return fault.here().finding(f"{fault.what} is given a {kind}{made}, and takes one tensor", help=remedy)
