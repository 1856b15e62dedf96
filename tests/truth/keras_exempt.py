"""Keras layers that cannot be compared, each with the reason; and those whose answer is mostly open."""

from __future__ import annotations

EXEMPT: dict[str, str] = {
    "keras.layers.InputLayer": "no call of its own: tests/libs/keras/test_models.py",
    "keras.layers.Lambda": "takes a function: tests/libs/keras/test_layers.py",
    **{
        f"keras.layers.{name}": "computes in another framework: convlint knows the name and leaves it open"
        for name in ("TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper")
    },
}

MOSTLY_OPEN = frozenset({"keras.layers.StackedRNNCells"})
"""Layers whose answer is not followed: the nested states of a stack."""

BACKEND_EXEMPT = {
    "name_scope": "a context without a tensor",
    "shape": "gives a tensor of numbers",
    **dict.fromkeys(
        ("rnn", "map_fn", "foldl", "foldr"), "takes a function: tests/libs/keras/test_backend.py"
    ),
    **dict.fromkeys(
        (
            "batch_get_value",
            "batch_set_value",
            "ctc_label_dense_to_sparse",
            "eval",
            "get_value",
            "gradients",
            "moving_average_update",
            "set_value",
            "update",
            "update_add",
            "update_sub",
        ),
        "gives numbers, or changes them: no shape of it is known",
    ),
    "ctc_batch_cost": "its numbers have to fit each other, beside their shapes",
    "dtype": "gives no tensor",
    "is_sparse": "gives no tensor",
}
"""Functions of the old backend that are declared, and compared elsewhere or not at all."""
