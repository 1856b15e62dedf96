"""torch.einsum, and the bilinear form of two vectors a row."""

from __future__ import annotations

from collections.abc import Callable

from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch.axes import listed
from convlint.libs.torch.promotion import result_type
from convlint.shapes import einsum as law
from convlint.shapes.fault import Fault, Kind
from convlint.values import NotModelled, Tensor, Unknown, Value


@function("torch.einsum", signature="*args")
def einsum(op: Op) -> Value:
    """`einsum("bij,bjk->bik", a, b)`, operands also as one list.

    Or `einsum(a, [0, 1], b, [1, 2], [0, 2])`.
    """
    args = op["args"]
    assert isinstance(args, tuple)
    if any(isinstance(each, Unknown) for each in args):
        raise NotModelled("an argument of einsum is not known")
    if len(args) < 2:
        raise op.caller.error(
            "ValueError",
            "einsum(): must specify the equation string and at least one operand, or at least one operand "
            "and its subscripts list",
        )
    try:
        equation, operands = _textual(op, args) if isinstance(args[0], str) else _sublists(op, args)
        shapes = [t.shape for t in operands if t.shape is not None]
        outcome, macs = law.einsum(equation, shapes)
    except law.EquationError as error:
        op.refuse("RuntimeError", f"einsum(): {error}", "equation", kind=Kind.RANK)
    shape = op.lawful(outcome, _words(equation, operands))
    op.caller.count_macs(op.unknown("the order of this einsum is not followed") if macs is None else macs)
    return op.result(operands[0], shape, dtype=result_type(op.caller, operands), strides=None)


def _textual(op: Op, args: tuple[Value, ...]) -> tuple[law.Equation, list[Tensor]]:
    operands: tuple[Value, ...] = args[1:]
    if len(operands) == 1 and listed(operands[0]) is not None:
        operands = listed(operands[0]) or ()
    return law.parsed(str(args[0])), [_operand(op, each) for each in operands]


def _operand(op: Op, value: Value) -> Tensor:
    if isinstance(value, Tensor) and value.shape is not None:
        return value
    if isinstance(value, (Tensor, Unknown)):
        raise NotModelled("an operand of einsum is not known")
    raise op.caller.error(
        "TypeError", f"expected Tensor as element in einsum, but got {type(value).__name__}"
    )


def _sublists(op: Op, args: tuple[Value, ...]) -> tuple[law.Equation, list[Tensor]]:
    operands, sublists = args[: len(args) // 2 * 2 : 2], args[1::2]
    output = _sublist(op, args[-1]) if len(args) % 2 else None
    return law.Equation(tuple(_sublist(op, s) for s in sublists), output), [_operand(op, o) for o in operands]


def _sublist(op: Op, value: Value) -> tuple[law.Label | None, ...]:
    members = listed(value)
    if members is None:
        raise op.caller.error("ValueError", "einsum(): expected subscripts as a list")
    labels: list[law.Label | None] = []
    for member in members:
        if member is Ellipsis:
            labels.append(None)
            continue
        number = op.as_dim(member, "sublist")
        if not isinstance(number, int):
            raise NotModelled("a subscript of einsum is not known")
        if not 0 <= number < 52:
            raise op.caller.error(
                "ValueError", f"einsum(): subscripts must be in range [0, 52), but got {number}"
            )
        labels.append(number)
    return tuple(labels)


def _words(equation: law.Equation, operands: list[Tensor]) -> Callable[[Fault], str]:
    def words(fault: Fault) -> str:
        numbers = [
            number
            for number, (labels, tensor) in enumerate(zip(equation.operands, operands, strict=True))
            for label, extent in zip(
                law.spread(labels, len(tensor.shape or ()), number), tensor.shape or (), strict=True
            )
            if str(label) == fault.detail and extent == fault.got
        ]
        return (
            f"RuntimeError: einsum(): subscript {fault.detail} has size {fault.got} for operand "
            f"{numbers[0] if numbers else 0} which does not broadcast with previously seen size "
            f"{fault.expected}"
        )

    return words
