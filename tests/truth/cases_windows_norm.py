"""Norms: batch, instance, layer, RMS, group and local response norms, their lazy and functional forms."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.truth.case import Case, Generator, T, cases
from tests.truth.draw import image, some, wrong_image


def _settings(rng: Random) -> dict[str, object]:
    keywords: dict[str, object] = {
        "affine": some(rng),
        "track_running_stats": some(rng),
        "eps": 0.001,
        "momentum": rng.choice([None, 0.1]),
        "bias": some(rng),
    }
    return {name: value for name, value in keywords.items() if some(rng, 0.4)}


def _map(rng: Random, rank: int, channels: int) -> T:
    if some(rng, 0.2):
        return T((rng.choice([1, 1, 2]), channels, *(rng.choice([1, 1, 2]) for _ in range(rank))))
    return image(rng, rank, channels) if some(rng, 0.8) else wrong_image(rng, rank, channels)


def _features(rng: Random, features: int) -> object:
    return features if some(rng, 0.9) else rng.choice([float(features), -1, features + 1, 0])


def _layer(rank: int) -> Generator:
    def draw(rng: Random) -> Case:
        features = rng.randint(1, 4)
        return Case((_map(rng, rank, features),), {}, (_features(rng, features),), _settings(rng))

    return draw


def _lazy(rank: int) -> Generator:
    return lambda rng: Case((_map(rng, rank, rng.randint(1, 4)),), {}, (), _settings(rng))


def _not_empty(draw: Generator) -> Generator:
    """Instance norms of nothing with weights are not followed."""

    def again(rng: Random) -> Case:
        case = draw(rng)
        x = case.args[0]
        assert isinstance(x, T)
        return replace(case, args=(T(tuple(max(n, 1) for n in x.shape)), *case.args[1:]))

    return again


for _rank in (1, 2, 3):
    cases(f"torch.nn.BatchNorm{_rank}d")(_layer(_rank))
    cases(f"torch.nn.LazyBatchNorm{_rank}d")(_lazy(_rank))
    cases(f"torch.nn.InstanceNorm{_rank}d")(_not_empty(_layer(_rank)))
    cases(f"torch.nn.LazyInstanceNorm{_rank}d")(_not_empty(_lazy(_rank)))


@cases("torch.nn.SyncBatchNorm", "torch.nn.modules.batchnorm._BatchNorm")
def sync(rng: Random) -> Case:
    return _layer(rng.randint(1, 3))(rng)


def _vector(rng: Random, count: int) -> T | None:
    return None if some(rng, 0.3) else T((count if some(rng, 0.95) else count + 1,))


@cases("torch.nn.functional.batch_norm")
def batch_norm(rng: Random) -> Case:
    features = rng.randint(1, 4)
    x = _map(rng, rng.randint(0, 3), features)
    keywords: dict[str, object] = {"weight": _vector(rng, features), "bias": _vector(rng, features)}
    statistics: tuple[T | None, T | None] = (
        T((features,)),
        T((features if some(rng, 0.95) else features + 1,)),
    )
    if some(rng, 0.2):
        statistics = (None, None)
    if some(rng):
        keywords["training"] = some(rng)
    if some(rng, 0.1):
        keywords["eps"] = rng.choice([0.0, -1.0])
    return Case((x, *statistics), keywords)


@cases("torch.batch_norm")
def native_batch_norm(rng: Random) -> Case:
    features = rng.randint(1, 4)
    statistics = (T((features,)), T((features,))) if some(rng, 0.8) else (None, None)
    x = _map(rng, rng.randint(1, 3), features)
    return Case(
        (x, _vector(rng, features), _vector(rng, features), *statistics, some(rng), 0.1, 0.001, False)
    )


@cases("torch.nn.functional.instance_norm")
@_not_empty
def instance_norm(rng: Random) -> Case:
    features = rng.randint(1, 4)
    x = _map(rng, rng.randint(1, 3), features)
    keywords: dict[str, object] = {"weight": _vector(rng, features), "bias": _vector(rng, features)}
    if some(rng):
        keywords.update(running_mean=T((features,)), running_var=T((features,)))
    if some(rng):
        keywords["use_input_stats"] = some(rng)
    return Case((x,), keywords)


@cases("torch.instance_norm")
@_not_empty
def native_instance_norm(rng: Random) -> Case:
    features = rng.randint(1, 4)
    statistics = (T((features,)), T((features,))) if some(rng, 0.8) else (None, None)
    x = _map(rng, rng.randint(1, 3), features)
    return Case(
        (x, _vector(rng, features), _vector(rng, features), *statistics, some(rng), 0.1, 0.001, False)
    )


# -- trailing axes -------------------------------------------------------------------------------------------


def _trailing(rng: Random) -> tuple[T, tuple[int, ...]]:
    shape = tuple(rng.randint(1, 4) for _ in range(rng.randint(1, 4)))
    normalized = shape[rng.randint(0, len(shape) - 1) :]
    if some(rng, 0.15):
        normalized = rng.choice([(), (7,), (*normalized, 2), (1, *shape), (-1,)])
    return T(shape, "float32" if some(rng, 0.97) else "int64"), normalized


def _forms(rng: Random, normalized: tuple[int, ...]) -> object:
    if len(normalized) == 1 and some(rng):
        return normalized[0]
    return list(normalized) if some(rng, 0.3) else normalized


@cases("torch.nn.LayerNorm")
def layer_norm_layer(rng: Random) -> Case:
    x, normalized = _trailing(rng)
    keywords: dict[str, object] = {"elementwise_affine": some(rng), "bias": some(rng), "eps": 0.001}
    shape = _forms(rng, normalized) if some(rng, 0.95) else 4.0
    return Case((x,), {}, (shape,), {k: v for k, v in keywords.items() if some(rng, 0.4)})


@cases("torch.nn.RMSNorm")
def rms_norm_layer(rng: Random) -> Case:
    x, normalized = _trailing(rng)
    keywords: dict[str, object] = {"elementwise_affine": some(rng), "eps": rng.choice([None, 0.001])}
    call = {"x": T(x.shape)}
    return Case((), call, (_forms(rng, normalized),), {k: v for k, v in keywords.items() if some(rng, 0.4)})


def _trailing_function(names: tuple[str, ...]) -> Generator:
    def draw(rng: Random) -> Case:
        x, normalized = _trailing(rng)
        keywords: dict[str, object] = {}
        for name in names:
            if some(rng, 0.4):
                keywords[name] = T(tuple(max(n, 0) for n in normalized) if some(rng, 0.9) else (5,))
        return Case((T(x.shape), list(normalized) if some(rng) else normalized), keywords)

    return draw


cases("torch.nn.functional.layer_norm", "torch.layer_norm")(_trailing_function(("weight", "bias")))
cases("torch.nn.functional.rms_norm", "torch.rms_norm")(_trailing_function(("weight",)))


# -- groups and neighbours -----------------------------------------------------------------------------------


@cases("torch.nn.GroupNorm")
def group_norm_layer(rng: Random) -> Case:
    groups = rng.randint(1, 3)
    channels = groups * rng.randint(1, 3)
    x = _map(rng, rng.randint(0, 3), channels)
    if some(rng, 0.1):
        groups = rng.choice([0, -1, 4])
    keywords: dict[str, object] = {"affine": some(rng), "bias": some(rng), "eps": 0.001}
    if some(rng, 0.1):
        channels += groups
    return Case((x,), {}, (groups, channels), {k: v for k, v in keywords.items() if some(rng, 0.4)})


@cases("torch.nn.functional.group_norm", "torch.group_norm")
def group_norm(rng: Random) -> Case:
    groups = rng.randint(1, 3)
    channels = groups * rng.randint(1, 3)
    x = _map(rng, rng.randint(1, 3), channels)
    keywords: dict[str, object] = {"weight": _vector(rng, channels), "bias": _vector(rng, channels)}
    return Case((x, groups if some(rng, 0.9) else rng.choice([-1, 4, 5])), keywords)


@cases("torch.nn.LocalResponseNorm")
def local_response_layer(rng: Random) -> Case:
    x = image(rng, rng.randint(0, 3), 4) if some(rng, 0.9) else T(())
    return Case((x,), {}, (rng.choice([1, 2, 3, 5, 5, 9, 0, -1, 2.0]),), {"k": 2.0} if some(rng) else {})


@cases("torch.nn.functional.local_response_norm")
def local_response(rng: Random) -> Case:
    x = image(rng, rng.randint(0, 3), 4) if some(rng, 0.9) else T(())
    return Case((x, rng.choice([1, 2, 3, 5, 5, 9, 0, -1, 2.0])), {"alpha": 0.1} if some(rng) else {})


@cases("torch.nn.CrossMapLRN2d")
def cross_map(rng: Random) -> Case:
    x = image(rng, 2, 4) if some(rng, 0.8) else wrong_image(rng, 2, 4)
    return Case((x,), {}, (rng.choice([1, 2, 3, 5, 9, 0]),))
