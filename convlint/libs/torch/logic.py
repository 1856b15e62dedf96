"""Comparison, logic, bits, and the choice between elements: where and clamp."""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.torch.alike import kept
from convlint.libs.torch.arithmetic import basic_name
from convlint.libs.torch.axes import short
from convlint.libs.torch.broadcasting import as_tensor, combined, common_dtype, joined, layout, operand
from convlint.libs.torch.content import Number, mapped
from convlint.libs.torch.declare import operation, scalar_name
from convlint.libs.torch.exact import BINARY, nan_first
from convlint.libs.torch.promotion import category
from convlint.shapes.fault import Kind
from convlint.values import NotModelled, Tensor, Unknown, Value


@operation("eq ne lt le gt ge greater greater_equal less less_equal not_equal", "other", inplace=True)
def comparisons(op: Op) -> Value:
    """One truth value an element."""
    operands = (operand(op, "input", number=False), operand(op, "other"))
    compute = common_dtype(op, (op.known("input"), op.known("other")))
    return combined(op, operands, "bool", BINARY[basic_name(op)], compute)


@operation("logical_and logical_or logical_xor", "other", inplace=True)
def connectives(op: Op) -> Value:
    """Numbers other than 0 count as true."""
    operands = tuple(operand(op, name, number=False) for name in ("input", "other"))
    return combined(op, operands, "bool", BINARY[basic_name(op)], common_dtype(op, operands))


@operation("bitwise_and bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift", "other", inplace=True)
def bits(op: Op) -> Value:
    """Integers and bools only."""
    dtype = common_dtype(op, (op.known("input"), op.known("other")))
    if dtype is not None and category(dtype) > 1:
        name = short(op).removesuffix("_")
        kernel = {"bitwise_left_shift": "lshift", "bitwise_right_shift": "rshift"}.get(name, name)
        op.refuse("RuntimeError", f"\"{kernel}_cpu\" not implemented for '{dtype}'", "input")
    return combined(op, (operand(op, "input"), operand(op, "other")), dtype, BINARY[basic_name(op)], dtype)


@operation("isclose", "other, rtol=1e-05, atol=1e-08, equal_nan=False", out=False)
def isclose(op: Op) -> Value:
    """One truth value an element."""
    for name in ("rtol", "atol"):
        bound = op[name]
        if isinstance(bound, (int, float)) and bound < 0:
            words = f"{name} must be greater than or equal to zero, but got {bound:g}"
            op.refuse("RuntimeError", words, name)
    return combined(op, tuple(operand(op, name, number=False) for name in ("input", "other")), "bool", None)


def chosen(op: Op, condition: Tensor, first: Value, second: Value) -> Tensor:
    """One of two elements by a condition; numbers are kept as they are."""
    if condition.dtype is not None and condition.dtype not in ("bool", "uint8"):
        words = (
            "where expected condition to be a boolean tensor, but got a tensor with dtype "
            f"{scalar_name(condition.dtype)}"
        )
        op.refuse("RuntimeError", words, "condition", kind=Kind.OTHER)
    dtype = common_dtype(op, (first, second))
    operands = (
        condition,
        *(each if isinstance(each, Tensor) else as_tensor(op, each) for each in (first, second)),
    )
    shape = joined(op, operands)
    data = mapped(lambda c, a, b: a if c else b, dtype, shape, *operands)
    return op.result(operands[1], shape, dtype=dtype, strides=layout(shape, operands), data=data)


@operation("clamp clip", "min=None, max=None", inplace=True, native_inplace=True)
def clamp(op: Op) -> Value:
    """Bounds are numbers or tensors; both may not be None."""
    bounds = {name: op[name] for name in ("min", "max") if op[name] is not None}
    if not bounds:
        op.refuse(
            "RuntimeError", "torch.clamp: At least one of 'min' or 'max' must not be None", "min", "max"
        )
    x = op.tensor("input")
    unknown = [bound for bound in bounds.values() if isinstance(bound, Unknown)]
    if unknown:
        # Bounds are both numbers or both tensors: beside a number, the shape is the input's.
        if all(isinstance(bound, (Unknown, Tensor)) for bound in bounds.values()):
            raise NotModelled(unknown[0].reason)
        return op.result(x, x.shape, dtype=None, strides=kept(x))
    dtype = common_dtype(op, (x, *bounds.values()))
    names = list(bounds)

    def exact(value: Number, *limits: Number) -> Number:
        for name, limit in zip(names, limits, strict=True):
            value = max(value, limit) if name == "min" else min(value, limit)
        return value

    return combined(op, (x, *(operand(op, name) for name in bounds)), dtype, exact, dtype)


@operation("clamp_min", "min", inplace=True, native_inplace=True)
@operation("clamp_max", "max", inplace=True, native_inplace=True)
def clamp_one(op: Op) -> Value:
    """One bound."""
    bound = "min" if "min" in op.args else "max"
    dtype = common_dtype(op, (op.known("input"), op.known(bound)))
    exact = nan_first(max if bound == "min" else min)
    return combined(op, (operand(op, "input", number=False), operand(op, bound)), dtype, exact, dtype)
