"""Losses of the old `keras.backend`: a number for each sample and place.

Law (keras.src.legacy.backend): target and output have the same shape; the classes' axis goes.
"""

from __future__ import annotations

from convlint.libs.keras.declare import function
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.ops_elementwise import axis_of
from convlint.libs.keras.tensor import as_tensor, joined
from convlint.libs.op import Op
from convlint.shapes.fault import Kind, Shape
from convlint.values import NotModelled, Value

_K = "keras.backend."
_ENDS = "target, output"


def _alike(op: Op) -> Shape:
    """The shape of both. TensorFlow refuses others."""
    target, output = (as_tensor(op, op[name]).shape or () for name in ("target", "output"))
    known = (
        isinstance(a, int) and isinstance(b, int) and a != b for a, b in zip(target, output, strict=False)
    )
    if len(target) != len(output) or any(known):
        words = f"Shapes {shown_shape(target)} and {shown_shape(output)} are incompatible"
        op.refuse("ValueError", words, "target", kind=Kind.JOIN)
    return output


@function(f"{_K}binary_crossentropy", signature=f"{_ENDS}, from_logits=False")
@function(
    f"{_K}binary_focal_crossentropy",
    signature=f"{_ENDS}, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False",
)
def binary(op: Op) -> Value:
    """A number for each number."""
    both = [as_tensor(op, op[name]) for name in ("target", "output")]
    shape = _alike(op) if op.flag("from_logits") else joined(op, both)
    return op.result(both[1], shape, kind=KIND)


@function(f"{_K}categorical_crossentropy", signature=f"{_ENDS}, from_logits=False, axis=-1")
@function(
    f"{_K}categorical_focal_crossentropy",
    signature=f"{_ENDS}, alpha=0.25, gamma=2.0, from_logits=False, axis=-1",
)
def categorical(op: Op) -> Value:
    """Summed over the classes."""
    shape = _alike(op)
    axis = axis_of(op, "axis", len(shape))
    return op.result(as_tensor(op, op["output"]), (*shape[:axis], *shape[axis + 1 :]), kind=KIND)


@function(
    f"{_K}sparse_categorical_crossentropy",
    signature=f"{_ENDS}, from_logits=False, axis=-1, ignore_class=None",
)
def sparse(op: Op) -> Value:
    """The target has the number of the class in place of the classes' axis."""
    target, output = (as_tensor(op, op[name]) for name in ("target", "output"))
    shape, given = output.shape or (), target.shape or ()
    axis = axis_of(op, "axis", len(shape))
    left = (*shape[:axis], *shape[axis + 1 :])
    if len(given) != len(left) or op["ignore_class"] is not None:
        raise NotModelled("a target of another rank than the output's places")
    if any(isinstance(a, int) and isinstance(b, int) and a != b for a, b in zip(given, left, strict=True)):
        words = (
            "`labels.shape` must equal `logits.shape` except for the last dimension. Received: "
            f"labels.shape={shown_shape(given)} and logits.shape={shown_shape(shape)}"
        )
        op.refuse("ValueError", words, "target", kind=Kind.JOIN)
    return op.result(output, left, kind=KIND)


@function(f"{_K}ctc_batch_cost", signature="y_true, y_pred, input_length, label_length")
def ctc_batch_cost(op: Op) -> Value:
    """A number for each sample."""
    y = as_tensor(op, op["y_pred"])
    shape = y.shape or ()
    if len(shape) != 3:
        op.refuse("InvalidArgumentError", "transpose expects a vector of size 3", "y_pred", kind=Kind.RANK)
    return op.result(y, (shape[0], 1), kind=KIND)


@function(f"{_K}ctc_decode", signature="y_pred, input_length, greedy=True, beam_width=100, top_paths=1")
def ctc_decode(op: Op) -> Value:
    """The decoded sequences, one for each path, and how likely they are."""
    y = as_tensor(op, op["y_pred"])
    shape = y.shape or ()
    if len(shape) != 3:
        op.refuse("InvalidArgumentError", "transpose expects a vector of size 3", "y_pred", kind=Kind.RANK)
    paths = 1 if op.flag("greedy") else op.integer("top_paths")
    if not 0 < paths <= 4096:
        raise NotModelled("a number of paths")
    decoded: list[Value] = [op.result(y, shape[:2], kind=KIND, dtype="int64") for _ in range(paths)]
    return decoded, op.result(y, (shape[0], paths), kind=KIND)


@function(f"{_K}in_top_k", signature="predictions, targets, k")
def in_top_k(op: Op) -> Value:
    """Whether each target is among the greatest of its row."""
    predictions, targets = (as_tensor(op, op[name]) for name in ("predictions", "targets"))
    rows, given = predictions.shape or (), targets.shape or ()
    if len(rows) != 2 or len(given) != 1:
        words = f"predictions must be 2-dimensional and targets a vector: {shown_shape(rows)}"
        op.refuse("InvalidArgumentError", words, "predictions", kind=Kind.RANK)
    if isinstance(rows[0], int) and isinstance(given[0], int) and rows[0] != given[0]:
        words = f"First dimension of predictions {rows[0]} must match length of targets {given[0]}"
        op.refuse("InvalidArgumentError", words, "targets", kind=Kind.JOIN)
    return op.result(targets, given, kind=KIND, dtype="bool")


@function(f"{_K}normalize_batch_in_training", signature="x, gamma, beta, reduction_axes, epsilon=0.001")
def normalize_batch(op: Op) -> Value:
    """The normalised batch, its mean and its variance over the axes."""
    x, axes = as_tensor(op, op["x"]), op["reduction_axes"]
    shape = x.shape or ()
    if not isinstance(axes, (list, tuple)) or not all(isinstance(axis, int) for axis in axes):
        raise NotModelled("the axes of a normalisation are not known")
    gone = {axis % len(shape) for axis in axes if isinstance(axis, int)}
    rest = tuple(extent for axis, extent in enumerate(shape) if axis not in gone)
    return (op.result(x, shape, kind=KIND), *(op.result(x, rest, kind=KIND) for _ in range(2)))
