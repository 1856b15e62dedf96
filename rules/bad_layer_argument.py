"""A layer's constructor, or its first call, refuses an argument.

## What it does
Checks arguments as the framework does: channels that are floats (from `/`), a kernel or stride of 0,
`padding='same'` with a stride, `output_padding` not below stride and dilation, pool padding over half the
kernel, unknown keywords, missing arguments. So are an index beyond its axis, and a shape or a result that
is unpacked into another number of names than it has values.

## Why it matters
The constructor, or the first call, fails.

## Example
    nn.Conv2d(64, 64 / 2, 3)

## Use instead
    nn.Conv2d(64, 64 // 2, 3)

## When to ignore
Where you use a version of the framework that accepts it.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.lint.wording import number
from convlint.shapes.fault import Kind

_REMEDIES = (
    ("found element of type float", "use // instead of /: channels are integers"),
    ("must be tuple of ints,but got float", "use // instead of /: channels are integers"),
    ("not float", "use // instead of /, or int(…)"),
    ("padding='same' is not supported", "give the padding as a number: d·(k − 1) // 2"),
    ("output padding must be smaller", "an output_padding below the stride"),
    ("half of", "a padding of at most half the kernel"),
)


@rule("CL111", "bad-layer-argument", Severity.ERROR)
def bad_layer_argument(fault: ShapeFault) -> Iterator[Finding]:
    """One finding for each argument that is refused."""
    if fault.kind not in (Kind.ARGUMENT, Kind.COUNT):
        return
    data = fault.fault
    if fault.kind is Kind.COUNT:
        message = f"{fault.what} fails: {data.detail}"
    elif data.detail:
        message = f"{fault.what} refuses: {data.detail}"
    elif len(data.arguments) > 1:
        message = (
            f"{fault.what} refuses {data.arguments[0]} {number(data.expected)} with {data.arguments[1]} "
        )
        message += number(data.got)
    else:
        message = f"{fault.what} refuses: {fault.words.partition(': ')[2] or fault.words}"
    remedy = next((words for sign, words in _REMEDIES if sign in fault.words), "")
    yield fault.here().finding(message, help=remedy)
