"""Elements picked and put by index: gather, scatter, index_select, masked_fill, take, nonzero …

Law: index tensors have their own shape; an operation that puts elements keeps the shape of what it puts them into.
"""

from __future__ import annotations

from convlint.dims import AtLeast, Dim, Expr, decide
from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch.axes import axis, short
from convlint.libs.torch.broadcasting import joined
from convlint.libs.torch.content import known_count, picked, places
from convlint.libs.torch.declare import operation, store
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.broadcast import fits_into
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


def _same_rank(op: Op, x: Tensor, other: Tensor, words: str) -> None:
    assert x.shape is not None and other.shape is not None
    ranks = [max(len(t.shape or ()), 1) for t in (x, other)]
    if ranks[0] != ranks[1]:
        fault = Fault(Kind.RANK, ranks[0], ranks[1], (x.shape, other.shape))
        op.lawful(fault, lambda _: f"RuntimeError: {words}")


def _within(op: Op, small: Shape, large: Shape, words: str, *, but: int | None = None) -> None:
    """Every extent of `small` is at most that of `large`, one axis excepted."""
    for place, (a, b) in enumerate(zip(small, large, strict=False)):
        if place != but and a != b and decide(AtLeast(b, a)).never:
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
        _same_rank(op, x, index, "Index tensor must have the same number of dimensions as input tensor")
        words = (
            f"Size does not match at dimension {{}} expected index {shown(index.shape)} to be no larger than self "
            f"{shown(x.shape)} apart from dimension {place}"
        )
        odd = next(
            (i for i, (a, b) in enumerate(zip(index.shape, x.shape, strict=False)) if a != b and i != place),
            0,
        )
        _within(op, index.shape, x.shape, words.format(odd), but=place)
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
    rows = index.data
    data = None
    if rows is not None and all(isinstance(r, int) for r in rows):
        size = x.shape[place]
        for row in rows:
            if isinstance(size, int) and not 0 <= row < size:  # type: ignore[operator]
                raise op.caller.error("IndexError", "index out of range in self")
        data = picked(x, shape, lambda p: (*p[:place], rows[p[place]], *p[place + 1 :]))  # type: ignore[index]
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
        return op.result(x, (index.elements or 0,) if index.shape else (1,))
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
    x, mask = op.tensor("input"), _mask(op)
    shape = joined(op, (x, mask))
    count = _true_count(op, mask) if mask.shape == shape else None
    return op.result(x, (count if count is not None else op.unknown(_COUNT).dim,))


_COUNT = "how many elements a mask selects is not known"


def _mask(op: Op) -> Tensor:
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
    x = op.tensor("input")
    return op.result(x, (op.dim("size"), len(x.shape or ())), dtype="int64")


# -- putting -------------------------------------------------------------------------------------------------


@operation("masked_fill", "mask, value", inplace=True, out=False)
def masked_fill(op: Op) -> Value:
    """One number where the mask holds; mask and tensor broadcast."""
    x, mask = op.tensor("input"), _mask(op)
    value = op.known("value")
    if isinstance(value, Tensor) and value.shape:
        words = (
            "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{len(value.shape)} dimension(s)."
        )
        op.refuse("RuntimeError", words, "value", kind=Kind.RANK)
    return op.result(x, joined(op, (x, mask)))


@operation("masked_scatter", "mask, source", inplace=True, out=False)
def masked_scatter(op: Op) -> Value:
    """Elements of a source, one after another, where the mask holds."""
    x, mask = op.tensor("input"), _mask(op)
    op.tensor("source")
    return op.result(x, joined(op, (x, mask)))


