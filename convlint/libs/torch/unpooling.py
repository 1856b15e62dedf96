"""`MaxUnpool1d` … `MaxUnpool3d` (torch.nn.functional.max_unpool2d, aten/src/ATen/native/MaxUnpooling.cpp)."""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import Expr
from convlint.libs.op import Op
from convlint.libs.registry import Body, function, klass
from convlint.libs.torch.arguments import FLOATING, items, operand, repeated, scalar_type, whole
from convlint.libs.torch.layer import layer
from convlint.libs.torch.wording import listed, sizes
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.unpool import unpool, unpooled
from convlint.shapes.window import Window
from convlint.values import NotModelled, Tensor, Unknown, Value

UNPOOL_ND = klass("torch.nn.modules.pooling._MaxUnpoolNd", "torch.nn.Module").qualname


def _body(rank: int) -> Body:
    kernel = f"max_unpooling{max(rank, 2)}d"

    def body(op: Op) -> Value:
        x, indices = operand(op, "input", "max_unpool"), operand(op, "indices", "max_unpool", 2)
        xs, at = x.shape, indices.shape
        assert xs is not None and at is not None
        windows = _windows(op, rank)
        if len(xs) < rank:
            op.lawful(_rank_fault(xs, rank), lambda _: "IndexError: tuple index out of range")
        wanted = _output_size(op, rank)
        shape = op.lawful(unpool(xs, windows, wanted), _words(op, xs, windows))
        if len(xs) not in (rank + 1, rank + 2):
            low, shown = max(rank, 2) + 1, len(xs) + (rank == 1)
            message = (
                f"Input to {kernel} should be a {low}d or {low + 1}d Tensor, but got a tensor "
                f"with {shown} dimensions."
            )
            op.lawful(_rank_fault(xs, rank), lambda _: f"RuntimeError: {message}")
        _check_operands(op, kernel, xs, at, indices)
        if rank == 3 and any(isinstance(w.stride, int) and w.stride <= 0 for w in windows):
            message = (
                f"strides should be greater than zero, but got stride: {sizes(w.stride for w in windows)}"
            )
            op.refuse("RuntimeError", message, "stride")
        return op.result(x, shape)

    return body


def _rank_fault(xs: Shape, rank: int) -> Fault:
    return Fault(Kind.RANK, (rank + 1, rank + 2), len(xs), (xs,))


def _windows(op: Op, rank: int) -> tuple[Window, ...]:
    kernel = repeated(op, "kernel_size", rank)
    stride = kernel if op["stride"] is None else repeated(op, "stride", rank)
    padding = repeated(op, "padding", rank)
    if op["output_size"] is not None and any(isinstance(v, FLOATING) for v in (*kernel, *stride, *padding)):
        raise NotModelled("numbers that are not integers, beside `output_size`")
    if len(kernel) != rank or len(stride) < rank or len(padding) < rank:
        op.refuse("IndexError", "tuple index out of range", "kernel_size", "stride")
    numbers = [
        tuple(whole(op, v, name) for v in values)
        for name, values in (("kernel_size", kernel), ("stride", stride), ("padding", padding))
    ]
    return tuple(Window(k, s, 1, p, p) for k, s, p in zip(*numbers, strict=False))


def _output_size(op: Op, rank: int) -> Shape | None:
    value = op["output_size"]
    if value is None:
        return None
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    members = items(op, "output_size")
    if members is None:
        if isinstance(value, Expr):
            raise NotModelled("output_size is not a sequence")
        op.refuse("TypeError", f"object of type '{type(value).__name__}' has no len()", "output_size")
    if len(members) == rank + 2:
        members = members[2:]
    if len(members) != rank:
        message = f"output_size should be a sequence containing {rank} or {rank + 2} elements, "
        op.refuse("ValueError", f"{message}but it has a length of '{len(members)}'", "output_size")
    return tuple(whole(op, v, "output_size") for v in members)


def _words(op: Op, xs: Shape, windows: tuple[Window, ...]) -> Callable[[Fault], str]:
    def words(fault: Fault) -> str:
        axis = fault.axis or 0
        if fault.kind is Kind.ARGUMENT:
            window = windows[axis]
            least = unpooled(xs[len(xs) - len(windows) + axis], window)
            members = tuple(op.as_dim(v) for v in items(op, "output_size") or ())[-len(windows) :]
            return (
                f'ValueError: invalid output_size "{listed(members, op["output_size"])}" '
                f"(dim {axis} must be between {least - window.stride} and {least + window.stride})"
            )
        return (
            "ValueError: max_unpooling: output_size must contain non-negative spatial dimensions, "
            f"but got output_size[{axis}]={fault.got}"
        )

    return words


def _check_operands(op: Op, kernel: str, xs: Shape, at: Shape, indices: Tensor) -> None:
    if indices.dtype not in (None, "int64"):
        message = f"elements in indices should be type int64 but got: {scalar_type(indices)}"
        op.refuse("RuntimeError", message, "indices", kind=Kind.OTHER)
    known = all(isinstance(n, int) for n in (*xs, *at))
    if len(xs) != len(at) or (known and xs != at):
        message = f"Expected shape of indices to be same as that of the input tensor ({sizes(xs)}) "
        op.refuse(
            "RuntimeError",
            f"{message}but got indices tensor with shape: {sizes(at)}",
            "indices",
        )
    if 0 in xs[1:]:
        axis = xs.index(0, 1)
        fault = Fault(Kind.KERNEL, 1, 0, (xs,), axis, detail="an empty axis")
        op.lawful(
            fault,
            lambda _: (
                f"RuntimeError: {kernel}_forward_out_cpu(): Expected input to have non-zero size "
                "for non-batch "
                f"dimensions, but got {sizes(xs)} with dimension {axis} being empty."
            ),
        )


for _rank in (1, 2, 3):
    layer(
        f"torch.nn.MaxUnpool{_rank}d",
        "kernel_size, stride=None, padding=0",
        base=UNPOOL_ND,
        call="input, indices, output_size=None",
    )(_body(_rank))
    function(
        f"torch.nn.functional.max_unpool{_rank}d",
        signature="input, indices, kernel_size, stride=None, padding=0, output_size=None",
    )(_body(_rank))
