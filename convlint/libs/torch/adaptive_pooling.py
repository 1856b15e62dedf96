"""Adaptive pooling: the caller names the size that comes out, None keeps the axis.

The checks are ATen's (AdaptiveAveragePooling.cpp, AdaptiveMaxPooling2d.cpp and their kin of one and three
axes).
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import Body, function, klass
from convlint.libs.torch.arguments import (
    FLOATING,
    below,
    floating,
    items,
    kind_of,
    operand,
    whole,
    whole_numbers,
)
from convlint.libs.torch.layer import layer
from convlint.libs.torch.pooling import with_indices
from convlint.libs.torch.wording import sizes
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.window import pool_to
from convlint.values import Tensor, Unknown, Value

MAX_ND = klass("torch.nn.modules.pooling._AdaptiveMaxPoolNd", "torch.nn.Module").qualname
AVG_ND = klass("torch.nn.modules.pooling._AdaptiveAvgPoolNd", "torch.nn.Module").qualname


def _output_size(op: Op, what: str, rank: int) -> tuple[Dim | None, ...]:
    value = op["output_size"]
    if isinstance(value, Unknown):
        return tuple(value.derive(("axis", i)).dim for i in range(rank))
    members = items(op, "output_size")
    if members is None:
        if value is None or isinstance(value, (*FLOATING, str)):
            message = f"object of type '{kind_of(value)}' has no len()"
            if rank == 1:
                message = (
                    f"{what}(): argument 'output_size' (position 2) must be tuple of ints, not "
                    f"{kind_of(value)}"
                )
            op.refuse("TypeError", message, "output_size")
        members = (value,) * rank
    elif rank == 1 and None in members:
        message = (
            f"{what}(): argument 'output_size' (position 2) must be tuple of ints, but found element of type "
        )
        op.refuse("TypeError", f"{message}NoneType at pos {members.index(None)}", "output_size")
    if len(members) != rank:
        op.refuse("RuntimeError", _length(what, rank, len(members)), "output_size")
    return tuple(None if v is None else whole(op, v, "output_size") for v in members)


def _length(what: str, rank: int, got: int) -> str:
    if rank == 1:
        return f"{what}() argument 'output_size' should contain one int (got {got})"
    if "max" in what:
        return f"{what}(): internal error: output_size.size() must be {rank}"
    return f"{what}: output_size must be {rank}"


def _check(op: Op, what: str, xs: Shape, wanted: tuple[Dim | None, ...]) -> None:
    """Empty axes, and sizes below 0."""
    rank = len(wanted)
    # ATen looks at all axes but the first, and for an average over one or two at the space alone
    first = len(xs) - rank if what in ("adaptive_avg_pool1d", "adaptive_avg_pool2d") else 1
    if len(xs) in (rank + 1, rank + 2) and 0 in xs[first:]:
        axis = xs.index(0, first)
        fault = Fault(Kind.KERNEL, 1, 0, (xs,), axis, detail="an empty axis")
        op.lawful(
            fault,
            lambda _: (
                f"RuntimeError: {what}(): Expected input to have non-zero size for non-batch dimensions, "
                f"but input has sizes {sizes(xs)} with dimension {axis} being empty"
            ),
        )
    known = tuple(n for n in wanted if n is not None)
    if below(known, 0):
        if "max" in what:
            made = (*xs[: len(xs) - rank], *(n if n is not None else 1 for n in wanted))
            worst = next(n for n in known if isinstance(n, int) and n < 0)
            message = f"Trying to create tensor with negative dimension {worst}: {sizes(made)}"
        else:
            message = (
                f"{what}: elements of output_size must be greater than or equal to 0 but received "
                f"{sizes(known)}"
            )
        op.refuse("RuntimeError", message, "output_size")


def _is_mean(xs: Shape, wanted: tuple[Dim | None, ...]) -> bool:
    """One place an axis is a plain mean in ATen, of a tensor of any rank that has the axes."""
    rank = len(wanted)
    sizes_ = [n if w is None else w for n, w in zip(xs[-rank:], wanted, strict=False)]
    return len(xs) >= rank and all(isinstance(n, int) and n == 1 for n in sizes_)


def _mean(op: Op, x: Tensor, xs: Shape, rank: int) -> Value:
    if whole_numbers(x):
        message = (
            "mean(): could not infer output dtype. Input dtype must be either a floating point "
            "or complex dtype."
        )
        op.refuse("RuntimeError", message, kind=Kind.OTHER)
    return with_indices(op, x, (*xs[: len(xs) - rank], *(1,) * rank), False)


def _body(what: str, rank: int, indices: bool | None) -> Body:
    def body(op: Op) -> Value:
        x = operand(op, "input", what)
        xs = x.shape
        assert xs is not None
        members = items(op, "output_size")
        if rank > 1 and members is not None and len(members) >= len(xs):
            op.refuse("ValueError", f"Input dimension should be at least {len(members) + 1}", "output_size")
        wanted = _output_size(op, what, rank)
        if "avg" in what and (rank > 1 or len(xs) in (2, 3)) and _is_mean(xs, wanted):
            return _mean(op, x, xs, rank)
        _check(op, what, xs, wanted)
        shape = op.lawful(
            pool_to(xs, wanted),
            lambda _: (
                f"RuntimeError: {what}(): Expected {rank + 1}D or {rank + 2}D tensor, but got {sizes(xs)}"
            ),
        )
        if 0 not in xs and (rank == 3 or 0 not in shape):
            floating(op, x, what if rank < 3 else f"{what}_cpu")
        return with_indices(op, x, shape, op.flag("return_indices") if indices is None else indices)

    return body


for _rank in (1, 2, 3):
    _average, _maximum = f"adaptive_avg_pool{_rank}d", f"adaptive_max_pool{_rank}d"
    layer(f"torch.nn.AdaptiveAvgPool{_rank}d", "output_size", base=AVG_ND)(_body(_average, _rank, False))
    function(f"torch.nn.functional.{_average}", signature="input, output_size")(_body(_average, _rank, False))
    layer(f"torch.nn.AdaptiveMaxPool{_rank}d", "output_size, return_indices=False", base=MAX_ND)(
        _body(_maximum, _rank, None)
    )
    function(f"torch.nn.functional.{_maximum}", signature="input, output_size, return_indices=False")(
        _body(_maximum, _rank, None)
    )
    function(
        f"torch.nn.functional.{_maximum}_with_indices", signature="input, output_size, return_indices=False"
    )(_body(_maximum, _rank, True))
function("torch.adaptive_avg_pool1d", signature="input, output_size")(_body("adaptive_avg_pool1d", 1, False))
function("torch.adaptive_max_pool1d", signature="input, output_size")(_body("adaptive_max_pool1d", 1, True))
