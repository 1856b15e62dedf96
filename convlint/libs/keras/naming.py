"""The names that Keras gives: `conv2d`, `conv2d_1` (keras.src.utils.naming).

Law: a class's name in lower case, with a number from the second time on; operations count with layers.
"""

from __future__ import annotations

import re
from typing import cast

from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.values import Caller, Value

UIDS, DEPTH = "keras.uids", "keras.depth"
"""Where a run keeps how often a name was given, and how many calls of layers it is inside of."""


def snake_case(name: str) -> str:
    """`Conv2D` as `conv2d`, `InputLayer` as `input_layer`."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def unique(caller: Caller, prefix: str) -> str:
    """The name, with a number from the second time on."""
    counts = cast(dict[str, int], caller.state.setdefault(UIDS, {}))
    number = counts[prefix] = counts.get(prefix, -1) + 1
    return f"{prefix}_{number}" if number else prefix


_OF_KERAS_TENSORS = ("keras.ops.", "keras.activations.", "keras.KerasTensor.")
_OPERATIONS = {
    "abs": "absolute", "conj": "conjugate", "exponential": "exp", "hard_swish": "hard_silu", "swish": "silu",
}  # fmt: skip
"""Functions whose operation is called otherwise."""


def named_operation(caller: Caller, function_: str) -> str:
    """The name of a function's call in a functional model: Keras counts it with those of layers.

    Empty inside a layer's call, where tensors are no symbolic ones, and for functions that take none.
    """
    if caller.state.get(DEPTH) or not function_.startswith(
        ("keras.ops.", "keras.activations.", "keras.KerasTensor.")
    ):
        return ""
    if function_ == "keras.activations.relu":
        return unique(caller, "re_lu")
    short = function_.rpartition(".")[2]
    if short == "linear":  # gives back what it is given
        return ""
    return unique(caller, _OPERATIONS.get(short, short))


@function("keras.backend.get_uid", signature="prefix=''")
def get_uid(op: Op) -> Value:
    counts = cast(dict[str, int], op.caller.state.setdefault("keras.numbers", {}))
    counts[op.text("prefix")] = counts.get(op.text("prefix"), 0) + 1
    return counts[op.text("prefix")]


@function(
    "keras.backend.clear_session",
    "keras.utils.clear_session",
    "keras.backend.reset_uids",
    signature="free_memory=True",
)
def clear_session(op: Op) -> None:
    op.caller.state.pop(UIDS, None)
