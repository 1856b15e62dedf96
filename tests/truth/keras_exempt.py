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
}
"""Functions of the old backend that are declared, and compared elsewhere or not at all."""
