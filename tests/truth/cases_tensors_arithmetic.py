"""Functions of two or three tensors, element by element."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Generator, T, cases
from tests.truth.cases_tensors_elementwise import forms
from tests.truth.draw_tensors import ANY, FLOATS, INTEGERS, REAL, joined, options, some


def pair(
    rng: Random, dtypes: tuple[str, ...] = REAL, *, number: bool = True, mixed: bool = True
) -> tuple[T, T | float]:
    """Two operands that broadcast, the second perhaps a number."""
    a, b = joined(rng, 2)
    first = T(a, rng.choice(dtypes))
    if number and some(rng, 0.3):
        return first, rng.choice([0, 1, 2, 3, True, 0.5, 2.0])
    return first, T(b, rng.choice(dtypes) if mixed else first.dtype)


def binary(dtypes: tuple[str, ...] = REAL, *, number: bool = True, mixed: bool = True) -> Generator:
    """Two operands."""
    return lambda rng: Case(pair(rng, dtypes, number=number, mixed=mixed))


def _alpha(rng: Random) -> Case:
    return Case(pair(rng, ANY), options(rng, 0.3, alpha=rng.choice([1, 2, 2.0])))


cases(*forms("add"), *forms("sub"), *forms("subtract"))(_alpha)
cases("torch.rsub")(_alpha)
for _name in ["mul", "multiply", "true_divide"]:
    cases(*forms(_name))(binary(ANY))
for _name in ["floor_divide", "remainder", "fmod", "copysign"]:
    cases(*forms(_name))(lambda rng: Case(_no_zero(rng)))
for _name in ["pow", "float_power"]:
    cases(*forms(_name))(binary(FLOATS + INTEGERS[:1]))
for _name in ["maximum", "minimum"]:
    cases(*forms(_name, in_place=False))(binary(REAL, number=False))
for _name in ["fmax", "fmin"]:
    cases(*forms(_name, in_place=False))(binary(REAL, number=False))
for _name in ["logaddexp", "logaddexp2"]:
    cases(*forms(_name, in_place=False))(binary(("float32", "float64"), number=False))
for _name in ["hypot", "nextafter"]:
    cases(*forms(_name))(binary(("float32", "float64"), number=False))
for _name in ["atan2", "arctan2"]:
    cases(*forms(_name))(binary(REAL, number=False))
for _name in ["igamma", "igammac"]:
    cases(*forms(_name))(binary(("float32", "float64"), number=False))
cases(*forms("heaviside"))(binary(("float32",), number=False))
cases(*forms("gcd"), *forms("lcm"), "torch.gcd_", "torch.lcm_")(binary(INTEGERS, number=False))
cases(*forms("xlogy"), "torch.xlogy_")(binary(REAL))
cases(*forms("ldexp"), "torch.ldexp_")(binary(FLOATS, number=False))
cases("torch.special.gammainc", "torch.special.gammaincc")(binary(("float32", "float64"), number=False))
cases("torch.special.xlog1py", "torch.special.zeta")(binary(("float32", "float64", "int64")))
for _name in [
    "chebyshev_polynomial_t",
    "chebyshev_polynomial_u",
    "chebyshev_polynomial_v",
    "chebyshev_polynomial_w",
    "hermite_polynomial_h",
    "hermite_polynomial_he",
    "laguerre_polynomial_l",
    "legendre_polynomial_p",
    "shifted_chebyshev_polynomial_t",
    "shifted_chebyshev_polynomial_u",
    "shifted_chebyshev_polynomial_v",
    "shifted_chebyshev_polynomial_w",
]:
    cases(f"torch.special.{_name}")(binary(("float32", "float64")))


def _no_zero(rng: Random) -> tuple[T, T | float]:
    """An integer divided by 0 stops the program: the divisor is a number other than 0, or both are floats."""
    if some(rng, 0.4):
        return pair(rng, REAL, number=False)[0], rng.choice([1, 2, 3, 0.5, 2.0])
    return pair(rng, FLOATS)


@cases(*forms("div"), *forms("divide"))
def div(rng: Random) -> Case:
    if some(rng, 0.4):
        return Case(_no_zero(rng), {"rounding_mode": rng.choice([None, "trunc", "floor", "round"])})
    return Case(pair(rng, ANY))


for _name in [
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "not_equal",
]:
    cases(*forms(_name))(binary(REAL))
for _name in ["logical_and", "logical_or", "logical_xor"]:
    cases(*forms(_name))(binary(REAL, number=False))
for _name in ["bitwise_and", "bitwise_or", "bitwise_xor"]:
    cases(*forms(_name))(binary((*INTEGERS, "bool", "float32")))
for _name in ["bitwise_left_shift", "bitwise_right_shift"]:
    cases(*forms(_name))(binary((*INTEGERS, "float32")))


@cases(*forms("isclose", in_place=False), *forms("allclose", in_place=False))
def isclose(rng: Random) -> Case:
    return Case(
        pair(rng, REAL, number=False, mixed=False), options(rng, rtol=1e-3, atol=1e-4, equal_nan=True)
    )


@cases(*forms("addcmul"), *forms("addcdiv"))
def addcmul(rng: Random) -> Case:
    a, b, c = joined(rng, 3)
    dtype = rng.choice(("float32", "float64", "int64"))
    return Case((T(a, dtype), T(b, dtype), T(c, dtype)), options(rng, value=rng.choice([1, 2])))


@cases(*forms("lerp"))
def lerp(rng: Random) -> Case:
    a, b, c = joined(rng, 3)
    dtype = rng.choice(("float32", "float64"))
    weight: object = 0.5 if some(rng) else T(c, dtype)
    return Case((T(a, dtype), T(b, dtype), weight))


def _branches(rng: Random) -> tuple[T, object, object]:
    a, b, c = joined(rng, 3)
    condition = T(a, rng.choice(("bool", "bool", "bool", "uint8", "float32")))
    first: object = T(b, rng.choice(REAL)) if some(rng, 0.8) else 1.0
    second: object = T(c, rng.choice(REAL)) if some(rng, 0.8) else rng.choice([0, 1.5])
    return condition, first, second


@cases("torch.where")
def where(rng: Random) -> Case:
    condition, first, second = _branches(rng)
    return Case((condition,)) if some(rng, 0.15) else Case((condition, first, second))


@cases("torch.Tensor.where")
def where_method(rng: Random) -> Case:
    condition, first, second = _branches(rng)
    return Case((first if isinstance(first, T) else T((2,)), condition, second))


@cases(*forms("clamp"), *forms("clip"), "torch.clamp_", "torch.clip_")
def clamp(rng: Random) -> Case:
    shapes = joined(rng, 3)
    x = T(shapes[0], rng.choice(("float32", "float64", "int64")))
    if some(rng, 0.6):
        return Case((x,), options(rng, 0.6, min=rng.choice([0, -1.0]), max=rng.choice([1, 2.5, None])))
    return Case((x,), options(rng, 0.7, min=T(shapes[1], x.dtype), max=T(shapes[2], x.dtype)))


for _name in ["clamp_min", "clamp_max"]:
    cases(*forms(_name), f"torch.{_name}_")(binary(("float32", "float64", "int64")))


@cases("torch.broadcast_shapes")
def broadcast_shapes(rng: Random) -> Case:
    return Case(tuple(joined(rng, rng.randint(1, 3))))


@cases("torch.broadcast_tensors")
def broadcast_tensors(rng: Random) -> Case:
    return Case(tuple(T(shape, rng.choice(REAL)) for shape in joined(rng, rng.randint(1, 3))))


@cases("torch.result_type")
def result_type(rng: Random) -> Case:
    return Case(pair(rng, ANY))


@cases("torch.complex", "torch.polar")
def complex_(rng: Random) -> Case:
    a, b = joined(rng, 2)
    dtype = rng.choice(("float32", "float64"))
    return Case((T(a, dtype), T(b, dtype)))
