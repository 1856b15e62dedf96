"""The output and the target that the code shows do not fit the loss.

## What it does
Flags losses that are given an output and a target of shapes that the loss refuses: PyTorch's criteria and
functions, and Keras models whose `fit`, `evaluate` or `train_on_batch` is given arrays of known shape. A
warning where only the values of the target show it, and where a PyTorch loss accepts the pair by stretching
one to the other.

## Why it matters
The program ends at its first step; or it trains on every output against every target.

## Example
    nn.MSELoss()(torch.zeros(8, 1), torch.zeros(8))  # an 8×8 table of differences

## Use instead
    nn.MSELoss()(torch.zeros(8, 1).squeeze(1), torch.zeros(8))

## When to ignore
Where stretching is meant.
"""

from collections.abc import Iterator

from convlint.dims import Dim
from convlint.lint import Comparison, Finding, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.lint.wording import number, shape
from convlint.shapes.broadcast import broadcast
from convlint.shapes.fault import Kind, Lawful

_STRETCHING = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")


@rule("CL112", "target-mismatch", Severity.ERROR)
def target_mismatch(subject: ShapeFault | Comparison) -> Iterator[Finding]:
    """One finding for each loss."""
    if isinstance(subject, Comparison):
        yield from _stretched(subject)
        return
    fault = subject.fault
    if fault.kind is not Kind.TARGET:
        return
    if fault.detail == "values":
        yield subject.here().finding(
            f"{subject.what}: the target holds {number(fault.got)}, and there are "
            f"{number(fault.expected)} classes, from 0",
            help=f"targets below {number(fault.expected)}, or an output for more classes",
            severity=Severity.WARNING,
        )
        return
    if fault.detail == "samples":
        yield subject.here().finding(
            f"{subject.what} is given {number(fault.expected)} samples and {number(fault.got)} targets",
            help="as many targets as samples",
        )
        return
    pair = [shape(each) for each in fault.shapes[:2]]
    arrived = f" is given an output of {pair[0]} and a target of {pair[1]}" if len(pair) == 2 else ""
    yield subject.here().finding(
        f"{subject.what}{arrived or ': output and target do not fit'}", help=_remedy(subject)
    )


def _remedy(subject: ShapeFault) -> str:
    fault = subject.fault
    wanted = fault.expected if isinstance(fault.expected, tuple) else fault.shapes[0] if fault.shapes else ()
    if subject.keras and len(fault.shapes) > 1 and len(fault.shapes[0]) > 2 >= len(fault.shapes[1]):
        return f"Flatten or pooling before the last layer, or a target of {shape(wanted)}"
    if isinstance(fault.expected, tuple):
        return f"a target of {shape(fault.expected)}"
    if len(fault.shapes) < 2:
        return ""
    output, target = fault.shapes[:2]
    if fault.detail == "multi" and len(output) == 2:
        return f"class indices, one a row: a target of {shape(output[:1])}"
    counted = len(output) > 1 and len(target) > 0 and _counted(output[0]) and _counted(target[0])
    if counted and output[0] != target[0]:
        return f"as many targets as outputs: {number(output[0])}"
    return f"a target of {shape(output)}"


def _counted(extent: Dim) -> bool:
    """Whether an extent is a number: a batch and a set of samples are counted apart."""
    return isinstance(extent, int)


def _stretched(subject: Comparison) -> Iterator[Finding]:
    """Losses that stretch output and target to each other: more than either holds is hardly meant."""
    output, target = subject.output, subject.target
    if subject.loss not in _STRETCHING or not output or not target or output == target:
        return
    outcome = broadcast(output, target)
    if not isinstance(outcome, Lawful) or outcome.requires or outcome.shape in (output, target):
        return
    yield subject.here().finding(
        f"{subject.loss} stretches an output of {shape(output)} and a target of {shape(target)} to "
        f"{shape(outcome.shape)}",
        help=f"a target of {shape(output)}",
        severity=Severity.WARNING,
    )
