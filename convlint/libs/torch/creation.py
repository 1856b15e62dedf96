"""New tensors: filled, empty, from data, ranges, and like another one.

Law: a shape is given as numbers or as one sequence; small tensors of known numbers keep them.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch.alike import kept
from convlint.libs.torch.arguments import refuse_fractions
from convlint.libs.torch.axes import short, sizes
from convlint.libs.torch.content import Content, known_count, rounded
from convlint.libs.torch.declare import into_out
from convlint.libs.torch.dtypes import asked_dtype, default_dtype
from convlint.libs.torch.inexact import Inexact
from convlint.libs.torch.promotion import scalar_dtype
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.fault import Shape
from convlint.values import NotModelled, Origin, Tensor, Value

OPTIONS = "*, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False"


def made(op: Op, shape: Shape, dtype: str | None, data: Content | None = None) -> Tensor:
    """A new tensor that remembers where it was made."""
    for size in shape:
        if isinstance(size, int) and size < 0:
            op.refuse(
                "RuntimeError",
                f"Trying to create tensor with negative dimension {size}: {shown(shape)}",
                "size",
            )
    tensor = Tensor(shape, dtype, data=data, origin=Origin(short(op), op.caller.site))
    if "requires_grad" in op.args and op["requires_grad"] not in (False, None):
        tensor.attrs = {"requires_grad": op["requires_grad"]}
    return tensor


def filled(op: Op, shape: Shape, dtype: str | None, value: Value) -> Tensor:
    """A tensor of one number."""
    tensor = made(op, shape, dtype)
    count = known_count(shape)
    if count is not None:
        try:
            tensor.data = (rounded(value, dtype),) * count
        except (Inexact, TypeError):
            tensor.data = None
    return tensor


_FILLS = {"zeros": 0, "ones": 1}


@function("torch.zeros", "torch.ones", signature=f"*args, size=None, out=None, {OPTIONS[3:]}")
def constants(op: Op) -> Value:
    """All 0, or all 1."""
    dtype = asked_dtype(op, default_dtype(op.caller))
    result = filled(op, sizes(op, "args", "size"), dtype, _FILLS[short(op)])
    return result if op["out"] is None else into_out(op, op["out"], result)


@function("torch.empty", signature=f"*args, size=None, out=None, memory_format=None, {OPTIONS[3:]}")
def empty(op: Op) -> Value:
    """Unknown numbers."""
    return made(op, sizes(op, "args", "size"), asked_dtype(op, default_dtype(op.caller)))


@function("torch.full", signature=f"size, fill_value, {OPTIONS}, out=None")
def full(op: Op) -> Value:
    """One number, whose kind gives the dtype."""
    value = op["fill_value"]
    return filled(op, sizes(op, "size"), asked_dtype(op, _dtype_of_number(op, value)), value)


def _dtype_of_number(op: Op, value: Value) -> str | None:
    if isinstance(value, Tensor):
        return value.dtype
    try:
        return scalar_dtype(op.caller, value)
    except NotModelled:
        return None


@function("torch.empty_strided", signature=f"size, stride, {OPTIONS}")
def empty_strided(op: Op) -> Value:
    """Unknown numbers with given strides."""
    shape, stride = op.dims("size"), op.dims("stride")
    if len(shape) != len(stride):
        op.refuse(
            "RuntimeError",
            f"mismatch in length of strides and shape: size {shown(shape)}, stride {shown(stride)}",
            "stride",
        )
    tensor = made(op, shape, asked_dtype(op, default_dtype(op.caller)))
    tensor.strides = stride
    return tensor


@function("torch.scalar_tensor", signature="s, *, dtype=None, layout=None, device=None, pin_memory=False")
def scalar_tensor(op: Op) -> Value:
    """A number as a tensor without axes, of the default float dtype."""
    return filled(op, (), asked_dtype(op, default_dtype(op.caller)), op["s"])


# -- like another tensor -------------------------------------------------------------------------------------

_LIKE = f"{OPTIONS}, memory_format=None"


@function("torch.zeros_like", "torch.ones_like", signature=f"input, {_LIKE}")
def constants_like(op: Op) -> Value:
    """All 0, or all 1, in another's shape and dtype."""
    x = op.tensor("input")
    value = 0 if "zeros" in op.name else 1
    return _with_strides(filled(op, x.shape or (), asked_dtype(op, x.dtype), value), x)


@function("torch.empty_like", "torch.rand_like", "torch.randn_like", signature=f"input, {_LIKE}")
def unknown_like(op: Op) -> Value:
    """Unknown numbers in another's shape and dtype."""
    x = op.tensor("input")
    return _with_strides(made(op, x.shape or (), asked_dtype(op, x.dtype)), x)


@function("torch.full_like", signature=f"input, fill_value, {_LIKE}")
def full_like(op: Op) -> Value:
    """One number in another's shape and dtype."""
    x = op.tensor("input")
    return _with_strides(filled(op, x.shape or (), asked_dtype(op, x.dtype), op["fill_value"]), x)


@function("torch.randint_like", signature=f"input, low=None, high=None, {_LIKE}")
def randint_like(op: Op) -> Value:
    """Random integers in another's shape and dtype."""
    x = op.tensor("input")
    refuse_fractions(op, "low", "high")
    low, high = (0, op["low"]) if op["high"] is None else (op["low"] or 0, op["high"])
    if high is None:
        raise op.caller.error("TypeError", "randint_like() received an invalid combination of arguments")
    if isinstance(low, int) and isinstance(high, int) and low >= high:
        words = f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        op.refuse("RuntimeError", words, "high")
    return _with_strides(made(op, x.shape or (), asked_dtype(op, x.dtype)), x)


def _with_strides(result: Tensor, x: Tensor) -> Tensor:
    result.strides = kept(x)
    return result


@method("torch.Tensor", "new_zeros", f"self, *args, size=None, {OPTIONS[3:]}")
@method("torch.Tensor", "new_ones", f"self, *args, size=None, {OPTIONS[3:]}")
@method("torch.Tensor", "new_empty", f"self, *args, size=None, {OPTIONS[3:]}")
def new(op: Op) -> Value:
    """A tensor of another shape in this one's dtype."""
    dtype = asked_dtype(op, op.tensor("self").dtype)
    shape = sizes(op, "args", "size")
    if "empty" in op.name:
        return made(op, shape, dtype)
    return filled(op, shape, dtype, 0 if "zeros" in op.name else 1)


@method("torch.Tensor", "new_full", f"self, size, fill_value, {OPTIONS}")
def new_full(op: Op) -> Value:
    """One number in this tensor's dtype."""
    return filled(op, sizes(op, "size"), asked_dtype(op, op.tensor("self").dtype), op["fill_value"])
