"""The model's last dense layer works on a map: it gives one answer for each place instead of one for all.

## What it does
Flags a Keras `Dense` with softmax or sigmoid that is the last layer, is fed a map with rows and columns, and
stands behind a smaller map than the input: Flatten or global pooling is missing before it.

## Why it matters
Keras' Dense works on the last axis, so the model is built; the loss then fails on shapes, or compares each
place with the label.

## Example
    layers.MaxPooling2D(),
    layers.Dense(10, activation="softmax"),

## Use instead
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),

## When to ignore
Where each place is to be classified by itself.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Layer, Severity
from convlint.lint.rule import rule
from convlint.lint.wording import count, shape

_DECIDES = ("softmax", "sigmoid")


@rule("CL604", "feature-map-into-dense", Severity.WARNING, layers=("keras.layers.Dense",))
def feature_map_into_dense(layer: Layer) -> Iterator[Finding]:
    """One finding for each such layer."""
    if layer.argument("activation") not in _DECIDES:
        return
    maps = [each for each in layer.inputs if len(each) == 4]
    if not maps or len(maps) < len(layer.inputs) or not layer.is_last or layer.whole_map:
        return
    units = count(layer.number("units") or 1, "number")
    yield layer.at().finding(
        f"{layer.shown} is fed a map, {shape(maps[0])}, and gives its {units} for each place",
        help="Flatten() or GlobalAveragePooling2D() before it",
    )
