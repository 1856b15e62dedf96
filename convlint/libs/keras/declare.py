"""Declaring layers and functions: a signature, what the constructor checks, what it builds, what it computes.

Law: a layer's body takes the call's arguments as an `Op`; its constructor's are read from the layer's
attributes, so that what a program changes after construction counts.
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import Dim, Expr
from convlint.libs import registry
from convlint.libs.keras.arguments import check_format
from convlint.libs.keras.graph import Node, node_of, record, tensors_in
from convlint.libs.keras.keras1 import OLD_NAMES, OLD_WORDS, modern
from convlint.libs.keras.layer import COMMON, INPUT_SHAPES, KIND, LAYER, layer_of, prepare, weights_of
from convlint.libs.keras.naming import named_operation
from convlint.libs.keras.setting import DATA_FORMAT, check_activation
from convlint.libs.op import Op
from convlint.libs.registry import klass
from convlint.libs.signature import BindError, Signature
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Caller, Class, Instance, Native, NotModelled, Tensor, Unknown, Value

Body = Callable[[Op], Value]
Check = Callable[[Op], None]
Build = Callable[[Op, Shape], None]
"""Makes the weights of a layer from the shape of its (first) input."""

KERAS_2 = frozenset(
    (
        *("batch_input_shape", "batch_size", "input_length", "input_dtype", "weights", "dynamic"),
        *("experimental_autocast", "fused", "virtual_batch_size", "adjustment"),
    )
)
"""Arguments of Keras 2 that Keras 3 refuses, and that change no shape beyond what is read of them."""
_OF_THE_BASE = ("kernel_initializer", "kernel_regularizer", "kernel_constraint")
"""What Keras 2's depthwise and separable convolutions handed on to their base."""
_STILL_TAKEN = (("InputLayer", "batch_input_shape"), ("Embedding", "input_length"))


def layer(
    *names: str,
    signature: str,
    check: Check | None = None,
    build: Build | None = None,
    call: str = "inputs",
    base: str = LAYER,
) -> Callable[[Body], Body]:
    """Declare a layer class `keras.layers.NAME`, and other names of the same class."""

    def declare(body: Body) -> Body:
        qualified = f"keras.layers.{names[0]}"
        cls = klass(qualified, base)
        for other in names[1:]:
            registry.alias(f"keras.layers.{other}", qualified)
        text = f"{signature}, **kwargs" if signature else "**kwargs"
        init = Signature(text)
        registry.declare_signature(qualified, init)
        cls.namespace["__init__"] = Native(f"{qualified}.__init__", _constructor(cls, init, check), owner=cls)
        if build is not None:
            cls.namespace["build"] = Native(f"{qualified}.build", _builder(qualified, build), owner=cls)
        takes = Signature(call if "training" in call or "*" in call else f"{call}, training=None, mask=None")

        def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
            try:
                bound, given = takes.bind(args[1:], kwargs)
                return body(Op(caller, qualified, bound, given, layer_of(args)))
            except BindError as error:
                raise caller.error("TypeError", f"{cls.name}.call() {error}") from None
            except NotModelled as why:
                return caller.lost(why.reason)

        cls.namespace["call"] = Native(f"{qualified}.call", run, owner=cls)
        return body

    return declare


def _constructor(cls: Class, init: Signature, check: Check | None) -> registry.Run:
    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        receiver = layer_of(args)
        site = caller.site
        if site is not None and site.parameters is None:
            site.parameters = init.positional
        op = Op(caller, cls.qualname, {}, frozenset(), receiver)
        own, kwargs = _in_todays_words(op, cls, init, args[1:], kwargs)
        try:
            op.args, op.given = init.bind(own, kwargs)
        except BindError as error:
            name = str(error).partition("'")[2].partition("'")[0]
            old = next((key for key in kwargs if key in OLD_NAMES), None)
            _refused(op, "TypeError", f"{cls.name}.__init__() {error}", old or name)
            return None
        common = op.args.pop("kwargs")
        assert isinstance(common, dict)
        receiver.arguments = dict(op.args)
        prepare(caller, receiver, common)
        for key, value in op.args.items():
            if key not in COMMON:
                receiver.attrs[key] = value
        if receiver.attrs.get("data_format", "") is None:
            receiver.attrs["data_format"] = caller.state.get(DATA_FORMAT, "channels_last")
        for key in common:
            if key in KERAS_2 and (cls.name, key) not in _STILL_TAKEN:
                _outdated(op, str(key), common[key])
        known = (*COMMON, *INPUT_SHAPES, *KERAS_2)
        if "Depthwise" in cls.name or "Separable" in cls.name:
            for key in _OF_THE_BASE:
                if key in common:
                    _outdated(op, key, common[key])
            known = (*known, *_OF_THE_BASE)
        unknown = next((key for key in common if key not in known), None)
        if unknown is not None:
            shown = f"{{'{unknown}': {_shown(common[unknown])}}}"
            words = f"Unrecognized keyword arguments passed to {cls.name}: {shown}"
            _refused(op, "ValueError", words, str(unknown))
            return None
        try:
            for name in ("activation", "recurrent_activation"):
                if name in op.args:
                    check_activation(op, name)
            if "data_format" in op.args:
                check_format(op)
            if check is not None:
                check(op)
        except NotModelled as why:
            caller.taint(receiver, caller.unknown(why.reason))
        caller.record_layer(receiver)
        return None

    return run


