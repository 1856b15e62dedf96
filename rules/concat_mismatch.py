"""Tensors are concatenated that differ on another axis than the one they are joined along.

## What it does
Compares the shapes of what `torch.cat`, `torch.stack` and their kin join, axis by axis.

## Why it matters
The call fails. In a U-Net the skip and the upsampled map differ by a pixel; elsewhere the axis is the wrong
one.

## Example
    x = torch.cat([skip, self.up(x)])  # along the batch

## Use instead
    x = torch.cat([skip, self.up(x)], dim=1)

## When to ignore
Never.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.lint.wording import listed, number, shape
from convlint.shapes.fault import Fault, Kind


@rule("CL107", "concat-mismatch", Severity.ERROR)
def concat_mismatch(fault: ShapeFault) -> Iterator[Finding]:
    """One finding for each concatenation that does not fit."""
    if fault.kind is not Kind.CONCAT:
        return
    data = fault.fault
    joined = listed([shape(each) for each in data.shapes])
    numbers = ""
    if data.axis is not None:
        numbers = f": axis {data.axis} is {number(_extent(data, 0))} and {number(_extent(data, -1))}"
    yield fault.here().finding(f"{fault.what} joins {joined}{numbers}", help=_remedy(data, fault.keras))


def _extent(fault: Fault, which: int) -> int | None:
    value = fault.shapes[which][fault.axis or 0] if fault.shapes else None
    return value  # type: ignore[return-value]


def _remedy(fault: Fault, keras: bool) -> str:
    if len(fault.shapes) < 2 or fault.axis is None:
        return ""
    first, last = fault.shapes[0], fault.shapes[-1]
    if len(first) != len(last):
        return ""
    differing = [axis for axis, (a, b) in enumerate(zip(first, last, strict=True)) if a != b]
    if len(differing) == 1 and differing == [fault.axis] and fault.axis > 0:
        return f"they fit along axis={fault.axis}" if keras else f"they fit along dim={fault.axis}"
    if any(axis > 1 - keras for axis in differing):
        return "pad, crop or resize one to the other's size"
    return ""
