"""`einops.layers.torch`: modules of PyTorch."""

from __future__ import annotations

from convlint.libs.einops.errors import extents
from convlint.libs.einops.layers import EINMIX, REARRANGE, REDUCE, applied, mixed, prepare, product
from convlint.libs.op import Op
from convlint.libs.registry import lookup
from convlint.values import Instance, NotModelled, Value

_MODULE = lookup("torch.nn.Module")
from convlint.libs.torch.layer import layer, parameter  # noqa: E402

_HERE = "einops.layers.torch"


@layer(f"{_HERE}.Rearrange", REARRANGE, build=prepare)
def rearrange(op: Op) -> Value:
    """`rearrange` as a module."""
    return applied(op, "input")


@layer(f"{_HERE}.Reduce", REDUCE, build=prepare)
def reduce(op: Op) -> Value:
    """`reduce` as a module."""
    return applied(op, "input")


def _build(op: Op) -> None:
    self = op.self
    assert self is not None
    found = mixed(op)
    lengths = extents(op, op["axes_lengths"])
    _child(op, self, "pre_rearrange", found.before, {name: lengths[name] for name in found.given})
    _child(op, self, "post_rearrange", found.after, {})
    parameter(op, "weight", found.weight)
    parameter(op, "bias", found.bias)
    self.attrs["einsum_pattern"] = found.equation


def _child(op: Op, owner: Instance, name: str, pattern: str | None, lengths: dict[str, Value]) -> None:
    made = None if pattern is None else op.call(lookup(f"{_HERE}.Rearrange"), pattern, **lengths)
    op.caller.setattr(owner, name, made)


@layer(f"{_HERE}.EinMix", EINMIX, build=_build)
def einmix(op: Op) -> Value:
    """A rearrangement, a product with the weight, the bias, a rearrangement."""
    x = op["input"]
    for name in ("pre_rearrange", "post_rearrange"):
        if name == "post_rearrange":
            x = product(op, x, op["weight"], op["bias"], op.text("einsum_pattern"))[0]
        child = op[name]
        if child is not None:
            x = op.call(child, x)
    if x is None:
        raise NotModelled("what a layer gives is not known")
    return x
