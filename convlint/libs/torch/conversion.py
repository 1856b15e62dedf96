"""Copies and conversions: to, type, float, clone, detach, contiguous, and what moves a tensor elsewhere.

Law: the shape stays; a tensor that is already what is asked for is returned itself.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch import dtypes
from convlint.libs.torch.alike import kept
from convlint.libs.torch.axes import axis, short, sizes
from convlint.libs.torch.content import converted, known_count, overwrite, share
from convlint.libs.torch.declare import store
from convlint.libs.torch.dtypes import dtype_named, memory_format
from convlint.libs.torch.views import normal, strides_of
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.broadcast import fits_into
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.reshape import is_row_major, row_major
from convlint.values import CONTIGUOUS, Class, Instance, Strides, Tensor, Unknown, Value

_METHODS = {
    "float": "float32", "double": "float64", "half": "float16", "bfloat16": "bfloat16", "int": "int32",
    "long": "int64", "short": "int16", "char": "int8", "byte": "uint8", "bool": "bool", "cfloat": "complex64",
    "cdouble": "complex128", "chalf": "complex32",
}  # fmt: skip


def cast(
    op: Op, x: Tensor, dtype: str | None, *, copy: bool = False, strides: Strides | str = "kept"
) -> Tensor:
    """`x` in another dtype; itself where it has it already and no copy is asked for."""
    if dtype == x.dtype and dtype is not None and not copy and strides == "kept":
        return x
    found = kept(x) if isinstance(strides, str) else strides
    return op.result(x, x.shape, dtype=dtype, strides=found, data=converted(x.data, dtype))


for _name, _dtype in _METHODS.items():
    method("torch.Tensor", _name, "self, *, memory_format=None")(
        lambda op, dtype=_dtype: cast(op, op.tensor("self"), dtype, strides=_formatted(op, op.tensor("self")))  # type: ignore[misc]
    )


@method("torch.Tensor", "dequantize", "self")
def dequantize(op: Op) -> Value:
    """Single precision."""
    return cast(op, op.tensor("self"), "float32")


def _formatted(op: Op, x: Tensor) -> Strides | str:
    """The strides that an argument `memory_format` asks for, "kept" where it asks for none."""
    name = memory_format(op)
    assert x.shape is not None
    match name:
        case None | "preserve_format":
            return "kept"
        case "contiguous_format":
            return CONTIGUOUS
    return channels_last(op, x.shape, name)


def channels_last(op: Op, shape: Shape, name: str) -> Strides:
    """Strides with the channels innermost. Only tensors of 4 (channels_last_3d: 5) axes have them."""
    rank = 5 if name == "channels_last_3d" else 4
    if len(shape) != rank:
        fault = Fault(Kind.RANK, expected=rank, got=len(shape), shapes=(shape,), arguments=("memory_format",))
        op.lawful(fault, lambda _: f"RuntimeError: required rank {rank} tensor to use {name} format")
    order = (0, *range(2, rank), 1)
    inner = row_major(tuple(shape[axis] for axis in order))
    strides = tuple(inner[order.index(axis)] for axis in range(rank))
    return normal(shape, strides)


@method(
    "torch.Tensor",
    "to",
    "self, *args, device=None, dtype=None, non_blocking=False, copy=False, memory_format=None",
)
def to(op: Op) -> Value:
    """`x.to(dtype)`, `x.to(device)`, `x.to(device, dtype)`, `x.to(other)`."""
    x, args = op.tensor("self"), op["args"]
    assert isinstance(args, tuple)
    dtype: str | None = x.dtype
    copy = op.flag("copy")
    for value in (*args, op["dtype"]):
        if isinstance(value, Tensor):
            dtype = value.dtype
        elif (isinstance(value, Instance) and value.cls is dtypes.DTYPE) or isinstance(value, Class):
            dtype = dtype_named(op.caller, value)
        elif isinstance(value, Unknown):
            dtype = None  # a device or a dtype
        elif value is True and len(args) == 4:
            copy = True
    return cast(op, x, dtype, copy=copy, strides=_formatted(op, x))


@method("torch.Tensor", "type", "self, dtype=None, non_blocking=False")
def type_(op: Op) -> Value:
    """`x.type()` is the name of the old tensor type; with an argument the tensor is converted."""
    x, wanted = op.tensor("self"), op["dtype"]
    if wanted is None:
        name = legacy_name(x.dtype)
        return op.unknown("the dtype is not known") if name is None else name
    if isinstance(wanted, str):
        return cast(op, x, legacy_dtype(wanted))
    if isinstance(wanted, Class) and wanted.host is None:
        return cast(op, x, legacy_dtype(wanted.qualname))
    return cast(op, x, dtype_named(op.caller, wanted))


LEGACY = {
    "FloatTensor": "float32", "DoubleTensor": "float64", "HalfTensor": "float16",
    "BFloat16Tensor": "bfloat16", "LongTensor": "int64", "IntTensor": "int32", "ShortTensor": "int16",
    "CharTensor": "int8", "ByteTensor": "uint8", "BoolTensor": "bool",
}  # fmt: skip


def legacy_name(dtype: str | None) -> str | None:
    """`torch.FloatTensor` for float32."""
    found = next((name for name, each in LEGACY.items() if each == dtype), None)
    return None if found is None else f"torch.{found}"


def legacy_dtype(name: str) -> str | None:
    """float32 for `torch.FloatTensor` and `torch.cuda.FloatTensor`."""
    return LEGACY.get(name.rpartition(".")[2])


@method("torch.Tensor", "type_as", "self, other")
def type_as(op: Op) -> Value:
    """Another tensor's dtype."""
    return cast(op, op.tensor("self"), op.tensor("other").dtype)


