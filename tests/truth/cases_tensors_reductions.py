"""Reductions over axes, order and counting."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Named, T, cases
from tests.truth.cases_tensors_elementwise import forms
from tests.truth.draw_tensors import ANY, REAL, axis, joined, options, some, some_axes, tensor

FLOAT = ("float32", "float64")


def over(
    rng: Random, dtypes: tuple[str, ...], *, several: bool = True, empty: bool = True, **more: object
) -> Case:
    """A tensor, perhaps an axis or several, perhaps keepdim."""
    x = tensor(rng, 0, 4, dtypes)
    rank = len(x.shape)
    keywords = options(rng, 0.3, **more)
    if some(rng, 0.25):
        return Case((x,), keywords)
    dim = some_axes(rng, rank) if several else axis(rng, rank)
    if several and empty and some(rng, 0.06):
        dim = ()
    if some(rng, 0.3):
        return Case((x, dim, some(rng)), keywords)
    return Case((x,), {"dim": dim, **options(rng, keepdim=some(rng)), **keywords})


@cases(*forms("sum", in_place=False), *forms("nansum", in_place=False))
def sum_(rng: Random) -> Case:
    return over(rng, REAL, dtype=rng.choice((Named("torch.float64"), Named("torch.float32"))))


@cases(*forms("mean", in_place=False), *forms("nanmean", in_place=False))
def mean(rng: Random) -> Case:
    return over(rng, (*FLOAT, "float16", "int64") if some(rng, 0.3) else FLOAT, dtype=Named("torch.float64"))


@cases(*forms("prod", in_place=False))
def prod(rng: Random) -> Case:
    return over(rng, REAL, several=False)


@cases(*forms("all", in_place=False), *forms("any", in_place=False))
def all_(rng: Random) -> Case:
    return over(rng, REAL)


@cases(*forms("amax", in_place=False), *forms("amin", in_place=False))
def amax(rng: Random) -> Case:
    return over(rng, (*FLOAT, "int64"))


@cases(*forms("logsumexp", in_place=False))
def logsumexp(rng: Random) -> Case:
    x = tensor(rng, 0, 4, FLOAT)
    return Case((x, some_axes(rng, len(x.shape))), options(rng, keepdim=some(rng)))


@cases(*forms("count_nonzero", in_place=False))
def count_nonzero(rng: Random) -> Case:
    x = tensor(rng, 0, 4, ANY)
    return Case((x, some_axes(rng, len(x.shape)))) if some(rng, 0.7) else Case((x,))


@cases(*forms("argmax", in_place=False), *forms("argmin", in_place=False))
def argmax(rng: Random) -> Case:
    return over(rng, (*FLOAT, "int64"), several=False)


@cases(*forms("max", in_place=False), *forms("min", in_place=False))
def max_(rng: Random) -> Case:
    if some(rng, 0.3):
        a, b = joined(rng, 2)
        return Case((T(a, rng.choice(FLOAT)), T(b, rng.choice(FLOAT))))
    drawn = over(rng, (*FLOAT, "int64"), several=False)
    return drawn if "keepdim" not in drawn.kwargs or "dim" in drawn.kwargs else Case(drawn.args)


@cases(*forms("median", in_place=False), *forms("nanmedian", in_place=False))
def median(rng: Random) -> Case:
    return over(rng, FLOAT, several=False)


@cases(*forms("mode", in_place=False))
def mode(rng: Random) -> Case:
    return over(rng, FLOAT, several=False)


@cases(*forms("aminmax", in_place=False))
def aminmax(rng: Random) -> Case:
    x = tensor(rng, 0, 4, FLOAT)
    return Case((x,), options(rng, dim=axis(rng, len(x.shape)), keepdim=some(rng)))


@cases(*forms("kthvalue", in_place=False))
def kthvalue(rng: Random) -> Case:
    x = tensor(rng, 0, 3, FLOAT)
    rank = len(x.shape)
    return Case(
        (x, rng.randint(0 if some(rng, 0.2) else 1, 3), axis(rng, rank)), options(rng, keepdim=some(rng))
    )


@cases(*forms("std", in_place=False), *forms("var", in_place=False), "torch.std_mean", "torch.var_mean")
def std(rng: Random) -> Case:
    x = tensor(rng, 0, 4, (*FLOAT, "int64") if some(rng, 0.2) else FLOAT)
    rank = len(x.shape)
    match rng.randrange(4):
        case 0:
            return Case((x,))
        case 1:
            return Case((x, some(rng)))
        case 2:
            return Case((x, some_axes(rng, rank), some(rng), some(rng)))
    return Case((x,), {"dim": some_axes(rng, rank), "correction": 0, **options(rng, keepdim=some(rng))})


@cases(*forms("quantile", in_place=False), *forms("nanquantile", in_place=False))
def quantile(rng: Random) -> Case:
    x = tensor(rng, 0, 3, ("float32",))
    rank = len(x.shape)
    q: object = 0.5 if some(rng) else T(tuple(rng.randint(1, 3) for _ in range(rng.choice([0, 1, 1, 1, 2]))))
    return Case((x, q), options(rng, 0.6, dim=axis(rng, rank), keepdim=some(rng)))


@cases(*forms("norm", in_place=False))
def norm(rng: Random) -> Case:
    x = tensor(rng, 0, 4, (*FLOAT, "int64") if some(rng, 0.2) else FLOAT)
    rank = len(x.shape)
    order = rng.choice([2, 1, 0.5, "fro", float("inf")])
    if some(rng, 0.4):
        return Case((x, order))
    return Case((x, order, some_axes(rng, rank)), options(rng, keepdim=some(rng)))


@cases("torch.frobenius_norm")
def frobenius_norm(rng: Random) -> Case:
    x = tensor(rng, 2, 4, FLOAT)
    return Case((x, (-2, -1), some(rng)))


@cases("torch.nuclear_norm")
def nuclear_norm(rng: Random) -> Case:
    x = T(tuple(rng.randint(1, 3) for _ in range(rng.choice([2, 2, 3]))))
    return Case((x, (-2, -1), some(rng)))


@cases(*forms("dist", in_place=False))
def dist(rng: Random) -> Case:
    a, b = joined(rng, 2)
    return Case((T(a), T(b)))


@cases(*forms("renorm"))
def renorm(rng: Random) -> Case:
    x = tensor(rng, 0 if some(rng, 0.2) else 2, 4, FLOAT)
    return Case((x, 2, axis(rng, len(x.shape)), 1.0))


@cases(*forms("equal", in_place=False))
def equal(rng: Random) -> Case:
    return Case((tensor(rng, 0, 2), tensor(rng, 0, 2)))


# -- order and counting --------------------------------------------------------------------------------------


@cases(*forms("sort", in_place=False), *forms("argsort", in_place=False))
def sort(rng: Random) -> Case:
    x = tensor(rng, 0, 4, (*FLOAT, "int64"))
    return Case((x,), options(rng, 0.6, dim=axis(rng, len(x.shape)), descending=some(rng)))


@cases(*forms("msort", in_place=False))
def msort(rng: Random) -> Case:
    return Case((tensor(rng, 1, 4, FLOAT),))


@cases(*forms("topk", in_place=False))
def topk(rng: Random) -> Case:
    x = tensor(rng, 0, 4, FLOAT)
    keywords = options(rng, 0.6, dim=axis(rng, len(x.shape)), largest=some(rng))
    return Case((x, rng.randint(-1 if some(rng, 0.1) else 0, 3)), keywords)


@cases(*forms("unique", in_place=False), *forms("unique_consecutive", in_place=False))
def unique(rng: Random) -> Case:
    x = tensor(rng, 0, 3, FLOAT)
    return Case((x,), options(rng, 0.5, return_inverse=True, return_counts=True))


@cases("torch.searchsorted")
def searchsorted(rng: Random) -> Case:
    rows = tensor(rng, 1, 3, ("float32",))
    leading = rows.shape[:-1] if some(rng, 0.8) else (2,)
    values: object = T((*leading, rng.randint(1, 3))) if some(rng, 0.9) else 0.5
    if len(rows.shape) > 1 and not isinstance(values, T):
        values = T((*leading, 2))
    return Case((rows, values), options(rng, 0.4, right=True, out_int32=True))


@cases("torch.bucketize")
def bucketize(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, ("float32",)), tensor(rng, 1, 2 if some(rng, 0.2) else 1, ("float32",))))


@cases(*forms("bincount", in_place=False))
def bincount(rng: Random) -> Case:
    x = tensor(rng, 1, 2 if some(rng, 0.2) else 1, ("int64",))
    return Case((x,), options(rng, minlength=rng.randint(0, 4)))


@cases(*forms("histc", in_place=False))
def histc(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, ("float32",)),), options(rng, bins=rng.randint(0, 5), min=0, max=1))


@cases(*forms("histogram", in_place=False))
def histogram(rng: Random) -> Case:
    bins: object = rng.randint(0 if some(rng, 0.2) else 1, 5)
    return Case((tensor(rng, 0, 3, ("float32",)), bins), {"range": (0.0, 1.0)})


@cases("torch.isin")
def isin(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, ("int64",)), tensor(rng, 0, 2, ("int64",))))


@cases(*forms("multinomial", in_place=False))
def multinomial(rng: Random) -> Case:
    """Each row has one number above 0."""
    size = rng.randint(1, 3)
    if some(rng, 0.2):
        return Case((T(rng.choice([(), (2, 2, 2)])), 1))
    if some(rng, 0.2):
        return Case((T((size, size), identity=True), rng.choice([0, -1, size + 1]), False))
    return Case((T((size, size), identity=True), rng.randint(1, 4), True))


@cases(*forms("cov", in_place=False), *forms("corrcoef", in_place=False))
def cov(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3 if some(rng, 0.2) else 2, FLOAT),))


@cases("torch.vander", "torch.linalg.vander")
def vander(rng: Random) -> Case:
    x = tensor(rng, 0, 2, ("float32", "int64"))
    return Case((x,), options(rng, N=rng.randint(-1, 4)))
