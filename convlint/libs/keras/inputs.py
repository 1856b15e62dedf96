"""Where a functional model begins: `Input` and `InputLayer` (keras.io/api/layers/core_layers/input).

Law: every input is a layer of its own, whose one node gives the tensor.
"""

from __future__ import annotations

from typing import cast

from convlint.libs.keras.declare import layer
from convlint.libs.keras.extents import free_shape
from convlint.libs.keras.graph import NODES, Node, record
from convlint.libs.keras.layer import (
    KIND,
    prepare,
)
from convlint.libs.op import Op
from convlint.libs.registry import function, lookup
from convlint.values import Caller, Class, Instance, NotModelled, Tensor, Unknown, Value


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
