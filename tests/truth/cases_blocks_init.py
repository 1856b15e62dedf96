"""Initialisers and their numbers; losses that own a layer; helpers on parameters."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, T, cases
from tests.truth.cases_blocks_embedding import shape
from tests.truth.draw import some

INIT = "torch.nn.init."


def _weight(rng: Random) -> T:
    return T(shape(rng, 0, 5))


_PLAIN = ("uniform_", "normal_", "trunc_normal_", "ones_", "zeros_", "eye_", "dirac_")
_FANS = ("xavier_uniform_", "xavier_normal_", "orthogonal_")
for _names in (
    _PLAIN,
    _FANS,
    ("_calculate_fan_in_and_fan_out", "uniform", "normal", "eye", "dirac", "xavier_uniform"),
):
    cases(*(INIT + name for name in _names))(lambda rng: Case((_weight(rng),)))
cases(*(INIT + name for name in ("xavier_normal", "orthogonal")))(lambda rng: Case((_weight(rng),)))
cases(INIT + "constant_", INIT + "constant")(lambda rng: Case((_weight(rng), 0.5)))
cases(INIT + "sparse_", INIT + "sparse")(lambda rng: Case((_weight(rng), 0.1)))


@cases(
    *(INIT + name for name in ("kaiming_uniform_", "kaiming_normal_", "kaiming_uniform", "kaiming_normal"))
)
def kaiming(rng: Random) -> Case:
    keywords: dict[str, object] = {}
    if some(rng):
        keywords["mode"] = rng.choice(["fan_in", "fan_out", "fan_out", "FAN_OUT", "fan_avg"])
    if some(rng):
        keywords["nonlinearity"] = rng.choice(["relu", "leaky_relu", "linear", "tanh", "selu", "gelu"])
    if some(rng, 0.3):
        keywords["a"] = rng.choice([0, 0.2, 1])
    return Case((_weight(rng),), keywords)


@cases(INIT + "_calculate_correct_fan")
def correct_fan(rng: Random) -> Case:
    return Case((_weight(rng), rng.choice(["fan_in", "fan_out", "Fan_In", "fan_avg"])))


@cases(INIT + "calculate_gain")
def gain(rng: Random) -> Case:
    """The number itself is compared."""
    names = [
        "linear",
        "conv2d",
        "conv_transpose3d",
        "sigmoid",
        "tanh",
        "relu",
        "leaky_relu",
        "selu",
        "gelu",
        "silu",
    ]
    return Case((rng.choice(names),), {"param": rng.choice([0.2, 1, None])} if some(rng, 0.4) else {})


@cases(INIT + "_no_grad_uniform_", INIT + "_no_grad_normal_")
def no_grad(rng: Random) -> Case:
    return Case((_weight(rng), 0.0, 1.0, *([] if some(rng, 0.8) else [None, 1])))


@cases(INIT + "_no_grad_trunc_normal_")
def no_grad_truncated(rng: Random) -> Case:
    return Case((_weight(rng), 0.0, 1.0, -2.0, *([2.0] if some(rng, 0.85) else [])))


# -- losses that own a layer ---------------------------------------------------------------------------------


@cases("torch.nn.AdaptiveLogSoftmaxWithLoss")
def adaptive(rng: Random) -> Case:
    features, classes, batch = rng.randint(1, 8), rng.randint(4, 9), rng.randint(1, 3)
    cutoffs = sorted(rng.sample(range(1, classes), rng.randint(1, 3)))
    if some(rng, 0.08):
        cutoffs = rng.choice([[], [classes], [2, 1], [0, 2]])
    x: tuple[int, ...] = (batch, features + some(rng, 0.06))
    target: tuple[int, ...] = (batch + some(rng, 0.06),)
    if some(rng, 0.2):
        x, target = x[1:], target[1:]
    if some(rng, 0.05):
        target = (*target, 1)
    options: dict[str, object] = {"head_bias": True} if some(rng, 0.3) else {}
    if some(rng, 0.3):
        options["div_value"] = rng.choice([2.0, 1.5])
    return Case((T(x), T(target, "int64", classes)), init=(features, classes, cutoffs), init_kwargs=options)


def _scored(rng: Random) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int, int]:
    """Shapes of input, target and the axes after the classes, the features and the classes."""
    features, classes, batch = rng.randint(1, 4), rng.randint(1, 4), rng.randint(1, 3)
    places = tuple(rng.randint(1, 2) for _ in range(rng.choice([0, 0, 0, 1, 2])))
    x: tuple[int, ...] = (batch, features + some(rng, 0.06))
    target: tuple[int, ...] = (batch + some(rng, 0.06), *places)
    if some(rng, 0.15) and not places:
        x, target = x[1:], ()
    if some(rng, 0.04):
        x = (*x, features)
    return x, target, places, features, classes


def _options(rng: Random) -> dict[str, object]:
    return {"reduction": rng.choice(["none", "mean", "sum"])} if some(rng, 0.6) else {}


@cases("torch.nn.LinearCrossEntropyLoss")
def linear_cross_entropy_layer(rng: Random) -> Case:
    x, target, places, features, classes = _scored(rng)
    options = _options(rng)
    if places:
        options["out_features"] = places
    if some(rng, 0.3):
        options["bias"] = True
    if some(rng, 0.2):
        options["weight"] = T((classes + some(rng, 0.2),))
    if some(rng, 0.1):
        options["label_smoothing"] = rng.choice([0.1, 1.5])
    return Case((T(x), T(target, "int64", classes)), init=(features, classes), init_kwargs=options)


@cases("torch.nn.functional.linear_cross_entropy")
def linear_cross_entropy(rng: Random) -> Case:
    x, target, places, features, classes = _scored(rng)
    table = (classes, *places, features) if some(rng, 0.95) else (features,)
    return Case((T(x), T(table), T(target, "int64", classes)), _options(rng))


# -- helpers on parameters -----------------------------------------------------------------------------------


@cases("torch.nn.utils.parameters_to_vector")
def vector(rng: Random) -> Case:
    return Case(([T(shape(rng, 0, 3)) for _ in range(rng.randint(1, 3))], *([1] if some(rng, 0.15) else [])))


@cases("torch.nn.utils.vector_to_parameters")
def from_vector(rng: Random) -> Case:
    tensors = [T(shape(rng, 1, 2)) for _ in range(2)]
    total = sum(t.shape[0] * (t.shape[1] if len(t.shape) > 1 else 1) for t in tensors)
    return Case((T((total,)), tensors, *([1] if some(rng, 0.15) else [])))


@cases("torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_norm")
def clip(rng: Random) -> Case:
    return Case(([T(shape(rng, 0, 3))], *([1.0] if some(rng, 0.85) else [])))


@cases("torch.nn.utils.get_total_norm")
def total_norm(rng: Random) -> Case:
    return Case(([T(shape(rng, 0, 3))] if some(rng, 0.85) else 3,))


@cases(*(f"torch.nn.modules.utils.{name}" for name in ("_single", "_pair", "_triple", "_quadruple")))
def ntuple(rng: Random) -> Case:
    return Case((rng.choice([1, 2.5, (1, 2), [3, 4, 5], (), "a"]),) if some(rng, 0.85) else ())
