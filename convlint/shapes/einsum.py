"""Einstein summation: an equation of labels, one for each axis.

Law: equal labels have equal extents (or 1, which stretches); labels missing in the output are summed over.
An ellipsis stands for any axes, which broadcast. Source:
numpy.org/doc/stable/reference/generated/numpy.einsum.html.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from convlint.dims import Dim, product
from convlint.shapes.broadcast import stretched
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape

Label = str | int
"""A letter, a number of the sublist form, or a negative number.

An axis under an ellipsis, counted from its end.
"""


class EquationError(ValueError):
    """The equation is not one, or does not go with the operands; the text says why."""


class Equation(Struct, frozen=True):
    """Labels of each operand and of the output; `None` among them is the ellipsis."""

    operands: tuple[tuple[Label | None, ...], ...]
    output: tuple[Label | None, ...] | None


def parsed(text: str) -> Equation:
    """An equation such as "bij,bjk->bik" or "...ij->...ji"."""
    left, arrow, right = text.partition("->")
    operands = tuple(_labels(part) for part in left.split(","))
    return Equation(operands, _labels(right) if arrow else None)


def _labels(text: str) -> tuple[Label | None, ...]:
    labels: list[Label | None] = []
    text = text.replace(" ", "")
    position = 0
    while position < len(text):
        if text.startswith("...", position):
            if None in labels:
                raise EquationError("an operand has more than one ellipsis")
            labels.append(None)
            position += 3
        elif text[position].isascii() and text[position].isalpha():
            labels.append(text[position])
            position += 1
        else:
            raise EquationError(f"invalid subscript given at index {position} in the equation string")
    return tuple(labels)


def spread(labels: tuple[Label | None, ...], rank: int, number: int) -> tuple[Label, ...]:
    """The labels of an operand's axes, the ellipsis replaced by as many as it stands for."""
    named = [label for label in labels if label is not None]
    hidden = rank - len(named)
    if hidden < 0 or (hidden and None not in labels):
        raise EquationError(
            f"the number of subscripts in the equation ({len(named)}) does not match the number of "
            f"dimensions ({rank}) "
            f"for operand {number}" + (" and no ellipsis was given" if hidden > 0 else "")
        )
    result: list[Label] = []
    for label in labels:
        if label is None:
            result.extend(range(-hidden, 0))
        else:
            result.append(label)
    return tuple(result)


def _order(label: Label) -> tuple[int, str, int]:
    """Upper case comes before lower case; numbers in their order."""
    return (0, label, 0) if isinstance(label, str) else (1, "", label)


def output_labels(equation: Equation, inputs: Sequence[tuple[Label, ...]]) -> tuple[Label, ...]:
    """The output's labels.

    Where the equation has none, the ellipsis, then the labels that occur once, in order.
    """
    counts = Counter(label for labels in inputs for label in labels)
    under = sorted({label for label in counts if isinstance(label, int) and label < 0}, key=int)
    if equation.output is None:
        once = [label for label, count in counts.items() if count == 1 and label not in under]
        return (*under, *sorted(once, key=_order))
    result: list[Label] = []
    for label in equation.output:
        if label is None:
            result.extend(under)
        elif label in result:
            raise EquationError(f"output subscript {label} appears more than once in the output")
        elif label not in counts:
            raise EquationError(
                f"output subscript {label} does not appear in the equation for any input operand"
            )
        else:
            result.append(label)
    return tuple(result)


def extents(
    inputs: Sequence[tuple[Label, ...]], shapes: Sequence[Shape], demands: Demands, *, stretch: bool = True
) -> dict[Label, Dim]:
    """The extent of each label. Fault FEATURES where a label has two that do not broadcast, or that differ
    where nothing stretches but the axes under an ellipsis.
    """
    found: dict[Label, Dim] = {}
    shapes = tuple(shapes)
    for labels, shape in zip(inputs, shapes, strict=True):
        own: dict[Label, Dim] = {}
        for axis, (label, extent) in enumerate(zip(labels, shape, strict=True)):
            if label in own:
                repeated = Fault(Kind.FEATURES, own[label], extent, shapes, axis, detail=str(label))
                demands.equal(own[label], extent, repeated)
            own[label] = extent
        for axis, label in enumerate(labels):
            fault = Fault(Kind.FEATURES, found.get(label), own[label], shapes, axis, detail=str(label))
            if label not in found:
                found[label] = own[label]
            elif stretch or isinstance(label, int):
                found[label] = stretched(found[label], own[label], fault, demands)
            else:
                demands.equal(found[label], own[label], fault)
            if demands.fault is not None:
                return found
    return found


def einsum(
    equation: Equation, shapes: Sequence[Shape], *, stretch: bool = True
) -> tuple[Outcome, Dim | None]:
    """The output's shape, and the multiply-accumulates: None where an order of three or more operands
    decides. `stretch` says whether an axis of extent 1 goes with any other of its label, as in PyTorch; in
    TensorFlow it does not.

    Raises EquationError.
    """
    if len(equation.operands) != len(shapes):
        more = "more" if len(shapes) > len(equation.operands) else "fewer"
        raise EquationError(f"{more} operands were provided than specified in the equation")
    inputs = [
        spread(labels, len(shape), number)
        for number, (labels, shape) in enumerate(zip(equation.operands, shapes, strict=True))
    ]
    output = output_labels(equation, inputs)
    demands = Demands()
    sizes = extents(inputs, shapes, demands, stretch=stretch)
    if demands.fault is not None:
        return demands.fault, None
    return demands.outcome(tuple(sizes[label] for label in output)), _macs(inputs, output, sizes)


def _macs(
    inputs: Sequence[tuple[Label, ...]], output: tuple[Label, ...], sizes: dict[Label, Dim]
) -> Dim | None:
    """Two operands are one batched product of what is left after the labels of one alone are summed."""
    if len(inputs) == 1:
        return 0
    if len(inputs) > 2:
        return None
    first, second = set(inputs[0]), set(inputs[1])
    met = (first & second) - set(output)
    if not met:
        return 0
    return product(
        sizes[label] for label in dict.fromkeys((*inputs[0], *inputs[1])) if label in met or label in output
    )