@method("torch.Tensor", "cuda", "self, device=None, non_blocking=False, memory_format=None")
@method("torch.Tensor", "cpu", "self, *, memory_format=None")
@method("torch.Tensor", "xpu", "self, device=None, non_blocking=False, memory_format=None")
@method("torch.Tensor", "pin_memory", "self, device=None")
@method("torch.Tensor", "share_memory_", "self")
@method("torch.Tensor", "to_dense", "self, dtype=None, *, masked_grad=None")
@function("torch.resolve_conj", "torch.resolve_neg", signature="input", method="resolve_conj, resolve_neg")
@function("torch.conj", signature="input", method=True)
def elsewhere(op: Op) -> Value:
    """The same numbers, wherever they are stored."""
    value = next(iter(op.args.values()))
    if not isinstance(value, Tensor):
        return op.tensor(next(iter(op.args)))
    return value


@function("torch.clone", signature="input, *, memory_format=None", method=True)
def clone(op: Op) -> Value:
    """A copy."""
    x = op.tensor("input")
    return cast(op, x, x.dtype, copy=True, strides=_formatted(op, x))


@function("torch.detach", signature="input", method=True)
def detach(op: Op) -> Value:
    """The same memory without a gradient."""
    x = op.tensor("input")
    return share(op.result(x, x.shape, strides=x.strides, data=x.data), x)


@method("torch.Tensor", "detach_", "self")
@method("torch.Tensor", "retain_grad", "self")
@function("torch.detach_", signature="self")
def itself(op: Op) -> Value:
    """The tensor itself; `retain_grad` returns nothing."""
    return None if short(op) == "retain_grad" else op["self"]


@method("torch.Tensor", "requires_grad_", "self, requires_grad=True")
def requires_grad_(op: Op) -> Value:
    """Whether the tensor is trained: a parameter counts as trainable or not."""
    x, wanted = op["self"], op["requires_grad"]
    if isinstance(x, Tensor):
        set_requires_grad(x, wanted)
    return x


def set_requires_grad(x: Tensor, wanted: Value) -> None:
    """`x.requires_grad = wanted`."""
    if x.trainable is not None and isinstance(wanted, bool):
        x.trainable = wanted
        return
    x.attrs = {} if x.attrs is None else x.attrs
    x.attrs["requires_grad"] = wanted


