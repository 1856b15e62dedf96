"""Joining tensors, cutting them, and indices of an axis."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, T, cases
from tests.truth.cases_tensors_elementwise import forms
from tests.truth.draw_tensors import ANY, REAL, axis, extents, options, some, tensor


def _alike(rng: Random, low: int = 0, high: int = 4) -> tuple[list[T], int]:
    """Tensors that agree on all axes but one, now and then not."""
    shape = extents(rng, low, high)
    place = rng.randrange(len(shape)) if shape else 0
    found = []
    for _ in range(rng.randint(1, 3)):
        own = list(shape)
        if own:
            own[place] = rng.randint(0 if some(rng, 0.1) else 1, 4)
        if some(rng, 0.06):
            own = rng.choice([own[1:], [*own, 2], [0], [n + 1 for n in own]])
        found.append(T(tuple(own), rng.choice(REAL)))
    return found, place


@cases("torch.cat", "torch.concat", "torch.concatenate")
def cat(rng: Random) -> Case:
    tensors, place = _alike(rng)
    given: object = tensors if some(rng) else tuple(tensors)
    if some(rng, 0.04):
        given = []
    rank = len(tensors[0].shape)
    dim = place - rank if some(rng, 0.3) else place
    return (
        Case((given, dim if some(rng, 0.9) else axis(rng, rank, 0.5))) if some(rng, 0.9) else Case((given,))
    )


@cases("torch.stack")
def stack(rng: Random) -> Case:
    x = tensor(rng, 0, 3, ANY)
    members = [x if some(rng, 0.9) else tensor(rng, 0, 3) for _ in range(rng.randint(1, 3))]
    return Case((members, axis(rng, len(x.shape) + 1))) if some(rng, 0.8) else Case((tuple(members),))


@cases("torch.hstack", "torch.vstack", "torch.row_stack", "torch.dstack", "torch.column_stack")
def stacks(rng: Random) -> Case:
    tensors, _ = _alike(rng)
    return Case((tensors if some(rng) else tuple(tensors),))


@cases("torch.block_diag")
def block_diag(rng: Random) -> Case:
    return Case(tuple(tensor(rng, 0, 3 if some(rng, 0.1) else 2, REAL) for _ in range(rng.randint(1, 3))))


# -- pieces --------------------------------------------------------------------------------------------------


def _parts(rng: Random, size: int) -> list[int]:
    """Numbers that add up to the size; now and then to another."""
    parts: list[int] = []
    while sum(parts) < size:
        parts.append(rng.randint(0 if some(rng, 0.2) else 1, size - sum(parts)))
    if some(rng, 0.2):
        parts.append(rng.choice([1, -1, 0]))
    return parts


def _split(rng: Random, lists: bool = True) -> Case:
    x = tensor(rng, 0 if some(rng, 0.1) else 1, 4)
    rank = len(x.shape)
    dim = axis(rng, rank)
    size = x.shape[dim % rank] if rank and -rank <= dim < rank else 3
    wanted: object = rng.randint(-1 if some(rng, 0.1) else 0, 4)
    if lists and some(rng):
        wanted = _parts(rng, size)
        wanted = wanted if some(rng) else tuple(wanted)
    return Case((x, wanted, dim)) if some(rng, 0.9) else Case((x, wanted))


@cases("torch.split", "torch.Tensor.split")
def split(rng: Random) -> Case:
    return _split(rng)


@cases("torch.unsafe_split", "torch.Tensor.unsafe_split")
def unsafe_split(rng: Random) -> Case:
    return _split(rng, lists=False)


for _name in ["split_with_sizes", "unsafe_split_with_sizes"]:

    @cases(*forms(_name, in_place=False))
    def split_with_sizes(rng: Random) -> Case:
        drawn = _split(rng)
        wanted = drawn.args[1]
        listed = list(wanted) if isinstance(wanted, (list, tuple)) else [1, 1]
        return Case((drawn.args[0], listed, *drawn.args[2:]))


@cases(*forms("chunk", in_place=False), *forms("unsafe_chunk", in_place=False))
def chunk(rng: Random) -> Case:
    x = tensor(rng, 0 if some(rng, 0.1) else 1, 4)
    return Case((x, rng.randint(0 if some(rng, 0.2) else 1, 5), axis(rng, len(x.shape))))


def _cuts(rng: Random) -> object:
    if some(rng):
        return rng.randint(0 if some(rng, 0.2) else 1, 5)
    return [rng.randint(-4, 5) for _ in range(rng.randint(0, 3))]


@cases(*forms("tensor_split", in_place=False))
def tensor_split(rng: Random) -> Case:
    x = tensor(rng, 0 if some(rng, 0.1) else 1, 4)
    return Case((x, _cuts(rng), axis(rng, len(x.shape))))


@cases(*forms("hsplit", in_place=False), *forms("vsplit", in_place=False), *forms("dsplit", in_place=False))
def splits(rng: Random) -> Case:
    return Case((tensor(rng), _cuts(rng)))


@cases(*forms("unbind", in_place=False))
def unbind(rng: Random) -> Case:
    x = tensor(rng)
    return Case((x, axis(rng, len(x.shape)))) if some(rng, 0.8) else Case((x,))


@cases(*forms("narrow", in_place=False), *forms("narrow_copy", in_place=False))
def narrow(rng: Random) -> Case:
    x = tensor(rng)
    return Case((x, axis(rng, len(x.shape)), rng.randint(-2, 3), rng.randint(-1 if some(rng, 0.1) else 0, 3)))


@cases(*forms("select", in_place=False))
def select(rng: Random) -> Case:
    x = tensor(rng)
    return Case((x, axis(rng, len(x.shape)), rng.randint(-4, 4)))


@cases(*forms("diagonal", in_place=False))
def diagonal(rng: Random) -> Case:
    x = tensor(rng)
    rank = len(x.shape)
    if some(rng, 0.4):
        return Case((x,), options(rng, offset=rng.randint(-3, 3)))
    return Case((x, rng.randint(-3, 3), axis(rng, rank), axis(rng, rank)))


@cases("torch.Tensor.unfold")
def unfold(rng: Random) -> Case:
    x = tensor(rng)
    return Case((x, axis(rng, len(x.shape)), rng.randint(-1 if some(rng, 0.1) else 0, 4), rng.randint(0, 3)))


@cases(*forms("as_strided", in_place=False))
def as_strided(rng: Random) -> Case:
    shape = extents(rng, 0, 2, least=1)
    strides = tuple(rng.randint(-1 if some(rng, 0.1) else 0, 2) for _ in shape)
    return Case((T((40,)), shape, strides if some(rng, 0.9) else (*strides, 1)))


# -- along an axis -------------------------------------------------------------------------------------------


@cases(*forms("diff", in_place=False))
def diff(rng: Random) -> Case:
    x = tensor(rng)
    rank = len(x.shape)
    keywords = options(rng, 0.5, n=rng.randint(-1 if some(rng, 0.1) else 0, 3), dim=axis(rng, rank))
    if some(rng, 0.3) and rank and "dim" not in keywords:
        keywords["prepend"] = T((*x.shape[:-1], 2)) if some(rng, 0.8) else T(x.shape[1:])
    return Case((x,), keywords)


for _name in ["cumsum", "cumprod"]:

    @cases(*forms(_name))
    def cumulated(rng: Random) -> Case:
        x = tensor(rng, 0, 4, ("float32", "float64", "int64", "int32"))
        return Case((x, axis(rng, len(x.shape))))


for _name in ["logcumsumexp", "cummax", "cummin"]:

    @cases(*forms(_name, in_place=False))
    def running(rng: Random) -> Case:
        x = tensor(rng, 0, 4, ("float32", "float64"))
        return Case((x, axis(rng, len(x.shape))))


@cases("torch.trapezoid", "torch.trapz", "torch.cumulative_trapezoid")
def trapezoid(rng: Random) -> Case:
    y = tensor(rng, 0, 3, ("float32",))
    rank = len(y.shape)
    if some(rng, 0.5) or not rank:
        return Case((y,), options(rng, 0.6, dx=0.5, dim=axis(rng, rank)))
    x = T(y.shape) if some(rng) else T(y.shape[-1:])
    return Case((y, x))


@cases("torch.meshgrid")
def meshgrid(rng: Random) -> Case:
    vectors = [
        tensor(rng, 0 if some(rng, 0.2) else 1, 2 if some(rng, 0.05) else 1, ("float32",)) for _ in range(3)
    ]
    vectors = vectors[: rng.randint(1, 3)]
    keywords = {"indexing": rng.choice(["ij", "xy", "ij", "xy", "yx"])} if some(rng, 0.8) else {}
    return Case((vectors,), keywords) if some(rng, 0.3) else Case(tuple(vectors), keywords)


@cases("torch.cartesian_prod")
def cartesian_prod(rng: Random) -> Case:
    return Case(
        tuple(tensor(rng, 1, 2 if some(rng, 0.1) else 1, ("float32",)) for _ in range(rng.randint(1, 3)))
    )


@cases("torch.combinations")
def combinations(rng: Random) -> Case:
    x = tensor(rng, 0 if some(rng, 0.1) else 1, 1, ("float32",))
    return Case((x,), options(rng, r=rng.randint(-1 if some(rng, 0.1) else 0, 3), with_replacement=some(rng)))
