"""A norm layer is sized for another number of features than arrives.

## What it does
Compares the size of BatchNorm, GroupNorm, InstanceNorm and LayerNorm with the axis that they normalise, and
the number of axes that BatchNorm1d, 2d and 3d take.

## Why it matters
The call fails: every channel, or feature, has its own statistics and weights.

## Example
    self.conv = nn.Conv2d(3, 64, 3)
    self.bn = nn.BatchNorm2d(32)

## Use instead
    self.bn = nn.BatchNorm2d(64)

## When to ignore
Never.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Fix, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.lint.wording import count, listed, number, shape
from convlint.shapes.fault import Kind


@rule("CL105", "norm-features", Severity.ERROR)
def norm_features(fault: ShapeFault) -> Iterator[Finding]:
    """One finding for each norm layer that does not fit."""
    if fault.kind is Kind.NORM or (fault.kind is Kind.RANK and fault.norm):
        message, remedy = _rank(fault) if fault.kind is Kind.RANK else _size(fault)
        yield fault.here().finding(message, help=remedy, fix=_fix(fault))


def _fix(fault: ShapeFault) -> Fix | None:
    """The number that arrives in place of the one to blame; groups have to divide it."""
    data, groups = fault.fault, fault.argument("num_groups")
    if data.kind is not Kind.NORM or data.detail or fault.keras or not isinstance(data.got, int):
        return None
    if isinstance(groups, int) and data.got % groups:
        return None
    return fault.giving(data.arguments[0], str(data.got)) if data.arguments else None


def _size(fault: ShapeFault) -> tuple[str, str]:
    data = fault.fault
    arrived = f" ({shape(data.shapes[0])})" if data.shapes else ""
    if data.detail:
        return f"{fault.what} needs more than {data.detail}{arrived}", "a larger batch, or eval mode"
    if fault.keras:
        return (
            f"{fault.what} normalises {number(data.expected)}, {number(data.got)} arrive{arrived}",
            f"it was built for {number(data.expected)}: a layer of its own for {number(data.got)}",
        )
    size = data.arguments[0] if data.arguments else "its size"
    return (
        f"{fault.what} normalises {number(data.expected)}, {number(data.got)} arrive{arrived}",
        f"{size}={number(data.got)}",
    )


def _rank(fault: ShapeFault) -> tuple[str, str]:
    data = fault.fault
    if fault.keras and data.detail and data.shapes:
        there = count(len(data.shapes[0]), "axis is", "axes are")
        return f"{fault.what} normalises {data.detail}, {there} there ({shape(data.shapes[0])})", "axis=-1"
    taken = (
        listed([str(each) for each in data.expected], "or") if isinstance(data.expected, tuple) else "other"
    )
    got = data.got if isinstance(data.got, int) else 0
    arrived = f" ({shape(data.shapes[0])})" if data.shapes else ""
    fitting = {2: "BatchNorm1d", 3: "BatchNorm1d", 4: "BatchNorm2d", 5: "BatchNorm3d"}.get(got)
    remedy = (
        f"nn.{fitting} takes {count(got, 'axis', 'axes')}" if fitting and "BatchNorm" in fault.type else ""
    )
    return f"{fault.what} takes {taken} axes, {count(got, 'axis', 'axes')} arrive{arrived}", remedy
