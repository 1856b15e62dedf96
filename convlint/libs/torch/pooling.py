"""Max and average pooling as torch has it, functions and layers over one to three axes.

The checks and their order are ATen's (aten/src/ATen/native/Pool.h).
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import Body, function, klass, layer
from convlint.libs.torch.arguments import items, one_or_each
from convlint.libs.torch.wording import by, sizes
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.window import Window, extent, pool
from convlint.values import CONTIGUOUS, Tensor, Value

MAX_ND = klass("torch.nn.modules.pooling._MaxPoolNd", "torch.nn.Module").qualname
AVG_ND = klass("torch.nn.modules.pooling._AvgPoolNd", "torch.nn.Module").qualname
COUNT = {1: "one int", 2: "two ints", 3: "three ints"}


def windows_of(op: Op, rank: int, what: str, dilated: bool) -> tuple[Window, ...]:
    """The windows of a pooling call; refuses what ATen refuses about them alone."""

    def each(name: str, form: str) -> tuple[Dim, ...]:
        return one_or_each(
            op, name, rank, f"{what}: {name} must {form} a single int, or a tuple of {COUNT[rank]}"
        )

    kernel = each("kernel_size", "either be")
    same_as_kernel = op["stride"] is None or items(op, "stride") == ()
    stride = kernel if same_as_kernel else each("stride", "either be omitted,")
    padding = each("padding", "either be")
    dilation = each("dilation", "be either") if dilated else (1,) * rank
    ceil = op.flag("ceil_mode")
    _check(op, kernel, stride, padding, dilation)
    return tuple(
        Window(k, s, d, p, p, ceil=ceil) for k, s, d, p in zip(kernel, stride, dilation, padding, strict=True)
    )


def _check(op: Op, kernel: Shape, stride: Shape, padding: Shape, dilation: Shape) -> None:
    for s in stride:
        if s == 0:
            op.refuse("RuntimeError", "stride should not be zero", "stride")
    for p, k, d in zip(padding, kernel, dilation, strict=True):
        if isinstance(p, int) and p < 0:
            op.refuse("RuntimeError", f"pad must be non-negative, but got pad: {p}", "padding")
        if isinstance(p, int) and isinstance(k, int) and isinstance(d, int) and p > ((k - 1) * d + 1) // 2:
            op.refuse(
                "RuntimeError",
                "pad should be at most half of effective kernel size, "
                f"but got pad={p}, kernel_size={k} and dilation={d}",
                "padding",
                "kernel_size",
            )
    for name, numbers in (("kernel size", kernel), ("stride", stride), ("dilation", dilation)):
        if any(isinstance(n, int) and n < 1 for n in numbers):
            shown = " ".join(f"{n}" for n in numbers)
            op.refuse(
                "RuntimeError", f"{name} should be greater than zero, but got {shown}", name.replace(" ", "_")
            )
    if any(
        isinstance(p, int) and isinstance(k, int) and p > k // 2 for p, k in zip(padding, kernel, strict=True)
    ):
        op.refuse(
            "RuntimeError",
            f"pad should be smaller than or equal to half of kernel size, but got pad {sizes(padding)}, "
            f"kernel {sizes(kernel)}",
            "padding",
            "kernel_size",
        )


def pooled(op: Op, x: Tensor, windows: tuple[Window, ...]) -> Shape:
    """The pooled shape; the faults in ATen's words."""
    xs, rank = x.shape, len(windows)
    assert xs is not None
    places = xs[-rank:] if len(xs) > rank else ()
    if len(xs) in (rank + 1, rank + 2) and 0 in xs[len(xs) - rank - 1 :]:
        op.lawful(
            Fault(Kind.KERNEL, expected=1, got=0, shapes=(xs,), axis=xs.index(0), detail="an empty axis"),
            lambda _: (
                f"RuntimeError: Expected {rank + 1}D or {rank + 2}D (batch mode) tensor with optional 0 dim batch size "
                f"for input, but got:{sizes(xs)}"
            ),
        )

    def words(fault: Fault) -> str:
        if fault.kind is Kind.RANK:
            return (
                f"RuntimeError: non-empty {rank + 1}D or {rank + 2}D (batch mode) tensor expected for input"
            )
        channel = xs[-rank - 1]
        made = [extent(n, w) for n, w in zip(places, windows, strict=True)]
        return (
            f"RuntimeError: Given input size: ({by((channel, *places))}). Calculated output size: "
            f"({by((channel, *made))}). Output size is too small"
        )

    return op.lawful(pool(xs, windows), words)


def _max(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = op.tensor("input")
        windows = windows_of(op, rank, f"max_pool{rank}d", True)
        return with_indices(op, x, pooled(op, x, windows), op.flag("return_indices"))

    return body


def with_indices(op: Op, x: Tensor, shape: Shape, wanted: bool) -> Value:
    """The pooled tensor, with the tensor of indices where it is asked for."""
    strides = CONTIGUOUS if x.strides is CONTIGUOUS else None
    values = op.result(x, shape, strides=strides)
    return (values, op.result(x, shape, dtype="int64", strides=strides)) if wanted else values


def _avg(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = op.tensor("input")
        if rank > 1 and op["divisor_override"] == 0:
            op.refuse("RuntimeError", "divisor must be not zero", "divisor_override")
        shape = pooled(op, x, windows_of(op, rank, f"avg_pool{rank}d", False))
        return op.result(x, shape, strides=CONTIGUOUS if x.strides is CONTIGUOUS else None)

    return body


def _default_stride(op: Op) -> None:
    assert op.self is not None
    if op["stride"] is None:
        op.self.attrs["stride"] = op["kernel_size"]


for _rank in (1, 2, 3):
    layer(
        f"torch.nn.MaxPool{_rank}d",
        "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
        build=_default_stride,
        base=MAX_ND,
    )(_max(_rank))
    function(
        f"torch.nn.functional.max_pool{_rank}d",
        signature="input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False",
    )(_max(_rank))
    layer(
        f"torch.nn.AvgPool{_rank}d",
        "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"
        + (", divisor_override=None" if _rank > 1 else ""),
        build=_default_stride,
        base=AVG_ND,
    )(_avg(_rank))
    function(
        f"torch.nn.functional.avg_pool{_rank}d",
        signature="input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"
        + (", divisor_override=None" if _rank > 1 else ""),
    )(_avg(_rank))
