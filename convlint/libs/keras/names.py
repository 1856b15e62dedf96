"""Keras under its many names: `keras`, `tf.keras`, `keras.src`, old module paths. Each name has one meaning.

The canonical names are `keras.layers.…`, `keras.ops.…`, `keras.Model`. The applications are no part of this
description: they are evaluated from Keras' own source.
"""

from __future__ import annotations

from convlint.libs.registry import alias, sourced

KERAS = "keras"
SAME = (
    "keras.src",
    "keras.api",
    "tf_keras",
    "tensorflow.keras",
    "tensorflow.python.keras",
    "tensorflow.compat.v1.keras",
    "tensorflow.compat.v2.keras",
    "keras.api._v2.keras",
    "keras.src.backend.common",
)
"""Everything below these names is what stands below `keras`."""

for _name in SAME:
    alias(_name, KERAS)
for _family in (
    "activation", "activations", "advanced_activations", "attention", "convolutional", "core", "embeddings",
    "layer", "merge", "merging", "noise", "normalization", "pooling", "preprocessing", "recurrent",
    "regularization", "reshaping", "rnn", "wrappers", "normalization_v2", "convolutional_recurrent",
):  # fmt: skip
    alias(f"keras.layers.{_family}", "keras.layers")
alias("keras.engine", "keras")
alias("keras._legacy.backend", "keras.backend")
alias("keras.legacy.backend", "keras.backend")
alias("keras.engine.topology", "keras.layers")
alias("keras.engine.base_layer", "keras.layers")
alias("keras.layers.experimental.preprocessing", "keras.layers")
alias("keras.models", "keras")
alias("keras.models.functional", "keras")
alias("keras.models.sequential", "keras")
alias("keras.models.model", "keras")
alias("keras.layers.Model", "keras.Model")
for _path in ("keras.applications", "keras.src.applications"):
    sourced(_path)
