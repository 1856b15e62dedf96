"""New tensors, conversions and what writes into a tensor."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Named, T, cases
from tests.truth.draw_tensors import (
    ANY,
    DTYPES,
    FLOATS,
    REAL,
    extents,
    joined,
    options,
    sizes,
    some,
    tensor,
)


def _shape(rng: Random) -> tuple[int, ...]:
    shape = extents(rng, 0, 4)
    return (*shape, -1) if some(rng, 0.08) else shape


def _new(rng: Random) -> Case:
    shape = _shape(rng)
    keywords = options(rng, 0.3, dtype=rng.choice(DTYPES), requires_grad=False, device="cpu")
    if some(rng, 0.15) or not shape:
        return Case((), {"size": shape, **keywords})
    if some(rng, 0.05):
        return Case((1.5, 2), keywords)
    return Case(sizes(rng, shape), keywords)


cases("torch.zeros", "torch.ones", "torch.empty")(_new)


@cases("torch.rand", "torch.randn")
def random(rng: Random) -> Case:
    drawn = _new(rng)
    return Case(
        drawn.args, {k: Named("torch.float64") if k == "dtype" else v for k, v in drawn.kwargs.items()}
    )


@cases("torch.full")
def full(rng: Random) -> Case:
    value = rng.choice([0, 1, 2.5, True])
    return Case((_shape(rng), value), options(rng, 0.3, dtype=rng.choice(DTYPES)))


@cases("torch.empty_strided")
def empty_strided(rng: Random) -> Case:
    shape = extents(rng, 0, 3)
    strides = tuple(rng.randint(0, 5) for _ in shape)
    return Case((shape, strides if some(rng, 0.9) else (*strides, 1)))


@cases("torch.scalar_tensor")
def scalar_tensor(rng: Random) -> Case:
    return Case((rng.choice([0, 1, 2.5, True]),), options(rng, 0.3, dtype=rng.choice(DTYPES)))


def _like(rng: Random) -> Case:
    return Case((tensor(rng, 0, 4, FLOATS),), options(rng, 0.3, dtype=Named("torch.float64")))


cases("torch.zeros_like", "torch.ones_like", "torch.empty_like", "torch.rand_like", "torch.randn_like")(_like)


@cases("torch.full_like")
def full_like(rng: Random) -> Case:
    return Case((tensor(rng, 0, 4, ANY), rng.choice([0, 1])), options(rng, 0.3, dtype=rng.choice(DTYPES)))


@cases("torch.randint_like")
def randint_like(rng: Random) -> Case:
    bounds = (5,) if some(rng) else (1, 5)
    return Case((tensor(rng, 0, 4, ("int64", "float32")), *bounds))


@cases("torch.Tensor.new_zeros", "torch.Tensor.new_ones", "torch.Tensor.new_empty")
def new(rng: Random) -> Case:
    shape = _shape(rng)
    given = sizes(rng, shape) if shape else ((),)
    return Case((tensor(rng, 0, 2, ANY), *given), options(rng, 0.3, dtype=rng.choice(DTYPES)))


@cases("torch.Tensor.new_full")
def new_full(rng: Random) -> Case:
    return Case(
        (tensor(rng, 0, 2, ANY), _shape(rng), rng.choice([0, 1])), options(rng, 0.3, dtype=rng.choice(DTYPES))
    )


@cases("torch.Tensor.new")
def new_legacy(rng: Random) -> Case:
    return Case((tensor(rng, 0, 2), *extents(rng, 0, 3)))


@cases("torch.Tensor.new_tensor")
def new_tensor(rng: Random) -> Case:
    return Case((tensor(rng, 0, 2), _nested(rng)), options(rng, 0.3, dtype=rng.choice(DTYPES)))


def _nested(rng: Random) -> object:
    """Nested lists of numbers, now and then ragged."""
    shape = extents(rng, 0, 3)
    ragged = some(rng, 0.15) and len(shape) > 1
    number = rng.choice([1, 2.5, True])

    def build(level: int) -> object:
        if level == len(shape):
            return number
        members = [build(level + 1) for _ in range(shape[level])]
        if ragged and level == 1 and some(rng, 0.5):
            members.append(build(level + 1))
        return members if some(rng, 0.8) else tuple(members)

    return build(0)


@cases("torch.tensor")
def from_data(rng: Random) -> Case:
    return Case((_nested(rng),), options(rng, 0.3, dtype=rng.choice(DTYPES), requires_grad=False))


@cases("torch.as_tensor", "torch.asarray")
def as_tensor(rng: Random) -> Case:
    data = _nested(rng) if some(rng) else tensor(rng, 0, 3, ANY)
    return Case((data,), options(rng, 0.3, dtype=rng.choice(DTYPES)))


# -- ranges and patterns -------------------------------------------------------------------------------------


@cases("torch.arange")
def arange(rng: Random) -> Case:
    number = (
        (lambda: rng.randint(-4, 9)) if some(rng, 0.7) else (lambda: rng.choice([0.5, -1.5, 2.0, 3.7, 5]))
    )
    bounds = tuple(number() for _ in range(rng.randint(1, 3)))
    return Case(bounds, options(rng, 0.2, dtype=rng.choice((Named("torch.float32"), Named("torch.int64")))))


@cases("torch.range")
def range_(rng: Random) -> Case:
    return Case((rng.randint(-3, 3), rng.randint(-3, 9), rng.choice([1, 2, 0.5, -1])))


@cases("torch.linspace")
def linspace(rng: Random) -> Case:
    steps = rng.choice([0, 1, 2, 3, 5, 12, 24, -1])
    return Case((rng.choice([0, 0.0, 1, -1.5]), rng.choice([0.1, 1, 0.3, 5]), steps))


@cases("torch.logspace")
def logspace(rng: Random) -> Case:
    return Case((0, 1.0, rng.choice([0, 1, 5, -1])), options(rng, 0.3, base=2.0))


@cases("torch.eye")
def eye(rng: Random) -> Case:
    numbers = tuple(rng.randint(-1 if some(rng, 0.2) else 0, 4) for _ in range(rng.randint(1, 2)))
    return Case(numbers, options(rng, 0.3, dtype=rng.choice(DTYPES)))


@cases("torch.tril_indices", "torch.triu_indices")
def triangle_indices(rng: Random) -> Case:
    low = -1 if some(rng, 0.2) else 0
    return Case((rng.randint(low, 4), rng.randint(low, 4), rng.randint(-3, 3)))


@cases("torch.randint")
def randint(rng: Random) -> Case:
    bounds: tuple[object, ...] = (
        (rng.choice([5, 3, 0]),) if some(rng) else (rng.randint(0, 4), rng.randint(0, 8))
    )
    return Case((*bounds, extents(rng, 0, 3)), options(rng, 0.3, dtype=Named("torch.int32")))


@cases("torch.randperm")
def randperm(rng: Random) -> Case:
    return Case((rng.randint(-1, 6),))


@cases("torch.normal")
def normal(rng: Random) -> Case:
    a, b = joined(rng, 2)
    match rng.randrange(4):
        case 0:
            return Case((T(a), T(b)))
        case 1:
            return Case((T(a), 1.0))
        case 2:
            return Case((0.0, T(b)))
    return Case((0.0, 1.0, a))


def _probabilities(rng: Random) -> Case:
    return Case((tensor(rng),))


cases("torch.bernoulli", "torch.poisson", "torch.Tensor.bernoulli")(_probabilities)


@cases("torch.binomial")
def binomial(rng: Random) -> Case:
    a, b = joined(rng, 2)
    return Case((T(a), T(b)))


for _name, _numbers in {
    "uniform_": (0, 1), "normal_": (0, 1), "exponential_": (1,), "geometric_": (0.5,), "cauchy_": (0, 1),
    "log_normal_": (1, 2), "random_": (0, 5), "bernoulli_": (0.5,),
}.items():  # fmt: skip

    def _fill(rng: Random, numbers: tuple[float, ...] = _numbers) -> Case:
        given = numbers if some(rng, 0.8) else numbers[::-1]
        return Case((tensor(rng, 0, 3, ("float32",)), *given))

    cases(f"torch.Tensor.{_name}")(_fill)


# -- conversions ---------------------------------------------------------------------------------------------


def any_tensor(rng: Random) -> Case:
    """One tensor and no arguments."""
    return Case((tensor(rng, 0, 4, ANY),))


for _name in [
    "float",
    "double",
    "half",
    "bfloat16",
    "int",
    "long",
    "short",
    "char",
    "byte",
    "bool",
    "cfloat",
    "cdouble",
    "chalf",
]:
    cases(f"torch.Tensor.{_name}")(any_tensor)
for _name in ["cpu", "detach", "resolve_conj", "resolve_neg", "conj"]:
    cases(f"torch.Tensor.{_name}")(any_tensor)
cases("torch.detach", "torch.resolve_conj", "torch.resolve_neg", "torch.conj")(any_tensor)
cases("torch.Tensor.share_memory_")(any_tensor)


@cases("torch.Tensor.to_dense", "torch.Tensor.detach_", "torch.detach_")
def no_view(rng: Random) -> Case:
    return Case((tensor(rng),))


@cases("torch.Tensor.requires_grad_")
def requires_grad_(rng: Random) -> Case:
    return Case((tensor(rng),), options(rng, requires_grad=False))


@cases("torch.Tensor.to")
def to(rng: Random) -> Case:
    x = tensor(rng, 0, 4, ANY)
    match rng.randrange(5):
        case 0:
            return Case((x, rng.choice(DTYPES)))
        case 1:
            return Case((x, "cpu", rng.choice(DTYPES)))
        case 2:
            return Case((x, tensor(rng, 0, 1, ANY)))
        case 3:
            return Case((x,), {"memory_format": Named("torch.channels_last")})
    return Case((x,), options(rng, 0.5, dtype=rng.choice(DTYPES), device="cpu", copy=True))


@cases("torch.Tensor.type")
def type_(rng: Random) -> Case:
    wanted = rng.choice((*DTYPES, "torch.DoubleTensor", "torch.LongTensor", None))
    return Case((tensor(rng, 0, 3, REAL), *(() if wanted is None else (wanted,))))


@cases("torch.Tensor.type_as")
def type_as(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, ANY), tensor(rng, 0, 1, ANY)))


_FORMATS = tuple(
    Named(f"torch.{name}")
    for name in ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
)


@cases("torch.clone", "torch.Tensor.clone")
def clone(rng: Random) -> Case:
    return Case((tensor(rng, 0, 5),), options(rng, 0.5, memory_format=rng.choice(_FORMATS)))


@cases("torch.Tensor.contiguous", "torch.Tensor.is_contiguous")
def contiguous(rng: Random) -> Case:
    return Case(
        (tensor(rng, 0, 5),), options(rng, 0.5, memory_format=rng.choice((_FORMATS[0], *_FORMATS[2:])))
    )


@cases("torch.Tensor.copy_")
def copy_(rng: Random) -> Case:
    a, b = joined(rng, 2)
    return Case((T(a, rng.choice(REAL)), T(b, rng.choice(REAL))))


def _filled(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, REAL), rng.choice([0, 1, True])))


cases("torch.Tensor.fill_", "torch.fill_", "torch.fill")(_filled)
cases("torch.Tensor.zero_", "torch.zero_")(any_tensor)


@cases("torch.Tensor.resize_")
def resize_(rng: Random) -> Case:
    return Case((tensor(rng), *sizes(rng, extents(rng, 1, 3))))


@cases("torch.Tensor.resize_as_")
def resize_as_(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3), tensor(rng, 0, 3)))


@cases("torch.Tensor.set_")
def set_(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, ("float32",)), tensor(rng, 0, 3, ("float32",))))
