"""Arguments as Keras 1 took them, in the words of today: what such a layer computes is known all the same.

Law (github.com/keras-team/keras/blob/2.0.0/keras/legacy/interfaces.py): each old name has one new name; a
convolution counted rows and columns of its kernel as arguments of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from convlint.values import Value

OLD_NAMES = {
    **dict.fromkeys(
        ("nb_filter", "nb_row", "nb_col", "filter_length", "border_mode", "subsample"), "Keras 1"
    ),
    **dict.fromkeys(("subsample_length", "pool_length", "stride", "atrous_rate", "dim_ordering"), "Keras 1"),
    **dict.fromkeys(("p", "output_dim", "bias", "init", "inner_init", "inner_activation", "mode"), "Keras 1"),
    **dict.fromkeys(("W_regularizer", "b_regularizer", "U_regularizer", "W_constraint"), "Keras 1"),
    **dict.fromkeys(("b_constraint", "U_constraint", "dropout_W", "dropout_U", "consume_less"), "Keras 1"),
}
"""Arguments of Keras 1, with the version that took them: the constructor refuses them today."""

OLD_WORDS = "_old_words"
"""The attribute of a layer whose constructor call is in Keras 1's words: nothing there is rewritten."""
_SHAPELESS = frozenset(
    (
        *("init", "inner_init", "forget_bias_init", "consume_less", "weights"),
        *("W_regularizer", "b_regularizer", "U_regularizer", "W_constraint", "b_constraint", "U_constraint"),
    )
)
"""What changes no shape: left out."""
_NAMES = {
    "border_mode": "padding",
    "bias": "use_bias",
    "inner_activation": "recurrent_activation",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "atrous_rate": "dilation_rate",
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "pool_length": "pool_size",
    "subsample": "strides",
    "subsample_length": "strides",
    "stride": "strides",
    "output_dim": "units",
    "p": "rate",
    "dim_ordering": "data_format",
}
_ORDERS: dict[Value, str | None] = {"th": "channels_first", "tf": "channels_last", "default": None}
_KERNELS = {"Conv2D": ("nb_row", "nb_col")}
_SEQUENCES = ("LSTM", "GRU", "SimpleRNN", "Conv1D")
_SAME = {"Embedding": ("output_dim",)}
"""Old names that a layer still takes."""


def modern(
    layer: str, args: tuple[Value, ...], kwargs: Mapping[str, Value]
) -> tuple[tuple[Value, ...], dict[str, Value]] | None:
    """The arguments of a call in Keras 1's words as today's; None where it is none, or not all is known."""
    same = _SAME.get(layer, ())
    if not any(key in OLD_NAMES and key not in same for key in kwargs):
        return None
    left = {k: v for k, v in kwargs.items() if k not in _SHAPELESS}
    if layer in _SEQUENCES and "input_dim" in left:  # of one step: their number was another argument
        left["input_shape"] = (left.pop("input_length", None), left.pop("input_dim"))
    extents = _KERNELS.get(layer, ())
    if extents:
        filters, sides = args[:1], [*args[1:], *(left.pop(name) for name in extents if name in left)]
        if len(sides) != len(extents) or not all(type(side) is int for side in sides):
            return None
        args, left = filters, {**left, "kernel_size": tuple(sides)}
    elif len(args) > (2 if layer == "Conv1D" else 1):
        return None
    made: dict[str, Value] = {}
    for key, value in left.items():
        name = key if key in same else _NAMES.get(key, key)
        if name in made or (name == key and key in OLD_NAMES and key not in same):
            return None
        made[name] = _ORDERS.get(value, value) if key == "dim_ordering" and isinstance(value, str) else value
    return args, made
