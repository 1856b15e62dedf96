"""Views, reshapes, orders of axes, stretching."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Generator, Named, T, cases
from tests.truth.cases_tensors_elementwise import forms
from tests.truth.draw_tensors import ANY, axis, extents, joined, options, sizes, some, some_axes, tensor


def _regrouped(rng: Random, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Another shape of as many elements; now and then of others, with two -1, or another negative number."""
    count = 1
    for n in shape:
        count *= n
    result: list[int] = []
    rest = max(count, 1)
    while rest > 1:
        divisors = [d for d in range(2, rest + 1) if rest % d == 0]
        result.append(rng.choice(divisors))
        rest //= result[-1]
    for _ in range(rng.randint(0, 2)):
        result.insert(rng.randint(0, len(result)), 1)
    if count == 0:
        result.insert(rng.randint(0, len(result)), 0)
    rng.shuffle(result)
    if result and some(rng, 0.5):
        result[rng.randrange(len(result))] = -1
    if some(rng, 0.2):
        result.append(rng.choice([2, 3, -1, -2, 0, 1]))
    return tuple(result)


@cases("torch.Tensor.view")
def view(rng: Random) -> Case:
    x = tensor(rng, 0, 4, ANY)
    if some(rng, 0.15):
        return Case(
            (x, rng.choice([Named(f"torch.{n}") for n in ("int32", "float64", "int16", "uint8", "int64")]))
        )
    shape = _regrouped(rng, x.shape)
    return Case((x, *sizes(rng, shape))) if shape else Case((x, ()))


@cases("torch.reshape")
def reshape(rng: Random) -> Case:
    x = tensor(rng, 0, 4, ANY)
    return Case((x, _regrouped(rng, x.shape)))


@cases("torch.Tensor.reshape")
def reshape_method(rng: Random) -> Case:
    x = tensor(rng, 0, 4, ANY)
    shape = _regrouped(rng, x.shape)
    return Case((x, *sizes(rng, shape))) if shape else Case((x, ()))


@cases("torch.Tensor.view_as", "torch.Tensor.reshape_as")
def view_as(rng: Random) -> Case:
    x = tensor(rng, 0, 4)
    shape = tuple(max(n, 0) for n in _regrouped(rng, x.shape))
    return Case((x, T(shape)))


@cases("torch.flatten", "torch.Tensor.flatten")
def flatten(rng: Random) -> Case:
    x = tensor(rng, 0, 4)
    rank = len(x.shape)
    return Case((x,), options(rng, 0.6, start_dim=axis(rng, rank), end_dim=axis(rng, rank)))


@cases("torch.ravel", "torch.Tensor.ravel")
def ravel(rng: Random) -> Case:
    return Case((tensor(rng),))


@cases("torch.unflatten", "torch.Tensor.unflatten")
def unflatten(rng: Random) -> Case:
    parts = list(extents(rng, 1, 3))
    count = 1
    for n in parts:
        count *= n
    shape = list(extents(rng, 0, 2))
    place = rng.randint(0, len(shape))
    shape.insert(place, count if some(rng, 0.85) else count + 1)
    if some(rng, 0.4):
        parts[rng.randrange(len(parts))] = -1
    if some(rng, 0.05):
        parts = []
    return Case(
        (T(tuple(shape)), place if some(rng, 0.9) else len(shape), parts if some(rng) else tuple(parts))
    )


def _squeezed(rng: Random) -> Case:
    shape = tuple(1 if some(rng, 0.4) else n for n in extents(rng, 0, 4))
    x = T(shape)
    if some(rng, 0.3):
        return Case((x,))
    return Case((x, some_axes(rng, len(shape))))


cases(*forms("squeeze"))(_squeezed)


def _unsqueezed(rng: Random) -> Case:
    x = tensor(rng)
    return Case((x, axis(rng, len(x.shape) + 1)))


cases(*forms("unsqueeze"))(_unsqueezed)


@cases("torch.atleast_1d", "torch.atleast_2d", "torch.atleast_3d")
def atleast(rng: Random) -> Case:
    given = tuple(tensor(rng, 0, 4) for _ in range(rng.randint(1, 2)))
    return Case(given) if some(rng, 0.7) else Case((list(given),))


# -- orders --------------------------------------------------------------------------------------------------


def _order(rng: Random, rank: int) -> tuple[int, ...]:
    order = rng.sample(range(rank), rank)
    order = [a - rank if some(rng, 0.2) else a for a in order]
    if some(rng, 0.15):
        order = rng.choice([order[1:], [*order, 0], [*order[:-1], rank], [*order[:-1], *order[:1]]])
    return tuple(order)


@cases("torch.permute")
def permute(rng: Random) -> Case:
    x = tensor(rng)
    return Case((x, _order(rng, len(x.shape))))


