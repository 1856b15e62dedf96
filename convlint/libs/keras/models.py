"""`Model`, functional models and `Sequential` (keras.io/api/models).

Law: a functional model is the graph between its inputs and outputs; a Sequential is a chain that is built
when
its input is known; a subclass is what its attributes hold and its `call` computes.
"""

from __future__ import annotations

from typing import cast

from convlint.dims import Dim, Expr, symbol
from convlint.libs.keras.accepting import accepted, check_names
from convlint.libs.keras.declare import layer
from convlint.libs.keras.graph import GRAPH, NODES, Graph, Node, graph_of, record, tensors_in
from convlint.libs.keras.layer import (
    INPUT_SHAPES,
    KIND,
    LAYER,
    is_layer,
    layer_of,
    parts,
    prepare,
    receiver,
    shown_shape,
    unique,
)
from convlint.libs.keras.naming import snake_case
from convlint.libs.keras.training import TRAINING, check_targets, remember_loss
from convlint.libs.op import Op
from convlint.libs.registry import alias, function, klass, lookup, method, own_binding
from convlint.shapes.fault import Fault, Kind
from convlint.values import Caller, Class, Instance, Native, NotModelled, Property, Tensor, Unknown, Value

MODEL, FUNCTIONAL, SEQUENTIAL = "keras.Model", "keras.Functional", "keras.Sequential"
STACK = "_stack"

_MODEL = klass(MODEL, LAYER)
_FUNCTIONAL = klass(FUNCTIONAL, MODEL)
_SEQUENTIAL = klass(SEQUENTIAL, MODEL)
alias("keras.Function", FUNCTIONAL)


# -- inputs --------------------------------------------------------------------------------------------------

_AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


@layer(
    "InputLayer",
    signature="shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, "
    "input_tensor=None, optional=False",
)
def input_layer(op: Op) -> Value:
    return op["inputs"]


@function(
    "keras.Input",
    "keras.layers.Input",
    signature="shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, "
    "name=None, "
    "tensor=None, optional=False",
)
def make_input(op: Op) -> Value:
    """A tensor that a functional model begins with."""
    if isinstance(op["tensor"], Tensor):
        return op["tensor"]
    batch, shape = op["batch_size"], op["shape"]
    if isinstance(given := op["batch_shape"], (list, tuple)):
        batch, shape = given[0] if given else None, tuple(given[1:])
    if isinstance(shape, Unknown):
        raise NotModelled(shape.reason)
    if shape is None:
        op.refuse("ValueError", "You must pass a `shape` argument.", "shape")
    dtype = op["dtype"] if isinstance(op["dtype"], str) else "float32"
    return start(op.caller, batch, cast(tuple[Value, ...], shape), dtype, op["name"])


def start(caller: Caller, batch: Value, shape: Value, dtype: str, name: Value) -> Tensor:
    """A new input layer's tensor."""
    extents = tuple(shape) if isinstance(shape, (list, tuple)) else (shape,)
    cls = lookup("keras.layers.InputLayer")
    assert isinstance(cls, Class)
    owner = Instance(cls, caller.site)
    prepare(caller, owner, {"name": name, "dtype": dtype})
    owner.attrs["built"] = True
    number = caller.state.get("keras.inputs", 0)
    assert isinstance(number, int)
    caller.state["keras.inputs"] = number + 1
    x = Tensor(free_shape(batch, extents, str(number + 1) if number else ""), dtype, kind=KIND)
    node = Node(owner, (), {})
    owner.attrs[NODES] = [node]
    record(node, x)
    return x


def free_shape(batch: Value, extents: tuple[Value, ...], suffix: str) -> tuple[Dim, ...]:
    """The shape of an input: None is a free extent, the batch N, others by the axes they are."""
    names = _AXES.get(len(extents) - 1, tuple(f"D{i}" for i in range(len(extents) - 1)))
    result: list[Dim] = [symbol("N") if batch is None else _extent(batch)]
    for index, extent in enumerate(extents):
        free = names[index] if index < len(names) else "C"
        result.append(symbol(free + suffix) if extent is None else _extent(extent))
    return tuple(result)


def _extent(value: Value) -> Dim:
    if isinstance(value, (int, Expr)):
        return value
    if isinstance(value, Unknown):
        return value.dim
    raise NotModelled("an extent of an input is no integer")


# -- functional models ---------------------------------------------------------------------------------------


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
        if model.cls is not _MODEL and args and "name" not in kwargs and len(args) == 1:
            given["name"] = args[0]
        prepare(caller, model, given)
        caller.record_layer(model)
        return
    if model.cls is _MODEL:
        model.cls = _FUNCTIONAL
    inputs, outputs = given["inputs"], given["outputs"]
    prepare(caller, model, given)
    for value in (inputs, outputs):
        if _open(value) or any(t.shape is None for t in tensors_in(value)):
            caller.taint(model, caller.unknown("an end of the model's graph is not known"))
            return
    for tensor in tensors_in(outputs):
        if tensor.attrs is None:
            caller.taint(model, caller.unknown("an output of the model is not connected to its inputs"))
            return
    graph = Graph(inputs, outputs)
    connect(model, graph)
    caller.record_layer(model)
    check_names(caller, model, graph.layers())


def _open(ends: Value) -> bool:
    """Whether something among the ends of a graph is not known."""
    if isinstance(ends, dict):
        return any(map(_open, ends.values()))
    return any(map(_open, ends)) if isinstance(ends, (list, tuple)) else isinstance(ends, Unknown)


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
        if STACK in model.attrs:
            begin(op.caller, model, shape)
        else:
            op.call(model, x)


# -- Sequential ----------------------------------------------------------------------------------------------


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
    caller.record_layer(model)


def stack_of(model: Instance) -> list[Value]:
    """The layers of a Sequential. Raises `NotModelled`."""
    found = model.attrs.get(STACK)
    if model.tainted is not None or not isinstance(found, list):
        reason = "the layers of a Sequential" if model.tainted is None else model.tainted.reason
        raise NotModelled(reason)
    return found


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


# -- what every model answers --------------------------------------------------------------------------------


def layers_of(caller: Caller, model: Instance) -> list[Instance]:
    """`model.layers`. Raises `NotModelled`."""
    if model.tainted is not None:
        raise NotModelled(model.tainted.reason)
    if STACK in model.attrs:
        return [each for each in stack_of(model) if isinstance(each, Instance)]
    graph = graph_of(model)
    return list(parts(caller, model)) if graph is None else graph.layers()


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
    _MODEL.namespace[_name] = Property(_answers(_name))


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


__all__ = ["INPUT_SHAPES", "graph_of", "layers_of", "snake_case", "unique"]
