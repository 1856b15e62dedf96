"""Arithmetic of two tensors or numbers, element by element.

Law: shapes broadcast, dtypes promote; one table row declares a name with its dtype law and, where torch's
number is certain, the number.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import alias
from convlint.libs.torch.axes import listed, short
from convlint.libs.torch.broadcasting import combined, common_dtype, operand
from convlint.libs.torch.declare import operation, scalar_name
from convlint.libs.torch.exact import BINARY, divided, rounded_down, towards_zero
from convlint.libs.torch.promotion import category, floating
from convlint.shapes.fault import Kind
from convlint.values import NotModelled, Tensor, Unknown, Value

LONG_NAMES = {
    "subtract": "sub",
    "multiply": "mul",
    "divide": "div",
    "true_divide": "div",
    "arctan2": "atan2",
    "greater": "gt",
    "greater_equal": "ge",
    "less": "lt",
    "less_equal": "le",
    "not_equal": "ne",
}


def basic_name(op: Op) -> str:
    name = short(op).removesuffix("_")
    return LONG_NAMES.get(name, name)


# -- arithmetic ----------------------------------------------------------------------------------------------


@operation("add sub subtract", "other, *older, alpha=1", inplace=True)
@operation("rsub", "other, alpha=1", methods=False, out=False)
def sums(op: Op) -> Value:
    """input ± alpha · other."""
    _reorder(op, "alpha", "other")
    name = basic_name(op)
    dtype = common_dtype(op, (op.known("input"), op.known("other")))
    a, b = operand(op, "input"), operand(op, "other")
    if name != "add" and "bool" in (a.dtype, b.dtype):
        _refuse_bool_difference(op, a, b)
    if isinstance(op["alpha"], float) and dtype is not None and category(dtype) < 2:
        op.refuse(
            "RuntimeError", "For integral input tensors, argument alpha must not be a floating point number."
        )
    return combined(op, (a, b), dtype, BINARY[name] if op["alpha"] == 1 else None, dtype)


def _reorder(op: Op, number: str, *tensors: str) -> None:
    """`add(input, alpha, other)`: the number first, as torch took it at first and still does."""
    older = listed(op.args.get("older")) or ()
    if not older:
        return
    least = len(tensors) + (not op.name.startswith("torch.Tensor."))
    first, *rest = (*(op[name] for name in tensors), *older)
    sized = isinstance(first, Tensor) and first.shape != ()
    if len(older) > 1 or short(op) == "subtract" or sized:
        words = f"{short(op)}() takes {least} positional arguments but {least + len(older)} were given"
        op.refuse("TypeError", words, tensors[0])
    op.args |= {number: first, **dict(zip(tensors, rest, strict=True))}


def _refuse_bool_difference(op: Op, a: Tensor, b: Tensor) -> None:
    if a.dtype == b.dtype:
        message = (
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or "
            "`logical_xor()` operator instead."
        )
    else:
        message = (
            "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to "
            "invert a mask, use the `~` or `logical_not()` operator instead."
        )
    op.refuse("RuntimeError", message, "input")


@operation("mul multiply floor_divide remainder fmod", "other", inplace=True)
def products(op: Op) -> Value:
    """The operands' common dtype."""
    dtype = common_dtype(op, (op.known("input"), op.known("other")))
    return combined(
        op, (operand(op, "input"), operand(op, "other")), dtype, BINARY.get(basic_name(op)), dtype
    )


@operation("div divide", "other, *, rounding_mode=None", inplace=True)
@operation("true_divide", "other", inplace=True)
def quotients(op: Op) -> Value:
    """True division of integers gives floats; a rounding mode keeps the dtype."""
    mode = op.args.get("rounding_mode")
    if isinstance(mode, Unknown):
        raise NotModelled(mode.reason)
    if mode not in (None, "trunc", "floor"):
        op.refuse(
            "RuntimeError",
            f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{mode}'",
            "rounding_mode",
        )
    dtype = common_dtype(op, (op.known("input"), op.known("other")))
    exact = {None: divided, "trunc": towards_zero, "floor": rounded_down}[mode]
    if mode is None:
        dtype = floating(op.caller, dtype)
    return combined(op, (operand(op, "input"), operand(op, "other")), dtype, exact, dtype)


