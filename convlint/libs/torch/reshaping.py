"""Reshaping: view, reshape, flatten, unflatten, squeeze, unsqueeze and their kin.

Law: a view looks at the same memory and needs strides that allow it; `reshape` copies where a view cannot.
"""

from __future__ import annotations

from convlint.dims import Dim, Equal, Expr
from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch import dtypes
from convlint.libs.torch.axes import (
    axes,
    axis,
    listed,
    plain_integer,
    sizes,
    wrapped_axis,
)
from convlint.libs.torch.declare import operation, reshaped_in_place, scalar_name
from convlint.libs.torch.dtypes import element_size
from convlint.libs.torch.views import normal, strides_of, view, with_axes, without_axes
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes import reshape as laws
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import CONTIGUOUS, Condition, Instance, NotModelled, Tensor, Value


def count_words(fault: Fault) -> str:
    """torch's sentence for element counts that disagree."""
    wanted = fault.shapes[1]
    match fault.detail:
        case "two inferred":
            return "RuntimeError: only one dimension can be inferred"
        case "negative size":
            worst = next(s for s in wanted if isinstance(s, int) and s < -1)
            return f"RuntimeError: invalid shape dimension {worst}"
        case "ambiguous":
            return (
                f"RuntimeError: cannot reshape tensor of 0 elements into shape {shown(wanted)} because the "
                "unspecified dimension size -1 can be any value and is ambiguous"
            )
    return f"RuntimeError: shape '{shown(wanted)}' is invalid for input of size {fault.got}"


def strides_words(fault: Fault) -> str:
    """torch's sentence for a view that the strides do not allow."""
    return (
        "RuntimeError: view size is not compatible with input tensor's size and stride (at least one "
        "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
    )


def reshaped(op: Op, x: Tensor, wanted: Shape, *, copies: bool) -> Tensor:
    """`x` in other sizes; where strides do not allow a view, `copies` says whether that is no fault."""
    assert x.shape is not None
    outcome = laws.reshape(x.shape, wanted)
    shape = op.lawful(outcome, count_words, after_count_fault(op, wanted))
    if isinstance(outcome, Fault):
        return op.result(x, shape, strides=None)
    return in_sizes(op, x, shape, copies=copies)


def in_sizes(op: Op, x: Tensor, shape: Shape, *, copies: bool) -> Tensor:
    """`x` in other sizes of as many elements, which is known of them."""
    assert x.shape is not None
    if x.strides is CONTIGUOUS:
        return view(op, x, shape, CONTIGUOUS, x.data)
    strides = strides_of(x)
    seen = None if strides is None else laws.view_strides(x.shape, strides, shape)
    if isinstance(seen, Fault):
        if copies:
            return op.result(x, shape, data=x.data)
        op.lawful(seen, strides_words, shape)
        seen = None
    result = view(op, x, shape, seen, x.data)
    if copies and seen is None:
        result.strides = None
    return result


def after_count_fault(op: Op, wanted: Shape) -> Shape:
    """The sizes that were asked for: what is certain of the result; an inferred one is not known."""
    why = op.unknown("the number of elements does not fit the shape")
    return tuple(why.derive(i).dim if isinstance(s, int) and s < 0 else s for i, s in enumerate(wanted))


@method("torch.Tensor", "view", "self, *shape, size=None, dtype=None")
def view_(op: Op) -> Value:
    """`x.view(2, -1)`, `x.view((2, -1))`, `x.view(torch.int32)`."""
    x, first = op.tensor("self"), _first(op)
    if op["dtype"] is not None or (isinstance(first, Instance) and first.cls is dtypes.DTYPE):
        return _reinterpreted(op, x, first if op["dtype"] is None else op["dtype"])
    return reshaped(op, x, sizes(op, "shape", "size"), copies=False)


def _first(op: Op) -> Value:
    shape = op["shape"]
    return shape[0] if isinstance(shape, tuple) and shape else None


