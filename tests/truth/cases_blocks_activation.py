"""Activations: element by element, along an axis, per channel; the dropout functions."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Generator, T, cases
from tests.truth.draw import some

F = "torch.nn.functional."
Arguments = dict[str, tuple[object, ...]]
"""What each argument is drawn from; a None among the choices leaves it out."""

_PLAIN: dict[str, Arguments] = {
    "relu": {},
    "relu6": {},
    "elu": {"alpha": (0.5, 2)},
    "celu": {"alpha": (0.5, 0)},
    "selu": {},
    "silu": {},
    "mish": {},
    "hardswish": {},
    "hardsigmoid": {},
    "leaky_relu": {"negative_slope": (0.1, 0)},
    "hardtanh": {"min_val": (-2, 0.5), "max_val": (2, 0)},
    "rrelu": {"lower": (0.1, 0.5), "upper": (0.4, 0.2)},
    "sigmoid": {},
    "tanh": {},
    "gelu": {"approximate": ("none", "tanh", "exact")},
    "hardshrink": {"lambd": (0.5, 1)},
    "softshrink": {"lambd": (0.5, 0, -1)},
    "softplus": {"beta": (1, 2), "threshold": (20, 5)},
    "softsign": {},
    "tanhshrink": {},
    "logsigmoid": {},
}
_LAYERS = {
    "relu": "ReLU", "relu6": "ReLU6", "elu": "ELU", "celu": "CELU", "selu": "SELU", "silu": "SiLU",
    "mish": "Mish",
    "hardswish": "Hardswish", "hardsigmoid": "Hardsigmoid", "leaky_relu": "LeakyReLU", "hardtanh": "Hardtanh",
    "rrelu": "RReLU", "sigmoid": "Sigmoid", "tanh": "Tanh", "gelu": "GELU", "hardshrink": "Hardshrink",
    "softshrink": "Softshrink", "softplus": "Softplus", "softsign": "Softsign", "tanhshrink": "Tanhshrink",
    "logsigmoid": "LogSigmoid",
}  # fmt: skip
_IN_PLACE = {"relu", "relu6", "elu", "celu", "selu", "silu", "mish", "hardswish", "hardsigmoid"}
_IN_PLACE |= {"leaky_relu", "hardtanh", "rrelu", "threshold"}


def tensor(rng: Random, low: int = 0, high: int = 4) -> T:
    """A tensor of a few axes; one in ten has none of its elements."""
    shape = tuple(rng.randint(1, 4) for _ in range(rng.randint(low, high)))
    return T((*shape[1:], 0)) if shape and some(rng, 0.1) else T(shape)


def chosen(rng: Random, arguments: Arguments) -> dict[str, object]:
    """Some of the arguments by name."""
    return {name: rng.choice(values) for name, values in arguments.items() if some(rng)}


def _extra(rng: Random, keywords: dict[str, object]) -> dict[str, object]:
    """At times an argument that the signature lacks."""
    return {**keywords, "unheard": 1} if some(rng, 0.12) else keywords


def _function(arguments: Arguments, inplace: bool) -> Generator:
    def draw(rng: Random) -> Case:
        keywords = chosen(rng, {**arguments, "inplace": (True, False)} if inplace else arguments)
        return Case((tensor(rng),), _extra(rng, keywords))

    return draw


def _layer(arguments: Arguments, inplace: bool) -> Generator:
    def draw(rng: Random) -> Case:
        keywords = chosen(rng, {**arguments, "inplace": (True, False)} if inplace else arguments)
        if some(rng, 0.06):
            return Case((tensor(rng), tensor(rng)), init_kwargs=keywords)
        return Case((tensor(rng),), init_kwargs=_extra(rng, keywords))

    return draw


for _name, _arguments in _PLAIN.items():
    cases(F + _name)(_function(_arguments, _name in _IN_PLACE))
    cases(f"torch.nn.{_LAYERS[_name]}")(_layer(_arguments, _name in _IN_PLACE))
    if _name in ("elu", "celu", "selu", "relu", "leaky_relu", "hardtanh"):
        cases(f"{F}{_name}_")(_function(_arguments, False))
for _name in ("relu", "sigmoid", "tanh", "hardshrink"):
    _plain = _function(_PLAIN[_name], False)
    cases(f"torch.{_name}", f"torch.Tensor.{_name}")(_plain)
    if _name != "hardshrink":
        cases(f"torch.{_name}_", f"torch.Tensor.{_name}_")(_plain)
for _name in ("celu", "selu", "rrelu"):
    _plain = _function(_PLAIN[_name], False)
    cases(f"torch.{_name}", f"torch.{_name}_")(_plain)
cases(F + "rrelu_")(_function(_PLAIN["rrelu"], False))


@cases("torch.nn.Threshold")
def threshold_layer(rng: Random) -> Case:
    """Both numbers are needed."""
    init = (0.1, 20)[: 1 if some(rng, 0.15) else 2]
    return Case((tensor(rng),), init=init, init_kwargs=chosen(rng, {"inplace": (True, False)}))


@cases(F + "threshold", F + "threshold_", "torch.threshold", "torch.threshold_")
def threshold(rng: Random) -> Case:
    return Case((tensor(rng), 0.1, *([] if some(rng, 0.15) else [20])))


# -- along an axis -------------------------------------------------------------------------------------------


def _dim(rng: Random) -> object:
    return rng.choice([0, 1, -1, -2, 2, -3, 1.0 if some(rng, 0.1) else 0])


@cases(F + "softmax", F + "log_softmax", F + "softmin")
def softmax(rng: Random) -> Case:
    return Case((tensor(rng),), {"dim": None if some(rng, 0.15) else _dim(rng)})


@cases("torch.softmax", "torch.log_softmax", "torch.Tensor.softmax", "torch.Tensor.log_softmax")
def native_softmax(rng: Random) -> Case:
    return Case((tensor(rng), *([] if some(rng, 0.05) else [_dim(rng)])))


@cases("torch.nn.Softmax", "torch.nn.LogSoftmax", "torch.nn.Softmin")
def softmax_layer(rng: Random) -> Case:
    return Case((tensor(rng),), init=() if some(rng, 0.15) else (_dim(rng),))


@cases("torch.nn.Softmax2d")
def softmax2d(rng: Random) -> Case:
    return Case((tensor(rng, 2, 5),))


@cases(F + "gumbel_softmax")
def gumbel_softmax(rng: Random) -> Case:
    keywords = chosen(rng, {"tau": (1, 0.5), "hard": (True, False), "eps": (1e-10,), "dim": (0, -1, 1, -3)})
    return Case((T(tuple(rng.randint(1, 4) for _ in range(rng.randint(1, 3)))),), keywords)


@cases(F + "glu")
def glu(rng: Random) -> Case:
    return Case((_halves(rng),), chosen(rng, {"dim": (0, 1, -1, -2)}))


@cases("torch.nn.GLU")
def glu_layer(rng: Random) -> Case:
    return Case((_halves(rng),), init_kwargs=chosen(rng, {"dim": (0, 1, -1, -2)}))


def _halves(rng: Random) -> T:
    return T(tuple(rng.choice([0, 2, 4, 4, 6, 3]) for _ in range(rng.choice([0, 1, 2, 2, 3, 3]))))


# -- per channel ---------------------------------------------------------------------------------------------


@cases(F + "prelu", "torch.prelu", "torch.Tensor.prelu")
def prelu(rng: Random) -> Case:
    x = tensor(rng)
    channels = x.shape[1] if len(x.shape) > 1 else 1
    return Case((x, T(rng.choice([(), (1,), (channels,), (channels,), (channels + 1,), (1, 1)]))))


@cases("torch.nn.PReLU")
def prelu_layer(rng: Random) -> Case:
    x = tensor(rng)
    channels = x.shape[1] if len(x.shape) > 1 else 1
    number = rng.choice([1, channels, channels, channels + 1, 0, -1, 2.0])
    return Case((x,), init=() if some(rng, 0.3) else (number,), init_kwargs=chosen(rng, {"init": (0.1, 1)}))


# -- dropout functions ---------------------------------------------------------------------------------------


def _dropout(rng: Random) -> Case:
    arguments: Arguments = {"p": (0.3, 0, 1, 2 if some(rng) else 1), "training": (True, False)}
    return Case((tensor(rng, 0, 5),), chosen(rng, {**arguments, "inplace": (True, False)}))


_DROPOUT = ("dropout", "alpha_dropout", "dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout")
cases(*(F + name for name in _DROPOUT))(_dropout)


@cases(
    *(
        f"torch.{name}{suffix}"
        for name in ("dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout")
        for suffix in ("", "_")
    )
)
def native_dropout(rng: Random) -> Case:
    return Case((tensor(rng, 0, 5), rng.choice([0.3, 0, 1, 1.5]), rng.choice([True, False])))