@operation("pow", "exponent", inplace=True)
def power(op: Op) -> Value:
    """input ** exponent."""
    base, exponent = op.known("input"), op.known("exponent")
    dtype = common_dtype(op, (base, exponent))
    if isinstance(exponent, int) and exponent < 0 and dtype is not None and category(dtype) == 1:
        op.refuse("RuntimeError", "Integers to negative integer powers are not allowed.", "exponent")
    return combined(op, (operand(op, "input"), operand(op, "exponent")), dtype, BINARY["pow"], dtype)


@operation("float_power", "exponent", inplace=True)
def float_power(op: Op) -> Value:
    """The power in double precision."""
    dtype = common_dtype(op, (op.known("input"), op.known("exponent")))
    if dtype is not None:
        dtype = "complex128" if category(dtype) == 3 else "float64"
        _demand_double(op, dtype)
    return combined(op, (operand(op, "input"), operand(op, "exponent")), dtype, None)


def _demand_double(op: Op, dtype: str) -> None:
    """In place nothing is cast: the base has the result's dtype."""
    base = op["input"]
    if op.name.endswith("_") and isinstance(base, Tensor) and base.dtype not in (dtype, None):
        words = (
            f"the base given to float_power_ has dtype {scalar_name(base.dtype or '')} but the operation's "
            f"result requires dtype {scalar_name(dtype)}"
        )
        op.refuse("RuntimeError", words, "input", kind=Kind.OTHER)


@operation("maximum minimum fmax fmin logaddexp logaddexp2", "other")
@operation("hypot nextafter heaviside", "other", inplace=True)
@operation("gcd lcm", "other", inplace=True, native_inplace=True)
def of_tensors(op: Op) -> Value:
    """Two tensors, no numbers; their common dtype."""
    operands = tuple(operand(op, name, number=False) for name in ("input", "other"))
    dtype = common_dtype(op, operands)
    return combined(op, operands, dtype, BINARY.get(basic_name(op)), dtype)


@operation("atan2 arctan2", "other", inplace=True)
@operation("igamma igammac", "other", inplace=True)
@operation("gammainc gammaincc", "other", module="torch.special", methods=False)
def floats_of_tensors(op: Op) -> Value:
    """Two tensors, no numbers; integers become floats."""
    operands = tuple(operand(op, name, number=False) for name in ("input", "other"))
    return combined(op, operands, floating(op.caller, common_dtype(op, operands)), None)


POLYNOMIALS = (
    "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w "
    "hermite_polynomial_h hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p "
    "shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v "
    "shifted_chebyshev_polynomial_w"
)


@operation("copysign", "other", inplace=True)
@operation("xlogy ldexp", "other", inplace=True, native_inplace=True)
@operation("xlog1py zeta", "other", module="torch.special", methods=False)
@operation(POLYNOMIALS, "n", module="torch.special", methods=False)
def floats_of_numbers(op: Op) -> Value:
    """Tensors or numbers; integers become floats."""
    second = "n" if "n" in op.args else "other"
    dtype = floating(op.caller, common_dtype(op, (op.known("input"), op.known(second))))
    return combined(op, (operand(op, "input"), operand(op, second)), dtype, None)


alias("torch.special.xlogy", "torch.xlogy")


@operation("addcmul addcdiv", "tensor1, tensor2, *older, value=1", inplace=True)
def add_product(op: Op) -> Value:
    """input + value · tensor1 · tensor2, or / tensor2."""
    _reorder(op, "value", "tensor1", "tensor2")
    operands = tuple(operand(op, name, number=False) for name in ("input", "tensor1", "tensor2"))
    dtype = common_dtype(op, operands)
    if basic_name(op) == "addcdiv" and all(
        t.dtype is not None and category(t.dtype) < 2 for t in operands[1:]
    ):
        op.refuse(
            "RuntimeError",
            "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will "
            "perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be "
            "implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer "
            "inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv "
            "behavior is just the latter implementation: (input + value * tensor1 / tensor2), for all "
            "dtypes.",
        )
    return combined(op, operands, dtype, None)


@operation("lerp", "end, weight", inplace=True)
def lerp(op: Op) -> Value:
    """input + weight · (end − input); the weight may be a number."""
    tensors = [operand(op, name, number=False) for name in ("input", "end")]
    if isinstance(op.known("weight"), Tensor):
        tensors.append(op.tensor("weight"))
    return combined(op, tuple(tensors), tensors[0].dtype, None)