@method("torch.Tensor", "contiguous", "self, *, memory_format=None")
def contiguous(op: Op) -> Value:
    """Row-major, or as a memory format says; itself where it is already."""
    x = op.tensor("self")
    assert x.shape is not None
    wanted = _formatted(op, x)
    strides = CONTIGUOUS if isinstance(wanted, str) else wanted
    if x.strides == strides:
        return x
    return op.result(x, x.shape, strides=strides, data=x.data)


@method("torch.Tensor", "is_contiguous", "self, *, memory_format=None")
def is_contiguous(op: Op) -> Value:
    """Whether elements lie in row-major order (or in a memory format's)."""
    x = op.tensor("self")
    assert x.shape is not None
    strides = strides_of(x)
    name = memory_format(op)
    if strides is None:
        return op.unknown("the memory layout is not known")
    if name in (None, "contiguous_format", "preserve_format"):
        found = is_row_major(x.shape, strides)
        return op.unknown("the memory layout depends on the input") if found is None else found
    if len(x.shape) != (5 if name == "channels_last_3d" else 4):
        return False
    order = (0, *range(2, len(x.shape)), 1)
    found = is_row_major(tuple(x.shape[i] for i in order), tuple(strides[i] for i in order))
    return op.unknown("the memory layout depends on the input") if found is None else found


@method("torch.Tensor", "stride", "self, dim=None")
def stride(op: Op) -> Value:
    """The strides in elements, or one of them."""
    x = op.tensor("self")
    strides = strides_of(x)
    if strides is None:
        return op.unknown("the memory layout is not known")
    if op["dim"] is None:
        return strides
    place = axis(op, "dim", len(strides))
    if not strides:
        op.refuse(
            "IndexError", "Dimension specified as 0 but tensor has no dimensions", "dim", kind=Kind.RANK
        )
    return strides[place]


# -- writing into a tensor -----------------------------------------------------------------------------------


@method("torch.Tensor", "copy_", "self, src, non_blocking=False")
def copy_(op: Op) -> Value:
    """Another tensor's numbers, broadcast to this shape."""
    target, source = op.tensor("self"), op["src"]
    if not isinstance(source, Tensor) or source.shape is None or target.shape is None:
        overwrite(target)
        return target
    own, given = target.shape, source.shape

    def words(_: Fault) -> str:
        return (
            f"RuntimeError: The size of tensor a {shown(own)} must match the size of tensor b {shown(given)}"
        )

    op.lawful(fits_into(own, given), words, own)
    data = converted(source.data, target.dtype) if own == given else None
    return store(op, target, op.result(target, own, data=data))


@method("torch.Tensor", "fill_", "self, value")
@method("torch.Tensor", "zero_", "self")
@function("torch.fill_", signature="self, value")
@function("torch.zero_", signature="self")
def fill_(op: Op) -> Value:
    """One number everywhere."""
    target = op.tensor("self")
    value = op["value"] if "value" in op.args else 0
    count = known_count(target.shape)
    data = converted((value,) * count, target.dtype) if count is not None else None
    return store(op, target, op.result(target, target.shape, data=data))


@function("torch.fill", signature="input, value")
def fill(op: Op) -> Value:
    """A tensor of this shape with one number everywhere."""
    x = op.tensor("input")
    count = known_count(x.shape)
    data = converted((op["value"],) * count, x.dtype) if count is not None else None
    return op.result(x, x.shape, strides=kept(x), data=data)


@method("torch.Tensor", "set_", "self, source=None, storage_offset=0, size=None, stride=None")
@method("torch.Tensor", "resize_", "self, *args, size=None, memory_format=None")
@method("torch.Tensor", "resize_as_", "self, other, memory_format=None")
def resize_(op: Op) -> Value:
    """Another shape for the same tensor; its numbers are forgotten."""
    target = op.tensor("self")
    shape: Shape | None = None
    if short(op) == "resize_":
        shape = sizes(op, "args", "size")
    elif short(op) == "resize_as_":
        shape = op.tensor("other").shape
    elif isinstance(source := op["source"], Tensor):
        shape = source.shape
    target.restate(shape)
    target.strides = CONTIGUOUS if short(op) != "set_" else None
    overwrite(target)
    return target
