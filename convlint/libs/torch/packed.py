"""Packed sequences (`torch.nn.utils.rnn`): sequences of several lengths in one tensor of all their steps.

Law: the packed tensor has as many rows as there are steps; lengths that are not known give opaque extents.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from convlint.dims import Dim, Expr, maximum
from convlint.libs.op import Op
from convlint.libs.registry import function, klass, lookup, method
from convlint.libs.torch.broadcasting import not_joining
from convlint.libs.torch.wording import sizes
from convlint.shapes.broadcast import broadcast, fits_into
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Lawful, Shape
from convlint.values import Class, Instance, NotModelled, Stream, Tensor, Value

PACKED = klass("torch.nn.utils.rnn.PackedSequence").qualname
FIELDS = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")


class Packed(Struct, frozen=True):
    """What a packed sequence is known to hold: `batch` sequences, `longest` steps in the longest one."""

    instance: Instance
    data: Tensor
    batch: Dim
    longest: Dim
    lengths: tuple[Dim, ...] | None


def packed_of(value: Value) -> Packed | None:
    """The packed sequence that a value is, None for anything else. Raises NotModelled for unknown data."""
    if not (isinstance(value, Instance) and value.cls.derives(PACKED)):
        return None
    data, sizes = value.attrs.get("data"), value.attrs.get("batch_sizes")
    if not isinstance(data, Tensor) or not data.shape or not isinstance(sizes, Tensor) or not sizes.shape:
        raise NotModelled("the data of a packed sequence is not known")
    batch = value.attrs.get("_batch")
    if not isinstance(batch, (int, Expr)):
        first = sizes.data[0] if sizes.data else None
        if not isinstance(first, int):
            raise NotModelled("the batch sizes of a packed sequence are not known")
        batch = first
    lengths = value.attrs.get("_lengths")
    return Packed(value, data, batch, sizes.shape[0], lengths if isinstance(lengths, tuple) else None)


def repacked(packed: Packed, data: Tensor) -> Instance:
    """The same sequences with other features."""
    result = Instance(packed.instance.cls, packed.instance.site)
    result.attrs.update(packed.instance.attrs)
    result.attrs["data"] = data
    return result


def _pack(
    op: Op, data: Tensor, batch: Dim, lengths: tuple[Dim, ...] | None, longest: Dim, sort: bool
) -> Instance:
    cls = lookup(PACKED)
    assert isinstance(cls, Class)
    result = Instance(cls, op.caller.site)
    order: Value = Tensor((batch,), "int64") if sort else None
    sizes = Tensor((longest,), "int64", data=_batch_sizes(lengths))
    values = (data, sizes, order, Tensor((batch,), "int64") if sort else None)
    result.attrs.update(zip(FIELDS, values, strict=True))
    result.attrs["_batch"] = batch
    result.attrs["_lengths"] = lengths
    return result


def _batch_sizes(lengths: tuple[Dim, ...] | None) -> tuple[object, ...] | None:
    known = [n for n in lengths or () if isinstance(n, int)]
    if not known or len(known) != len(lengths or ()):
        return None
    return tuple(sum(1 for n in known if n > step) for step in range(max(known)))


def _lengths(op: Op, value: Value) -> tuple[Dim, ...] | None:
    if isinstance(value, Tensor):
        if value.rank is not None and value.rank != 1:
            words = (
                f"'lengths' argument should be a 1D CPU int64 tensor, but got {value.rank}D cpu Long tensor"
            )
            op.refuse("RuntimeError", words, "lengths", kind=Kind.RANK)
        return None if value.data is None else tuple(op.as_dim(n, "lengths") for n in value.data)
    if isinstance(value, (list, tuple)):
        return tuple(op.as_dim(n, "lengths") for n in value)
    return None


def _count(value: Value, lengths: tuple[Dim, ...] | None) -> Dim | None:
    if lengths is not None:
        return len(lengths)
    return value.shape[0] if isinstance(value, Tensor) and value.shape else None


def _not_empty(op: Op, shape: Shape) -> None:
    if 0 in shape:
        op.refuse("RuntimeError", "Cannot pack empty tensors.", "input")


def _check_lengths(op: Op, lengths: Sequence[Dim], enforce_sorted: bool) -> None:
    known = [n for n in lengths if isinstance(n, int)]
    if any(n <= 0 for n in known):
        words = (
            "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
        )
        op.refuse("RuntimeError", words, "lengths")
    if enforce_sorted and len(known) == len(lengths) and known != sorted(known, reverse=True):
        words = (
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
            "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this "
            "requirement if you "
            "do not need ONNX exportability."
        )
        op.refuse("RuntimeError", words, "lengths", "enforce_sorted")


def _sum(lengths: Sequence[Dim]) -> Dim:
    total: Dim = 0
    for length in lengths:
        total = total + length
    return total


@function(
    "torch.nn.utils.rnn.pack_padded_sequence",
    signature="input, lengths, batch_first=False, enforce_sorted=True",
)
def pack_padded_sequence(op: Op) -> Value:
    """A padded batch of sequences without its padding."""
    x = op.tensor("input")
    shape = x.shape
    assert shape is not None
    if len(shape) < 2:
        words = (
            f"Dimension out of range (expected to be in range of [{-len(shape)}, {len(shape) - 1}], "
            "but got 1)"
        )
        op.refuse("IndexError", words, "input", kind=Kind.RANK)
    batch = shape[0] if op.flag("batch_first") else shape[1]
    lengths, sort = _lengths(op, op["lengths"]), not op.flag("enforce_sorted")
    number = _count(op["lengths"], lengths)
    if number is not None:
        batch = _chosen(op, batch, number, shape, sort)
    _not_empty(op, shape)
    if lengths is not None:
        _check_lengths(op, lengths, not sort)
        steps, longest = _sum(lengths), maximum(*lengths)
    else:
        unknown = op.unknown("the lengths of the packed sequences are not known")
        steps, longest = unknown.derive("steps").dim, unknown.derive("longest").dim
    return _pack(op, op.result(x, (steps, *shape[2:])), batch, lengths, longest, sort)


def _chosen(op: Op, batch: Dim, number: Dim, shape: Shape, sort: bool) -> Dim:
    """How many sequences are packed: sorting picks one a length, else the numbers must agree."""
    demands = Demands()
    wrong = Fault(Kind.OTHER, batch, number, (shape,), None, ("lengths",))
    words = f"Expected `len(lengths)` to be equal to batch_size, but got {number} (batch_size={batch})"
    if sort:
        demands.at_least(batch, number, wrong)
        op.lawful(demands.outcome(()), lambda _: "IndexError: index out of range in self")
        return number
    demands.equal(batch, number, wrong)
    op.lawful(demands.outcome(()), lambda _: f"RuntimeError: {words}")
    return batch


@function(
    "torch.nn.utils.rnn.pad_packed_sequence",
    signature="sequence, batch_first=False, padding_value=0.0, total_length=None",
)
def pad_packed_sequence(op: Op) -> Value:
    """The padded batch, as long as its longest sequence or `total_length`, and the lengths."""
    packed = packed_of(op["sequence"])
    if packed is None:
        raise NotModelled("what is padded is not known to be a packed sequence")
    length = packed.longest
    if op["total_length"] is not None:
        total = op.dim("total_length")
        demands = Demands()
        demands.at_least(total, length, Fault(Kind.OTHER, length, total, (), None, ("total_length",)))
        words = (
            "ValueError: Expected total_length to be at least the length of the longest sequence in input, "
            f"but got total_length={total} and max sequence length being {length}"
        )
        op.lawful(demands.outcome(()), lambda _: words, ())
        length = total
    assert packed.data.shape is not None
    lead: Shape = (packed.batch, length) if op.flag("batch_first") else (length, packed.batch)
    lengths = Tensor((packed.batch,), "int64", data=packed.lengths)
    return op.result(packed.data, (*lead, *packed.data.shape[1:])), lengths


def _sequences(op: Op) -> list[Tensor]:
    value = op.known("sequences")
    if isinstance(value, Tensor):
        if value.rank is not None and value.rank < 2:
            raise NotModelled("a sequence of numbers is no sequence of sequences")
        if value.shape and isinstance(value.shape[0], int) and value.shape[0] <= 1024:
            return [value.like(value.shape[1:]) for _ in range(value.shape[0])]
        raise NotModelled("the number of sequences is not known")
    tensors = list(op.caller.iterate(value))
    if not tensors:
        op.refuse("RuntimeError", "received an empty list of sequences", "sequences", kind=Kind.OTHER)
    known = [t for t in tensors if isinstance(t, Tensor) and t.shape]
    if len(known) < len(tensors):
        raise NotModelled("the sequences are not all tensors of known shape")
    return known


def _padded(op: Op, tensors: list[Tensor], batch_first: bool) -> Shape:
    shapes = [t.shape or () for t in tensors]
    rest = shapes[0][1:]
    for shape in shapes[1:]:
        _fits(op, shape, (*shape[:1], *rest))
    longest = maximum(*(shape[0] for shape in shapes))
    return (len(shapes), longest, *rest) if batch_first else (longest, len(shapes), *rest)


def _fits(op: Op, shape: Shape, slot: Shape) -> None:
    """A sequence is copied into a slot with the first one's other axes: it may only stretch itself."""
    joined = broadcast(slot, shape)
    in_place = (
        f"output with shape {sizes(slot)} doesn't match the broadcast shape "
        f"{sizes(joined.shape if isinstance(joined, Lawful) else ())}"
    )

    def words(fault: Fault) -> str:
        return f"RuntimeError: {in_place}" if isinstance(fault.expected, tuple) else not_joining(fault)

    op.lawful(joined if isinstance(joined, Fault) else fits_into(slot, shape), words, slot)


