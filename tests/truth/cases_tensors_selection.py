"""Elements picked and put by index, masks, diagonals."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, T, cases
from tests.truth.cases_tensors_elementwise import forms
from tests.truth.draw_tensors import REAL, axis, extents, joined, options, some, tensor

F = ("float32",)


def _indices(rng: Random, count: int, high: int) -> T:
    """A vector of indices below `high`; now and then a matrix, or of another dtype."""
    shape = (count,) if some(rng, 0.9) else rng.choice([(), (count, 1)])
    dtype = "int64" if some(rng, 0.9) else rng.choice(("int32", "float32", "bool"))
    return T(shape, dtype, high=max(high, 1))


def _solid(rng: Random, low: int = 1, high: int = 4) -> T:
    return T(extents(rng, low, high, least=1))


def _like(rng: Random, shape: tuple[int, ...], place: int | None = None) -> tuple[int, ...]:
    """Extents no larger than the shape's, one axis excepted; now and then larger."""
    found = [rng.randint(1, n) for n in shape]
    if place is not None and found:
        found[place] = rng.randint(1, 5)
    if some(rng, 0.12) and found:
        found[rng.randrange(len(found))] += 3
    return tuple(found)


@cases(*forms("gather", in_place=False))
def gather(rng: Random) -> Case:
    x = _solid(rng)
    rank = len(x.shape)
    place = rng.randrange(rank)
    index = _like(rng, x.shape, place)
    index = index if some(rng, 0.93) else index[1:]
    dtype = "int64" if some(rng, 0.93) else "float32"
    dim = place - rank if some(rng, 0.3) else place
    return Case((x, dim if some(rng, 0.95) else rank, T(index, dtype, high=x.shape[place])))


@cases(*forms("index_select", in_place=False))
def index_select(rng: Random) -> Case:
    x = _solid(rng)
    place = rng.randrange(len(x.shape))
    dim = place if some(rng, 0.93) else len(x.shape)
    return Case((x, dim, _indices(rng, rng.randint(0, 4), x.shape[place])))


@cases(*forms("take", in_place=False))
def take(rng: Random) -> Case:
    return Case((_solid(rng), T(extents(rng, 0, 3), "int64" if some(rng, 0.9) else "float32", high=1)))


@cases(*forms("take_along_dim", in_place=False))
def take_along_dim(rng: Random) -> Case:
    a, b = joined(rng, 2, least_rank=1)
    place = rng.randrange(len(a)) if a else 0
    a, b = tuple(max(n, 1) for n in a), tuple(max(n, 1) for n in b)
    high = a[place] if place < len(a) else 1
    return Case((T(a), T(b, "int64", high=high)), options(rng, 0.8, dim=place))


@cases(*forms("masked_select", in_place=False))
def masked_select(rng: Random) -> Case:
    a, b = joined(rng, 2)
    return Case((T(a), T(b, "bool" if some(rng, 0.9) else "int64")))


@cases(*forms("masked_fill"))
def masked_fill(rng: Random) -> Case:
    a, b = joined(rng, 2)
    value: object = 0.5 if some(rng, 0.8) else T(rng.choice([(), (), (2,)]))
    return Case((T(a), T(b, "bool" if some(rng, 0.9) else "int64"), value))


@cases(*forms("masked_scatter"))
def masked_scatter(rng: Random) -> Case:
    a, b = joined(rng, 2)
    return Case((T(a), T(b, "bool"), T((600,))))


@cases(*forms("nonzero", in_place=False))
def nonzero(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, REAL),), options(rng, as_tuple=some(rng)))


@cases(*forms("argwhere", in_place=False))
def argwhere(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, REAL),))


@cases(*forms("nonzero_static", in_place=False))
def nonzero_static(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, F),), {"size": rng.randint(0, 4)})


def _scattered(rng: Random) -> tuple[T, int, T, T]:
    x = _solid(rng)
    place = rng.randrange(len(x.shape))
    index = _like(rng, x.shape, place)
    source = tuple(n + rng.choice([0, 0, 1]) for n in index)
    if some(rng, 0.1):
        source = tuple(max(n - 1, 1) for n in source) if some(rng) else source[1:]
    return x, place, T(index, "int64", high=x.shape[place]), T(source)


@cases(*forms("scatter"))
def scatter(rng: Random) -> Case:
    x, place, index, source = _scattered(rng)
    return Case((x, place, index, source if some(rng, 0.7) else 1.0))


@cases(*forms("scatter_add"))
def scatter_add(rng: Random) -> Case:
    return Case(_scattered(rng))


@cases(*forms("scatter_reduce"))
def scatter_reduce(rng: Random) -> Case:
    return Case(
        (*_scattered(rng), rng.choice(["sum", "mean", "amax", "prod"])), options(rng, include_self=False)
    )


