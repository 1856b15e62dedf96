"""Larger tensors from smaller ones: expand, broadcast_to, repeat, tile, repeat_interleave.

Law: `expand` is a view whose stretched axes have stride 0; `repeat` and `tile` copy.
"""

from __future__ import annotations

from convlint.dims import Dim, Expr
from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch.arguments import scalar_type
from convlint.libs.torch.axes import axis, flat_count, listed, sizes
from convlint.libs.torch.broadcasting import joined
from convlint.libs.torch.content import known_count, mapped, picked, plain
from convlint.libs.torch.views import strides_of, view
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.broadcast import expand, fits_into
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Tensor, Value


def expanded(op: Op, x: Tensor, wanted: Shape) -> Tensor:
    """A view of `x` stretched to sizes, -1 keeping an axis."""
    assert x.shape is not None
    own = x.shape

    def words(fault: Fault) -> str:
        if fault.kind is Kind.RANK:
            return (
                f"RuntimeError: expand(torch.FloatTensor{{{shown(own)}}}, size={shown(wanted)}): the "
                "number of sizes "
                f"provided ({len(wanted)}) must be greater or equal to the number of dimensions in the "
                "tensor "
                f"({len(own)})"
            )
        if fault.expected is None:
            return (
                f"RuntimeError: The expanded size of the tensor ({fault.got}) isn't allowed in a leading, "
                f"non-existing dimension {fault.axis}"
            )
        return (
            f"RuntimeError: The expanded size of the tensor ({fault.got}) must match the existing size "
            f"({fault.expected}) at non-singleton dimension {fault.axis}.  Target sizes: {shown(wanted)}.  "
            f"Tensor sizes: {shown(own)}"
        )

    new = len(wanted) - len(own)
    certain = new >= 0 and all(isinstance(s, Expr) or s >= 0 for s in wanted[:new])
    instead = tuple(own[i - new] if _keeps(s) else s for i, s in enumerate(wanted)) if certain else None
    shape = op.lawful(expand(own, wanted), words, instead)
    strides = strides_of(x)
    steps = None
    if strides is not None:
        inner = zip(own, shape[new:], strides, strict=True)
        steps = (*(0,) * new, *(s if a == b else 0 for a, b, s in inner))
    data = mapped(lambda v: v, x.dtype, shape, x) if known_count(shape) is not None else None
    return view(op, x, shape, steps, data)


def _keeps(size: Dim) -> bool:
    return isinstance(size, int) and size == -1


@method("torch.Tensor", "expand", "self, *sizes, size=None, implicit=False")
def expand_(op: Op) -> Value:
    """`x.expand(-1, 4)`, `x.expand((-1, 4))`."""
    return expanded(op, op.tensor("self"), sizes(op, "sizes", "size"))


@method("torch.Tensor", "expand_as", "self, other")
def expand_as(op: Op) -> Value:
    """Stretched to another tensor's shape."""
    return expanded(op, op.tensor("self"), op.tensor("other").shape or ())


@function("torch.broadcast_to", signature="input, size", method=True)
def broadcast_to(op: Op) -> Value:
    """`torch.broadcast_to(x, (3, 4))`."""
    return expanded(op, op.tensor("input"), sizes(op, "size"))


@method("torch.Tensor", "sum_to_size", "self, *args, size=None")
def sum_to_size(op: Op) -> Value:
    """The opposite of a stretch: axes are summed until the tensor has the sizes."""
    x, wanted = op.tensor("self"), sizes(op, "args", "size")
    assert x.shape is not None
    own = x.shape
    words = f"RuntimeError: size {{{shown(wanted)}}} is not expandable to size {{{shown(own)}}}."
    op.lawful(fits_into(own, wanted), lambda _: words)
    return op.result(x, wanted)


@function("torch.broadcast_tensors", signature="*tensors")
def broadcast_tensors(op: Op) -> Value:
    """Every tensor stretched to the common shape."""
    given = op["tensors"]
    assert isinstance(given, tuple)
    if len(given) == 1 and listed(given[0]) is not None:
        given = listed(given[0])
        assert given is not None
    tensors = [t for t in given if isinstance(t, Tensor) and t.shape is not None]
    if len(tensors) != len(given) or not tensors:
        raise NotModelled("an operand of broadcast_tensors is not known")
    shape = joined(op, tensors)
    return tuple(expanded(op, t, shape) for t in tensors)


# -- copies --------------------------------------------------------------------------------------------------


