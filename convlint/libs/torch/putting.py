"""Elements put by index: scatter, index_add, masked_fill, index_put, and pieces put back.

Law: the result has the shape of the tensor that elements are put into; index and source have to fit.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.torch.axes import axis, flat_count, short
from convlint.libs.torch.broadcasting import joined
from convlint.libs.torch.declare import operation
from convlint.libs.torch.demanding import demand_equal, demand_same
from convlint.libs.torch.indexing import get_item
from convlint.libs.torch.picking import index_tensor, mask_of, same_rank, within
from convlint.libs.torch.splitting import index_of, view_of_diagonal
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.broadcast import fits_into
from convlint.shapes.fault import Kind, Shape
from convlint.values import Tensor, Value

# -- putting -------------------------------------------------------------------------------------------------


@operation("masked_fill", "mask, value", inplace=True, out=False)
def masked_fill(op: Op) -> Value:
    """One number where the mask holds; mask and tensor broadcast."""
    x, mask = op.tensor("input"), mask_of(op)
    value = op["value"]  # a number, or a tensor without axes: the shape does not depend on it
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
    x, mask = op.tensor("input"), mask_of(op)
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
        same_rank(op, x, index, "Index tensor must have the same number of dimensions as self tensor")
        words = (
            f"Expected index {shown(index.shape)} to be no larger than self {shown(x.shape)} apart from "
            f"dimension {place}"
        )
        if isinstance(source, Tensor) and source.shape is not None:
            words += f" and to be no larger size than src {shown(source.shape)}"
            same_rank(op, x, source, "Index tensor must have the same number of dimensions as src tensor")
            within(op, index.shape, source.shape or (1,), words)
        within(op, index.shape, x.shape, words, but=place)
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
    words = (
        f"RuntimeError: {name}(): Number of indices ({count}) should be equal to source.size(dim): "
        f"({have}), for dim: "
        f"{place}"
    )
    demand_equal(op, count, have, words, "index")
    rest = [tuple(n for i, n in enumerate(t.shape or ()) if i != place) for t in (x, source)]
    if not (name == "index_copy" and not source.shape):
        words = (
            "RuntimeError: source tensor shape must match self tensor shape, excluding the specified "
            f"dimension. Got self.shape = {shown(x.shape)} source.shape = {shown(source.shape)}"
        )
        demand_same(op, rest[0], rest[1], words, "source")
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
    words = (
        "RuntimeError: put_(): Expected source and index to have the same number of elements, but got "
        f"source.numel() = {b}, index.numel() = {a}"
    )
    demand_equal(op, flat_count(index), flat_count(source), words, "index", kind=Kind.RESHAPE)
    return op.result(x, x.shape)


@operation("index_put", "indices, values, accumulate=False", inplace=True, native_inplace=True, out=False)
def index_put(op: Op) -> Value:
    """`x[indices] = values`."""
    x, values = op.tensor("input"), op.tensor("values")
    indices = op.known("indices")
    if not isinstance(indices, (list, tuple)):
        raise op.caller.error("TypeError", "index_put(): argument 'indices' must be tuple of Tensors")
    entries = tuple(slice(None) if each is None else each for each in indices)
    target = get_item(op.caller, x, entries)
    if isinstance(target, Tensor) and target.shape is not None and values.shape is not None:
        wanted, given = target.shape, values.shape
        words = (
            f"RuntimeError: shape mismatch: value tensor of shape {shown(given)} cannot be broadcast to "
            "indexing result "
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

    x, src = op.tensor("input"), op.tensor("src")
    assert x.shape is not None and src.shape is not None
    match short(op):
        case "select_scatter":
            if not x.shape:
                op.refuse(
                    "IndexError", "select() cannot be applied to a 0-dim tensor.", "input", kind=Kind.RANK
                )
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
    words = (
        "RuntimeError: expected src to have a size equal to the slice of self. src size = "
        f"{shown(src.shape)}, slice size = {shown(wanted)}"
    )
    demand_same(op, wanted, src.shape, words, "src")
    return op.result(x, x.shape)
