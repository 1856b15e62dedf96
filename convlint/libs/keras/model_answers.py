"""What every model answers: its layers, its ends and their shapes, and what it says of training.

Law (keras.src.models.model): `layers` are those of the graph in its order, of the stack, or of attributes.
"""

from __future__ import annotations

from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.feeding import FED, feed
from convlint.libs.keras.graph import graph_of, tensors_in
from convlint.libs.keras.layer import (
    layer_of,
    receiver,
)
from convlint.libs.keras.models import MODEL, MODEL_CLASS, layers_of
from convlint.libs.keras.training import TRAINING, check_targets, remember_loss
from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.values import Caller, Native, NotModelled, Property, Unknown, Value


def _answers(name: str) -> Native:
    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        model = layer_of(args)
        if name == "layers":
            return list[Value](layers_of(caller, model))
        graph = graph_of(model)
        if graph is None:
            words = (
                f"The layer {model.attrs.get('name')} has never been called and thus has no defined {name}."
            )
            raise caller.error("AttributeError", words)
        ends = graph.inputs if name.startswith("input") else graph.outputs
        tensors = list(tensors_in(ends))
        if name.endswith("_shape"):
            shapes: list[Value] = [None if t.shape is None else shown_shape(t.shape) for t in tensors]
            return shapes[0] if len(shapes) == 1 else shapes
        if name in ("inputs", "outputs"):
            return list[Value](tensors)
        return ends if len(tensors) != 1 else tensors[0]

    return Native(f"{MODEL}.{name}", run)


for _name in ("layers", "inputs", "outputs", "input", "output", "input_shape", "output_shape"):
    MODEL_CLASS.namespace[_name] = Property(_answers(_name))


@method(MODEL, "get_layer", "self, name=None, index=None")
def get_layer(op: Op) -> Value:
    model = receiver(op)
    layers = layers_of(op.caller, model)
    if op["index"] is not None:
        index = op.integer("index")
        if index >= len(layers):
            words = f"Was asked to retrieve layer at index {index} but model only has {len(layers)} layers."
            raise op.caller.error("ValueError", words)
        return layers[index]
    wanted = op.text("name")
    for each in layers:
        if each.attrs.get("name") == wanted:
            return each
    if any(isinstance(each.attrs.get("name"), Unknown) for each in layers):
        raise NotModelled("a layer's name is not known")
    known = [str(each.attrs.get("name")) for each in layers]
    raise op.caller.error("ValueError", f"No such layer: {wanted}. Existing layers are: {known}.")


# -- training and saving -------------------------------------------------------------------------------------


def _record_batch(op: Op) -> None:
    """`fit(x, y, batch_size)`."""
    positional, named = op["args"], op["kwargs"]
    if isinstance(named, dict) and "batch_size" in named:
        op.caller.record_batch(named["batch_size"], "batch_size")
    elif isinstance(positional, (tuple, list)) and len(positional) > 2:
        op.caller.record_batch(positional[2], "batch_size")


for _name in (
    "summary", "save", "save_weights", "load_weights", "export", "reset_states", "to_json",
    "train_on_batch", "test_on_batch", "predict_on_batch", "evaluate", "predict", "fit", "fit_generator",
    "reset_metrics",
):  # fmt: skip

    def _left(name: str) -> None:
        @method(MODEL, name, "self, *args, **kwargs")
        def run(op: Op) -> Value:
            if name in FED:
                feed(op, receiver(op))
            if name in TRAINING:
                check_targets(op, receiver(op), name)
            if name in ("summary", "save", "save_weights", "load_weights", "export"):
                return None
            if name == "fit":
                _record_batch(op)
            return op.unknown(f"what {name}() gives is not modelled")

    _left(_name)


@method(MODEL, "compile", "self, optimizer='rmsprop', loss=None, *args, **kwargs")
def compile_model(op: Op) -> None:
    if op["loss"] is not None:
        op.caller.record_loss(receiver(op), op["loss"])
        remember_loss(op, receiver(op), op["loss"])


@function("keras.models.clone_model", "keras.clone_model", signature="model, **kwargs")
def clone_model(op: Op) -> Value:
    return op.unknown("the clone of a model is not modelled")


@function("keras.saving.load_model", "keras.load_model", signature="filepath, **kwargs")
def load_model(op: Op) -> Value:
    return op.unknown("a model that is read from a file is not known")