def repeated(op: Op, x: Tensor, times: Shape) -> Tensor:
    """Each axis `times` over; more numbers than axes put new axes in front."""
    assert x.shape is not None
    new = len(times) - len(x.shape)
    own = (*(1,) * new, *x.shape)
    shape = tuple(a * b for a, b in zip(own, times, strict=True))
    if any(isinstance(n, int) and n < 0 for n in shape):
        op.refuse(
            "RuntimeError", f"Trying to create tensor with negative dimension: {shown(shape)}", "repeats"
        )

    def source(place: tuple[int, ...]) -> list[int]:
        return [n % size for n, size in zip(place[new:], plain(own[new:]), strict=True)]

    return op.result(x, shape, data=picked(x, shape, source))


@method("torch.Tensor", "repeat", "self, *args, repeats=None")
def repeat(op: Op) -> Value:
    """`x.repeat(2, 1)`: at least one number an axis."""
    x, times = op.tensor("self"), sizes(op, "args", "repeats")
    if len(times) < len(x.shape or ()):
        op.refuse(
            "RuntimeError",
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor",
            "repeats",
            kind=Kind.RANK,
        )
    return repeated(op, x, times)


@function("torch.tile", signature="input, dims")
def tile(op: Op) -> Value:
    """As `repeat`; too few numbers count for the last axes."""
    return _tiled(op, op.tensor("input"), sizes(op, "dims"))


@method("torch.Tensor", "tile", "self, *args, dims=None")
def tile_method(op: Op) -> Value:
    """`x.tile(2, 1)`, `x.tile((2, 1))`."""
    return _tiled(op, op.tensor("self"), sizes(op, "args", "dims"))


def _tiled(op: Op, x: Tensor, times: Shape) -> Tensor:
    return repeated(op, x, (*(1,) * (len(x.shape or ()) - len(times)), *times))


@function(
    "torch.repeat_interleave", signature="input, repeats=None, dim=None, *, output_size=None", method=True
)
def repeat_interleave(op: Op) -> Value:
    """Every element of an axis so many times in a row; without an axis, of the flat tensor."""
    x, repeats = op.tensor("input"), op.known("repeats")
    assert x.shape is not None
    if repeats is None:
        if op["dim"] is not None:
            op.refuse("TypeError", "repeat_interleave() received an invalid combination of arguments", "dim")
        if x.dtype not in (None, "int64", "int32"):
            words = f"\"repeat_interleave_cpu\" not implemented for '{scalar_type(x)}'"
            op.refuse("NotImplementedError", words, "input", kind=Kind.OTHER)
        if len(x.shape) != 1:
            words = "repeat_interleave only accept 1D vector as repeat"
            op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
        return op.result(x, (_total(op, x, None),), dtype="int64")
    place = 0 if op["dim"] is None else axis(op, "dim", len(x.shape))
    if not x.shape and op["dim"] is not None:
        words = "Dimension out of range (expected to be in range of [-1, 0], but got 1)"
        op.refuse("IndexError", words, "dim", kind=Kind.RANK)
    flat: Shape = (flat_count(x),)
    shape = flat if op["dim"] is None or not x.shape else x.shape
    if isinstance(repeats, Tensor) and not (repeats.data is not None and len(repeats.data) == 1):
        longer = _counted(op, repeats, shape[place])
    else:
        times = op.dim("repeats")
        if isinstance(times, int) and times < 0:
            op.refuse("RuntimeError", "Repeats must be non-negative", "repeats")
        longer = shape[place] * times
    return op.result(x, (*shape[:place], longer, *shape[place + 1 :]))


def _counted(op: Op, repeats: Tensor, size: Dim) -> Dim:
    """One number of repetitions an element: their sum."""
    if repeats.shape is None or len(repeats.shape) > 1:
        op.refuse("RuntimeError", "repeats must be 0-dim or 1-dim tensor", "repeats")
    given = repeats.shape[0] if repeats.shape else 1
    if isinstance(given, int) and isinstance(size, int) and given not in (1, size):
        op.refuse(
            "RuntimeError",
            "repeats must have the same size as input along dim, but got "
            f"repeats.size(0) = {given} and input.size(0) = {size}",
            "repeats",
        )
    return _total(op, repeats, size)


def _total(op: Op, repeats: Tensor, size: Dim | None) -> Dim:
    if op["output_size"] is not None:
        return op.dim("output_size")
    if repeats.data is None:
        return op.unknown("how often elements are repeated is not known").dim
    total: Dim = 0
    for number in repeats.data:
        total = total + op.as_dim(number)
    return total