@function(
    "torch.nn.utils.rnn.pad_sequence",
    signature="sequences, batch_first=False, padding_value=0.0, padding_side='right'",
)
def pad_sequence(op: Op) -> Value:
    """Sequences stacked along a new axis, padded to the longest."""
    side = op["padding_side"]
    tensors = _sequences(op)
    if isinstance(side, str) and side not in ("left", "right"):
        words = f"Expected padding_side to be one of left or right, but got {side}."
        op.refuse("RuntimeError", words, "padding_side")
    return op.result(tensors[0], _padded(op, tensors, op.flag("batch_first")))


@function("torch.nn.utils.rnn.pack_sequence", signature="sequences, enforce_sorted=True")
def pack_sequence(op: Op) -> Value:
    """Sequences of several lengths, packed."""
    tensors = _sequences(op)
    shape = _padded(op, tensors, batch_first=True)
    _not_empty(op, shape)
    lengths = tuple((t.shape or (0,))[0] for t in tensors)
    enforce_sorted = op.flag("enforce_sorted")
    _check_lengths(op, lengths, enforce_sorted)
    data = op.result(tensors[0], (_sum(lengths), *shape[2:]))
    return _pack(op, data, len(tensors), lengths, shape[1], not enforce_sorted)


# -- the class -----------------------------------------------------------------------------------------------


@method(PACKED, "__init__", "self, data, batch_sizes=None, sorted_indices=None, unsorted_indices=None")
def _init(op: Op) -> Value:
    assert op.self is not None
    op.self.attrs.update((name, op[name]) for name in FIELDS)
    return None


@method(PACKED, "__iter__", "self")
def _iterate(op: Op) -> Value:
    assert op.self is not None
    return Stream([op.self.attrs[name] for name in FIELDS])


@method(PACKED, "__getitem__", "self, index")
def _item(op: Op) -> Value:
    assert op.self is not None
    return op.caller.item(tuple(op.self.attrs[name] for name in FIELDS), op["index"])


@method(PACKED, "__len__", "self")
def _length(op: Op) -> Value:
    return len(FIELDS)


def _same(op: Op) -> Value:
    return op.self


for _name in (
    "to",
    "cuda",
    "cpu",
    "double",
    "float",
    "half",
    "long",
    "int",
    "short",
    "char",
    "byte",
    "pin_memory",
):
    method(PACKED, _name, "self, *args, **kwargs")(_same)
