"""Random numbers: new random tensors, and tensors filled with random numbers in place.

Law: shapes as `torch.zeros`; numbers are not known.
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch.arguments import refuse_fractions
from convlint.libs.torch.axes import short, sizes
from convlint.libs.torch.broadcasting import joined
from convlint.libs.torch.content import overwrite
from convlint.libs.torch.creation import OPTIONS, made
from convlint.libs.torch.declare import into_out, operation
from convlint.libs.torch.dtypes import asked_dtype, default_dtype
from convlint.values import NotModelled, Tensor, Value


@function("torch.rand", "torch.randn", signature=f"*args, size=None, generator=None, out=None, {OPTIONS[3:]}")
def random(op: Op) -> Value:
    """Uniform or normal numbers."""
    result = made(op, sizes(op, "args", "size"), asked_dtype(op, default_dtype(op.caller)))
    return result if op["out"] is None else into_out(op, op["out"], result)


@function("torch.randint", signature=f"low, high=None, size=None, *, generator=None, out=None, {OPTIONS[3:]}")
def randint(op: Op) -> Value:
    """Integers from low (0 where it is not given) below high."""
    refuse_fractions(op, "low", "high")
    low, high, size = op.known("low"), op.known("high"), op["size"]
    if size is None:
        if isinstance(high, (list, tuple)):
            low, high, size = 0, low, high
        else:
            raise op.caller.error("TypeError", "randint() received an invalid combination of arguments")
    elif high is None:
        low, high = 0, low
    if isinstance(low, int) and isinstance(high, int) and low >= high:
        op.refuse(
            "RuntimeError",
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}",
            "high",
        )
    op.args["size"] = size
    return made(op, sizes(op, "size"), asked_dtype(op, "int64"))


@function("torch.randperm", signature=f"n, *, generator=None, out=None, {OPTIONS[3:]}")
def randperm(op: Op) -> Value:
    """The numbers below n in random order."""
    n = op.dim("n")
    if isinstance(n, int) and n < 0:
        op.refuse("RuntimeError", f"n must be non-negative, got {n}", "n")
    return made(op, (n,), asked_dtype(op, "int64"))


@function(
    "torch.normal",
    signature=f"mean, std=1.0, size=None, *, generator=None, out=None, {OPTIONS[3:]}",
)
def normal(op: Op) -> Value:
    """Normal numbers: a shape of its own with two numbers, else that of the means and deviations."""
    mean, std = op.known("mean"), op.known("std")
    if isinstance(std, (int, float)) and std < 0:
        op.refuse("RuntimeError", f"normal expects std >= 0.0, but found std {std:g}", "std")
    given = [value for value in (mean, std) if isinstance(value, Tensor)]
    if not given:
        if op["size"] is None:
            raise op.caller.error("TypeError", "normal() received an invalid combination of arguments")
        return made(op, sizes(op, "size"), asked_dtype(op, default_dtype(op.caller)))
    if any(t.shape is None for t in given):
        raise NotModelled("the rank of a mean or deviation is not known")
    return op.result(given[0], joined(op, given))


@operation("bernoulli", "p=None, *, generator=None")
@operation("poisson", "generator=None", methods=False, out=False)
def like_probabilities(op: Op) -> Value:
    """One draw an element."""
    x = op.tensor("input")
    return op.result(x, x.shape)


@function("torch.binomial", signature="count, prob, generator=None")
def binomial(op: Op) -> Value:
    """One draw an element of counts and probabilities, which broadcast."""
    operands = (op.tensor("count"), op.tensor("prob"))
    return op.result(operands[0], joined(op, operands))


_FILLS = {
    "uniform_": "self, from_=0, to=1, *, generator=None",
    "normal_": "self, mean=0, std=1, *, generator=None",
    "exponential_": "self, lambd=1, *, generator=None",
    "geometric_": "self, p, *, generator=None",
    "cauchy_": "self, median=0, sigma=1, *, generator=None",
    "log_normal_": "self, mean=1, std=2, *, generator=None",
    "random_": "self, from_=0, to=None, *, generator=None",
    "bernoulli_": "self, p=0.5, *, generator=None",
}


_REFUSED: dict[str, tuple[str, str, Callable[[float, float], bool], str]] = {
    # two arguments ("" is 0), what is wrong with them, and torch's words
    "uniform_": (
        "from_",
        "to",
        lambda a, b: a > b,
        "uniform_ expects to return a [from, to) range, but found from={a} > to={b}",
    ),
    "random_": (
        "from_",
        "to",
        lambda a, b: a >= b,
        "random_ expects 'from' to be less than 'to', but got from={a} >= to={b}",
    ),
    "normal_": ("", "std", lambda _, b: b < 0, "normal expects std >= 0.0, but found std {b}"),
    "log_normal_": ("", "std", lambda _, b: b <= 0, "log_normal_ expects std > 0.0, but found std={b}"),
    "cauchy_": ("", "sigma", lambda _, b: b <= 0, "cauchy_ expects sigma > 0.0, but found sigma={b}"),
    "exponential_": (
        "",
        "lambd",
        lambda _, b: b <= 0,
        "exponential_ expects lambda > 0.0, but found lambda={b}",
    ),
    "geometric_": (
        "",
        "p",
        lambda _, b: not 0 < b < 1,
        "geometric_ expects p to be in (0, 1), but got p={b}",
    ),
    "bernoulli_": (
        "",
        "p",
        lambda _, b: not 0 <= b <= 1,
        "bernoulli_ expects p to be in [0, 1], but got p={b}",
    ),
}


def _fill(op: Op) -> Value:
    """The tensor itself, its content unknown from here on."""
    x, (first, second, refused, words) = op.tensor("self"), _REFUSED[short(op)]
    a, b = op[first] if first else 0, op[second]
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and refused(a, b):
        op.refuse("RuntimeError", words.format(a=a, b=b), second)
    overwrite(x)
    return x


for _name, _signature in _FILLS.items():
    method("torch.Tensor", _name, _signature)(_fill)
