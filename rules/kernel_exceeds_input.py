"""A kernel is larger than the padded map it slides over.

## What it does
Compares the reach of every convolution and pooling window, d(k − 1) + 1, with the extent of the map and its
padding.

## Why it matters
No window fits, so the call fails. Mostly the input is smaller than the one that the network was designed for.

## Example
    # for an input of 3×32×32 the map has shrunk to 1×1 here
    self.pool = nn.AvgPool2d(7)

## Use instead
    self.pool = nn.AdaptiveAvgPool2d(1)

## When to ignore
Never, where the input is right; declare the one you use with `# convlint: input=(N, 3, 224, 224)`.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.lint.wording import number, shape
from convlint.shapes.fault import Kind


@rule("CL103", "kernel-exceeds-input", Severity.ERROR)
def kernel_exceeds_input(fault: ShapeFault) -> Iterator[Finding]:
    """One finding for each window that does not fit."""
    if fault.kind is not Kind.KERNEL:
        return
    data = fault.fault
    where = f" on {shape(data.shapes[0])}" if data.shapes else ""
    if data.detail == "an empty axis":
        message = f"{fault.what} gets a map without elements{where}"
    elif data.detail:
        message = f"{fault.what} leaves nothing{where}: {data.detail}"
    elif data.expected == 0:
        message = f"{fault.what} gives an extent of {number(data.got)}{where}"
    else:
        message = (
            f"{fault.what} spans {number(data.expected)} along {fault.axis_name}, "
            f"the padded map has {number(data.got)}{where}"
        )
    yield fault.here().finding(message, help=_remedy(fault))


def _remedy(fault: ShapeFault) -> str:
    fitting = fault.fitting_input()
    data = fault.fault
    words = []
    if (
        isinstance(data.got, int)
        and data.got >= 1
        and any(fault.argument(name) is not None for name in ("kernel_size", "pool_size"))
    ):
        words.append(f"a kernel of at most {data.got}")
    if fault.keras and "Pooling" in fault.type:
        words.append(f"Global{fault.type}()")
    elif fault.keras and data.detail == "" and fault.convolution_rank:
        words.append('padding="same"')
    if fault.type in ("AvgPool1d", "AvgPool2d", "AvgPool3d", "MaxPool1d", "MaxPool2d", "MaxPool3d"):
        words.append(f"nn.Adaptive{fault.type}(1)")
    if fitting is not None:
        words.append(f"an input of {shape(fitting[1:])}")
    return ", or ".join(words)
