"""Functions of one tensor, element by element: the shape stays.

One table row declares a name with the law of its result's dtype and, where torch's number is certain, the
number.
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.libs.op import Op
from convlint.libs.registry import alias
from convlint.libs.torch import dtypes
from convlint.libs.torch.alike import kept
from convlint.libs.torch.arguments import refuse_fractions
from convlint.libs.torch.axes import short
from convlint.libs.torch.content import Number, mapped
from convlint.libs.torch.declare import operation
from convlint.libs.torch.exact import UNARY, round_half_even
from convlint.libs.torch.promotion import floating
from convlint.shapes.fault import Kind
from convlint.values import Tensor, Value


def elementwise(
    op: Op, x: Tensor, dtype: str | None, name: str, exact: Callable[[Number], Number] | None
) -> Tensor:
    """A result of the operand's shape, with its content where the function is exact."""
    assert x.shape is not None
    data = mapped(exact, dtype, x.shape, x) if exact is not None else None
    return op.result(x, x.shape, name, dtype=dtype, strides=kept(x), data=data)


def _name(op: Op) -> str:
    return short(op).removesuffix("_")


# -- dtype laws ----------------------------------------------------------------------------------------------

_REFUSED_FOR_BOOL = {
    "neg": (
        "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, "
        "use the `~` or `logical_not()` operator instead."
    ),
    "positive": "The `+` operator, on a bool tensor is not supported.",
}
_REFUSED_FOR_BOOL["negative"] = _REFUSED_FOR_BOOL["neg"]


@operation("abs neg negative floor ceil trunc fix frac square", inplace=True, native_inplace=True)
@operation("absolute sign sgn", inplace=True)
@operation("positive", out=False)
@operation("conj_physical", inplace=True, native_inplace=True)
@operation("nan_to_num", "nan=None, posinf=None, neginf=None", inplace=True, native_inplace=True)
@operation("deg2rad rad2deg", inplace=True, native_inplace=True)
def same_dtype(op: Op) -> Value:
    """The operand's dtype; a magnitude of complex numbers is real, degrees of integers are floats."""
    x, name = op.tensor("input"), _name(op)
    if x.dtype == "bool" and name in _REFUSED_FOR_BOOL:
        op.refuse("RuntimeError", _REFUSED_FOR_BOOL[name], "input")
    dtype = x.dtype
    if dtype is not None:
        if name in ("abs", "absolute"):
            if dtypes.is_complex(dtype) and op.name.endswith("_"):
                words = "In-place abs is not supported for complex tensors."
                op.refuse("RuntimeError", words, "input", kind=Kind.OTHER)
            dtype = dtypes.real_of(dtype)
        if name == "square" and dtype == "bool":
            dtype = "int64"
        if name in ("deg2rad", "rad2deg"):
            dtype = floating(op.caller, dtype)
    return elementwise(op, x, dtype, name, UNARY.get(name))


@operation("round", "*, decimals=0", inplace=True, native_inplace=True)
def round_(op: Op) -> Value:
    """Ties go to the even number."""
    x = op.tensor("input")
    return elementwise(op, x, x.dtype, "round", round_half_even if op["decimals"] == 0 else None)


FLOATING = (
    "acos arccos acosh arccosh asin arcsin asinh arcsinh atan arctan atanh arctanh cos cosh sin sinh sinc "
    "tan exp exp2 expm1 log log10 log1p log2 sqrt rsqrt reciprocal erf erfc i0"
)


@operation(FLOATING, inplace=True, native_inplace=True)
@operation("erfinv lgamma digamma", inplace=True)
@operation("angle", out=False)
@operation("logit", "eps=None", inplace=True, native_inplace=True)
@operation("mvlgamma", "p", inplace=True)
def floats(op: Op) -> Value:
    """Integers become floats; the angle of a complex number is real."""
    x, name = op.tensor("input"), _name(op)
    dtype = floating(op.caller, x.dtype)
    if name == "mvlgamma":
        refuse_fractions(op, "p")
    if name == "mvlgamma" and op.integer("p") < 1:
        op.refuse("RuntimeError", "p has to be greater than or equal to 1", "p")
    if name == "angle" and dtype is not None:
        dtype = dtypes.real_of(dtype)
    return elementwise(op, x, dtype, name, UNARY.get(name) if dtype in ("float32", "float64") else None)


@operation("polygamma", "input", first="n", methods=False)
def polygamma(op: Op) -> Value:
    """The n-th derivative of digamma: the order comes first."""
    x = op.tensor("input")
    refuse_fractions(op, "n")
    if op.integer("n") < 0:
        op.refuse("RuntimeError", "polygamma(n, x) does not support negative n.", "n")
    return elementwise(op, x, floating(op.caller, x.dtype), "polygamma", None)


@operation("polygamma", "n", functions=False, inplace=True)
def polygamma_method(op: Op) -> Value:
    """`x.polygamma(n)`."""
    return polygamma(op)


@operation("isnan isinf isfinite isreal", out=False)
@operation("isposinf isneginf signbit")
@operation("logical_not", inplace=True)
def truths(op: Op) -> Value:
    """One truth value an element."""
    x, name = op.tensor("input"), _name(op)
    return elementwise(op, x, "bool", name, UNARY.get(name))


@operation("bitwise_not", inplace=True)
def bitwise_not(op: Op) -> Value:
    """`~x` of integers and bools."""
    x = op.tensor("input")
    if x.dtype is not None and not (x.dtype == "bool" or dtypes.is_integral(x.dtype)):
        op.refuse("RuntimeError", '"bitwise_not_cpu" not implemented for ' + f"'{x.dtype}'", "input")
    flip: Callable[[Number], Number] = (lambda v: not v) if x.dtype == "bool" else (lambda v: ~v)
    return elementwise(op, x, x.dtype, "bitwise_not", flip)


# -- torch.special -------------------------------------------------------------------------------------------

SPECIAL = (
    "airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 entr erfcx expit gammaln i0e i1 i1e log_ndtr "
    "modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 ndtr ndtri psi "
    "scaled_modified_bessel_k0 scaled_modified_bessel_k1 spherical_bessel_j0"
)


@operation(SPECIAL, module="torch.special", methods=False)
def special(op: Op) -> Value:
    """Special functions: integers become floats."""
    x = op.tensor("input")
    return elementwise(op, x, floating(op.caller, x.dtype), _name(op), None)


for _each in [
    "digamma",
    "erf",
    "erfc",
    "erfinv",
    "exp2",
    "expm1",
    "i0",
    "log1p",
    "logit",
    "polygamma",
    "sinc",
    "round",
]:
    alias(f"torch.special.{_each}", f"torch.{_each}")
alias("torch.special.multigammaln", "torch.mvlgamma")
alias("torch.special.logsumexp", "torch.logsumexp")