def _sliced(rng: Random) -> tuple[T, int, T, T]:
    x = _solid(rng)
    place = rng.randrange(len(x.shape))
    count = rng.randint(1, 4)
    source = [*x.shape[:place], count, *x.shape[place + 1 :]]
    if some(rng, 0.12):
        source[rng.randrange(len(source))] += 1
    return x, place, _indices(rng, count, x.shape[place]), T(tuple(source))


@cases(*forms("index_add"), *forms("index_copy"))
def index_add(rng: Random) -> Case:
    return Case(_sliced(rng))


@cases(*forms("index_reduce"))
def index_reduce(rng: Random) -> Case:
    return Case((*_sliced(rng), rng.choice(["prod", "mean", "amax"])))


@cases(*forms("index_fill"))
def index_fill(rng: Random) -> Case:
    x, place, index, _ = _sliced(rng)
    value: object = 1.0 if some(rng, 0.8) else T(rng.choice([(), (2,)]))
    return Case((x, place, index, value))


@cases(*forms("put"))
def put(rng: Random) -> Case:
    shape = extents(rng, 0, 2, least=1)
    other = shape if some(rng, 0.85) else (*shape, 2)
    return Case((_solid(rng), T(shape, "int64", high=1), T(other)))


@cases(*forms("index_put"), "torch.index_put_")
def index_put(rng: Random) -> Case:
    x = _solid(rng, 1, 3)
    index = T((rng.randint(1, 3),), "int64", high=x.shape[0])
    result = (*index.shape, *x.shape[1:])
    value = tuple(1 if some(rng, 0.2) else n for n in result)
    return Case((x, (index,), T(value if some(rng, 0.85) else (*value[:-1], 7))))


# -- pieces put back -----------------------------------------------------------------------------------------


@cases(*forms("select_scatter", in_place=False))
def select_scatter(rng: Random) -> Case:
    x = _solid(rng)
    place = rng.randrange(len(x.shape))
    piece = (*x.shape[:place], *x.shape[place + 1 :])
    return Case((x, T(piece if some(rng, 0.85) else (*piece, 2)), place, rng.randint(-2, 2)))


@cases(*forms("slice_scatter", in_place=False))
def slice_scatter(rng: Random) -> Case:
    x = _solid(rng)
    place = rng.randrange(len(x.shape))
    start = rng.randint(0, x.shape[place] - 1)
    count = x.shape[place] - start + some(rng, 0.1)
    piece = (*x.shape[:place], count, *x.shape[place + 1 :])
    return Case((x, T(piece), place, start))


@cases(*forms("diagonal_scatter", in_place=False))
def diagonal_scatter(rng: Random) -> Case:
    x = _solid(rng, 2, 3)
    length = min(x.shape[:2])
    return Case((x, T((*x.shape[2:], length if some(rng, 0.85) else length + 1))))


@cases(*forms("as_strided_scatter", in_place=False))
def as_strided_scatter(rng: Random) -> Case:
    return Case((T((20,)), T((2, 3) if some(rng, 0.85) else (3, 2)), (2, 3), (3, 1)))


# -- diagonals -----------------------------------------------------------------------------------------------


@cases(*forms("triu"), *forms("tril"))
def triu(rng: Random) -> Case:
    return Case((tensor(rng, 1 if some(rng, 0.2) else 2, 4, F),), options(rng, diagonal=rng.randint(-3, 3)))


@cases(*forms("diag", in_place=False))
def diag(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3 if some(rng, 0.2) else 2, F),), options(rng, diagonal=rng.randint(-3, 3)))


@cases(*forms("diagflat", in_place=False))
def diagflat(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, F),), options(rng, offset=rng.randint(-3, 3)))


@cases(*forms("diag_embed", in_place=False))
def diag_embed(rng: Random) -> Case:
    x = tensor(rng, 0, 3, F)
    rank = len(x.shape) + 1
    if some(rng):
        return Case((x, rng.randint(-2, 2)))
    return Case((x, rng.randint(-2, 2), axis(rng, rank), axis(rng, rank)))


@cases(*forms("trace", in_place=False))
def trace(rng: Random) -> Case:
    return Case(
        (tensor(rng, 1 if some(rng, 0.2) else 2, 3 if some(rng, 0.2) else 2, ("float32", "int64", "int32")),)
    )


@cases("torch.Tensor.fill_diagonal_")
def fill_diagonal_(rng: Random) -> Case:
    shape = extents(rng, 1, 3) if some(rng) else (3,) * rng.randint(2, 3)
    return Case((T(shape), 1.0))
