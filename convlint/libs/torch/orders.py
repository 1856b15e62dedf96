"""Axes in another order, and elements of an axis in another: permute, transpose, movedim, flip, roll, rot90.

Law: reordering axes is a view; reordering elements is a copy of the same shape.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch.axes import axes, axis, distinct_axes, listed, plain_integer, sizes, wrapped_axis
from convlint.libs.torch.content import picked, plain
from convlint.libs.torch.declare import operation, reshaped_in_place
from convlint.libs.torch.views import reordered
from convlint.shapes.fault import Fault, Kind
from convlint.values import NotModelled, Tensor, Unknown, Value


def _rank(x: Tensor) -> int:
    assert x.shape is not None
    return len(x.shape)


def _permuted(op: Op, x: Tensor, members: tuple[Value, ...]) -> Value:
    rank = _rank(x)
    if len(members) != rank:
        words = (
            "RuntimeError: permute(sparse_coo): number of dimensions in the tensor input does not match "
            f"the length of the desired ordering of dimensions i.e. input.dim() = {rank} is not equal to "
            f"len(dims) = {len(members)}"
        )
        op.lawful(
            Fault(Kind.RANK, len(members), rank, (x.shape or (),), arguments=("dims",)), lambda _: words
        )
    order = _order(op, members, rank)
    return reordered(op, x, order)


def _order(op: Op, members: tuple[Value, ...], rank: int) -> list[int]:
    order: list[int] = []
    for member in members:
        if isinstance(member, Unknown):
            raise NotModelled(member.reason)
        order.append(wrapped_axis(op, plain_integer(op, member, "dims"), rank, "dims"))
    if len(set(order)) != len(order):
        op.refuse("RuntimeError", "permute(): duplicate dims are not allowed.", "dims", kind=Kind.RANK)
    return order


@function("torch.permute", signature="input, dims")
def permute(op: Op) -> Value:
    """`torch.permute(x, (0, 2, 1))`."""
    members = listed(op.known("dims"))
    if members is None:
        raise op.caller.error("TypeError", "permute(): argument 'dims' must be tuple of ints, not int")
    return _permuted(op, op.tensor("input"), members)


@method("torch.Tensor", "permute", "self, *order, dims=None")
def permute_method(op: Op) -> Value:
    """`x.permute(0, 2, 1)`, `x.permute((0, 2, 1))`."""
    members = op["order"] if op["dims"] is None else op["dims"]
    members = listed(members)
    if members is None:
        raise NotModelled("the order of the axes is not known")
    if len(members) == 1 and listed(members[0]) is not None:
        members = listed(members[0])
        assert members is not None
    return _permuted(op, op.tensor("self"), members)


def _exchanged(op: Op, x: Tensor, a: int, b: int) -> Tensor:
    order = list(range(_rank(x)))
    if order:
        order[a], order[b] = b, a
    return reordered(op, x, order)


@operation("transpose swapdims", "dim0, dim1", out=False)
@operation("swapaxes", "axis0, axis1", out=False)
def transpose(op: Op) -> Value:
    """Two axes exchanged."""
    x = op.tensor("input")
    first, second = ("axis0", "axis1") if "axis0" in op.args else ("dim0", "dim1")
    return _exchanged(op, x, axis(op, first, _rank(x)), axis(op, second, _rank(x)))


@operation("t", out=False)
def t(op: Op) -> Value:
    """The transpose of a matrix; vectors and numbers stay."""
    x = op.tensor("input")
    if _rank(x) > 2:
        words = f"RuntimeError: t() expects a tensor with <= 2 dimensions, but self is {_rank(x)}D"
        op.lawful(Fault(Kind.RANK, expected=2, got=_rank(x), shapes=(x.shape or (),)), lambda _: words)
    return _exchanged(op, x, 0, 1) if _rank(x) == 2 else x


@operation("adjoint", out=False)
def adjoint(op: Op) -> Value:
    """The last two axes exchanged, conjugated."""
    return last_two_exchanged(op, op.tensor("input"), "adjoint()")


def last_two_exchanged(op: Op, x: Tensor, words: str) -> Tensor:
    """`x.mT` and its kin: at least two axes."""
    if _rank(x) < 2:
        op.lawful(
            Fault(Kind.RANK, expected=2, got=_rank(x), shapes=(x.shape or (),)),
            lambda _: (
                "RuntimeError: tensor.mT is only supported on matrices or batches of matrices. Got "
                f"{_rank(x)}-D tensor."
            ),
        )
    return _exchanged(op, x, _rank(x) - 2, _rank(x) - 1)


for _name in ("transpose_", "swapdims_"):
    method("torch.Tensor", _name, "input, dim0, dim1")(reshaped_in_place(transpose))
method("torch.Tensor", "swapaxes_", "input, axis0, axis1")(reshaped_in_place(transpose))
method("torch.Tensor", "t_", "input")(reshaped_in_place(t))


@operation("movedim moveaxis", "source, destination", out=False)
def movedim(op: Op) -> Value:
    """Axes moved to new places; the others keep their order."""
    x = op.tensor("input")
    source = axes(op, "source", _rank(x))
    destination = axes(op, "destination", _rank(x))
    if len(source) != len(destination):
        op.refuse(
            "RuntimeError",
            "movedim: Invalid source or destination dims: source "
            f"({len(source)} dims) should contain the same number of dims as destination "
            f"({len(destination)} dims)",
            "source",
        )
    rest = iter(i for i in range(_rank(x)) if i not in source)
    placed = dict(zip(destination, source, strict=True))
    return reordered(op, x, [placed[i] if i in placed else next(rest) for i in range(_rank(x))])


# -- elements in another order -------------------------------------------------------------------------------


def _flipped(op: Op, x: Tensor, gone: tuple[int, ...]) -> Tensor:
    assert x.shape is not None
    shape = plain(x.shape)

    def source(place: tuple[int, ...]) -> list[int]:
        return [shape[i] - 1 - n if i in gone else n for i, n in enumerate(place)]

    return op.result(x, x.shape, data=picked(x, x.shape, source), strides=x.strides)


@function("torch.flip", signature="input, dims")
def flip(op: Op) -> Value:
    """The order of elements reversed along axes."""
    x = op.tensor("input")
    return _flipped(op, x, axes(op, "dims", _rank(x)))


@method("torch.Tensor", "flip", "self, *order, dims=None")
def flip_method(op: Op) -> Value:
    """`x.flip(0, 1)`, `x.flip((0, 1))`."""
    x = op.tensor("self")
    members = sizes(op, "order", "dims")
    return _flipped(op, x, distinct_axes(op, members, _rank(x), "dims"))


@operation("fliplr flipud", out=False)
def flip_sides(op: Op) -> Value:
    """Left to right (the second axis) or top to bottom (the first)."""
    x = op.tensor("input")
    side = 1 if "fliplr" in op.name else 0
    if _rank(x) <= side:
        words = f"Input must be >= {side + 1}-d."
        op.lawful(Fault(Kind.RANK, side + 1, _rank(x), (x.shape or (),)), lambda _: f"RuntimeError: {words}")
    return _flipped(op, x, (side,))


@function("torch.roll", signature="input, shifts, dims=()")
@method("torch.Tensor", "roll", "input, shifts, dims=()")
def roll(op: Op) -> Value:
    """Elements moved along axes, those that leave come back at the other end.

    Without axes, of the flat tensor.
    """
    x = op.tensor("input")
    shifts, named = op.dims("shifts"), op.dims("dims")
    if not shifts:
        op.refuse("RuntimeError", "`shifts` required", "shifts")
    if len(shifts) != len(named) and (named or len(shifts) != 1):
        words = f"shifts and dimensions must align. shifts: {len(shifts)}, dims:{len(named)}"
        op.refuse("RuntimeError", words, "shifts", "dims")
    if x.elements != 0:
        for each in named:
            if not x.shape:
                words = f"Dimension specified as {each} but tensor has no dimensions"
                op.refuse("IndexError", words, "dims", kind=Kind.RANK)
            wrapped_axis(op, plain_integer(op, each, "dims"), _rank(x), "dims")
    return op.result(x, x.shape)


@operation("rot90", "k=1, dims=(0, 1)", out=False)
def rot90(op: Op) -> Value:
    """A quarter turn in the plane of two axes, k times."""
    x = op.tensor("input")
    members = listed(op.known("dims"))
    if members is None or len(members) != 2:
        count = 1 if members is None else len(members)
        op.refuse("RuntimeError", f"expected total rotation dims == 2, but got dims = {count}", "dims")
    if _rank(x) < 2:
        words = f"RuntimeError: expected total dims >= 2, but got total dims = {_rank(x)}"
        op.lawful(Fault(Kind.RANK, 2, _rank(x), (x.shape or (),)), lambda _: words)
    a, b = distinct_axes(op, members, _rank(x), "dims")
    if op.integer("k") % 2 == 0:
        return op.result(x, x.shape, strides=None)
    turned = _exchanged(op, x, a, b)
    return op.result(x, turned.shape, strides=None)
