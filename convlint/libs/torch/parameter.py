"""`torch.nn.Parameter` and `Buffer`: a new tensor object that looks at the given one's memory.

Law: each call makes one object; modules count objects, so a parameter of a parameter counts again.
"""

from __future__ import annotations

from typing import cast

from convlint.libs.op import Op
from convlint.libs.registry import alias, klass, method
from convlint.libs.torch.content import share
from convlint.values import Tensor, Unknown, Value

PARAMETER, BUFFER = "torch.nn.Parameter", "torch.nn.Buffer"


def _wrapped(op: Op, trainable: bool | None) -> Value:
    data = op["data"]
    if data is None:
        return Tensor((0,), trainable=trainable)
    if isinstance(data, Unknown):
        return op.unknown(f"the tensor of a parameter is not known: {data.reason}")
    if not isinstance(data, Tensor):
        words = f"type() of a parameter's data must be Tensor, not {type(data).__name__}"
        raise op.caller.error("TypeError", words)
    made = data.like(data.shape, strides=data.strides, data=data.data)
    made.trainable = trainable
    made.origin = data.origin
    return share(made, data) if data.shape is not None else made


klass(PARAMETER)
klass(BUFFER)


@method(PARAMETER, "__new__", "cls, data=None, requires_grad=True")
def parameter(op: Op) -> Value:
    """A tensor that a module registers and an optimizer trains."""
    return _wrapped(op, op.flag("requires_grad"))


@method(BUFFER, "__new__", "cls, data=None, *, persistent=True")
def buffer(op: Op) -> Value:
    """A tensor that belongs to a module's state and is not trained."""
    return _wrapped(op, None)


@method(PARAMETER, "__instancecheck__", "cls, instance")
def is_parameter(op: Op) -> Value:
    """A tensor is a parameter where it was made one."""
    found = op["instance"]
    if isinstance(found, Unknown):
        return found.derive(("isinstance", PARAMETER))
    return isinstance(found, Tensor) and found.trainable is not None


@method(BUFFER, "__instancecheck__", "cls, instance")
def is_buffer(op: Op) -> Value:
    """Buffers are not told from other tensors."""
    found = op["instance"]
    if isinstance(found, Tensor) and found.trainable is None:
        return op.unknown("whether a tensor was made a buffer is not followed")
    return cast(Value, found.derive("isbuffer") if isinstance(found, Unknown) else False)


alias("torch.nn.parameter", "torch.nn")
