"""Lazy layers: they have no channels, no parameters and not their final class until the first call.

Law: at the first call the layer reads the extent from its input, its parameters take their shapes in place,
and its class becomes the ordinary one (torch.nn.modules.lazy.LazyModuleMixin).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from convlint.libs.op import Op
from convlint.libs.registry import alias, klass, lookup, method
from convlint.libs.torch.layer import MODULE
from convlint.libs.torch.module import store
from convlint.shapes.fault import Shape
from convlint.values import Class, Instance, NotModelled, Tensor, Value

alias("torch.nn.modules.lazy", "torch.nn")
MIXIN = klass("torch.nn.modules.lazy.LazyModuleMixin", "builtins.object").qualname
klass("torch.nn.parameter.UninitializedParameter", "builtins.object")
klass("torch.nn.parameter.UninitializedBuffer", "builtins.object")


def lazy(
    name: str,
    becomes: str,
    signature: str,
    prepare: Callable[[Op], None],
    first_call: Callable[[Op], None],
    call: str = "input",
) -> None:
    """Declare a lazy layer: `prepare` constructs, `first_call` gives the parameters their shapes."""
    target = cast(Class, lookup(becomes))
    klass(name, MIXIN, becomes)

    @method(name, "__init__", f"self, {signature}")
    def construct(op: Op) -> None:
        layer = _receiver(op)
        op.call(cast(Class, lookup(MODULE)).find("__init__"), layer)
        layer.arguments = {key: value for key, value in op.args.items() if key != "self"}
        for key, value in layer.arguments.items():
            if key not in ("device", "dtype", "bias"):
                layer.attrs[key] = value
        try:
            prepare(op)
        except NotModelled as why:
            op.caller.taint(layer, op.caller.unknown(why.reason))
        op.caller.record_layer(layer)

    @method(name, "forward", f"self, {call}")
    def forward(op: Op) -> Value:
        layer = _receiver(op)
        first_call(op)
        if layer.cls.qualname == name:
            layer.cls = target
        return op.call(target.find("forward"), *op.args.values())

    method(name, "has_uninitialized_params", "self")(lambda op: bool(pending(_receiver(op))))


def uninitialized(op: Op, kind: str, name: str, dtype: str = "float32") -> None:
    """Register a parameter or buffer that has no shape yet."""
    trainable = True if kind == "_parameters" else None
    store(_receiver(op), kind)[name] = Tensor(None, dtype, trainable=trainable)


def pending(layer: Instance) -> list[Tensor]:
    """Parameters and buffers that still wait for their shapes."""
    tensors = [*store(layer, "_parameters").values(), *store(layer, "_buffers").values()]
    return [t for t in tensors if isinstance(t, Tensor) and t.shape is None]


def materialize(layer: Instance, name: str, shape: Shape) -> None:
    """Give a waiting parameter or buffer its shape; the tensor stays the same object."""
    for kind in ("_parameters", "_buffers"):
        tensor = store(layer, kind).get(name)
        if isinstance(tensor, Tensor) and tensor.shape is None:
            tensor.shape = shape


def _receiver(op: Op) -> Instance:
    assert op.self is not None
    return op.self
