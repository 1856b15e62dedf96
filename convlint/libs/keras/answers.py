"""What every Keras layer answers: its weights, whether it learns, what its first call took and gave.

Law (keras.io/api/layers/base_layer): `trainable` holds for all layers below, as far as there are any; `input`
and `output` are those of the first call.
"""

from __future__ import annotations

from typing import cast

from convlint.dims import Dim, Expr, symbol
from convlint.libs.keras.extents import shape_of, shown_shape
from convlint.libs.keras.graph import NODES, Node
from convlint.libs.keras.layer import (
    DECLARED,
    KIND,
    LAYER,
    every_layer,
    layer_of,
    receiver,
    variables,
    weights_of,
)
from convlint.libs.op import Op
from convlint.libs.registry import lookup, method, own_binding
from convlint.values import Caller, Class, Native, NotModelled, Property, Tensor, Value


def _declare(name: str, getter: Native, setter: Native | None = None) -> None:
    cls = lookup(LAYER)
    assert isinstance(cls, Class)
    cls.namespace[name] = Property(getter, setter)


def _get_trainable(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    return layer_of(args).attrs.get("_trainable", True)


def _set_trainable(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Holds for all layers below, as far as there are any now."""
    for each in every_layer(caller, layer_of(args)):
        each.attrs["_trainable"] = args[1]
        for variable in weights_of(each):
            if isinstance(variable, Tensor) and variable.attrs is not None:
                variable.trainable = variable.attrs.get(DECLARED) is not False and args[1] is not False
    return None


def _listed(trainable: bool | None) -> Native:
    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        found = variables(caller, layer_of(args))
        return [v for _, v in found if trainable is None or v.trainable is trainable]

    return Native("keras.layers.Layer.weights", run)


def _history(which: str) -> Native:
    """`layer.input`, `layer.output`: what its first call took and gave."""

    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        layer = layer_of(args)
        nodes = layer.attrs.get(NODES)
        if not isinstance(nodes, list) or not nodes:
            name = layer.attrs.get("name")
            words = f"The layer {name} has never been called and thus has no defined {which}."
            raise caller.error("AttributeError", words)
        node = nodes[0]
        assert isinstance(node, Node)
        found = node.inputs if which.startswith("input") else node.outputs
        if not found and which.startswith("input"):
            found = node.outputs
        values: list[Value] = [
            shown_shape(t.shape) if which.endswith("_shape") and t.shape is not None else t for t in found
        ]
        return values[0] if len(values) == 1 else values

    return Native(f"keras.layers.Layer.{which}", run)


_declare(
    "trainable",
    Native("keras.layers.Layer.trainable", _get_trainable),
    Native("keras.layers.Layer.trainable", _set_trainable),
)
for _name, _kind in (
    ("weights", None),
    ("variables", None),
    ("trainable_weights", True),
    ("trainable_variables", True),
    ("non_trainable_weights", False),
    ("non_trainable_variables", False),
):
    _declare(_name, _listed(_kind))
for _name in ("input", "output", "input_shape", "output_shape"):
    _declare(_name, _history(_name))


@method(LAYER, "count_params", "self")
def count_params(op: Op) -> Value:
    total: Dim = 0
    for _, variable in variables(op.caller, receiver(op)):
        size = variable.elements
        if size is None:
            raise NotModelled("the size of a weight is not known")
        total = total + size
    return total


def _open(name: str) -> None:
    @method(LAYER, name, "self, *args, **kwargs")
    def run(op: Op) -> Value:
        return op.unknown(f"what {name}() of a layer gives is not modelled")


for _name in (
    "compute_mask", "compute_output_spec", "get_build_config", "build_from_config", "from_config",
    "stateless_call", "symbolic_call", "get_input_at", "get_output_at", "get_input_shape_at",
    "get_output_shape_at", "reset_state", "reset_states", "get_initial_state", "adapt", "get_vocabulary",
    "set_vocabulary", "enable_lora", "rematerialized_call", "get_compile_config", "compile_from_config",
    "get_metrics_result", "stateless_compute_loss", "compute_loss", "compute_metrics", "make_train_function",
    "make_predict_function", "train_step", "test_step", "predict_step", "vocabulary_size", "add_variable",
):  # fmt: skip
    _open(_name)


@method(LAYER, "get_config", "self")
def get_config(op: Op) -> Value:
    return op.unknown("the configuration of a layer is not modelled")


@method(LAYER, "compute_output_shape", "self, *args, **kwargs")
def compute_output_shape(op: Op) -> Value:
    """The shape that a call on such a shape would give."""
    args, keywords = cast(tuple[Value, ...], op["args"]), cast(dict[str, Value], op["kwargs"])
    shape = args[0] if args else keywords.get("input_shape")
    if not isinstance(shape, (list, tuple)) or not all(isinstance(e, (int, Expr)) for e in shape[1:]):
        raise NotModelled("the shape that a layer would give is not modelled for this input")
    batch = symbol("N") if shape[0] is None else op.as_dim(shape[0], "input_shape")
    x = Tensor((batch, *cast(tuple[Dim, ...], tuple(shape[1:]))), kind=KIND)
    found = op.call(op.caller.getattr(receiver(op), "call"), x)
    return shape_of(found, symbols=False)


for _name in (
    "add_loss",
    "add_metric",
    "set_weights",
    "load_own_variables",
    "save_own_variables",
    "quantize",
):

    def _nothing(name: str) -> None:
        @method(LAYER, name, "self, *args, **kwargs")
        def run(op: Op) -> Value:
            return None

    _nothing(_name)


@method(LAYER, "get_weights", "self")
def get_weights(op: Op) -> Value:
    return [Tensor(v.shape, v.dtype, kind=KIND) for _, v in variables(op.caller, receiver(op))]


_UNFOLLOWED = frozenset(
    (
        *("gamma", "beta", "moving_mean", "moving_variance", "embeddings", "alpha", "cell", "states", "mean"),
        *("depthwise_kernel", "pointwise_kernel", "recurrent_kernel", "forward_layer", "backward_layer"),
        *(
            "input_spec",
            "dtype_policy",
            "compute_dtype",
            "variable_dtype",
            "input_dtype",
            "losses",
            "metrics",
        ),
        *("metrics_names", "path", "optimizer", "loss", "history", "stop_training", "variance"),
    )
)
"""Attributes that Keras' own layers and models have and that are not followed."""


@own_binding(LAYER, "__getattr__")
def _other(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    layer, name = layer_of(args), args[1]
    if name in _UNFOLLOWED:
        return caller.unknown(f"`{name}` of a {layer.cls.name} is not followed")
    raise caller.error("AttributeError", f"'{layer.cls.name}' object has no attribute '{name}'")
