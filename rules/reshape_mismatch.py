"""A reshape does not keep the number of elements, or a view needs strides that the tensor does not have.

## What it does
Compares the number of elements before and after `view`, `reshape`, `unflatten`, `split` and their kin, and
follows strides: `view` after `permute` or `transpose` has no memory layout to look at.

## Why it matters
The call fails.

## Example
    x = x.permute(0, 2, 3, 1).view(n, -1)

## Use instead
    x = x.permute(0, 2, 3, 1).reshape(n, -1)

## When to ignore
Never.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.lint.wording import number, shape
from convlint.shapes.fault import Kind


@rule("CL109", "reshape-mismatch", Severity.ERROR)
def reshape_mismatch(fault: ShapeFault) -> Iterator[Finding]:
    """One finding for each reshape that cannot be; rows for a dense layer have a rule of their own."""
    if fault.kind is not Kind.RESHAPE or fault.rows_for_dense is not None:
        return
    data = fault.fault
    if data.detail == "strides":
        yield fault.here().finding(
            f"{fault.what} looks at memory of {shape(data.shapes[0])} that is not laid out for it",
            help="reshape instead of view, or contiguous() before it",
        )
    elif len(data.shapes) > 1 and -1 in data.shapes[-1] and data.got is not None:
        rest = tuple(extent for extent in data.shapes[-1] if extent != -1)
        yield fault.here().finding(
            f"{fault.what} cannot make parts of {shape(rest)} of {shape(data.shapes[0])} = {number(data.got)}"
        )
    elif data.got is not None and data.expected is not None and len(data.shapes) > 1:
        yield fault.here().finding(
            f"{fault.what} makes {shape(data.shapes[-1])} = {number(data.expected)} elements "
            f"of {shape(data.shapes[0])} = {number(data.got)}",
        )
    else:
        yield fault.here().finding(
            f"{fault.what} cannot reshape{_operands(fault)}: {data.detail or 'see below'}"
        )


def _operands(fault: ShapeFault) -> str:
    return f" {shape(fault.fault.shapes[0])}" if fault.fault.shapes else ""
