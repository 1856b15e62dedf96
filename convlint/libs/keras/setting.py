"""What a layer's constructor was given, and what every constructor checks of it alike.

Law: a setting is an attribute of the layer, so what a program changes after construction counts.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.values import Instance, Unknown, Value
from convlint.values.caller import LASTING

DATA_FORMAT = f"{LASTING}keras.data_format"
"""Where a run keeps the order of axes that layers take by default, once a program sets it."""

ACTIVATIONS = frozenset(
    [
        "celu",
        "elu",
        "exponential",
        "gelu",
        "glu",
        "hard_sigmoid",
        "hard_silu",
        "hard_swish",
        "hard_shrink",
        "hard_tanh",
        "leaky_relu",
        "linear",
        "log_sigmoid",
        "log_softmax",
        "mish",
        "relu",
        "relu6",
        "selu",
        "sigmoid",
        "silu",
        "soft_shrink",
        "softmax",
        "softplus",
        "softsign",
        "sparse_plus",
        "sparse_sigmoid",
        "sparsemax",
        "squareplus",
        "swish",
        "tanh",
        "tanh_shrink",
        "threshold",
    ]
)
"""The names that `keras.activations.get` takes."""


def held(op: Op, name: str, default: Value = None) -> Value:
    """An attribute of the layer."""
    assert isinstance(op.self, Instance)
    return op.self.attrs.get(name, default)


def check_activation(op: Op, name: str = "activation") -> None:
    """A name must be one that Keras knows (keras.activations.get)."""
    value = held(op, name)
    if isinstance(value, (int, float, list, tuple)) or (isinstance(value, str) and value not in ACTIVATIONS):
        words = f"Could not interpret activation function identifier: {value}"
        op.refuse("ValueError", words, name)


def check_among(op: Op, name: str, known: tuple[Value, ...], words: str) -> None:
    """A value must be one of those known; `words` is Keras' sentence, with {name}, {value} and {known}."""
    value = held(op, name)
    if not isinstance(value, Unknown) and value not in known:
        op.refuse("ValueError", words.format(name=name, value=value, known=known), name)


def check_between(op: Op, name: str, low: float = 0, high: float = 1) -> None:
    """A float between two bounds."""
    value = held(op, name)
    if isinstance(value, str) or value is None:
        kind = type(value).__name__
        words = f"'<=' not supported between instances of 'int' and '{kind}'"
        op.refuse("TypeError", words, name)
    if isinstance(value, (int, float)) and not low <= value <= high:
        words = (
            f"Invalid value received for argument `{name}`. Expected a float value between {low} and {high}. "
            f"Received: {name}={value}"
        )
        op.refuse("ValueError", words, name)
