"""Where an operation is found: one body serves every name of it (keras.io/api/ops).

Law: the canonical name, `keras.ops.…`, stands first.
"""

from __future__ import annotations

EVERYWHERE = (
    "keras.ops", "keras.ops.numpy", "keras.ops.nn", "keras.ops.math", "keras.backend", "keras.activations",
    "tensorflow", "tensorflow.nn", "tensorflow.math", "tensorflow.linalg", "tensorflow.compat.v1",
)  # fmt: skip
LIKE_NUMPY = (*EVERYWHERE[:4], "tensorflow", "tensorflow.linalg")


def everywhere(*short: str) -> list[str]:
    """A name in every module that may have it."""
    return [f"{place}.{name}" for name in short for place in EVERYWHERE]


def of_numpy(*short: str) -> list[str]:
    """A name in the modules that follow NumPy."""
    return [f"{place}.{name}" for name in short for place in LIKE_NUMPY]
