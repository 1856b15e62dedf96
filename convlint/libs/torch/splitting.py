"""Cutting a tensor along an axis: split, chunk, tensor_split, unbind, narrow, select, diagonal, unfold.

Law: pieces are views, and add up to the axis again.
"""

from __future__ import annotations

from itertools import pairwise

from convlint.dims import AtLeast, Dim, Expr, ceildiv, floordiv, maximum, minimum, mod
from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch.axes import axis, distinct_axes, listed, plain_integer, short
from convlint.libs.torch.declare import operation
from convlint.libs.torch.demanding import demand_at_most, demand_equal
from convlint.libs.torch.views import at, cut, strides_of, view
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes import combine
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Condition, NotModelled, Tensor, Unknown, Value

MAX_PIECES = 10_000


def extent_at(op: Op, x: Tensor, place: int, what: str) -> Dim:
    """The extent of an axis; a tensor without axes is refused."""
    if not x.shape:
        op.refuse("RuntimeError", f"{what} expects at least a 1-dimensional tensor", "dim", kind=Kind.RANK)
    return x.shape[place]


def pieces(op: Op, x: Tensor, place: int, lengths: Shape) -> tuple[Tensor, ...]:
    """Views of these lengths, one after another."""
    if len(lengths) > MAX_PIECES:
        raise NotModelled(f"{len(lengths)} pieces are too many to follow")
    result: list[Tensor] = []
    first: Dim = 0
    for length in lengths:
        result.append(cut(op, x, place, first, length))
        first = first + length
    return tuple(result)


def _split(op: Op, x: Tensor, place: int, wanted: Value, name: str) -> Value:
    size = extent_at(op, x, place, "split")
    sizes = listed(wanted)
    if sizes is not None:
        return _split_into(op, x, place, tuple(op.as_dim(s, name) for s in sizes))
    step = op.as_dim(wanted, name)
    if isinstance(step, int) and step < 0:
        message = f"split expects split_size be non-negative, but got split_size={step}"
        op.refuse("RuntimeError", message, name)
    if step == 0 and isinstance(size, int) and size != 0:
        message = f"split_size can only be 0 if dimension size is 0, but got dimension size of {size}"
        op.refuse("RuntimeError", message, name)
    lengths = combine.pieces_of_size(size, step)
    if lengths is None:
        if op.caller.holds(AtLeast(step, size)):
            return pieces(op, x, place, (size,))
        raise NotModelled(f"into how many pieces {size} splits depends on the input")
    return pieces(op, x, place, lengths)


def _split_into(op: Op, x: Tensor, place: int, lengths: Shape) -> Value:
    assert x.shape is not None
    size = x.shape[place]
    if any(isinstance(n, int) and n < 0 for n in lengths):
        op.refuse(
            "RuntimeError",
            "split_with_sizes expects split_sizes have only non-negative entries, but got "
            f"split_sizes={shown(lengths)}",
            "split_size_or_sections",
        )

    def words(fault: Fault) -> str:
        return (
            f"RuntimeError: split_with_sizes expects split_sizes to sum exactly to {fault.expected} (input "
            f"tensor's size at dimension {place}), but got split_sizes={shown(lengths)}"
        )

    return pieces(op, x, place, op.lawful(combine.listed_pieces(size, lengths), words, lengths))


@function("torch.split", signature="tensor, split_size_or_sections, dim=0")
@function("torch.unsafe_split", signature="tensor, split_size_or_sections, dim=0")
def split(op: Op) -> Value:
    """Pieces of one size, or of the sizes of a list."""
    x = op.tensor("tensor")
    place = axis(op, "dim", len(x.shape or ()))
    return _split(op, x, place, op.known("split_size_or_sections"), "split_size_or_sections")


@method("torch.Tensor", "split", "tensor, split_size, dim=0")
@method("torch.Tensor", "unsafe_split", "tensor, split_size, dim=0")
def split_method(op: Op) -> Value:
    """`x.split(2, dim=1)`."""
    x = op.tensor("tensor")
    return _split(op, x, axis(op, "dim", len(x.shape or ())), op.known("split_size"), "split_size")


