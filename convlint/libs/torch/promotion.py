"""Which dtype the result of several operands has (pytorch.org/docs/stable/tensor_attributes.html#type-
promotion-doc).

Law: categories rank bool < integer < float < complex; a tensor with axes outranks one without, that
outranks a Python number, within a category.
"""

from __future__ import annotations

from collections.abc import Iterable

from convlint.dims import Expr
from convlint.libs.op import Op
from convlint.libs.python.quotient import Quotient
from convlint.libs.registry import function
from convlint.libs.torch import dtypes
from convlint.libs.torch.dtypes import complex_of, default_dtype, dtype_named, dtype_object
from convlint.values import Caller, Condition, NotModelled, Tensor, Value

_FLOAT_ORDER = {"float16": 1, "bfloat16": 1, "float32": 2, "float64": 3}
_BITS = {"int8": 8, "int16": 16, "int32": 32, "int64": 64}
_NAMED_BITS = {bits: name for name, bits in _BITS.items()}


def category(dtype: str) -> int:
    """0 bool, 1 integer, 2 float, 3 complex."""
    if dtype == "bool":
        return 0
    if dtypes.is_integral(dtype):
        return 1
    return 3 if dtypes.is_complex(dtype) else 2


def promoted(a: str | None, b: str | None) -> str | None:
    """The dtype of two tensors' elements together; None where it is not known."""
    if a == b or a is None or b is None:
        return a if a == b else None
    low, high = sorted((a, b), key=category)
    if category(low) < category(high):
        if category(high) == 3 and category(low) == 2:
            return promoted(complex_of(low), high)
        return high
    match category(a):
        case 1:
            return _integers(a, b)
        case 2:
            return _floats(a, b)
    return max(a, b, key=lambda name: dtypes.element_size(name))


def _integers(a: str, b: str) -> str | None:
    if "uint8" in (a, b):
        other = b if a == "uint8" else a
        return _NAMED_BITS[max(16, _BITS[other])] if other in _BITS else None
    if a in _BITS and b in _BITS:
        return _NAMED_BITS[max(_BITS[a], _BITS[b])]
    return None


def _floats(a: str, b: str) -> str | None:
    if a not in _FLOAT_ORDER or b not in _FLOAT_ORDER:
        return None
    if _FLOAT_ORDER[a] == _FLOAT_ORDER[b]:
        return "float32"  # float16 with bfloat16
    return max(a, b, key=_FLOAT_ORDER.__getitem__)


def scalar_dtype(caller: Caller, value: Value) -> str | None:
    """The dtype that a Python number counts as. Raises `NotModelled` for what is no number."""
    if isinstance(value, (bool, Condition)):
        return "bool"
    if isinstance(value, (int, Expr)):
        return "int64"
    if isinstance(value, (float, Quotient)):
        return default_dtype(caller)
    if isinstance(value, complex):
        default = default_dtype(caller)
        return None if default is None else complex_of(default)
    raise NotModelled("an operand is neither a tensor nor a number")


def result_type(caller: Caller, operands: Iterable[Value]) -> str | None:
    """The common dtype of tensors and numbers; None where one is not known."""
    tiers: list[list[str | None]] = [[], [], []]
    for operand in operands:
        if isinstance(operand, Tensor):
            if operand.shape is None:
                return None
            tiers[0 if operand.shape else 1].append(operand.dtype)
        else:
            tiers[2].append(scalar_dtype(caller, operand))
    if any(None in tier for tier in tiers):
        return None
    result: str | None = None
    for tier in tiers:
        if tier:
            combined = tier[0]
            for dtype in tier[1:]:
                combined = promoted(combined, dtype)
            if combined is None:
                return None
            result = combined if result is None else _outranked(result, combined)
    return result


def _outranked(higher: str, lower: str) -> str | None:
    """A lower tier counts only with a higher category; a float tensor keeps its precision in complex."""
    if category(lower) <= category(higher):
        return higher
    if category(lower) == 3 and category(higher) == 2:
        return complex_of(higher)
    return lower


def floating(caller: Caller, dtype: str | None) -> str | None:
    """The dtype of a function on real numbers: integers and bool become the default float."""
    if dtype is None:
        return None
    return default_dtype(caller) if category(dtype) < 2 else dtype


@function("torch.result_type", signature="tensor1, tensor2")
def result_type_(op: Op) -> Value:
    """The dtype that an arithmetic operation on two operands gives."""
    name = result_type(op.caller, (op.known("tensor1"), op.known("tensor2")))
    return op.unknown("a dtype is not known") if name is None else dtype_object(name)


@function("torch.promote_types", signature="type1, type2")
def promote_types(op: Op) -> Value:
    """The smallest dtype that holds both."""
    name = promoted(*(dtype_named(op.caller, op[each]) for each in ("type1", "type2")))
    return op.unknown("a dtype is not known") if name is None else dtype_object(name)


@function("torch.can_cast", signature="from_, to")
def can_cast(op: Op) -> Value:
    """Whether an in-place operation may store one dtype in another: never from a higher category."""
    source, target = (dtype_named(op.caller, op[each]) for each in ("from_", "to"))
    if source is None or target is None:
        return op.unknown("a dtype is not known")
    return castable(source, target)


def castable(source: str, target: str) -> bool:
    """Whether a result of dtype `source` may be stored in a tensor of dtype `target`."""
    return category(source) <= category(target)
