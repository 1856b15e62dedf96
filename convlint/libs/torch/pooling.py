"""Max, average and power-average pooling, functions and layers over one to three axes.

The checks and their order are ATen's (aten/src/ATen/native/Pool.h, Pooling.cpp).
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, function, klass
from convlint.libs.torch import pool_words
from convlint.libs.torch.arguments import below, dense_strides, items, ntuple, operand, repeated
from convlint.libs.torch.layer import layer
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.window import Window, pool
from convlint.values import Tensor, Value

alias("torch.nn.modules.pooling", "torch.nn")
MAX_ND = klass("torch.nn.modules.pooling._MaxPoolNd", "torch.nn.Module").qualname
AVG_ND = klass("torch.nn.modules.pooling._AvgPoolNd", "torch.nn.Module").qualname
LP_ND = klass("torch.nn.modules.pooling._LPPoolNd", "torch.nn.Module").qualname


# -- arguments -----------------------------------------------------------------------------------------------


def windows_of(
    op: Op, what: str, rank: int, *, padded: bool = True, dilated: bool = False
) -> tuple[Window, ...]:
    """The windows of a call of the native pooling `what`; refuses what ATen refuses about them alone."""
    kernel = _each(op, what, rank, "kernel_size")
    own = op["stride"] is not None and items(op, "stride") != ()
    stride = _each(op, what, rank, "stride") if own else kernel
    padding = _each(op, what, rank, "padding") if padded else (0,) * rank
    dilation = _each(op, what, rank, "dilation") if dilated else (1,) * rank
    _check_numbers(op, what, kernel, stride, dilation)
    _check_padding(op, what, kernel, padding, dilation)
    ceil = op.flag("ceil_mode")
    return tuple(
        Window(k, s, d, p, p, ceil=ceil) for k, s, d, p in zip(kernel, stride, dilation, padding, strict=True)
    )


def _each(op: Op, what: str, rank: int, name: str) -> Shape:
    dims = ntuple(op, name, rank)
    if len(dims) not in (1, rank):
        op.refuse("RuntimeError", pool_words.length(what, rank, name, len(dims)), name)
    return dims * rank if len(dims) == 1 else dims


def _check_numbers(op: Op, what: str, kernel: Shape, stride: Shape, dilation: Shape) -> None:
    if what != "max_pool1d" and 0 in stride:
        op.refuse("RuntimeError", "stride should not be zero", "stride")
    for name, numbers in (("kernel_size", kernel), ("stride", stride), ("dilation", dilation)):
        if below(numbers, 1):
            op.refuse("RuntimeError", pool_words.not_positive(what, name, numbers), name)


def _check_padding(op: Op, what: str, kernel: Shape, padding: Shape, dilation: Shape) -> None:
    for p, k, d in zip(padding, kernel, dilation, strict=True):
        if not isinstance(p, int) or not isinstance(k, int) or not isinstance(d, int):
            continue
        if p < 0:
            op.refuse("RuntimeError", pool_words.negative_padding(what, p), "padding")
        reach = k if what == "max_pool1d" else (k - 1) * d + 1
        if p > reach // 2:
            op.refuse("RuntimeError", pool_words.padding_over_half(what, p, k, d), "padding", "kernel_size")
        if p > k // 2:
            message = pool_words.padding_over_plain_half(kernel, padding)
            op.refuse("RuntimeError", message, "padding", "kernel_size")


# -- bodies --------------------------------------------------------------------------------------------------


def pooled(op: Op, x: Tensor, what: str, windows: tuple[Window, ...]) -> Shape:
    """The pooled shape."""
    xs, rank = x.shape, len(windows)
    assert xs is not None
    if len(xs) in (rank + 1, rank + 2) and 0 in xs[-rank - 1 :]:
        axis = xs.index(0, len(xs) - rank - 1)
        fault = Fault(Kind.KERNEL, 1, 0, (xs,), axis, detail="an empty axis")
        op.lawful(fault, lambda _: pool_words.empty(what, rank, xs))
    if what == "avg_pool3d" and len(xs) > rank:
        _unpadded(op, xs, windows)
    return op.lawful(pool(xs, windows), lambda fault: pool_words.refused(what, xs, windows, fault))


def _unpadded(op: Op, xs: Shape, windows: tuple[Window, ...]) -> None:
    """ATen's avg_pool3d holds the kernel against the map without its padding."""
    demands = Demands()
    for axis, window in enumerate(windows, len(xs) - len(windows)):
        fault = Fault(Kind.KERNEL, window.kernel, xs[axis], (xs,), axis, ("kernel_size",), "unpadded")
        demands.at_least(xs[axis], window.kernel, fault)
    op.lawful(demands.outcome(xs), lambda fault: pool_words.refused("avg_pool3d", xs, windows, fault))


def with_indices(op: Op, x: Tensor, shape: Shape, wanted: bool, windows: tuple[Window, ...] = ()) -> Value:
    """The pooled tensor, with the tensor of indices where it is asked for."""
    strides = dense_strides(x)
    values = op.result(x, shape, strides=strides)
    if windows:
        op.pooled(values, windows)
    return (values, op.result(x, shape, dtype="int64", strides=strides)) if wanted else values