@cases("torch.Tensor.permute")
def permute_method(rng: Random) -> Case:
    x = tensor(rng)
    order = _order(rng, len(x.shape))
    return Case((x, *sizes(rng, order))) if order else Case((x, ()))


def _two_axes(rng: Random) -> Case:
    x = tensor(rng)
    return Case((x, axis(rng, len(x.shape)), axis(rng, len(x.shape))))


for _name in ["transpose", "swapdims", "swapaxes"]:
    cases(*forms(_name))(_two_axes)


def plain(low: int = 0, high: int = 4, dtypes: tuple[str, ...] = ANY) -> Generator:
    """One tensor and no arguments."""
    return lambda rng: Case((tensor(rng, low, high, dtypes),))


cases(*forms("t"))(plain(0, 3))
cases(*forms("adjoint", in_place=False))(plain(2, 4))


@cases(*forms("movedim", in_place=False), *forms("moveaxis", in_place=False))
def movedim(rng: Random) -> Case:
    x = tensor(rng)
    rank = len(x.shape)
    if rank < 2 or some(rng, 0.4):
        return Case((x, axis(rng, rank), axis(rng, rank)))
    count = rng.randint(1, rank)
    source, target = rng.sample(range(rank), count), rng.sample(range(rank), count)
    return Case((x, tuple(source), tuple(target) if some(rng, 0.9) else (*target, 0)))


@cases("torch.flip")
def flip(rng: Random) -> Case:
    x = tensor(rng, 0, 4, ANY)
    found = some_axes(rng, len(x.shape))
    return Case((x, found if isinstance(found, (tuple, list)) else (found,)))


@cases("torch.Tensor.flip")
def flip_method(rng: Random) -> Case:
    x = tensor(rng, 0, 4, ANY)
    found = some_axes(rng, len(x.shape))
    return Case((x, *found)) if isinstance(found, tuple) and some(rng) else Case((x, found))


cases(*forms("fliplr", in_place=False), *forms("flipud", in_place=False))(plain(0, 3))


@cases(*forms("roll", in_place=False))
def roll(rng: Random) -> Case:
    x = tensor(rng)
    if some(rng, 0.3):
        return Case((x, rng.randint(-3, 3)))
    found = some_axes(rng, len(x.shape))
    count = len(found) if isinstance(found, (tuple, list)) else 1
    shifts: object = tuple(rng.randint(-3, 3) for _ in range(count + some(rng, 0.1)))
    return Case((x, shifts, found))


@cases(*forms("rot90", in_place=False))
def rot90(rng: Random) -> Case:
    x = tensor(rng)
    places = [axis(rng, len(x.shape)) for _ in range(2 if some(rng, 0.9) else 1)]
    return Case((x, rng.randint(-1, 4), places)) if some(rng, 0.7) else Case((x,))


# -- stretching ----------------------------------------------------------------------------------------------


def _stretched(rng: Random) -> tuple[T, tuple[int, ...]]:
    small, large = joined(rng, 2)
    wanted = tuple(-1 if some(rng, 0.2) else n for n in large)
    return T(small), wanted


@cases("torch.Tensor.expand")
def expand(rng: Random) -> Case:
    x, wanted = _stretched(rng)
    return Case((x, *sizes(rng, wanted)))


@cases("torch.broadcast_to", "torch.Tensor.broadcast_to")
def broadcast_to(rng: Random) -> Case:
    return Case(_stretched(rng))


@cases("torch.Tensor.expand_as")
def expand_as(rng: Random) -> Case:
    a, b = joined(rng, 2)
    return Case((T(a), T(b)))


def _times(rng: Random, rank: int) -> tuple[int, ...]:
    count = max(rank + rng.choice([-1, 0, 0, 0, 1]), 0)
    return tuple(rng.choice([-1, 0]) if some(rng, 0.08) else rng.randint(1, 3) for _ in range(count))


@cases("torch.Tensor.repeat")
def repeat(rng: Random) -> Case:
    x = tensor(rng, 0, 3)
    return Case((x, *sizes(rng, _times(rng, len(x.shape)))))


@cases("torch.tile")
def tile(rng: Random) -> Case:
    x = tensor(rng, 0, 3)
    return Case((x, _times(rng, len(x.shape))))


@cases("torch.Tensor.tile")
def tile_method(rng: Random) -> Case:
    x = tensor(rng, 0, 3)
    return Case((x, *sizes(rng, _times(rng, len(x.shape)))))


@cases(*forms("repeat_interleave", in_place=False))
def repeat_interleave(rng: Random) -> Case:
    x = tensor(rng, 0, 3)
    rank = len(x.shape)
    keywords: dict[str, object] = {"dim": axis(rng, rank)} if some(rng, 0.7) else {}
    return Case((x, rng.choice([0, 1, 2, 3, -1])), keywords)
