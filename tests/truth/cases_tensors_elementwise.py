"""Functions of one tensor, element by element.

Dtypes for which a kernel is missing on the CPU alone are not drawn.
"""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Generator, cases
from tests.truth.draw_tensors import ANY, FLOATS, INTEGERS, REAL, options, some, tensor

SAME = "neg negative sgn square positive"
REAL_SAME = "sign deg2rad rad2deg"
ROUNDING = "floor ceil trunc fix"
COMPLEX_FLOATS = (
    "acos arccos acosh arccosh asin arcsin asinh arcsinh atan arctan atanh arctanh cos cosh sin sinh sinc "
    "tan "
    "exp exp2 expm1 log log10 log1p log2 sqrt rsqrt reciprocal"
)
REAL_FLOATS = "erf erfc erfinv lgamma digamma i0"
TRUTHS = "isnan isinf isfinite isreal isposinf isneginf signbit logical_not"
_NATIVE_IN_PLACE = [
    "abs",
    "neg",
    "negative",
    "square",
    "floor",
    "ceil",
    "trunc",
    "fix",
    "frac",
    "deg2rad",
    "rad2deg",
    "acos",
    "arccos",
    "acosh",
    "arccosh",
    "asin",
    "arcsin",
    "asinh",
    "arcsinh",
    "atan",
    "arctan",
    "atanh",
    "arctanh",
    "cos",
    "cosh",
    "sin",
    "sinh",
    "sinc",
    "tan",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log10",
    "log1p",
    "log2",
    "sqrt",
    "rsqrt",
    "reciprocal",
    "erf",
    "erfc",
    "i0",
    "round",
    "nan_to_num",
]
"""Functions of the `torch` namespace with a form that works in place."""


def forms(name: str, *, function: bool = True, in_place: bool = True, method: bool = True) -> list[str]:
    """The qualified names of one operation."""
    names = [f"torch.{name}"] if function else []
    if method:
        names.append(f"torch.Tensor.{name}")
    if in_place:
        names.append(f"torch.Tensor.{name}_")
        if name in _NATIVE_IN_PLACE:
            names.append(f"torch.{name}_")
    return names


def unary(*dtypes: str) -> Generator:
    """One tensor of any of the dtypes."""
    return lambda rng: Case((tensor(rng, 0, 4, dtypes),))


def _register() -> None:
    for name in SAME.split():
        cases(*forms(name, in_place=name != "positive"))(unary(*ANY))
    for name in REAL_SAME.split():
        cases(*forms(name))(unary(*REAL))
    cases(*forms("abs"), *forms("absolute", in_place=False), "torch.Tensor.absolute_")(
        unary(*FLOATS, *INTEGERS, "complex64")
    )
    for name in ROUNDING.split():
        cases(*forms(name))(unary(*FLOATS, *INTEGERS))
    cases(*forms("frac"))(unary(*FLOATS))
    for name in COMPLEX_FLOATS.split():
        cases(*forms(name))(unary(*ANY))
    for name in REAL_FLOATS.split():
        cases(*forms(name))(unary(*REAL))
    for name in TRUTHS.split():
        cases(*forms(name, in_place=name == "logical_not"))(unary(*REAL))
    cases(*forms("bitwise_not"))(unary(*INTEGERS, "bool", "float32"))
    cases(*forms("angle", in_place=False), *forms("conj_physical"), "torch.conj_physical_")(unary(*ANY))


_register()


@cases(*forms("round"))
def round_(rng: Random) -> Case:
    return Case((tensor(rng, 0, 4, FLOATS),), options(rng, decimals=rng.choice([0, 1])))


@cases(*forms("nan_to_num"))
def nan_to_num(rng: Random) -> Case:
    return Case((tensor(rng),), options(rng, nan=0.0, posinf=1.0, neginf=None))


@cases(*forms("logit"), "torch.logit_")
def logit(rng: Random) -> Case:
    return Case((tensor(rng, 0, 4, REAL),), options(rng, eps=1e-6))


@cases(*forms("mvlgamma"))
def mvlgamma(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, ("float64",)), 1))


@cases("torch.polygamma")
def polygamma(rng: Random) -> Case:
    return Case((rng.choice([0, 1, 2]), tensor(rng)))


@cases("torch.Tensor.polygamma", "torch.Tensor.polygamma_")
def polygamma_method(rng: Random) -> Case:
    return Case((tensor(rng), rng.choice([0, 1, 2])))


SPECIAL = (
    "airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 entr erfcx expit gammaln i0e i1 i1e log_ndtr "
    "modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 ndtr ndtri psi "
    "scaled_modified_bessel_k0 scaled_modified_bessel_k1 spherical_bessel_j0"
)
cases(*(f"torch.special.{name}" for name in SPECIAL.split()))(unary("float32", "float64", "int64"))


def some_float(rng: Random) -> float:
    """A number for a number argument."""
    return rng.choice([0, 1, 2, -1, 0.5, 2.0]) if some(rng) else rng.uniform(-2, 2)
