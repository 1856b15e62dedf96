"""`keras.layers.Layer`: names, weights, building at the first call, calls (keras.io/api/layers/base_layer).

Law: a layer makes its weights when it is first called, from the shapes it is then given; a call in a
functional model is a node of its graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from msgspec.structs import replace

from convlint.dims import Dim
from convlint.libs.keras.extents import shape_of
from convlint.libs.keras.graph import NODES, Node, node_of, record, tensors_in
from convlint.libs.keras.naming import DEPTH, snake_case, unique
from convlint.libs.keras.specifying import refusal
from convlint.libs.op import Op
from convlint.libs.registry import klass, method, own_binding
from convlint.shapes.fault import Fault, Kind
from convlint.values import (
    BoundMethod,
    Caller,
    Function,
    Instance,
    Native,
    NotModelled,
    Origin,
    Tensor,
    Unknown,
    Value,
)

LAYER = "keras.layers.Layer"
KIND = "keras.KerasTensor"
WEIGHTS, DECLARED, NAMED = "_weights", "_declared_trainable", "_named"
UNCOUNTED = "_uncounted"
"""Of a variable that is a weight in one major version of Keras only: what it is called."""
COMMON = ("name", "trainable", "dtype", "activity_regularizer", "autocast", "weights", "dynamic")
"""Keywords that every layer takes."""
INPUT_SHAPES = ("input_shape", "batch_input_shape", "input_dim", "input_length", "batch_size")
"""Keywords of older code that give a first layer its input."""

_LAYER = klass(LAYER, "builtins.object")


def is_layer(value: Value) -> bool:
    """Whether the value is a Keras layer or model."""
    return isinstance(value, Instance) and value.cls.derives(LAYER)


def receiver(op: Op) -> Instance:
    """The layer that a method was called on. Raises `NotModelled` where it is not known."""
    if op.self is None:
        raise NotModelled(f"{op.name} of a layer that is not known")
    return op.self


# -- construction --------------------------------------------------------------------------------------------


@own_binding(LAYER, "__init__")
def init(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
    layer = layer_of(args)
    for name in kwargs:
        if name not in (*COMMON, *INPUT_SHAPES):
            raise caller.error(
                "ValueError",
                f"Unrecognized keyword arguments passed to {layer.cls.name}: {{'{name}': ...}}",
            )
    prepare(caller, layer, kwargs)


def prepare(caller: Caller, layer: Instance, kwargs: dict[str, Value]) -> None:
    """The state of every layer; `kwargs` are the common keywords of its constructor."""
    name = kwargs.get("name")
    given = name if name is not None else unique(caller, snake_case(layer.cls.name))
    attrs = layer.attrs
    attrs["name"] = given
    attrs[NAMED] = name is not None
    trainable = kwargs.get("trainable", True)
    attrs["_trainable"] = True if trainable is None else trainable
    attrs["dtype"] = kwargs.get("dtype") or "float32"
    attrs["built"] = False
    attrs["supports_masking"] = False
    attrs[WEIGHTS] = []
    attrs[NODES] = []
    attrs["_expected"] = first_shape(kwargs)


def first_shape(kwargs: dict[str, Value]) -> Value:
    """The input that older keywords give, with its batch; None where they give none."""
    given = [kwargs.get(name) for name in INPUT_SHAPES]
    if any(isinstance(value, Unknown) for value in given):
        return None
    if isinstance(shape := kwargs.get("batch_input_shape"), (list, tuple)):
        return tuple(shape)
    batch = kwargs.get("batch_size")
    if isinstance(shape := kwargs.get("input_shape"), (list, tuple)):
        return (batch, *shape)
    if kwargs.get("input_shape") is not None:
        return (batch, kwargs["input_shape"])
    if (size := kwargs.get("input_dim")) is not None:
        length = kwargs.get("input_length", ...)
        return (batch, size) if length is ... else (batch, length, size)
    return None


def layer_of(args: tuple[Value, ...]) -> Instance:
    """The receiver of a method. Raises `NotModelled` where it is not known."""
    if not args or not isinstance(args[0], Instance):
        raise NotModelled("a method of a layer that is not known")
    return args[0]


# -- weights -------------------------------------------------------------------------------------------------


def add_weight(
    layer: Instance, shape: tuple[Dim, ...], *, trainable: bool = True, dtype: str = "float32"
) -> Tensor:
    """A variable of the layer."""
    made = Tensor(shape, dtype, kind=KIND, trainable=trainable and layer.attrs.get("_trainable") is not False)
    made.attrs = {DECLARED: trainable}
    weights_of(layer).append(made)
    return made


def weights_of(layer: Instance) -> list[Value]:
    """The layer's own variables. Raises `NotModelled` before its base constructor ran."""
    found = layer.attrs.get(WEIGHTS)
    if layer.tainted is not None:
        raise NotModelled(layer.tainted.reason)
    if not isinstance(found, list):
        raise NotModelled(f"the constructor of {layer.cls.name} did not call that of its base")
    return found


