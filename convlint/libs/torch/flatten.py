"""Layers that only reshape: `Flatten` and `Unflatten`. Each calls the tensor method of the same name."""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import alias
from convlint.libs.torch.arguments import FLOATING, items, kind_of, operand
from convlint.libs.torch.layer import layer
from convlint.values import Unknown, Value

alias("torch.nn.modules.flatten", "torch.nn")


@layer("torch.nn.Flatten", "start_dim=1, end_dim=-1")
def flatten(op: Op) -> Value:
    """`input.flatten(start_dim, end_dim)`."""
    x = operand(op, "input", "flatten")
    return op.call(op.caller.getattr(x, "flatten"), op["start_dim"], op["end_dim"])


def _build(op: Op) -> None:
    value = op["unflattened_size"]
    if isinstance(value, Unknown):
        return
    members = items(op, "unflattened_size")
    if members is None:
        message = f"unflattened_size must be a tuple of ints, but found type {kind_of(value)}"
        op.refuse("TypeError", message, "unflattened_size")
    for position, member in enumerate(members):
        if isinstance(member, (*FLOATING, str, list, tuple)) or member is None:
            message = "unflattened_size must be tuple of ints, but found element of type "
            op.refuse("TypeError", f"{message}{kind_of(member)} at pos {position}", "unflattened_size")


@layer("torch.nn.Unflatten", "dim, unflattened_size", build=_build)
def unflatten(op: Op) -> Value:
    """`input.unflatten(dim, unflattened_size)`."""
    x = operand(op, "input", "unflatten")
    return op.call(op.caller.getattr(x, "unflatten"), op["dim"], op["unflattened_size"])