def _reinterpreted(op: Op, x: Tensor, wanted: Value) -> Value:
    """The same bytes as another dtype: the last axis changes with the element's size."""
    name = dtypes.dtype_named(op.caller, wanted)
    if name is None or x.dtype is None:
        return op.unknown("the dtype of a view is not known")
    old, new = element_size(x.dtype), element_size(name)
    assert x.shape is not None
    if old == new:
        return op.result(x, x.shape, dtype=name, strides=x.strides)
    if not x.shape:
        pair = f"{scalar_name(x.dtype)} as {scalar_name(name)}"
        words = f"self.dim() cannot be 0 to view {pair} (different element sizes)"
        op.refuse("RuntimeError", words, "dtype", kind=Kind.RESHAPE)
    total = x.shape[-1] * old
    fault = Fault(
        Kind.RESHAPE, expected=new // old, got=x.shape[-1], shapes=(x.shape,), axis=len(x.shape) - 1
    )
    ratio = new // old if new > old else 1
    outcome = laws.unflatten(x.shape, len(x.shape) - 1, (-1, ratio))

    def words_(_: Fault) -> str:
        return (
            f"RuntimeError: self.size(-1) must be divisible by {ratio} to view {scalar_name(x.dtype or '')} "
            f"as {scalar_name(name)} (different element sizes), but got {fault.got}"
        )

    op.lawful(fault if isinstance(outcome, Fault) else outcome, words_)
    return op.result(x, (*x.shape[:-1], total // new), dtype=name, strides=None)


@function("torch.reshape", signature="input, shape")
def reshape(op: Op) -> Value:
    """`torch.reshape(x, (2, -1))`."""
    return reshaped(op, op.tensor("input"), sizes(op, "shape"), copies=True)


@method("torch.Tensor", "reshape", "self, *args, shape=None")
def reshape_method(op: Op) -> Value:
    """`x.reshape(2, -1)`, `x.reshape((2, -1))`."""
    return reshaped(op, op.tensor("self"), sizes(op, "args", "shape"), copies=True)


@method("torch.Tensor", "view_as", "self, other")
def view_as(op: Op) -> Value:
    """A view in another tensor's shape."""
    return reshaped(op, op.tensor("self"), op.tensor("other").shape or (), copies=False)


@method("torch.Tensor", "reshape_as", "self, other")
def reshape_as(op: Op) -> Value:
    """Another tensor's shape."""
    return reshaped(op, op.tensor("self"), op.tensor("other").shape or (), copies=True)


@operation("flatten", "start_dim=0, end_dim=-1", out=False)
def flatten(op: Op) -> Value:
    """The axes from start to end as one; a tensor without axes gets one."""
    x = op.tensor("input")
    assert x.shape is not None
    rank = len(x.shape)
    start, end = axis(op, "start_dim", rank), axis(op, "end_dim", rank)
    if rank == 0:
        return view(op, x, (1,), (1,), x.data)
    if start > end:
        op.refuse(
            "RuntimeError", "flatten() has invalid args: start_dim cannot come after end_dim", "start_dim"
        )
    if start == end:
        return x
    return reshaped(op, x, laws.flatten(x.shape, start, end), copies=True)


@operation("ravel", out=False)
def ravel(op: Op) -> Value:
    """One axis, contiguous."""
    result = reshaped(
        op, op.tensor("input"), (-1,) if op.tensor("input").elements != 0 else (0,), copies=True
    )
    result.strides = normal(result.shape or (), (1,))
    return result


@operation("unflatten", "dim, sizes", out=False)
def unflatten(op: Op) -> Value:
    """One axis as several."""
    x = op.tensor("input")
    assert x.shape is not None
    place = axis(op, "dim", len(x.shape))
    parts = sizes(op, "sizes")
    if not parts:
        op.refuse("RuntimeError", "unflatten: sizes must be non-empty", "sizes")
    if not x.shape:
        op.refuse("RuntimeError", "unflatten: the tensor has no axes", "dim")
    own = x.shape[place]

    def words(fault: Fault) -> str:
        if fault.detail:
            return count_words(fault)
        return (
            f"RuntimeError: unflatten: Provided sizes {shown(parts)} don't multiply up to the size of dim "
            f"{place} ({own}) in the input tensor"
        )

    instead = (*x.shape[:place], *after_count_fault(op, parts), *x.shape[place + 1 :])
    shape = op.lawful(laws.unflatten(x.shape, place, parts), words, instead)
    strides = strides_of(x)
    seen = None if strides is None else laws.view_strides(x.shape, strides, shape)
    return view(op, x, shape, None if isinstance(seen, Fault) else seen, x.data)


# -- axes of extent 1 ----------------------------------------------------------------------------------------


@operation("squeeze", "dim=None", methods=False, out=False)
def squeeze(op: Op) -> Value:
    """Axes of extent 1 go away, all or the named ones; another axis that is named stays."""
    x = op.tensor("input")
    assert x.shape is not None
    named = op["dim"]
    if named is None:
        candidates: tuple[int, ...] = tuple(range(len(x.shape)))
    else:
        candidates = axes(op, "dim", len(x.shape)) if x.shape or listed(named) is None else ()
    gone = [i for i in candidates if i < len(x.shape) and _is_one(op, x.shape[i])]
    return without_axes(op, x, gone)


def _is_one(op: Op, size: Dim) -> bool:
    """Whether the axis goes: a symbolic extent asks the path."""
    if isinstance(size, Expr):
        known = op.caller.holds(Equal(size, 1))
        return op.caller.truth(Condition(Equal(size, 1))) if known is None else known
    return size == 1


@operation("unsqueeze", "dim", out=False)
def unsqueeze(op: Op) -> Value:
    """A new axis of extent 1."""
    x = op.tensor("input")
    assert x.shape is not None
    place = wrapped_axis(op, plain_integer(op, op.known("dim"), "dim"), len(x.shape) + 1)
    return with_axes(op, x, (place,))


@method("torch.Tensor", "squeeze", "input, *dims, dim=None")
def squeeze_method(op: Op) -> Value:
    """The method takes several axes without brackets, too."""
    given = listed(op["dims"]) or ()
    if given and op["dim"] is None:
        op.args["dim"] = given[0] if len(given) == 1 else given
    return squeeze(op)


method("torch.Tensor", "squeeze_", "input, *dims, dim=None")(reshaped_in_place(squeeze_method))
method("torch.Tensor", "unsqueeze_", "input, dim")(reshaped_in_place(unsqueeze))


@function("torch.atleast_1d", "torch.atleast_2d", "torch.atleast_3d", signature="*tensors")
def atleast(op: Op) -> Value:
    """Axes of extent 1 until there are so many; several tensors give a tuple."""
    rank = int(op.name[-2])
    given = op["tensors"]
    assert isinstance(given, tuple)
    single = len(given) == 1
    members = listed(given[0]) if single and listed(given[0]) is not None else given
    assert members is not None
    results = tuple(_raised(op, member, rank) for member in members)
    return results[0] if single and listed(given[0]) is None else results


def _raised(op: Op, x: Value, rank: int) -> Value:
    if not isinstance(x, Tensor) or x.shape is None:
        raise NotModelled(f"an operand of {op.name} is not known")
    own = len(x.shape)
    if own >= rank:
        return x
    new: tuple[int, ...] = tuple(range(rank - own))
    if rank == 3:
        new = {0: (0, 1, 2), 1: (0, 2), 2: (2,)}[own]
    return with_axes(op, x, new)