@method(
    LAYER,
    "add_weight",
    "self, shape=None, initializer=None, dtype=None, trainable=True, autocast=True, regularizer=None, "
    "constraint=None, aggregation='none', overwrite_with_gradient=False, name=None, **kwargs",
)
def _add_weight(op: Op) -> Value:
    layer, shape = receiver(op), op["shape"]
    extents = () if shape is None else shape if isinstance(shape, (list, tuple)) else (shape,)
    return add_weight(
        layer,
        tuple(op.as_dim(each, "shape") for each in extents),
        trainable=op.flag("trainable"),
        dtype=op["dtype"] if isinstance(op["dtype"], str) else "float32",
    )


_BY_KEYWORDS = _LAYER.namespace["add_weight"]
_KERAS_2 = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")


@own_binding(LAYER, "add_weight")
def _add_weight_of_any(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """`add_weight` as Keras 3 has it, or with the name first, as Keras 2 does."""
    if len(args) > 1 and (isinstance(args[1], str) or "shape" in kwargs):
        args, kwargs = args[:1], {**dict(zip(_KERAS_2, args[1:], strict=False)), **kwargs}
    return caller.call(_BY_KEYWORDS, args, kwargs)


def parts(caller: Caller, layer: Instance) -> Iterator[Instance]:
    """The layers that a layer holds, in the order of its attributes. Raises `NotModelled`."""
    yielded: set[int] = set()
    for name, value in list(layer.attrs.items()):
        settings = layer.arguments or {}
        if name in (NODES, "_expected") or (name in settings and not _holds_layers(value)):
            continue
        for found in _layers_in(caller, value, name):
            if id(found) not in yielded and found is not layer:
                yielded.add(id(found))
                yield found


def _holds_layers(value: Value) -> bool:
    return is_layer(value) or (isinstance(value, (list, tuple)) and any(map(is_layer, value)))


def _layers_in(caller: Caller, value: Value, name: str) -> Iterator[Instance]:
    if isinstance(value, Unknown):
        raise NotModelled(f"`{name}` may hold layers: {value.reason}")
    if isinstance(value, Tensor) and value.attrs is not None and UNCOUNTED in value.attrs:
        raise NotModelled(f"`{name}` is a {value.attrs[UNCOUNTED]}, which is a weight in Keras 2 only")
    if is_layer(value):
        assert isinstance(value, Instance)
        yield value
    elif isinstance(value, (list, tuple, dict)):
        if (why := caller.taint_of(value)) is not None:
            raise NotModelled(why.reason)
        for each in value.values() if isinstance(value, dict) else value:
            if isinstance(each, (Instance, Tensor, list, tuple, dict)):
                yield from _layers_in(caller, each, name)


def every_layer(caller: Caller, layer: Instance) -> Iterator[Instance]:
    """The layer and all below it, each once, in order. Raises `NotModelled`."""
    seen: set[int] = set()
    waiting = [layer]
    while waiting:
        each = waiting.pop()
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += reversed(list(parts(caller, each)))


def variables(caller: Caller, layer: Instance) -> list[tuple[Instance, Tensor]]:
    """Every variable of a layer and what it holds, each once, with its owner. Raises `NotModelled`."""
    found: dict[int, tuple[Instance, Tensor]] = {}
    for each in every_layer(caller, layer):
        for variable in weights_of(each):
            if isinstance(variable, Unknown):
                raise NotModelled(variable.reason)
            if isinstance(variable, Tensor):
                found.setdefault(id(variable), (each, variable))
    return list(found.values())


# -- building and calling ------------------------------------------------------------------------------------


@method(LAYER, "build", "self, input_shape=None, **kwargs")
def _build(op: Op) -> None:
    receiver(op).attrs["built"] = True


@method(LAYER, "call", "self, *args, **kwargs")
def _call(op: Op) -> Value:
    message = f"Layer {receiver(op).cls.name} does not have a `call()` method implemented."
    op.refuse("NotImplementedError", message, kind=Kind.RESULT)


@own_binding(LAYER, "__call__")
def call_layer(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Builds the layer if it was not yet, calls it, and records the call."""
    layer, args = layer_of(args), args[1:]
    _initialized(caller, layer)
    weights_of(layer)
    if not args and kwargs:
        first = next(iter(kwargs))
        args, kwargs = (kwargs[first],), {k: v for k, v in kwargs.items() if k != first}
    refused = refusal(layer, args)
    if refused is None:
        build(caller, layer, args, kwargs)
        weights_of(layer)
        refused = refusal(layer, args)
    if refused is not None:
        token = caller.enter_layer(layer, args, kwargs)
        caller.fault(refused.fault, refused.said, layer)
        unknown = caller.unknown(refused.words)
        caller.leave_layer(token, unknown)
        return unknown
    token = caller.enter_layer(layer, args, kwargs)
    output: Value = None
    depth = cast(int, caller.state.get(DEPTH, 0))
    caller.state[DEPTH] = depth + 1
    try:
        body = caller.getattr(layer, "call")
        result = caller.call(body, args, _with_mode(caller, body, args, kwargs))
        output = _own(result, (args, kwargs), Origin(layer.cls.name, caller.site, layer))
        if isinstance(output, Unknown):
            return output
        node = Node(layer, args, kwargs, site=caller.site)
        nodes = layer.attrs.setdefault(NODES, [])
        if isinstance(nodes, list):
            nodes.append(node)
        record(node, output)
        return output
    finally:
        caller.state[DEPTH] = depth
        caller.leave_layer(token, output)


def _initialized(caller: Caller, layer: Instance) -> None:
    """Keras refuses to call a layer whose class did not call the constructor of its base."""
    if WEIGHTS in layer.attrs or layer.tainted is not None or layer.cls.unknown_base is not None:
        return
    words = (
        f"In layer '{layer.cls.name}', you forgot to call `super().__init__()` as the first statement in the "
        "`__init__()` method. Go add it!"
    )
    caller.fault(Fault(Kind.UNINITIALIZED), lambda _: f"RuntimeError: {words}", layer)


def _own(output: Value, given: Value, origin: Origin) -> Value:
    """The output as tensors of its own: a layer that gives back its input makes another tensor of it."""
    inputs = {id(tensor) for tensor in tensors_in(given)}
    if isinstance(output, Tensor):
        fresh = id(output) not in inputs and node_of(output) is None
        if fresh:
            return output
        made = output.like(output.shape)
        made.origin = replace(origin, before=output, operands=(output,))
        return made
    if isinstance(output, (list, tuple)):
        each_own = [_own(each, given, origin) for each in output]
        return each_own if isinstance(output, list) else tuple(each_own)
    return {k: _own(v, given, origin) for k, v in output.items()} if isinstance(output, dict) else output


def _with_mode(
    caller: Caller, body: Value, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> dict[str, Value]:
    """The call's keywords; `training` is passed on to a call of the program that takes it."""
    names = caller.parameter_names(body)
    if names is None or "training" not in names or names.index("training") < len(args):
        return kwargs
    return kwargs if kwargs.get("training") is not None else {**kwargs, "training": caller.training}


def build(caller: Caller, layer: Instance, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
    """Make the layer's weights, if they were not yet made."""
    if layer.attrs.get("built") is True:
        return
    body = caller.getattr(layer, "build")
    inner = body.function if isinstance(body, BoundMethod) else body
    if isinstance(inner, Function):
        names = caller.parameter_names(body) or ()
        if len(names) > 1:
            called = caller.parameter_names(caller.getattr(layer, "call")) or ()
            given = {**dict(zip(called, args, strict=False)), **kwargs}
            shapes = {n: shape_of(given.get(n.removesuffix("_shape")), symbols=False) for n in names}
            caller.call(body, (), shapes)
        else:
            caller.call(body, (shape_of(args[0] if args else None, symbols=False),) if names else ())
    elif isinstance(inner, Native):
        caller.call(body, (shape_of(args[0] if args else None, symbols=True),))
    layer.attrs["built"] = True
