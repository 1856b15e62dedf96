"""Names that Keras makes of names: `Conv2D` as `conv2d` (keras.src.utils.naming.to_snake_case)."""

from __future__ import annotations

import re


def snake_case(name: str) -> str:
    """`Conv2D` as `conv2d`, `InputLayer` as `input_layer`."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
