"""A dense layer expects another number of features than the map gives.

## What it does
Follows the map from the input through every layer to each `Linear`, and compares `in_features` with the
number of features that arrive; also where `view(-1, K)` cuts a batch into rows of a length that no sample
has.

## Why it matters
The size of the first dense layer is not known until every convolution before it has been followed from the
input size. A wrong number fails at the first call; a wrong `view(-1, K)` may not: it moves elements from
one sample to the next.

## Example
    self.features = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.MaxPool2d(2))
    self.fc = nn.Linear(16 * 32 * 32, 10)  # for an input of 3×32×32, the map is 16×16×16

## Use instead
    self.fc = nn.Linear(16 * 16 * 16, 10)

## When to ignore
An error is only reported where no input fits that the code admits; declare the input with
`# convlint: input=(N, 3, 32, 32)` if the code cannot show it.
"""

from collections.abc import Iterator
from math import gcd, prod

from convlint.dims import Dim
from convlint.lint import Finding, Reshaped, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.lint.wording import count, extent, factors, number, shape
from convlint.shapes.fault import Kind


@rule("CL101", "linear-in-features", Severity.ERROR)
def linear_in_features(subject: ShapeFault | Reshaped) -> Iterator[Finding]:
    """A mismatch is an error; a batch that is cut into other rows, a warning."""
    if isinstance(subject, Reshaped):
        yield from _folded(subject)
    elif subject.kind is Kind.FEATURES and not subject.unflattened_map:
        yield _mismatch(subject)
    elif subject.rows_for_dense is not None:
        yield _indivisible(subject)


def _mismatch(fault: ShapeFault) -> Finding:
    parts = fault.factors
    product = f" ({factors(parts)})" if len(parts) > 1 else ""
    got, expected = number(fault.fault.got), number(fault.fault.expected)
    return fault.here().finding(
        f"{fault.what} expects {expected} features, {got} arrive{product if product != f' ({got})' else ''}",
        label=f"{factors(parts)} = {got}" if len(parts) > 1 and isinstance(fault.fault.got, int) else "",
        help=_remedy(fault, parts),
        fix=fault.giving("in_features", got) if isinstance(fault.fault.got, int) else None,
    )


def _remedy(fault: ShapeFault, parts: tuple[Dim, ...]) -> str:
    got, expected = fault.fault.got, fault.fault.expected
    if not isinstance(got, int):
        known = prod(part for part in parts if isinstance(part, int))
        if isinstance(expected, int) and known > 1 and expected % known:
            return f"{extent(expected)} is no multiple of {known}: no input size gives it"
        return "make in_features the number that the map gives for the sizes you use"
    if fault.keras:
        units = fault.argument("units")
        again = f": {fault.constructor}({units})" if isinstance(units, int) else ""
        return f"it was built for {number(expected)} at its first call: a layer of its own for {got}{again}"
    second = fault.argument("out_features")
    call = fault.constructor
    words = (
        f"{call}({got}, {second})"
        if fault.layer is not None and isinstance(second, int)
        else f"{got} features"
    )
    fitting = fault.fitting_input()
    if fitting is None:
        return words
    return f"{words}, or the input {shape(fitting[1:])} for which {number(expected)} is right"


def _indivisible(fault: ShapeFault) -> Finding:
    """`view(-1, K)` of a sample whose elements K does not divide."""
    before, row = fault.fault.shapes[0], fault.rows_for_dense
    sample = prod(before[1:])
    return fault.here().finding(
        f"{fault.what} makes rows of {row}, a sample has {sample} features ({factors(before[1:])})",
        label=f"{factors(before[1:])} = {sample}",
        help=f"flatten(1), and a dense layer of {sample} features behind it",
    )


def _folded(reshaped: Reshaped) -> Iterator[Finding]:
    """Rows that are no whole samples, though the elements of the batch can be cut so."""
    before, after = reshaped.before, reshaped.after
    sample, row = prod(before[1:]), after[-1]
    if len(after) != 2 or len(before) < 3 or not isinstance(sample, int) or not isinstance(row, int):
        return
    if after[0] == before[0]:  # one row a sample was asked for: it does not fit, which is said elsewhere
        return
    if row < 1 or any(prod(before[start:]) == row for start in range(1, len(before))):
        return
    common = gcd(sample, row)
    yield reshaped.here().finding(
        f"`{reshaped.operation}` makes {sample // common} rows of {count(row // common, 'sample')}: "
        f"a sample has {sample} features ({factors(before[1:])}), a row {row}",
        severity=Severity.WARNING,
        label=f"{factors(before[1:])} = {sample}",
        help="flatten(1) keeps samples apart, and a wrong number of features is found at once",
    )
