"""Elements picked by index: gather, index_select, take, masked_select, nonzero, where.

Law: the result has the shape of the index; how much a mask selects, its content decides.
"""

from __future__ import annotations

from convlint.dims import AtLeast, Dim, certain
from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch.axes import axis, flat_count, short
from convlint.libs.torch.broadcasting import joined
from convlint.libs.torch.content import picked, places, plain
from convlint.libs.torch.declare import operation
from convlint.libs.torch.logic import chosen
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Tensor, Value


def index_tensor(op: Op, name: str = "index", *, dtypes: tuple[str, ...] = ("int64", "int32")) -> Tensor:
    """An index tensor of whole numbers."""
    index = op.tensor(name)
    empty = index.elements == 0 and short(op).removesuffix("_") in _EMPTY_OF_ANY_DTYPE
    if index.dtype is not None and index.dtype not in dtypes and not empty:
        words = f"{short(op)}(): Expected dtype int64 for index"
        op.refuse("RuntimeError", words, name, kind=Kind.OTHER)
    return index


_EMPTY_OF_ANY_DTYPE = ("gather", "scatter", "scatter_add", "scatter_reduce")
"""What does nothing with an empty index does not look at its dtype."""


def same_rank(op: Op, x: Tensor, other: Tensor, words: str) -> None:
    """Demand that an index has as many axes as the tensor; none count as one."""
    assert x.shape is not None and other.shape is not None
    ranks = [max(len(t.shape or ()), 1) for t in (x, other)]
    if ranks[0] != ranks[1]:
        fault = Fault(Kind.RANK, ranks[0], ranks[1], (x.shape, other.shape))
        op.lawful(fault, lambda _: f"RuntimeError: {words}")


def within(op: Op, small: Shape, large: Shape, words: str, *, but: int | None = None) -> None:
    """Every extent of `small` is at most that of `large`, one axis excepted."""
    for place, (a, b) in enumerate(zip(small, large, strict=False)):
        if place != but and a != b and certain(AtLeast(b, a)) is False:
            fault = Fault(Kind.OTHER, expected=b, got=a, shapes=(small, large), axis=place)
            op.lawful(fault, lambda _: f"RuntimeError: {words}")


# -- picking -------------------------------------------------------------------------------------------------


@operation("gather", "dim, index, *, sparse_grad=False")
def gather(op: Op) -> Value:
    """Elements at indices along one axis: the index's shape."""
    x, index = op.tensor("input"), index_tensor(op)
    assert x.shape is not None and index.shape is not None
    place = axis(op, "dim", len(x.shape))
    if index.elements != 0:
        same_rank(op, x, index, "Index tensor must have the same number of dimensions as input tensor")
        words = (
            f"Size does not match at dimension {{}} expected index {shown(index.shape)} to be no larger "
            "than self "
            f"{shown(x.shape)} apart from dimension {place}"
        )
        odd = next(
            (i for i, (a, b) in enumerate(zip(index.shape, x.shape, strict=False)) if a != b and i != place),
            0,
        )
        within(op, index.shape, x.shape, words.format(odd), but=place)
    return op.result(x, index.shape)


@operation("index_select", "dim, index")
def index_select(op: Op) -> Value:
    """Whole slices at indices along one axis."""
    x, index = op.tensor("input"), index_tensor(op)
    assert x.shape is not None and index.shape is not None
    place = axis(op, "dim", len(x.shape))
    if len(index.shape) > 1:
        op.refuse("IndexError", "index_select(): Index is supposed to be a vector", "index", kind=Kind.RANK)
    count: Dim = index.shape[0] if index.shape else 1
    if not x.shape:
        return op.result(x, ())
    shape = (*x.shape[:place], count, *x.shape[place + 1 :])
    data = None
    if index.data is not None and all(isinstance(row, int) for row in index.data):
        rows, size = plain(index.data), x.shape[place]
        if isinstance(size, int) and any(not 0 <= row < size for row in rows):
            raise op.caller.error("IndexError", "index out of range in self")
        data = picked(x, shape, lambda p: (*p[:place], rows[p[place]], *p[place + 1 :]))
    return op.result(x, shape, data=data)


@operation("take", "index")
def take(op: Op) -> Value:
    """Elements of the flat tensor: the index's shape."""
    x, index = op.tensor("input"), index_tensor(op, dtypes=("int64",))
    return op.result(x, index.shape)