@operation("scatter", "dim, index, src=None, value=None, *, reduce=None", inplace=True)
@operation("scatter_add", "dim, index, src", inplace=True)
@operation("scatter_reduce", "dim, index, src, reduce, *, include_self=True", inplace=True)
def scatter(op: Op) -> Value:
    """Elements put at indices along one axis; the index fits into tensor and source."""
    x, index = op.tensor("input"), index_tensor(op)
    assert x.shape is not None and index.shape is not None
    place = axis(op, "dim", len(x.shape))
    source = op["src"] if op["src"] is not None else op.args.get("value")
    if source is None:
        raise op.caller.error("TypeError", f"{short(op)}() received an invalid combination of arguments")
    if index.elements != 0:
        _same_rank(op, x, index, "Index tensor must have the same number of dimensions as self tensor")
        words = (
            f"Expected index {shown(index.shape)} to be no larger than self {shown(x.shape)} apart from dimension "
            f"{place}"
        )
        if isinstance(source, Tensor) and source.shape is not None and "value" != source:
            words += f" and to be no larger size than src {shown(source.shape)}"
            _same_rank(op, x, source, "Index tensor must have the same number of dimensions as src tensor")
            _within(op, index.shape, source.shape or (1,), words)
        _within(op, index.shape, x.shape, words, but=place)
    return op.result(x, x.shape)


@operation("index_add", "dim, index, source, *, alpha=1", inplace=True)
@operation("index_copy", "dim, index, source", inplace=True)
@operation("index_reduce", "dim, index, source, reduce, *, include_self=True", inplace=True)
def index_add(op: Op) -> Value:
    """Slices of a source put at indices along one axis."""
    name = short(op).removesuffix("_")
    whole = ("int64",) if name == "index_copy" else ("int64", "int32")
    x, index, source = op.tensor("input"), index_tensor(op, dtypes=whole), op.tensor("source")
    assert x.shape is not None and index.shape is not None and source.shape is not None
    place = axis(op, "dim", len(x.shape))
    if len(index.shape) > 1:
        words = f"{name}(): Index is supposed to be a vector, but got dim: {len(index.shape)} with type: Long"
        op.refuse("IndexError", words, "index", kind=Kind.RANK)
    count: Dim = index.shape[0] if index.shape else 1
    have: Dim = source.shape[place] if source.shape and place < len(source.shape) else 1
    if isinstance(count, int) and isinstance(have, int) and count != have:
        words = f"{name}(): Number of indices ({count}) should be equal to source.size(dim): ({have}), for dim: {place}"
        op.refuse("RuntimeError", words, "index", kind=Kind.JOIN)
    rest = [tuple(n for i, n in enumerate(t.shape or ()) if i != place) for t in (x, source)]
    if rest[0] != rest[1] and not (name == "index_copy" and not source.shape):
        differs = len(rest[0]) != len(rest[1]) or any(
            isinstance(a, int) and isinstance(b, int) and a != b for a, b in zip(*rest, strict=True)
        )
        if differs:
            words = (
                f"source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = "
                f"{shown(x.shape)} source.shape = {shown(source.shape)}"
            )
            op.refuse("RuntimeError", words, "source", kind=Kind.JOIN)
    return op.result(x, x.shape)


@operation("index_fill", "dim, index, value", inplace=True, out=False)
def index_fill(op: Op) -> Value:
    """One number at indices along one axis."""
    x, index = op.tensor("input"), index_tensor(op, dtypes=("int64",))
    axis(op, "dim", len(x.shape or ()))
    if len(index.shape or ()) > 1:
        op.refuse("IndexError", "index_fill_(): Index is supposed to be a vector", "index", kind=Kind.RANK)
    value = op["value"]
    if isinstance(value, Tensor) and value.shape:
        words = (
            "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{len(value.shape)} dimension(s)."
        )
        op.refuse("RuntimeError", words, "value", kind=Kind.RANK)
    return op.result(x, x.shape)


