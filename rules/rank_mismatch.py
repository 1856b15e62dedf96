"""A layer gets a tensor with another number of axes than it takes.

## What it does
Compares the number of axes that arrives with those that the layer takes: a convolution after `flatten`, a
dense layer on a map that was never flattened, a 1d or 3d layer on a 2d map, a missing batch or channel
axis.

## Why it matters
The call fails.

## Example
    x = torch.flatten(x, 1)
    x = self.conv(x)  # takes N×C×H×W

## Use instead
    x = self.conv(x)
    x = torch.flatten(x, 1)

## When to ignore
Never.
"""

from collections.abc import Iterator
from math import prod

from convlint.lint import Finding, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.lint.wording import count, factors, listed, number, shape
from convlint.shapes.fault import Kind


@rule("CL104", "rank-mismatch", Severity.ERROR)
def rank_mismatch(fault: ShapeFault) -> Iterator[Finding]:
    """One finding for each layer or operation on the wrong number of axes; norms have a rule of their own."""
    if fault.kind is Kind.RANK and not fault.norm:
        yield fault.here().finding(_message(fault), help=_remedy(fault))
    elif fault.unflattened_map:
        yield _dense_on_map(fault)


def _message(fault: ShapeFault) -> str:
    data = fault.fault
    arrived = f" ({shape(data.shapes[0])})" if data.shapes else ""
    if data.detail and data.expected is None:
        return f"{fault.what}: {data.detail}{arrived}"
    taken = (
        listed([str(each) for each in data.expected], "or")
        if isinstance(data.expected, tuple)
        else number(data.expected)
    )
    got = data.got if isinstance(data.got, int) else 0
    verb = "arrives" if got == 1 else "arrive"
    return f"{fault.what} takes {taken} axes, {count(got, 'axis', 'axes')} {verb}{arrived}"


def _remedy(fault: ShapeFault) -> str:
    data = fault.fault
    if not isinstance(data.got, int) or fault.layer is None:
        return ""
    if fault.keras and fault.convolution_rank and data.got == fault.convolution_rank + 1 and data.shapes:
        given = data.shapes[0]
        if fault.convolution_rank >= 2 and data.got == 3:
            return f"the channel axis is missing: an input of {shape(given[1:])}×1"
    if fault.keras and fault.convolution_rank and data.got == fault.convolution_rank + 3:
        return "input_shape is the shape of one sample, without the batch"
    if fault.keras and fault.convolution_rank and data.got == 2:
        return "it stands behind a Flatten: move it before, or give it a map with Reshape"
    if fault.convolution_rank and data.got == 2:
        return "it stands behind a flatten: move it before, or give it a map with unflatten"
    if fault.convolution_rank and 3 <= data.got <= 5 and data.got != fault.convolution_rank + 2:
        return f"a {data.got - 2}{'D' if fault.keras else 'd'} layer takes {data.got} axes"
    return ""


def _dense_on_map(fault: ShapeFault) -> Finding:
    data = fault.fault
    given = data.shapes[0]
    features = prod(given[1:])
    known = "" if not isinstance(features, int) else f" to {factors(given[1:])} = {features} features"
    return fault.here().finding(
        f"{fault.what} takes {number(data.expected)} features from the last axis of a map, "
        f"{number(data.got)} are there ({shape(given)})",
        help=f"flatten the map before it{known}",
    )
