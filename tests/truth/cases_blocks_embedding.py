"""Embeddings, distances and similarities, one-hot vectors."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, T, cases
from tests.truth.draw import some

F = "torch.nn.functional."


def shape(rng: Random, low: int, high: int) -> tuple[int, ...]:
    """A few small extents."""
    return tuple(rng.randint(1, 4) for _ in range(rng.randint(low, high)))


def near(rng: Random, given: tuple[int, ...], share: float = 0.15) -> tuple[int, ...]:
    """A shape that mostly broadcasts with the given one."""
    result = tuple(
        1 if some(rng, 0.15) else n + 1 if some(rng, share / max(1, len(given))) else n for n in given
    )
    return result[1:] if some(rng, 0.15) else result


def _indices(rows: int, *extents: int) -> T:
    return T(extents, "int64", max(1, rows))


def _padding(rng: Random, rows: int) -> dict[str, object]:
    if not some(rng, 0.4):
        return {}
    return {
        "padding_idx": rng.choice(
            [0, rows - 1, -1, -rows, rows if some(rng, 0.4) else 0, -rows - 1 if some(rng) else 0]
        )
    }


@cases(F + "embedding")
def embedding(rng: Random) -> Case:
    rows, features = rng.randint(1, 5), rng.randint(1, 4)
    table = T((rows, features)) if some(rng, 0.9) else T(rng.choice([(rows,), (rows, 2, features)]))
    return Case((_indices(rows, *shape(rng, 0, 3)), table), _padding(rng, rows))


@cases("torch.nn.Embedding")
def embedding_layer(rng: Random) -> Case:
    rows, features = rng.randint(1, 5), rng.randint(1, 4)
    options = _padding(rng, rows)
    if some(rng, 0.2):
        options["max_norm"] = 1.0
    if some(rng, 0.2):
        options["_weight"] = T((rows, features + some(rng, 0.4)))
    if some(rng, 0.1):
        options["_freeze"] = True
    sizes = rng.choice([(-1, 2), (rows, 2.0), (rows + 0.0, 1)]) if some(rng, 0.06) else (rows, features)
    return Case((_indices(rows, *shape(rng, 0, 3)),), init=sizes, init_kwargs=options)


def _bag(rng: Random, rows: int) -> tuple[tuple[object, ...], dict[str, object]]:
    extents = shape(rng, 1, 2) if some(rng, 0.9) else shape(rng, 0, 3)
    args: tuple[object, ...] = (_indices(rows, *extents),)
    keywords: dict[str, object] = {}
    if (len(extents) == 1) != some(rng, 0.1):
        keywords["offsets"] = T((1,) if some(rng, 0.9) else (1, 1), "int64", 1)
    if some(rng, 0.2):
        keywords["per_sample_weights"] = T(near(rng, extents, 0.1) if some(rng, 0.2) else extents)
    return args, keywords


def _bag_options(rng: Random, rows: int, mode: bool = True) -> dict[str, object]:
    options = _padding(rng, rows)
    if mode or some(rng, 0.6):
        options["mode"] = rng.choice(["sum", "sum", "mean", "max", "least" if some(rng, 0.3) else "sum"])
    for name in ("scale_grad_by_freq", "sparse"):
        if some(rng, 0.1):
            options[name] = True
    return options


@cases(F + "embedding_bag")
def embedding_bag(rng: Random) -> Case:
    rows, features = rng.randint(1, 5), rng.randint(1, 4)
    args, keywords = _bag(rng, rows)
    table = T((rows, features)) if some(rng, 0.95) else T((rows,))
    return Case((*args, table), keywords | _bag_options(rng, rows, "per_sample_weights" in keywords))


@cases("torch.nn.EmbeddingBag")
def embedding_bag_layer(rng: Random) -> Case:
    rows, features = rng.randint(1, 5), rng.randint(1, 4)
    args, keywords = _bag(rng, rows)
    options = _bag_options(rng, rows, "per_sample_weights" in keywords)
    return Case(args, keywords, init=(rows, features), init_kwargs=options)


@cases(F + "one_hot")
def one_hot(rng: Random) -> Case:
    """The classes are given: without them the content decides."""
    extents = shape(rng, 0, 3)
    if some(rng, 0.15):
        return Case((T((*extents, 0), "int64"), *([] if some(rng) else [rng.choice([3, -1, 0])])))
    return Case((T(extents, "int64", 1), rng.choice([1, 2, 3, 5, 0])))


# -- distances -----------------------------------------------------------------------------------------------


def _pair(rng: Random) -> tuple[T, T]:
    left = shape(rng, 0, 3)
    pair = [T(left), T(near(rng, left))]
    rng.shuffle(pair)
    return pair[0], pair[1]


@cases(F + "cosine_similarity", "torch.cosine_similarity")
def cosine(rng: Random) -> Case:
    return Case(_pair(rng), {"dim": rng.choice([0, 1, -1, -1, 2])} if some(rng, 0.7) else {})


@cases("torch.nn.CosineSimilarity")
def cosine_layer(rng: Random) -> Case:
    return Case(_pair(rng), init_kwargs={"dim": rng.choice([0, 1, -1, -1, 2])} if some(rng, 0.7) else {})


@cases(F + "pairwise_distance", "torch.pairwise_distance")
def pairwise(rng: Random) -> Case:
    return Case(_pair(rng), {"keepdim": some(rng)} if some(rng, 0.4) else {})


@cases("torch.nn.PairwiseDistance")
def pairwise_layer(rng: Random) -> Case:
    return Case(
        _pair(rng), init_kwargs={"keepdim": some(rng), "p": rng.choice([1, 2.0])} if some(rng, 0.4) else {}
    )


@cases(F + "pdist", "torch.pdist")
def pdist(rng: Random) -> Case:
    rows = T((rng.randint(0, 4), rng.randint(1, 3)))
    return Case(
        (rows if some(rng, 0.8) else T(shape(rng, 0, 3)),),
        {"p": rng.choice([0, 1, 2, -1])} if some(rng, 0.3) else {},
    )


@cases(F + "normalize")
def normalize(rng: Random) -> Case:
    x = T(shape(rng, 0, 4))
    dims: list[object] = [0, 1, -1, -2, (0, -1), (1, 1), 3]
    return Case((x,), {"dim": rng.choice(dims), "p": rng.choice([1, 2.0])} if some(rng, 0.8) else {})
