"""What training and prediction give a model: an array of samples, of which a batch goes through its layers.

Law (keras.src.models.functional, keras.src.trainers): a batch is taken as a call of the model takes it; a
Sequential that has no input yet is built for the first batch.
"""

from __future__ import annotations

from convlint.dims import symbol
from convlint.libs.keras.graph import graph_of, tensors_in
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.models import FUNCTIONAL, MODEL, SEQUENTIAL
from convlint.libs.op import Op
from convlint.shapes.fault import Shape
from convlint.values import Instance, Tensor, Value

_PLAIN = (SEQUENTIAL, MODEL, FUNCTIONAL)
FED = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")


def feed(op: Op, model: Instance) -> None:
    """Call the model on a batch of the data where it is not built yet, or was built for another shape."""
    x = _data(op)
    if x is None or not x.shape or len(x.shape) < 2 or model.tainted is not None:
        return
    if model.cls.qualname not in _PLAIN:
        return  # its own class may train it otherwise
    graph = graph_of(model)
    if graph is not None:
        inputs = list(tensors_in(graph.inputs))
        expected = inputs[0].shape if len(inputs) == 1 else None
        if expected is None or _alike(expected, x.shape):
            return
    elif model.cls.qualname != SEQUENTIAL:
        return
    op.call(model, Tensor((symbol("N"), *x.shape[1:]), x.dtype, kind=KIND))


def _data(op: Op) -> Tensor | None:
    """The first argument, where it is one array."""
    args, kwargs = op["args"], op["kwargs"]
    if not isinstance(args, tuple) or not isinstance(kwargs, dict):
        return None
    x: Value = args[0] if args else kwargs.get("x")
    return x if isinstance(x, Tensor) else None


def _alike(expected: Shape, shape: Shape) -> bool:
    """Whether a batch of the data has the shape that the model was built for, as far as both are known."""
    if len(expected) != len(shape):
        return False
    pairs = list(zip(expected, shape, strict=True))[1:]
    return all(a == b for a, b in pairs if isinstance(a, int) and isinstance(b, int))