def _in_todays_words(
    op: Op, cls: Class, init: Signature, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> tuple[tuple[Value, ...], dict[str, Value]]:
    """The arguments; those of Keras 1 are refused, and what they meant goes on."""
    found = modern(cls.name, args, kwargs)
    if found is None:
        return args, kwargs
    try:
        bound, _ = init.bind(*found)
    except BindError:
        return args, kwargs
    common = bound.get("kwargs")
    if isinstance(common, dict) and any(key not in (*COMMON, *INPUT_SHAPES, *KERAS_2) for key in common):
        return args, kwargs
    old = next(key for key in kwargs if key in OLD_NAMES)
    _outdated(op, old, kwargs[old], OLD_NAMES[old])
    assert op.self is not None
    op.self.attrs[OLD_WORDS] = True
    site = op.caller.site
    if site is not None and len(args) > len(found[0]):
        site.parameters = (*init.positional[:1], *("kernel_size",) * (len(args) - 1))
    return found


def _shown(value: Value) -> str:
    if isinstance(value, (tuple, list)):
        return repr(value) if all(_shown(each) != "..." for each in value) else "..."
    return repr(value) if value is None or isinstance(value, (str, int, float, bool)) else "..."


def _outdated(op: Op, key: str, value: Value, version: str = "Keras 2") -> None:
    """Keras 3 refuses an argument of an older one; what it computes with it is known."""
    words = (
        f"Unrecognized keyword arguments passed to {op.name.rpartition('.')[2]}: {{'{key}': {_shown(value)}}}"
    )
    fault = Fault(Kind.ARGUMENT, arguments=(key,), detail=words, version=version)
    op.caller.fault(fault, lambda _: f"ValueError: {words}", op.self)


def _refused(op: Op, error: str, message: str, argument: str) -> None:
    """The constructor refuses an argument: the layer is not certain from then on."""
    assert op.self is not None
    try:
        op.refuse(error, message, argument, version=OLD_NAMES.get(argument, ""))
    except NotModelled as why:
        op.caller.taint(op.self, op.caller.unknown(why.reason))


def _builder(name: str, build: Build) -> registry.Run:
    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        receiver = layer_of(args)
        shape = args[1] if len(args) > 1 else kwargs.get("input_shape")
        while isinstance(shape, (list, tuple)) and shape and isinstance(shape[0], (list, tuple)):
            shape = shape[0]
        if receiver.attrs.get("built") is True:
            return None
        receiver.attrs["built"] = True
        try:
            if not isinstance(shape, (list, tuple)):
                raise NotModelled(f"{name} is built for a shape that is not known")
            build(Op(caller, name, {}, frozenset(), receiver), tuple(map(_extent, shape)))
            _name_weights(receiver)
        except NotModelled as why:
            caller.taint(receiver, caller.unknown(why.reason))
        return None

    return run


def _name_weights(layer: Instance) -> None:
    """`layer.kernel` and `layer.bias` of dense layers and convolutions."""
    weights = weights_of(layer)
    family = layer.cls.derives("keras.layers.Dense") or "kernel_size" in layer.attrs
    if family and len(weights) in (1, 2):
        layer.attrs["kernel"] = weights[0]
        layer.attrs["bias"] = weights[1] if len(weights) == 2 else None


def _extent(value: Value) -> Dim:
    if isinstance(value, (int, Expr)):
        return value
    if isinstance(value, Unknown):
        return value.dim
    from convlint.dims import symbol

    return symbol("N")


def function(*names: str, signature: str) -> Callable[[Body], Body]:
    """Declare a function on tensors; on tensors of a functional model its call is a node of the graph."""

    def declare(body: Body) -> Body:
        for name in names:
            registry.declare_entry(name, graph_function(name, signature, body))
        return body

    return declare


def graph_function(name: str, signature: str, body: Body) -> Native:
    """A native function whose calls on tensors of a graph are recorded."""
    plain = registry.native(name, signature, body)
    parameters = Signature(signature)
    loose = not name.startswith("keras.") or name.startswith("keras.backend.")

    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        if loose:  # other versions call a parameter by other names
            try:
                parameters.bind(args, kwargs)
            except BindError:
                return caller.lost(f"these arguments of {name} are not modelled")
        result = plain.run(caller, args, kwargs)
        if any(node_of(tensor) is not None for tensor in tensors_in((args, kwargs))):
            fresh = [t for t in tensors_in(result) if node_of(t) is None]
            if fresh:
                given = named_operation(caller, name)
                record(Node(run, args, kwargs, site=caller.site, name=given), result)
        return result

    return Native(name, run)


def tensor(op: Op, name: str = "inputs") -> Tensor:
    """A tensor argument of known rank; a list of one counts."""
    value = op[name]
    if isinstance(value, (list, tuple)) and len(value) == 1 and isinstance(value[0], Tensor):
        value = value[0]
    if isinstance(value, Tensor) and value.shape is not None:
        return value
    return op.tensor(name)


def made(op: Op, x: Tensor, shape: Shape) -> Tensor:
    """A result of the operation."""
    return op.result(x, shape, kind=KIND)
