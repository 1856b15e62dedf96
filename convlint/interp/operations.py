"""Operators, comparisons and choices compiled to closures
(docs.python.org/3/reference/expressions.html#unary-arithmetic-and-bitwise-operations and what follows).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from convlint.interp.frame import Expression, Frame
from convlint.interp.operators import BINARY, COMPARE, UNARY
from convlint.values import Site, Tensor, Unknown, Value

if TYPE_CHECKING:
    from convlint.interp.expressions import Context


def binary(node: ast.BinOp, context: Context) -> Expression:
    """`left + right` and its like; only what takes a tensor has a place of its own."""
    from convlint.interp.expressions import expression

    left, right = expression(node.left, context), expression(node.right, context)
    operator = BINARY[type(node.op)]
    filename = context.filename

    def run(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        machine = frame.machine
        if a.__class__ is Tensor or b.__class__ is Tensor:
            machine.site = Site(node, filename, frame.site)
        return machine.binary(operator, a, b)

    return run


def unary(node: ast.UnaryOp, context: Context) -> Expression:
    """`-x`, `+x`, `~x` and `not x`."""
    from convlint.interp.expressions import expression

    operand = expression(node.operand, context)
    if isinstance(node.op, ast.Not):
        return lambda frame: frame.machine.negation(operand(frame))
    operator = UNARY[type(node.op)]
    return lambda frame: frame.machine.unary(operator, operand(frame))


def boolean(node: ast.BoolOp, context: Context) -> Expression:
    """`a and b`, `a or b`: the operand that decides."""
    from convlint.interp.expressions import expression

    *values, last = [expression(v, context) for v in node.values]
    conjunction = isinstance(node.op, ast.And)

    def run(frame: Frame) -> Value:
        for code in values:
            value = code(frame)
            if frame.machine.truth(value) is not conjunction:
                return value
        return last(frame)

    return run


def comparison(node: ast.Compare, context: Context) -> Expression:
    """`a < b < c`: each pair as long as those before it hold."""
    from convlint.interp.expressions import expression

    first = expression(node.left, context)
    rest = [
        (COMPARE[type(op)], expression(right, context))
        for op, right in zip(node.ops, node.comparators, strict=True)
    ]
    if len(rest) == 1:
        operator, second = rest[0]
        if operator in ("is", "is not") and _is_none(node.comparators[0]):
            return _against_none(first, operator)
        return lambda frame: frame.machine.binary(operator, first(frame), second(frame))

    def run(frame: Frame) -> Value:
        left = first(frame)
        result: Value = True
        for operator, code in rest:
            right = code(frame)
            result = frame.machine.binary(operator, left, right)
            if not frame.machine.truth(result):
                return result
            left = right
        return result

    return run


def refusal(node: ast.expr, context: Context) -> Expression:
    """The test of an `if` that only raises. What works is not refused: `if name in TABLE: raise` fills no
    registry to be answered, as long as nobody catches what it raises.
    """
    from convlint.interp.expressions import expression

    match node:
        case ast.Compare(left=left, ops=[ast.In()], comparators=[right]):
            item, container = expression(left, context), expression(right, context)
        case _:
            return expression(node, context)

    def run(frame: Frame) -> Value:
        sought, searched = item(frame), container(frame)
        machine = frame.machine
        waits = id(searched) in machine.loader.registries and not machine.handlers
        if waits and sought.__class__ is str and machine.taints.of(searched) is None:
            return sought in searched  # type: ignore[operator]
        return machine.binary("in", sought, searched)

    return run


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _against_none(first: Expression, operator: str) -> Expression:
    """`value is None`, `value is not None`: decided at once but for an unknown value."""
    positive = operator == "is"

    def run(frame: Frame) -> Value:
        value, machine = first(frame), frame.machine
        if value.__class__ is Unknown:
            return machine.binary(operator, value, None)
        machine.budget.step()
        return (value is None) is positive

    return run


def conditional(node: ast.IfExp, context: Context) -> Expression:
    """`a if test else b`."""
    from convlint.interp.expressions import expression

    test, body, orelse = (expression(n, context) for n in (node.test, node.body, node.orelse))
    return lambda frame: body(frame) if frame.machine.truth(test(frame)) else orelse(frame)
