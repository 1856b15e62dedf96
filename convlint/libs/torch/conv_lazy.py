"""The lazy convolutions: `in_channels` comes from the first input."""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import Dim, floordiv
from convlint.libs.op import Op
from convlint.libs.torch.arguments import FIRST, FLOATING, below, operand, whole
from convlint.libs.torch.conv_layers import CONV, TRANSPOSE, check_padding, settle
from convlint.libs.torch.lazy import lazy, materialize, pending, uninitialized
from convlint.libs.torch.module import store
from convlint.libs.torch.wording import size, sizes
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind
from convlint.values import NotModelled


def _prepare(rank: int, transposed: bool) -> Callable[[Op], None]:
    def prepare(op: Op) -> None:
        assert op.self is not None
        op.self.attrs["in_channels"] = 0
        settle(op, rank, transposed)
        check_padding(op)
        uninitialized(op, "_parameters", "weight")
        if op.flag("bias"):
            uninitialized(op, "_parameters", "bias")
        else:
            store(op.self, "_parameters")["bias"] = None

    return prepare


def _first_call(rank: int, transposed: bool) -> Callable[[Op], None]:
    def first_call(op: Op) -> None:
        layer = op.self
        assert layer is not None
        if not pending(layer):
            return
        inputs = layer.attrs["in_channels"] = _channels(op, rank, layer.cls.name)
        groups = whole(op, op["groups"], "groups")
        outputs, kernel = op["out_channels"], op["kernel_size"]
        demands = Demands()
        demands.divides(groups, inputs, Fault(Kind.GROUPS, groups, inputs, arguments=("groups",)))
        op.lawful(demands.outcome(()), lambda _: "ValueError: in_channels must be divisible by groups")
        if isinstance(outputs, FLOATING):
            op.refuse("TypeError", f"empty(): argument 'size' {FIRST}", "out_channels")
        filters = whole(op, outputs, "out_channels")
        assert isinstance(kernel, tuple)
        extents = tuple(whole(op, k, "kernel_size") for k in kernel)
        first, second = (
            (inputs, floordiv(filters, groups)) if transposed else (filters, floordiv(inputs, groups))
        )
        shape = (first, second, *extents)
        if below(shape, 0):
            worst = next(n for n in shape if isinstance(n, int) and n < 0)
            op.refuse(
                "RuntimeError", f"Trying to create tensor with negative dimension {worst}: {sizes(shape)}"
            )
        materialize(layer, "weight", shape)
        materialize(layer, "bias", (filters,))

    return first_call


def _channels(op: Op, rank: int, name: str) -> Dim:
    shape = operand(op, "input", name).shape
    if shape is None:
        raise NotModelled("the rank of the first input is not known")
    if len(shape) not in (rank + 1, rank + 2):
        message = (
            f"Expected {rank + 1}D (unbatched) or {rank + 2}D (batched) input to {name}, "
            f"but got input of size: {size(shape)}"
        )
        fault = Fault(Kind.RANK, (rank + 1, rank + 2), len(shape), (shape,), detail=message)
        op.lawful(fault, lambda _: f"RuntimeError: {message}")
    return shape[-rank - 1]


for _rank in (1, 2, 3):
    lazy(
        f"torch.nn.LazyConv{_rank}d",
        f"torch.nn.Conv{_rank}d",
        CONV.removeprefix("in_channels, "),
        _prepare(_rank, False),
        _first_call(_rank, False),
    )
    lazy(
        f"torch.nn.LazyConvTranspose{_rank}d",
        f"torch.nn.ConvTranspose{_rank}d",
        TRANSPOSE.removeprefix("in_channels, "),
        _prepare(_rank, True),
        _first_call(_rank, True),
        call="input, output_size=None",
    )