def _max(rank: int, indices: bool | None = None) -> Body:
    what = f"max_pool{rank}d"

    def body(op: Op) -> Value:
        x = operand(op, "input", what)
        wanted = op.flag("return_indices") if indices is None else indices
        # with indices, one axis is pooled as two
        named = "max_pool2d" if rank == 1 and wanted else what
        windows = windows_of(op, named if rank > 1 else what, rank, dilated=True)
        return with_indices(op, x, pooled(op, x, what, windows), wanted, windows)

    return body


def _avg(rank: int) -> Body:
    what = f"avg_pool{rank}d"

    def body(op: Op) -> Value:
        x = operand(op, "input", what)
        if rank > 1:
            divisor = op["divisor_override"]
            if isinstance(divisor, float):
                message = f"{what}(): argument 'divisor_override' must be int, not float"
                op.refuse("TypeError", message, "divisor_override")
        windows = windows_of(op, what, rank)
        if rank > 1 and isinstance(op["divisor_override"], int) and op["divisor_override"] == 0:
            op.refuse("RuntimeError", "divisor must be not zero", "divisor_override")
        return with_indices(op, x, pooled(op, x, what, windows), False, windows)

    return body


def _lp(rank: int) -> Body:
    """(Σ xᵖ)^(1/p) over the window: an average times the window's size, or a maximum for p = ∞."""

    def body(op: Op) -> Value:
        x = operand(op, "input", f"lp_pool{rank}d")
        norm = op["norm_type"]
        infinite = isinstance(norm, float) and norm in (float("inf"), float("-inf"))
        what = f"max_pool{rank}d" if infinite else f"avg_pool{rank}d"
        members = repeated(op, "kernel_size", rank)
        if rank > 1 and len(members) != rank:
            few = "not enough" if len(members) < rank else "too many"
            got = f", got {len(members)}" if len(members) < rank else ""
            op.refuse("ValueError", f"{few} values to unpack (expected {rank}{got})", "kernel_size")
        windows = windows_of(op, what, rank, padded=False)
        shape = pooled(op, x, what, windows)
        if not infinite and rank == 1 and items(op, "kernel_size") is not None:
            message = "mul(): argument 'other' (position 1) must be Tensor, not tuple"
            op.refuse("TypeError", message, "kernel_size")
        if isinstance(norm, (int, float)) and norm == 0:
            op.refuse("ZeroDivisionError", "float division by zero", "norm_type")
        return op.pooled(op.result(x, shape, strides=dense_strides(x)), windows)

    return body


# -- declarations --------------------------------------------------------------------------------------------


def _stride(op: Op) -> None:
    """Without a stride, windows do not overlap."""
    assert op.self is not None
    if op["stride"] is None:
        op.self.attrs["stride"] = op["kernel_size"]


def _average_one(op: Op) -> None:
    """AvgPool1d, unlike its kin, makes tuples of its numbers."""
    assert op.self is not None
    _stride(op)
    for name in ("kernel_size", "stride", "padding"):
        held = op.self.attrs[name]
        op.self.attrs[name] = tuple(held) if isinstance(held, (tuple, list)) else (held,)


def _declare(rank: int) -> None:
    window = "kernel_size, stride=None, padding=0"
    layer(
        f"torch.nn.MaxPool{rank}d",
        f"{window}, dilation=1, return_indices=False, ceil_mode=False",
        build=_stride,
        base=MAX_ND,
    )(_max(rank))
    functional = f"input, {window}, dilation=1, ceil_mode=False"
    function(f"torch.nn.functional.max_pool{rank}d", signature=f"{functional}, return_indices=False")(
        _max(rank)
    )
    function(
        f"torch.nn.functional.max_pool{rank}d_with_indices", signature=f"{functional}, return_indices=False"
    )(_max(rank, True))
    native = functional.replace("stride=None", "stride=()")
    function(f"torch.max_pool{rank}d", signature=native)(_max(rank, False))
    override = ", divisor_override=None" if rank > 1 else ""
    average = f"{window}, ceil_mode=False, count_include_pad=True{override}"
    build = _average_one if rank == 1 else _stride
    layer(f"torch.nn.AvgPool{rank}d", average, build=build, base=AVG_ND)(_avg(rank))
    function(
        f"torch.nn.functional.avg_pool{rank}d",
        signature=f"input, {average.replace('stride=None', 'stride=()')}",
    )(_avg(rank))
    power = "norm_type, kernel_size, stride=None, ceil_mode=False"
    layer(f"torch.nn.LPPool{rank}d", power, base=LP_ND)(_lp(rank))
    function(f"torch.nn.functional.lp_pool{rank}d", signature=f"input, {power}")(_lp(rank))


for _rank in (1, 2, 3):
    _declare(_rank)
function(
    "torch.max_pool1d_with_indices",
    signature="input, kernel_size, stride=(), padding=0, dilation=1, ceil_mode=False",
)(_max(1, True))
function(
    "torch.avg_pool1d",
    signature="input, kernel_size, stride=(), padding=0, ceil_mode=False, count_include_pad=True",
)(_avg(1))
