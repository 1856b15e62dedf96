"""Two tensors are added or multiplied whose shapes do not broadcast.

## What it does
Compares the shapes of what an addition, a multiplication or another element-by-element operation joins.

## Why it matters
The call fails. In a residual block the projection on the shortcut is missing, or only one branch has the
stride.

## Example
    self.conv = nn.Conv2d(64, 128, 3, stride=2, padding=1)
    ...
    return x + self.conv(x)

## Use instead
    self.shortcut = nn.Conv2d(64, 128, 1, stride=2)
    ...
    return self.shortcut(x) + self.conv(x)

## When to ignore
Never.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.lint.wording import listed, number, shape
from convlint.shapes.fault import Fault, Kind


@rule("CL106", "join-mismatch", Severity.ERROR)
def join_mismatch(fault: ShapeFault) -> Iterator[Finding]:
    """One finding for each join that cannot broadcast."""
    if fault.kind is not Kind.JOIN:
        return
    data = fault.fault
    joined = listed([shape(each) for each in data.shapes])
    numbers = ""
    if data.axis is not None and data.expected is not None and data.got is not None:
        numbers = f": {number(data.expected)} meets {number(data.got)} on axis {data.axis}"
    yield fault.here().finding(f"{fault.what} joins {joined}{numbers}", help=_remedy(data, fault.keras))


def _remedy(fault: Fault, keras: bool) -> str:
    if len(fault.shapes) != 2 or len(fault.shapes[0]) != len(fault.shapes[1]) or len(fault.shapes[0]) < 4:
        return ""
    left, right = fault.shapes
    at = -1 if keras else 1
    channels = None if left[at] == right[at] else f"from {number(left[at])} to {number(right[at])} channels"
    spatial = slice(1, -1) if keras else slice(2, None)
    ratios = {
        max(a, b) // min(a, b)
        for a, b in zip(left[spatial], right[spatial], strict=True)
        if isinstance(a, int) and isinstance(b, int) and min(a, b) > 0 and max(a, b) % min(a, b) == 0
    }
    stride = next(iter(ratios)) if len(ratios) == 1 and ratios != {1} else None
    if channels is not None:
        if keras:
            given = f", strides={stride}" if stride else ""
            return f"Conv2D({number(right[at])}, 1{given}) on the branch of {number(left[at])} channels"
        return f"a 1×1 convolution {channels}{f' with stride {stride}' if stride else ''} on one branch"
    if keras and stride:
        return f"strides={stride} on both branches"
    return f"stride {stride} on both branches" if stride else "pad or crop one of them to the other's size"
