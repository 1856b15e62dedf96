"""Tensors from data: nested sequences of numbers, arrays, other tensors.

Law: all members of a level are equally long; the widest kind of number gives the dtype.
"""

from __future__ import annotations

from collections.abc import Sequence

from convlint.dims import Expr
from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch import dtypes
from convlint.libs.torch.axes import sizes
from convlint.libs.torch.broadcasting import combined, operand
from convlint.libs.torch.content import converted, known_count
from convlint.libs.torch.creation import made
from convlint.libs.torch.dtypes import asked_dtype, default_dtype
from convlint.libs.torch.promotion import category, scalar_dtype
from convlint.shapes.fault import Shape
from convlint.values import MAX_DATA, Instance, NotModelled, Origin, Tensor, Unknown, Value

_TORCH = "torch.Tensor"
"""The kind of tensor that is made here, in distinction from an array."""

# -- from data -----------------------------------------------------------------------------------------------


@function("torch.tensor", signature="data, *, dtype=None, device=None, requires_grad=False, pin_memory=False")
def tensor(op: Op) -> Value:
    """A copy of nested sequences of numbers."""
    return nested_tensor(op, op["data"], asked_dtype(op, None))


@function("torch.as_tensor", signature="data, dtype=None, device=None")
@function("torch.asarray", signature="obj, *, dtype=None, device=None, copy=None, requires_grad=False")
def as_tensor(op: Op) -> Value:
    """A tensor stays what it is where the dtype allows; an array becomes one."""
    data = op["data"] if "data" in op.args else op["obj"]
    dtype = asked_dtype(op, None)
    if isinstance(data, Tensor) and data.kind == _TORCH and (dtype is None or dtype == data.dtype):
        return data
    return nested_tensor(op, data, dtype)


def nested_tensor(op: Op, data: Value, dtype: str | None) -> Tensor:
    """Nested sequences as a tensor.

    All members of a level are equally long, the numbers' kinds give the dtype.
    """
    if isinstance(data, Unknown):
        raise NotModelled(data.reason)
    leaves: list[Value] = []
    kinds: list[str | None] = []
    shape = _nested_shape(op, data, leaves, kinds, 0)
    if dtype is None:
        dtype = _common(op, kinds)
    result = made(op, shape, dtype)
    if known_count(shape) is not None:
        result.data = converted(tuple(leaves), dtype)
    return result


def _nested_shape(op: Op, data: Value, leaves: list[Value], kinds: list[str | None], depth: int) -> Shape:
    if isinstance(data, Instance) and data.payload is not None:
        data = data.payload
    if isinstance(data, Tensor):
        if data.shape is None:
            raise NotModelled("the rank of a tensor is not known")
        kinds.append(data.dtype)
        count = known_count(data.shape)
        leaves.extend(data.data if data.data is not None else (None,) * (count or 0))
        return data.shape
    if not isinstance(data, (list, tuple, range)):
        kinds.append(None if isinstance(data, Unknown) else scalar_dtype(op.caller, data))
        leaves.append(None if isinstance(data, Unknown) else data)
        return ()
    if depth > 32 or len(data) > MAX_DATA * 16:
        raise NotModelled("the data of a tensor is too large to follow")
    if any(isinstance(member, Unknown) for member in data) and not any(_is_number(member) for member in data):
        raise NotModelled("the data of a tensor is not known")
    shapes = [_nested_shape(op, member, leaves, kinds, depth + 1) for member in data]
    for number, shape in enumerate(shapes):
        if shape != shapes[0]:
            _ragged(op, shapes[0], shape, number, depth)
    return (len(data), *(shapes[0] if shapes else ()))


def _is_number(member: Value) -> bool:
    """Whether the member is a lone number: then its neighbours have to be, too."""
    return isinstance(member, (int, float, complex, Expr)) or (
        isinstance(member, Tensor) and member.shape == ()
    )


def _ragged(op: Op, first: Shape, shape: Shape, number: int, depth: int) -> None:
    if len(first) == len(shape) and any(isinstance(e, Expr) for e in (*first, *shape)):
        raise NotModelled("whether the data of a tensor is rectangular depends on the input")
    if len(first) > len(shape):
        raise op.caller.error("TypeError", "only length-1 arrays can be converted to Python scalars")
    expected = first[0] if first else 0
    raise op.caller.error(
        "ValueError",
        f"expected sequence of length {expected} at dim {depth + 1} (got {shape[0] if shape else 0})",
    )


def _common(op: Op, kinds: Sequence[str | None]) -> str | None:
    """The dtype of the widest kind of number; tensors inside keep theirs."""
    if not kinds:
        return default_dtype(op.caller)
    if None in kinds:
        return None
    return max(
        (kind for kind in kinds if kind is not None),
        key=lambda kind: (category(kind), dtypes.element_size(kind)),
    )


@function("torch.from_numpy", signature="ndarray")
def from_numpy(op: Op) -> Value:
    """An array's shape and dtype, where it is followed."""
    array = op.tensor("ndarray")
    return Tensor(array.shape, array.dtype, data=array.data, origin=Origin("from_numpy", op.caller.site))


@function("torch.complex", "torch.polar", signature="real, imag, *, out=None")
def complex_(op: Op) -> Value:
    """Complex numbers from two real tensors."""
    parts = tuple(operand(op, name, number=False) for name in ("real", "imag"))
    dtype = parts[0].dtype
    return combined(op, parts, None if dtype is None else dtypes.complex_of(dtype), None)


# -- in another tensor's dtype
# --------------------------------------------------------------------------------


@method("torch.Tensor", "new", "self, *args, size=None, device=None")
def new_legacy(op: Op) -> Value:
    """The old constructor: sizes, or a sequence of numbers."""
    x, args = op.tensor("self"), op["args"]
    assert isinstance(args, tuple)
    if len(args) == 1 and isinstance(args[0], list):
        return nested_tensor(op, args[0], x.dtype)
    if len(args) == 1 and isinstance(args[0], Tensor):
        return args[0]
    return made(op, sizes(op, "args", "size") if args or op["size"] is not None else (0,), x.dtype)


@method("torch.Tensor", "new_tensor", "self, data, *, dtype=None, device=None, requires_grad=False")
def new_tensor(op: Op) -> Value:
    """A copy of data in this tensor's dtype."""
    return nested_tensor(op, op.known("data"), asked_dtype(op, op.tensor("self").dtype))
