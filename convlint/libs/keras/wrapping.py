"""Layers around another layer: Bidirectional, TimeDistributed, SpectralNormalization, Pipeline
(keras.io/api/layers/recurrent_layers/bidirectional and its neighbours).

Law: a wrapper's weights are those of the layer it holds; `Bidirectional` makes two new ones of its settings.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.keras.declare import layer, made, tensor
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.layer import add_weight, is_layer, weights_of
from convlint.libs.keras.recurrent import CALL
from convlint.libs.keras.setting import held
from convlint.libs.op import Op
from convlint.shapes.fault import Kind, Shape
from convlint.values import Instance, NotModelled, Tensor, Unknown, Value

MERGES = ("sum", "mul", "ave", "concat", None)


def _inner(op: Op, name: str = "layer") -> Instance:
    """The layer that is held. Raises `NotModelled`."""
    value = held(op, name)
    if isinstance(value, Instance) and is_layer(value):
        if value.tainted is not None:
            raise NotModelled(value.tainted.reason)
        return value
    raise NotModelled("the layer that is wrapped is not known")


def _check_inner(op: Op) -> None:
    value = held(op, "layer")
    if isinstance(value, Unknown) or is_layer(value):
        return
    assert op.self is not None
    name = op.self.cls.name
    words = f"Please initialize `{name}` layer with a `keras.layers.Layer` instance. Received: {value}"
    op.refuse("ValueError", words, "layer")


# -- both directions -----------------------------------------------------------------------------------------


def _check_directions(op: Op) -> None:
    _check_inner(op)
    mode = held(op, "merge_mode")
    if not isinstance(mode, Unknown) and mode not in MERGES:
        words = (
            f"Invalid merge mode. Received: {mode}. Merge mode should be one of "
            '{"sum", "mul", "ave", "concat", None}'
        )
        op.refuse("ValueError", words, "merge_mode")
    assert op.self is not None
    inner = _inner(op)
    backward = held(op, "backward_layer")
    for name in ("stateful", "return_sequences", "return_state", "go_backwards"):
        if name not in inner.attrs:
            words = f"'{inner.cls.name}' object has no attribute '{name}'"
            op.refuse("AttributeError", words, "layer")
    op.self.attrs["forward_layer"] = _again(op, inner, "forward")
    if backward is None:
        op.self.attrs["backward_layer"] = _again(op, inner, "backward", go_backwards=True)
    else:
        _check_pair(op, inner, _inner(op, "backward_layer"))
    del op.self.attrs["layer"]
    for name in ("return_sequences", "return_state", "stateful"):
        op.self.attrs[name] = inner.attrs[name]


def _check_pair(op: Op, forward: Instance, backward: Instance) -> None:
    ways = forward.attrs.get("go_backwards"), backward.attrs.get("go_backwards")
    if ways[0] is ways[1]:
        words = (
            "Forward layer and backward layer should have different `go_backwards` value. Received: "
            f"forward_layer.go_backwards {ways[0]}, backward_layer.go_backwards={ways[1]}"
        )
        op.refuse("ValueError", words, "backward_layer")
    for name in ("stateful", "return_sequences", "return_state"):
        a, b = forward.attrs.get(name), backward.attrs.get(name)
        if a is not b:
            words = (
                "Forward layer and backward layer are expected to have the same value for attribute "
                f'"{name}", got "{a}" for forward layer and "{b}" for backward layer'
            )
            op.refuse("ValueError", words, "backward_layer")


def _again(op: Op, inner: Instance, way: str, **changes: Value) -> Value:
    """Another layer of the same settings, as Keras makes one of the configuration."""
    settings = inner.arguments
    if settings is None or not inner.cls.qualname.startswith("keras."):
        raise NotModelled("a layer of the program that is run in both directions is not modelled")
    kwargs = dict(settings)
    if isinstance(cell := kwargs.get("cell"), Instance):
        if cell.arguments is None or "cells" in cell.arguments:
            raise NotModelled("a cell of the program that is run in both directions is not modelled")
        kwargs["cell"] = op.call(cell.cls, **cell.arguments)
    if way == "backward":
        kwargs |= changes
    elif inner.attrs.get("go_backwards") is True:
        op.refuse(
            "ValueError",
            "Forward layer and backward layer should have different `go_backwards` value. Received: "
            "forward_layer.go_backwards True, backward_layer.go_backwards=True",
            "layer",
        ) if held(op, "backward_layer") is None else None
    kwargs["name"] = f"{way}_{inner.attrs.get('name')}"
    return op.call(inner.cls, **kwargs)


def _build_directions(op: Op, shape: Shape) -> None:
    for name in ("forward_layer", "backward_layer"):
        inner = _inner(op, name)
        op.call(op.caller.getattr(inner, "build"), shape)
        inner.attrs["built"] = True


@layer(
    "Bidirectional",
    signature="layer, merge_mode='concat', weights=None, backward_layer=None",
    check=_check_directions,
    build=_build_directions,
    call=CALL.replace("training=False", "training=None"),
)
def bidirectional(op: Op) -> Value:
    """The sequence forwards and backwards, and both answers merged; the states of both after it."""
    x = tensor(op, "sequences")
    both = []
    for name in ("forward_layer", "backward_layer"):
        answer = op.call(_inner(op, name), x)
        if isinstance(answer, Unknown):
            raise NotModelled(answer.reason)
        both.append(list(answer) if isinstance(answer, (list, tuple)) else [answer])
    if len(both[0]) != len(both[1]):
        raise NotModelled("the two directions have different numbers of states")
    outputs = [answer[0] for answer in both]
    states = [state for answer in both for state in answer[1:]]
    shapes = [t.shape for t in outputs if isinstance(t, Tensor) and t.shape is not None]
    if len(shapes) != 2:
        raise NotModelled("the answers of the two directions are not known")
    left, right = shapes
    mode = held(op, "merge_mode")
    merged: list[Value] = [made(op, x, left)]
    if mode == "concat":
        if left[-1] != right[-1]:  # the symbolic call takes both for the forward layer's
            raise NotModelled("the two directions give different numbers of features")
        merged = [made(op, x, (*left[:-1], left[-1] + right[-1]))]
    elif mode is None:
        merged = [made(op, x, left), made(op, x, right)]
    elif left[-1] != right[-1]:
        raise NotModelled("the two directions give different numbers of features")
    every: list[Value] = [*merged, *states]
    return merged[0] if len(every) == 1 else tuple(every)


# -- every step ----------------------------------------------------------------------------------------------


def _one_step(op: Op, shape: Shape) -> Shape:
    if len(shape) < 3:
        words = (
            "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, received: "
            f"{shown_shape(shape)}"
        )
        op.refuse("ValueError", words, kind=Kind.RANK)
    return (shape[0], *shape[2:])


def _build_steps(op: Op, shape: Shape) -> None:
    inner = _inner(op)
    if inner.attrs.get("built") is not True:
        op.call(op.caller.getattr(inner, "build"), _one_step(op, shape))
        inner.attrs["built"] = True


@layer("TimeDistributed", signature="layer", check=_check_inner, build=_build_steps)
def time_distributed(op: Op) -> Value:
    """The layer on every step of axis 1."""
    x = tensor(op)
    xs = x.shape or ()
    step = _one_step(op, xs)
    with_all = op.result(x, (step[0] * xs[1], *step[1:]))  # all steps at once: the same shapes, the same cost
    answer = op.call(_inner(op), with_all)
    if not isinstance(answer, Tensor) or answer.shape is None:
        raise NotModelled("what the layer gives for a step is not known")
    return made(op, x, (xs[0], xs[1], *answer.shape[1:]))


@layer("Wrapper", signature="layer", check=_check_inner, build=_build_steps, call="*args, **kwargs")
def wrapper(op: Op) -> Value:
    """The base of wrappers: it has no call of its own."""
    op.refuse("NotImplementedError", "Layer Wrapper does not have a `call()` method implemented.")


# -- spectral normalisation ----------------------------------------------------------------------------------


def _check_power(op: Op) -> None:
    _check_inner(op)
    count = held(op, "power_iterations")
    if isinstance(count, (int, float)) and count <= 0:
        words = f"`power_iterations` should be greater than zero. Received: `power_iterations={count}`"
        op.refuse("ValueError", words, "power_iterations")


def _build_spectral(op: Op, shape: Shape) -> None:
    inner = _inner(op)
    if inner.attrs.get("built") is not True:
        op.call(op.caller.getattr(inner, "build"), shape)
        inner.attrs["built"] = True
    weights = weights_of(inner)
    kernel = weights[0] if weights else None
    named = any(inner.cls.derives(f"keras.layers.{n}") for n in ("Dense", "Embedding", "EinsumDense"))
    if not named and "Conv" not in inner.cls.name:
        words = f"{inner.cls.name} object has no attribute 'kernel' nor 'embeddings'"
        op.refuse("ValueError", words, "layer")
    if not isinstance(kernel, Tensor) or kernel.shape is None or "Separable" in inner.cls.name:
        raise NotModelled("the kernel that is normalised is not known")
    assert op.self is not None
    last: Dim = kernel.shape[-1]
    add_weight(op.self, (1, last), trainable=False)


@layer(
    "SpectralNormalization",
    signature="layer, power_iterations=1",
    check=_check_power,
    build=_build_spectral,
    call="inputs, training=False",
)
def spectral(op: Op) -> Value:
    """The layer itself, its kernel divided by its largest singular value."""
    return op.call(_inner(op), tensor(op))


# -- one after another ---------------------------------------------------------------------------------------


@layer("Pipeline", signature="layers", call="inputs, training=True, mask=None")
def pipeline(op: Op) -> Value:
    """Each layer takes what the one before it gave."""
    layers = held(op, "layers")
    if not isinstance(layers, (list, tuple)):
        raise NotModelled("the layers of a pipeline are not known")
    x = op["inputs"]
    for each in layers:
        x = op.call(each, x)
    return x


def _opaque(name: str, signature: str, why: str, call: str = "inputs, training=False") -> None:
    @layer(name, signature=signature, call=call)
    def body(op: Op) -> Value:
        return op.unknown(why)


_opaque(
    "TFSMLayer",
    "filepath, call_endpoint='serve', call_training_endpoint=None",
    "what a SavedModel computes is not known",
    "inputs, training=False, **kwargs",
)
_opaque(
    "JaxLayer",
    "call_fn, init_fn=None, params=None, state=None, seed=None, native_serialization_platforms=None",
    "what a function of JAX computes is not followed",
)
_opaque("FlaxLayer", "module, method=None, variables=None", "what a module of Flax computes is not followed")
_opaque(
    "TorchModuleWrapper",
    "module, output_shape=None",
    "what a module of PyTorch gives to Keras is not followed",
    "*args, training=None, **kwargs",
)
