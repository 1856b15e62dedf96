"""`Model`: functional models and subclasses (keras.io/api/models/model).

Law: a functional model is the graph between its inputs and outputs; a subclass is what its attributes hold
and its `call` computes.
"""

from __future__ import annotations

from convlint.libs.keras.accepting import accepted, check_names
from convlint.libs.keras.extents import free_shape
from convlint.libs.keras.graph import GRAPH, Graph, graph_of, tensors_in
from convlint.libs.keras.layer import (
    KIND,
    LAYER,
    layer_of,
    parts,
    prepare,
    receiver,
)
from convlint.libs.op import Op
from convlint.libs.registry import alias, klass, method, own_binding
from convlint.shapes.fault import Fault, Kind
from convlint.values import Caller, Instance, NotModelled, Tensor, Unknown, Value

MODEL, FUNCTIONAL, SEQUENTIAL = "keras.Model", "keras.Functional", "keras.Sequential"
STACK = "_stack"

MODEL_CLASS = klass(MODEL, LAYER)
_FUNCTIONAL = klass(FUNCTIONAL, MODEL)
klass(SEQUENTIAL, MODEL)
alias("keras.Function", FUNCTIONAL)


@own_binding(MODEL, "__init__")
def init(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
    """A functional model where inputs and outputs are given, else the base of a subclass."""
    model, args = layer_of(args), args[1:]
    names = ("inputs", "outputs", "name")
    given = {**dict(zip(names, args, strict=False)), **kwargs}
    if "input" in given and "output" in given:  # Keras 1 and 2
        given["inputs"], given["outputs"] = given.pop("input"), given.pop("output")
        words = "Unrecognized keyword arguments passed to Model: {'input': ..., 'output': ...}"
        fault = Fault(Kind.ARGUMENT, arguments=("input",), detail=words, version="Keras 1")
        caller.fault(fault, lambda _: f"ValueError: {words}")
    if "inputs" not in given or "outputs" not in given:
        if model.cls is not MODEL_CLASS and args and "name" not in kwargs and len(args) == 1:
            given["name"] = args[0]
        prepare(caller, model, given)
        caller.record_layer(model)
        return
    if model.cls is MODEL_CLASS:
        model.cls = _FUNCTIONAL
    inputs, outputs = given["inputs"], given["outputs"]
    prepare(caller, model, given)
    for end, value in (("input", inputs), ("output", outputs)):
        unknown = _unknown_in(value)
        if unknown is not None:
            reason = f"an {end} of the model's graph is not known: {unknown.reason}"
            caller.taint(model, Unknown(reason, unknown.site))
            return
        if any(t.shape is None for t in tensors_in(value)):
            caller.taint(model, caller.unknown(f"the shape of an {end} of the model's graph is not known"))
            return
    for tensor in tensors_in(outputs):
        if tensor.attrs is None:
            caller.taint(model, caller.unknown("an output of the model is not connected to its inputs"))
            return
    graph = Graph(inputs, outputs)
    connect(model, graph)
    caller.record_layer(model)
    check_names(caller, model, graph.layers())


def _unknown_in(ends: Value) -> Unknown | None:
    """What is not known among the ends of a graph."""
    if isinstance(ends, dict):
        ends = list(ends.values())
    if isinstance(ends, (list, tuple)):
        return next((found for end in ends if (found := _unknown_in(end)) is not None), None)
    return ends if isinstance(ends, Unknown) else None


def connect(model: Instance, graph: Graph) -> None:
    """Make the model that of a graph."""
    model.attrs[GRAPH] = graph
    model.attrs["built"] = True
    if STACK not in model.attrs:
        model.attrs["_graph_layers"] = list[Value](graph.layers())


@method(MODEL, "call", "self, inputs, training=None, mask=None")
def call(op: Op) -> Value:
    model = receiver(op)
    graph = graph_of(model)
    if graph is not None:
        return graph.run(op.caller, accepted(op, graph, op["inputs"]))
    if model.tainted is not None:
        raise NotModelled(model.tainted.reason)
    message = f"Model {model.cls.name} does not have a `call()` method implemented."
    op.refuse("NotImplementedError", message, kind=Kind.RESULT)


@method(MODEL, "build", "self, input_shape=None")
def build(op: Op) -> None:
    """`model.build((None, 28, 28, 1))`: the model is called with such an input."""
    model, shape = receiver(op), op["input_shape"]
    if graph_of(model) is not None or model.attrs.get("built") is True:
        return
    if "inputs" in op.args or shape is None or op.caller.state.get("keras.calling") is model:
        return
    if isinstance(shape, (list, tuple)) and shape and not isinstance(shape[0], (list, tuple)):
        x = Tensor(free_shape(shape[0], tuple(shape[1:]), ""), kind=KIND)
        model.attrs["built"] = True
        op.call(model, x)


# -- the layers of a model -----------------------------------------------------------------------------------


def stack_of(model: Instance) -> list[Value]:
    """The layers of a Sequential. Raises `NotModelled`."""
    found = model.attrs.get(STACK)
    if model.tainted is not None or not isinstance(found, list):
        reason = "the layers of a Sequential" if model.tainted is None else model.tainted.reason
        raise NotModelled(reason)
    return found


def layers_of(caller: Caller, model: Instance) -> list[Instance]:
    """`model.layers`. Raises `NotModelled`."""
    if model.tainted is not None:
        raise NotModelled(model.tainted.reason)
    if STACK in model.attrs:
        return [each for each in stack_of(model) if isinstance(each, Instance)]
    graph = graph_of(model)
    return list(parts(caller, model)) if graph is None else graph.layers()
