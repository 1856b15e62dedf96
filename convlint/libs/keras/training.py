"""`fit`, `evaluate` and single steps on arrays of known shape: whether the targets fit loss and output.

Law: `shapes.target`; the words are those of Keras 3 on TensorFlow.
"""

from __future__ import annotations

from typing import cast

from convlint.libs.keras.graph import graph_of, tensors_in
from convlint.libs.keras.naming import snake_case
from convlint.libs.op import Op
from convlint.shapes import target as law
from convlint.shapes.fault import Fault, Kind, Outcome, Shape
from convlint.values import Instance, Native, NotModelled, Tensor, Value

TRAINING = ("fit", "evaluate", "train_on_batch", "test_on_batch")
CLASSES = "keras.number of classes"
"""Under this key an array of labels says how many classes there are."""
_LOSSES = "keras.losses"
_PER_CLASS = ("categorical_crossentropy", "binary_crossentropy", "binary_focal_crossentropy")
_INDEX = "sparse_categorical_crossentropy"
_PER_NUMBER = (
    *("mse", "mae", "mape", "msle", "huber", "log_cosh", "poisson", "hinge", "squared_hinge", "dice"),
    *("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "kl_divergence"),
    *("mean_squared_logarithmic_error", "categorical_hinge", "cosine_similarity", "kld"),
    "categorical_focal_crossentropy",
)


def remember_loss(op: Op, model: Instance, loss: Value) -> None:
    """The loss that a model was compiled with."""
    losses = cast(dict[int, tuple[Instance, Value]], op.caller.state.setdefault(_LOSSES, {}))
    losses[id(model)] = (model, loss)


def check_targets(op: Op, model: Instance, method: str) -> None:
    """Report a target that the model's loss refuses; what is not known is not looked at."""
    losses = cast(dict[int, tuple[Instance, Value]], op.caller.state.get(_LOSSES, {}))
    graph = graph_of(model)
    if graph is None or model.tainted is not None or id(model) not in losses:
        return
    outputs = list(tensors_in(graph.outputs))
    loss = name_of(losses[id(model)][1])
    args, kwargs = op["args"], op["kwargs"]
    if len(outputs) != 1 or not loss or not isinstance(args, tuple) or not isinstance(kwargs, dict):
        return
    x = args[0] if args else kwargs.get("x")
    y = args[1] if len(args) > 1 else kwargs.get("y")
    _compare(op, loss, outputs[0], y)
    if isinstance(x, Tensor) and isinstance(y, Tensor):
        _count(op, x, y)
    held_out = kwargs.get("validation_data")
    if method == "fit" and isinstance(held_out, tuple) and len(held_out) > 1:
        _compare(op, loss, outputs[0], held_out[1])


def name_of(loss: Value) -> str:
    """`categorical_crossentropy`, as a text, an object or a function; empty for any other."""
    if isinstance(loss, str):
        return loss if not loss[:1].isupper() else snake_case(loss)
    if isinstance(loss, Instance) and loss.cls.qualname.startswith("keras.losses."):
        return snake_case(loss.cls.name)
    if isinstance(loss, Native) and loss.name.startswith("keras.losses."):
        return loss.name.rpartition(".")[2]
    return ""


def _compare(op: Op, loss: str, output: Tensor, target: Value) -> None:
    if not isinstance(target, Tensor) or not target.shape or not output.shape:
        return
    outcome = _outcome(loss, output.shape, target.shape)
    if isinstance(outcome, Fault):
        _report(op, outcome, _words(loss, outcome, output.shape, target.shape))
    elif loss == _INDEX:
        _values(op, output.shape, target)


def _outcome(loss: str, output: Shape, target: Shape) -> Outcome | None:
    if loss in _PER_CLASS:
        return law.per_class(output, target)
    if loss == _INDEX:
        return law.class_index(output, target)
    return law.per_number(output, target) if loss in _PER_NUMBER else None


def _report(op: Op, fault: Fault, words: str) -> None:
    op.caller.fault(fault, lambda _: words)
    raise NotModelled(words)


def _words(loss: str, fault: Fault, output: Shape, target: Shape) -> str:
    received = f"Received: target.shape={_shown(target)}, output.shape={_shown(output)}"
    if loss in _PER_NUMBER:
        return f"ValueError: Dimensions must be equal: {_shown(target)} and {_shown(output)}"
    if fault.detail == law.RANKS:
        return f"ValueError: Arguments `target` and `output` must have the same rank (ndim). {received}"
    if fault.detail == law.SAME:
        return f"ValueError: Arguments `target` and `output` must have the same shape. {received}"
    if fault.detail == law.MULTI:
        return f"ValueError: Argument `output` must have rank (ndim) `target.ndim - 1`. {received}"
    same = "Arguments `target` and `output` must have the same shape up until the last dimension"
    return f"ValueError: {same}: target.shape={_shown(target)}, output.shape={_shown(output)}"


def _shown(shape: Shape) -> str:
    inner = ", ".join("None" if not isinstance(n, int) or i == 0 else str(n) for i, n in enumerate(shape))
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def _count(op: Op, x: Tensor, y: Tensor) -> None:
    if not x.shape or not y.shape:
        return
    have, want = y.shape[0], x.shape[0]
    if isinstance(have, int) and isinstance(want, int) and have != want:
        words = (
            "ValueError: Data cardinality is ambiguous. Make sure all arrays contain the same number of "
            f"samples.'x' sizes: {want}\n'y' sizes: {have}"
        )
        _report(op, Fault(Kind.TARGET, want, have, (x.shape, y.shape), 0, ("y",), "samples"), words)


def _values(op: Op, output: Shape, target: Tensor) -> None:
    """Labels that are known must be classes of the output."""
    classes = output[-1]
    if not isinstance(classes, int):
        return
    known = [value for value in target.data or () if isinstance(value, int)]
    several = None if target.attrs is None else target.attrs.get(CLASSES)
    largest = several - 1 if isinstance(several, int) else max(known, default=0)
    if largest >= classes:
        words = (
            f"InvalidArgumentError: Received a label value of {largest} which is outside the valid range of "
            f"[0, {classes})."
        )
        _report(op, Fault(Kind.TARGET, classes, largest, (output,), None, ("y",), "values"), words)