@operation("put", "index, source, accumulate=False", inplace=True, out=False)
def put(op: Op) -> Value:
    """Elements of a source put at indices of the flat tensor."""
    x, index, source = op.tensor("input"), index_tensor(op, dtypes=("int64",)), op.tensor("source")
    a, b = index.elements, source.elements
    if isinstance(a, int) and isinstance(b, int) and a != b:
        words = (
            f"put_(): Expected source and index to have the same number of elements, but got source.numel() = {b}, "
            f"index.numel() = {a}"
        )
        op.refuse("RuntimeError", words, "index", kind=Kind.RESHAPE)
    return op.result(x, x.shape)


@operation("index_put", "indices, values, accumulate=False", inplace=True, native_inplace=True, out=False)
def index_put(op: Op) -> Value:
    """`x[indices] = values`."""
    from convlint.libs.torch.indexing import get_item

    x, values = op.tensor("input"), op.tensor("values")
    indices = op.known("indices")
    assert isinstance(indices, (list, tuple))
    entries = tuple(slice(None) if each is None else each for each in indices)
    target = get_item(op.caller, x, entries)
    if isinstance(target, Tensor) and target.shape is not None and values.shape is not None:
        wanted, given = target.shape, values.shape
        words = (
            f"RuntimeError: shape mismatch: value tensor of shape {shown(given)} cannot be broadcast to indexing result "
            f"of shape {shown(wanted)}"
        )
        op.lawful(fits_into(wanted, given), lambda _: words, wanted)
    return op.result(x, x.shape)


# -- pieces put back -----------------------------------------------------------------------------------------


@operation("select_scatter", "src, dim, index", out=False)
@operation("slice_scatter", "src, dim=0, start=None, end=None, step=1", out=False)
@operation("diagonal_scatter", "src, offset=0, dim1=0, dim2=1", out=False)
@operation("as_strided_scatter", "src, size, stride, storage_offset=None", out=False)
def piece_scatter(op: Op) -> Value:
    """A copy with one piece replaced: the source has the piece's shape."""
    from convlint.libs.torch.indexing import get_item
    from convlint.libs.torch.splitting import index_of, view_of_diagonal

    x, src = op.tensor("input"), op.tensor("src")
    assert x.shape is not None and src.shape is not None
    match short(op):
        case "select_scatter":
            place = axis(op, "dim", len(x.shape))
            index_of(op, op.dim("index"), x.shape, place)
            wanted: Shape = (*x.shape[:place], *x.shape[place + 1 :])
        case "slice_scatter":
            place = axis(op, "dim", len(x.shape))
            entry = slice(op["start"], op["end"], op["step"])
            piece = get_item(op.caller, x, (*(slice(None),) * place, entry))
            assert isinstance(piece, Tensor) and piece.shape is not None
            wanted = piece.shape
        case "diagonal_scatter":
            piece = view_of_diagonal(op, x, op.integer("offset"), op.integer("dim1"), op.integer("dim2"))
            assert piece.shape is not None
            wanted = piece.shape
        case _:
            wanted = op.dims("size")
    words = f"expected src to have a size equal to the slice of self. src size = {shown(src.shape)}, slice size = {shown(wanted)}"
    same = len(wanted) == len(src.shape) and all(
        a == b or isinstance(a, Expr) or isinstance(b, Expr) for a, b in zip(wanted, src.shape, strict=True)
    )
    if not same:
        op.refuse("RuntimeError", words, "src", kind=Kind.JOIN)
    return op.result(x, x.shape)


# -- diagonals and triangles ---------------------------------------------------------------------------------


@operation("triu tril", "diagonal=0", inplace=True)
def triangle(op: Op) -> Value:
    """Zeros on one side of a diagonal of the last two axes."""
    x = op.tensor("input")
    assert x.shape is not None
    if len(x.shape) < 2:
        words = f"{short(op).removesuffix('_')}: input tensor must have at least 2 dimensions"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    data = None
    if x.data is not None and known_count(x.shape) is not None and isinstance(op["diagonal"], int):
        k, lower = op.integer("diagonal"), "tril" in short(op)
        data = tuple(
            value if (p[-1] - p[-2] <= k if lower else p[-1] - p[-2] >= k) else type(value)(0)  # type: ignore[call-arg]
            for p, value in zip(places(x.shape), x.data, strict=True)
        )
    return op.result(x, x.shape, data=data)