@operation("split_with_sizes unsafe_split_with_sizes", "split_sizes, dim=0", out=False)
def split_with_sizes(op: Op) -> Value:
    """Pieces of the sizes of a list."""
    x = op.tensor("input")
    place = axis(op, "dim", len(x.shape or ()))
    extent_at(op, x, place, "split")
    return _split_into(op, x, place, op.dims("split_sizes"))


@operation("chunk unsafe_chunk", "chunks, dim=0", out=False)
def chunk(op: Op) -> Value:
    """At most so many pieces of ⌈n / chunks⌉."""
    x = op.tensor("input")
    place = axis(op, "dim", len(x.shape or ()))
    size = extent_at(op, x, place, "chunk")
    number = op.integer("chunks")
    if number <= 0:
        op.refuse("RuntimeError", f"chunk expects `chunks` to be greater than 0, got: {number}", "chunks")
    if isinstance(size, Expr) and mod(size, number) != 0:
        enough = AtLeast(size, (number - 1) * ceildiv(size, number) + 1)
        if op.caller.holds(enough) is not True and not op.caller.truth(Condition(enough)):
            raise NotModelled(f"into how many chunks {size} parts depends on the input")
    return pieces(op, x, place, combine.chunks(size, number))


@operation(
    "tensor_split",
    "indices_or_sections=None, dim=0, *, indices=None, sections=None, tensor_indices_or_sections=None",
    out=False,
)
def tensor_split(op: Op) -> Value:
    """So many pieces that differ by at most 1, or pieces between indices."""
    x = op.tensor("input")
    if not x.shape:
        words = (
            "tensor_split expected at least a 1-dimensional tensor, but got a tensor with "
            f"{len(x.shape or ())} dims"
        )
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    names = ("indices_or_sections", "indices", "sections", "tensor_indices_or_sections")
    wanted = next((op.known(name) for name in names if op[name] is not None), None)
    if wanted is None:
        raise op.caller.error("TypeError", "tensor_split() received an invalid combination of arguments")
    return _tensor_split(op, x, axis(op, "dim", len(x.shape)), wanted)


def _tensor_split(op: Op, x: Tensor, place: int, wanted: Value) -> Value:
    assert x.shape is not None
    size = x.shape[place]
    cuts = listed(wanted)
    if isinstance(wanted, Tensor):
        if wanted.data is None:
            raise NotModelled("where a tensor is split is not known")
        cuts = wanted.data if wanted.shape else None
    if cuts is None:
        number = plain_integer(op, wanted, "sections")
        if number <= 0:
            op.refuse("RuntimeError", f"number of sections must be larger than 0, got {number}", "sections")
        return pieces(op, x, place, combine.even_pieces(size, number))
    bounds: list[Dim] = [0]
    for each in cuts:
        bounds.append(_bound(op, op.as_dim(each, "indices"), size))
    bounds.append(size)
    found = pairwise(bounds)
    return tuple(cut(op, x, place, a, _not_negative(b - a)) for a, b in found)


def _bound(op: Op, index: Dim, size: Dim) -> Dim:
    if isinstance(index, Expr):
        return index if op.caller.holds(AtLeast(size, index)) else minimum(index, size)
    if index < 0:
        return _not_negative(size + index)
    return minimum(index, size)


def _not_negative(value: Dim) -> Dim:
    if isinstance(value, Expr):
        return maximum(value, 0)
    return max(value, 0)


_SPLITS = {"hsplit": (1, 1), "vsplit": (2, 0), "dsplit": (3, 2)}


@operation(
    "hsplit vsplit dsplit",
    "indices_or_sections=None, *, sections=None, indices=None",
    methods=False,
    out=False,
)
def splits(op: Op) -> Value:
    """As `tensor_split` along a fixed axis; a number of pieces has to divide it."""
    return _split_sides(op, op.tensor("input"), op["indices_or_sections"])


