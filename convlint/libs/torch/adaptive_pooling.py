"""Adaptive pooling: the caller names the size that comes out, None keeps the axis."""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import Body, function, klass, layer
from convlint.libs.torch.arguments import items, whole
from convlint.libs.torch.pooling import with_indices
from convlint.libs.torch.wording import sizes
from convlint.shapes.fault import Fault, Kind
from convlint.shapes.window import pool_to
from convlint.values import Tensor, Unknown, Value

MAX_ND = klass("torch.nn.modules.pooling._AdaptiveMaxPoolNd", "torch.nn.Module").qualname
AVG_ND = klass("torch.nn.modules.pooling._AdaptiveAvgPoolNd", "torch.nn.Module").qualname


def adaptive(op: Op, x: Tensor, rank: int, what: str) -> tuple[Dim, ...]:
    """The shape that adaptive pooling gives; the faults in ATen's words."""
    xs = x.shape
    assert xs is not None
    wanted = _output_size(op, rank, what)
    if len(xs) in (rank + 1, rank + 2) and 0 in xs[len(xs) - rank :]:
        axis = xs.index(0, len(xs) - rank)
        op.lawful(
            Fault(Kind.KERNEL, expected=1, got=0, shapes=(xs,), axis=axis, detail="an empty axis"),
            lambda _: (
                f"RuntimeError: {what}(): Expected input to have non-zero size for non-batch dimensions, "
                f"but input has sizes {sizes(xs)} with dimension {axis} being empty"
            ),
        )
    return op.lawful(
        pool_to(xs, wanted),
        lambda _: f"RuntimeError: {what}(): Expected {rank + 1}D or {rank + 2}D tensor, but got {sizes(xs)}",
    )


def _output_size(op: Op, rank: int, what: str) -> tuple[Dim | None, ...]:
    value = op["output_size"]
    if isinstance(value, Unknown):
        return tuple(value.derive(("axis", i)).dim for i in range(rank))
    members = items(op, "output_size")
    if members is None:
        if value is None:
            op.refuse("TypeError", "object of type 'NoneType' has no len()", "output_size")
        members = (value,) * rank
    if len(members) != rank:
        op.refuse("RuntimeError", f"{what}: output_size must be {rank}", "output_size")
    wanted = tuple(None if v is None else whole(op, v, "output_size") for v in members)
    if any(isinstance(n, int) and n < 0 for n in wanted):
        op.refuse(
            "RuntimeError",
            f"{what}: elements of output_size must be greater than or equal to 0 but received {wanted}",
            "output_size",
        )
    return wanted


def _avg(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = op.tensor("input")
        return with_indices(op, x, adaptive(op, x, rank, f"adaptive_avg_pool{rank}d"), False)

    return body


def _max(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = op.tensor("input")
        return with_indices(
            op, x, adaptive(op, x, rank, f"adaptive_max_pool{rank}d"), op.flag("return_indices")
        )

    return body


for _rank in (1, 2, 3):
    layer(f"torch.nn.AdaptiveAvgPool{_rank}d", "output_size", base=AVG_ND)(_avg(_rank))
    function(
        f"torch.nn.functional.adaptive_avg_pool{_rank}d",
        signature="input, output_size",
    )(_avg(_rank))
    layer(f"torch.nn.AdaptiveMaxPool{_rank}d", "output_size, return_indices=False", base=MAX_ND)(_max(_rank))
    function(
        f"torch.nn.functional.adaptive_max_pool{_rank}d",
        signature="input, output_size, return_indices=False",
    )(_max(_rank))