@operation("diag", "diagonal=0")
def diag(op: Op) -> Value:
    """A vector as a diagonal, or the diagonal of a matrix."""
    from convlint.libs.torch.splitting import view_of_diagonal

    x = op.tensor("input")
    assert x.shape is not None
    offset = op.integer("diagonal")
    if len(x.shape) == 1:
        size = x.shape[0] + abs(offset)
        return op.result(x, (size, size))
    if len(x.shape) != 2:
        words = f"diag(): Supports 1D or 2D tensors. Got {len(x.shape)}D"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    return op.result(x, view_of_diagonal(op, x, offset, 0, 1).shape)


@operation("diagflat", "offset=0", out=False)
def diagflat(op: Op) -> Value:
    """The flat tensor as a diagonal."""
    x = op.tensor("input")
    count = (x.elements or 0) if x.shape else 1
    size = (0 if x.elements == 0 else count) + abs(op.integer("offset"))
    return op.result(x, (size, size))


@operation("diag_embed", "offset=0, dim1=-2, dim2=-1", out=False)
def diag_embed(op: Op) -> Value:
    """The last axis as diagonals of two new axes."""
    from convlint.libs.torch.splitting import distinct_diagonal

    x = op.tensor("input")
    if not x.shape:
        op.refuse(
            "IndexError", "Dimension specified as -1 but tensor has no dimensions", "input", kind=Kind.RANK
        )
    rank = len(x.shape) + 1
    a, b = distinct_diagonal(op, Tensor((1,) * rank), op.integer("dim1"), op.integer("dim2"))
    size = x.shape[-1] + abs(op.integer("offset"))
    rest = iter(x.shape[:-1])
    return op.result(x, tuple(size if i in (a, b) else next(rest) for i in range(rank)))


@operation("trace", out=False)
def trace(op: Op) -> Value:
    """The sum of a matrix's diagonal."""
    x = op.tensor("input")
    if len(x.shape or ()) != 2:
        op.refuse("RuntimeError", "trace: expected a matrix", "input", kind=Kind.RANK)
    dtype = "int64" if x.dtype in ("int8", "int16", "int32", "uint8", "bool") else x.dtype
    return op.result(x, (), dtype=dtype)


@method("torch.Tensor", "fill_diagonal_", "self, fill_value, wrap=False")
def fill_diagonal_(op: Op) -> Value:
    """One number on the main diagonal."""
    x = op.tensor("self")
    assert x.shape is not None
    if len(x.shape) < 2:
        op.refuse("RuntimeError", "dimensions must larger than 1", "self", kind=Kind.RANK)
    if len(x.shape) > 2 and all(isinstance(n, int) for n in x.shape) and len(set(x.shape)) > 1:
        words = "all dimensions of input must be of equal length"
        op.refuse("RuntimeError", words, "self", kind=Kind.JOIN)
    return store(op, x, op.result(x, x.shape))


@function("torch.where", signature="condition, input=None, other=None, *, out=None")
def where(op: Op) -> Value:
    """One of two elements where a condition holds or not; alone, the indices where it holds."""
    from convlint.libs.torch.logic import chosen

    if op["input"] is None and op["other"] is None:
        op.args |= {"input": op["condition"], "as_tuple": True}
        return nonzero(op)
    return chosen(op, op.tensor("condition"), op.known("input"), op.known("other"))


@method("torch.Tensor", "where", "self, condition, other")
def where_method(op: Op) -> Value:
    """`x.where(condition, other)`: the receiver's element where the condition holds."""
    from convlint.libs.torch.logic import chosen

    return chosen(op, op.tensor("condition"), op.tensor("self"), op.known("other"))