@method("torch.Tensor", "hsplit", "self, *args, sections=None, indices=None")
@method("torch.Tensor", "vsplit", "self, *args, sections=None, indices=None")
@method("torch.Tensor", "dsplit", "self, *args, sections=None, indices=None")
def splits_method(op: Op) -> Value:
    """The methods take several indices without brackets, too."""
    given = listed(op["args"]) or ()
    return _split_sides(op, op.tensor("self"), given[0] if len(given) == 1 else (given or None))


def _split_sides(op: Op, x: Tensor, wanted: Value) -> Value:
    name = op.name.rpartition(".")[2]
    rank, place = _SPLITS[name]
    assert x.shape is not None
    if len(x.shape) < rank:
        words = (
            f"torch.{name} requires a tensor with at least {rank} dimension, but got a tensor with "
            f"{len(x.shape)} dimensions!"
        )
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    if name == "hsplit" and len(x.shape) == 1:
        place = 0
    given = [each for each in (wanted, op["sections"], op["indices"]) if each is not None]
    if len(given) != 1:
        op.refuse("TypeError", f"{name}() received an invalid combination of arguments", "sections")
    wanted = given[0]
    if isinstance(wanted, Unknown):
        raise NotModelled(wanted.reason)
    if isinstance(wanted, int):
        size = x.shape[place]
        words = (
            f"RuntimeError: torch.{name} attempted to split along dimension {place}, but the size of the "
            f"dimension {size} is not divisible by the split_size {wanted}!"
        )
        rest = mod(size, wanted) if wanted else 1
        demand_equal(op, 0, rest, words, "sections", kind=Kind.RESHAPE)
    return _tensor_split(op, x, place, wanted)


@operation("unbind", "dim=0", out=False)
def unbind(op: Op) -> Value:
    """One view for each index of an axis."""
    x = op.tensor("input")
    place = axis(op, "dim", len(x.shape or ()))
    if not x.shape:
        op.refuse(
            "IndexError", "Dimension specified as 0 but tensor has no dimensions", "dim", kind=Kind.RANK
        )
    return rows(op, x, place)


def rows(op: Op, x: Tensor, place: int) -> tuple[Tensor, ...]:
    """One view for each index of an axis of known extent."""
    assert x.shape is not None
    size = x.shape[place]
    if isinstance(size, Expr) or size > MAX_PIECES:
        raise NotModelled(f"an axis of {size} is not taken apart")
    return tuple(at(op, x, place, i) for i in range(size))


# -- one piece -----------------------------------------------------------------------------------------------


@operation("narrow narrow_copy", "dim, start, length", out=False)
def narrow(op: Op) -> Value:
    """`length` indices of an axis from `start` on."""
    x = op.tensor("input")
    if not x.shape:
        op.refuse("RuntimeError", "narrow() cannot be applied to a 0-dim tensor.", "dim", kind=Kind.RANK)
    place = axis(op, "dim", len(x.shape))
    size, start, length = x.shape[place], op.dim("start"), op.dim("length")
    if isinstance(length, int) and length < 0:
        op.refuse("RuntimeError", "narrow(): length must be non-negative.", "length")
    words = f"IndexError: start out of range (expected to be in range of [-{size}, {size}], but got {start})"
    if isinstance(start, int):
        demand_at_most(op, abs(start), size, words, "start")
    if isinstance(start, int) and start < 0:
        start = size + start
    words = f"RuntimeError: start ({start}) + length ({length}) exceeds dimension size ({size})."
    demand_at_most(op, start + length, size, words, "length")
    piece = cut(op, x, place, start, length)
    return op.result(x, piece.shape, data=piece.data) if short(op) == "narrow_copy" else piece


@operation("select", "dim, index", out=False)
def select(op: Op) -> Value:
    """One index of an axis, which goes away."""
    x = op.tensor("input")
    if not x.shape:
        op.refuse("IndexError", "select() cannot be applied to a 0-dim tensor.", "dim", kind=Kind.RANK)
    place = axis(op, "dim", len(x.shape))
    return at(op, x, place, index_of(op, op.dim("index"), x.shape, place))