@operation("take_along_dim", "indices, dim=None")
def take_along_dim(op: Op) -> Value:
    """As `gather`, with shapes that broadcast; without an axis, of the flat tensor."""
    x, index = op.tensor("input"), index_tensor(op, "indices", dtypes=("int64",))
    assert x.shape is not None and index.shape is not None
    if op["dim"] is None:
        return op.result(x, (flat_count(index),))
    if len(x.shape) != len(index.shape):
        words = (
            "torch.take_along_dim(): input and indices should have the same number of dimensions, but got "
            f"{len(x.shape)} dimensions for input, and {len(index.shape)} dimensions for indices"
        )
        op.refuse("RuntimeError", words, "indices", kind=Kind.RANK)
    place = axis(op, "dim", len(x.shape))
    left = Tensor((*x.shape[:place], 1, *x.shape[place + 1 :]), x.dtype)
    right = Tensor((*index.shape[:place], 1, *index.shape[place + 1 :]), x.dtype)
    shape = joined(op, (left, right))
    return op.result(x, (*shape[:place], *index.shape[place : place + 1], *shape[place + 1 :]))


@operation("masked_select", "mask")
def masked_select(op: Op) -> Value:
    """The elements where the mask holds: a vector whose length the content decides."""
    x, mask = op.tensor("input"), mask_of(op)
    shape = joined(op, (x, mask))
    count = _true_count(op, mask) if mask.shape == shape else None
    return op.result(x, (count if count is not None else op.unknown(_COUNT).dim,))


_COUNT = "how many elements a mask selects is not known"


def mask_of(op: Op) -> Tensor:
    """A mask of truth values."""
    mask = op.tensor("mask")
    if mask.dtype is not None and mask.dtype != "bool":
        words = f"{short(op)} only supports boolean masks, but got mask with dtype {mask.dtype}"
        op.refuse("RuntimeError", words, "mask", kind=Kind.OTHER)
    return mask


def _true_count(op: Op, mask: Tensor) -> int | None:
    if mask.data is None or not all(isinstance(v, (bool, int, float)) for v in mask.data):
        return None
    return sum(1 for v in mask.data if v)


@operation("nonzero", "*, as_tuple=False")
def nonzero(op: Op) -> Value:
    """The indices of elements that are not 0: one row an element, or one vector an axis."""
    x = op.tensor("input")
    assert x.shape is not None
    count = _true_count(op, x)
    length: Dim = op.unknown("how many elements are not 0 is not known").dim if count is None else count
    rank = len(x.shape)
    found = None
    if count is not None and x.data is not None:
        found = [place for place, value in zip(places(x.shape), x.data, strict=True) if value]
    if op.flag("as_tuple"):
        columns = [None if found is None else tuple(p[i] for p in found) for i in range(rank)] or [None]
        return tuple(op.result(x, (length,), dtype="int64", data=column) for column in columns)
    data = None if found is None else tuple(i for place in found for i in place)
    return op.result(x, (length, rank), dtype="int64", data=data, strides=None)


@operation("argwhere", out=False)
def argwhere(op: Op) -> Value:
    """`nonzero` as one tensor."""
    op.args["as_tuple"] = False
    return nonzero(op)


@operation("nonzero_static", "*, size, fill_value=-1")
def nonzero_static(op: Op) -> Value:
    """`nonzero` with a given number of rows."""
    x, size = op.tensor("input"), op.dim("size")
    if isinstance(size, int) and size < 0:
        op.refuse("RuntimeError", "nonzero_static: 'size' must be an non-negative integer", "size")
    return op.result(x, (size, len(x.shape or ())), dtype="int64")


@function("torch.where", signature="condition, input=None, other=None, *, out=None")
def where(op: Op) -> Value:
    """One of two elements where a condition holds or not; alone, the indices where it holds."""
    if op["input"] is None and op["other"] is None:
        op.args |= {"input": op["condition"], "as_tuple": True}
        return nonzero(op)
    return chosen(op, op.tensor("condition"), op.known("input"), op.known("other"))


@method("torch.Tensor", "where", "self, condition, other")
def where_method(op: Op) -> Value:
    """`x.where(condition, other)`: the receiver's element where the condition holds."""
    return chosen(op, op.tensor("condition"), op.tensor("self"), op.known("other"))
