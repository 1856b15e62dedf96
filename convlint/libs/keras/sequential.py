"""`Sequential` (keras.io/api/models/sequential).

Law: a chain of layers, which is built when its input is known.
"""

from __future__ import annotations

from typing import cast

from convlint.dims import Expr
from convlint.libs.keras.accepting import accepted, check_names
from convlint.libs.keras.graph import GRAPH, NODES, Graph, Node, graph_of, tensors_in
from convlint.libs.keras.inputs import start
from convlint.libs.keras.layer import (
    is_layer,
    layer_of,
    prepare,
    receiver,
)
from convlint.libs.keras.models import SEQUENTIAL, STACK, connect, stack_of
from convlint.libs.keras.naming import unique
from convlint.libs.op import Op
from convlint.libs.registry import method, own_binding
from convlint.values import Caller, Instance, NotModelled, Tensor, Unknown, Value


@own_binding(SEQUENTIAL, "__init__")
def sequential(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
    model = layer_of(args)
    given = {**dict(zip(("layers", "trainable", "name"), args[1:], strict=False)), **kwargs}
    layers = given.pop("layers", None)
    prepare(caller, model, given)
    model.attrs[STACK] = []
    if layers is not None:
        try:
            for each in caller.iterate(layers) if not is_layer(layers) else [layers]:
                append(caller, model, each)
        except NotModelled as why:
            caller.taint(model, caller.unknown(why.reason))
    _rebuilt(caller, model)
    caller.record_layer(model)


def _rebuilt(caller: Caller, model: Instance) -> None:
    """A chain whose input is known makes a functional model of itself, which takes a name each time."""
    if model.attrs.get(STACK) and "_output" in model.attrs:
        unique(caller, "functional")


def append(caller: Caller, model: Instance, value: Value) -> None:
    """Add a layer, or an input; what is known of the input goes through it."""
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    if isinstance(value, Tensor):
        _begin_with(model, value)
        return
    if not isinstance(value, Instance):
        raise caller.error(
            "ValueError", "Only instances of `keras.Layer` can be added to a Sequential model."
        )
    if value.cls.derives("keras.layers.InputLayer"):
        older = value.attrs.get("_expected")  # input_shape= and its kin
        shape = value.attrs.get("batch_shape") or (
            older
            if isinstance(older, tuple)
            else (value.attrs.get("batch_size"), *_tuple(value.attrs.get("shape")))
        )
        _begin_with(model, start(caller, shape[0], tuple(shape[1:]), "float32", value.attrs.get("name")))  # type: ignore[index]
        return
    layers = stack_of(model)
    expected = value.attrs.get("_expected")
    nested = graph_of(value)
    if not layers and "_output" not in model.attrs:
        if isinstance(expected, tuple):
            begin(caller, model, expected)
        elif nested is not None:
            source = next(iter(tensors_in(nested.inputs)), None)
            if source is not None and source.shape is not None:
                begin(caller, model, source.shape)
    layers.append(value)
    check_names(caller, model, layers)
    output = model.attrs.get("_output")
    if output is not None:
        _extend(caller, model, value, output)


def _tuple(value: Value) -> tuple[Value, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def begin(caller: Caller, model: Instance, shape: Value) -> None:
    """The input of a Sequential is known: its layers so far are called, one after another."""
    extents = cast(tuple[Value, ...], tuple(cast(tuple[Value, ...], shape)))
    _begin_with(model, start(caller, _free(extents[0]), tuple(map(_free, extents[1:])), "float32", None))
    output = model.attrs["_output"]
    for each in list(stack_of(model)):
        _extend(caller, model, each, output)
        output = model.attrs.get("_output")


def _free(extent: Value) -> Value:
    return None if isinstance(extent, Expr) else extent


def _begin_with(model: Instance, x: Tensor) -> None:
    model.attrs["_input"] = model.attrs["_output"] = x


def _extend(caller: Caller, model: Instance, layer: Value, output: Value) -> None:
    result = caller.call(layer, (output,))
    model.attrs["_output"] = result
    source = model.attrs.get("_input")
    if any(True for _ in tensors_in(result)) and isinstance(source, Tensor):
        connect(model, Graph(source, result))
    else:
        model.attrs.pop(GRAPH, None)


@method(SEQUENTIAL, "add", "self, layer, rebuild=True")
def add(op: Op) -> None:
    try:
        append(op.caller, receiver(op), op["layer"])
        if op["rebuild"] is not False:
            _rebuilt(op.caller, receiver(op))
    except NotModelled as why:
        op.caller.taint(receiver(op), op.unknown(why.reason))


@method(SEQUENTIAL, "pop", "self, rebuild=True")
def pop(op: Op) -> Value:
    """Takes the last layer off; the model ends where that layer's input was made."""
    model = receiver(op)
    layers = stack_of(model)
    if not layers:
        raise op.caller.error("IndexError", "pop from empty list")
    last = layers.pop()
    source = model.attrs.get("_input")
    if isinstance(source, Tensor) and isinstance(last, Instance):
        nodes = last.attrs.get(NODES)
        node = nodes[-1] if isinstance(nodes, list) and nodes else None
        before = next(iter(node.inputs), source) if isinstance(node, Node) else source
        model.attrs["_output"] = before
        connect(model, Graph(source, before))
        _rebuilt(op.caller, model)
    return last


@method(SEQUENTIAL, "call", "self, inputs, training=None, mask=None")
def call_sequential(op: Op) -> Value:
    x, graph = op["inputs"], graph_of(receiver(op))
    if graph is not None:
        x = accepted(op, graph, x, chain=True)
    for each in list(stack_of(receiver(op))):
        x = op.call(each, x)
    return x


@method(SEQUENTIAL, "build", "self, input_shape=None")
def build_sequential(op: Op) -> None:
    model, shape = receiver(op), op["input_shape"]
    if graph_of(model) is None and isinstance(shape, (list, tuple)):
        begin(op.caller, model, shape)
        _rebuilt(op.caller, model)