def index_of(op: Op, index: Dim, shape: Shape, place: int) -> Dim:
    """An index from 0. One out of range is refused."""
    size = shape[place]
    if isinstance(index, int) and isinstance(size, int) and not -size <= index < size:
        words = f"index {index} is out of bounds for dimension {place} with size {size}"
        op.refuse("IndexError", words, "index", kind=Kind.PROGRAM)
    if isinstance(index, int) and index < 0:
        return size + index
    return index


@operation("diagonal", "offset=0, dim1=0, dim2=1", out=False)
def diagonal(op: Op) -> Value:
    """The diagonals of the planes of two axes, as the last axis."""
    x = op.tensor("input")
    return view_of_diagonal(op, x, op.integer("offset"), op.integer("dim1"), op.integer("dim2"))


def view_of_diagonal(op: Op, x: Tensor, offset: int, dim1: int, dim2: int) -> Tensor:
    """The diagonal from `offset` on: min(rows, columns − offset) elements, at least 0."""
    assert x.shape is not None
    if len(x.shape) < 2:
        op.args["dim1"] = dim1
    a, b = distinct_diagonal(op, x, dim1, dim2)
    rows_, columns = x.shape[a], x.shape[b]
    length = minimum(rows_, columns - offset) if offset >= 0 else minimum(rows_ + offset, columns)
    strides = strides_of(x)
    kept = [i for i in range(len(x.shape)) if i not in (a, b)]
    steps = None
    if strides is not None:
        steps = (*(strides[i] for i in kept), strides[a] + strides[b])
    return view(op, x, (*(x.shape[i] for i in kept), _not_negative(length)), steps)


def distinct_diagonal(op: Op, x: Tensor, dim1: int, dim2: int) -> tuple[int, int]:
    """The two axes of a diagonal, from 0."""
    rank = len(x.shape or ())
    found = distinct_axes(op, (dim1,), rank, "dim1") + distinct_axes(op, (dim2,), rank, "dim2")
    if found[0] == found[1]:
        op.refuse("RuntimeError", f"diagonal dimensions cannot be identical {dim1}, {dim2}", "dim1", "dim2")
    return found[0], found[1]


@method("torch.Tensor", "unfold", "self, dimension, size, step")
def unfold(op: Op) -> Value:
    """Windows of an axis as a new last axis: ⌊(n − size) / step⌋ + 1 of them."""
    x = op.tensor("self")
    shape = x.shape or ()
    place = axis(op, "dimension", len(shape))
    size, step = op.dim("size"), op.dim("step")
    n: Dim = shape[place] if shape else 1
    if isinstance(size, int) and size < 0:
        op.refuse("RuntimeError", f"size is {size} but must be >= 0", "size")
    words = f"RuntimeError: maximum size for tensor at dimension {place} is {n} but size is {size}"
    demand_at_most(op, size, n, words, "size", kind=Kind.KERNEL)
    if isinstance(step, int) and step <= 0:
        op.refuse("RuntimeError", f"step is {step} but must be > 0", "step")
    if not shape:
        return view(op, x, (size,), (1,), x.data if size == 1 else None)
    strides = strides_of(x)
    steps = None
    if strides is not None:
        steps = (*strides[:place], strides[place] * step, *strides[place + 1 :], strides[place])
    return view(op, x, (*shape[:place], floordiv(n - size, step) + 1, *shape[place + 1 :], size), steps)


@operation("as_strided", "size, stride, storage_offset=None", out=False)
def as_strided(op: Op) -> Value:
    """A view with any shape and strides."""
    x = op.tensor("input")
    size, stride = op.dims("size"), op.dims("stride")
    if len(size) != len(stride):
        op.refuse("RuntimeError", "mismatch in length of strides and shape", "stride", kind=Kind.RANK)
    for each in (*size, *stride):
        if isinstance(each, int) and each < 0:
            op.refuse(
                "RuntimeError", "as_strided: Negative strides are not supported at the moment", "stride"
            )
    return view(op, x, size, stride)
