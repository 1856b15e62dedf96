"""Layers that only reshape: `Flatten`. Each calls the function of the same name."""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import layer, lookup
from convlint.values import NotModelled, Value


@layer("torch.nn.Flatten", "start_dim=1, end_dim=-1")
def flatten(op: Op) -> Value:
    """`input.flatten(start_dim, end_dim)`."""
    function = lookup("torch.flatten")
    if function is None:
        raise NotModelled("torch.flatten is not described")
    return op.call(function, op["input"], op["start_dim"], op["end_dim"])
