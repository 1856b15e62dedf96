"""How a loss is declared, function and layer at once, and how its reduction is read.

Law: "none" keeps the unreduced loss, every other reduction gives a scalar; the retired `size_average` and
`reduce` still decide where they are given.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from convlint.libs.op import Op
from convlint.libs.registry import Body, function
from convlint.libs.torch.layer import layer
from convlint.shapes.fault import Shape
from convlint.values import NotModelled, Tensor, Unknown, Value

LEGACY = ("size_average", "reduce")
REDUCTIONS = ("none", "mean", "sum")


def loss(
    name: str,
    signature: str,
    cls: str,
    constructor: str,
    *,
    call: str = "input, target",
    buffers: tuple[str, ...] = (),
    check: Callable[[Op], None] | None = None,
) -> Callable[[Body], Body]:
    """Declare `torch.nn.functional.<name>` and `torch.nn.<cls>` with one body; `buffers` are tensors."""

    def build(op: Op) -> None:
        assert op.self is not None
        _settle_reduction(op)
        stored = op.self.attrs["_buffers"]
        assert isinstance(stored, dict)
        for buffer in buffers:
            stored[buffer] = op.self.attrs.pop(buffer, None)
        if check is not None:
            check(op)

    def declare(body: Body) -> Body:
        @wraps(body)
        def compared(op: Op) -> Value:
            if "target" in op.args:
                op.caller.record_comparison(name, next(iter(op.args.values())), op.args["target"], op.self)
            return body(op)

        function(f"torch.nn.functional.{name}", signature=signature)(compared)
        layer(f"torch.nn.{cls}", constructor, build=build, call=call)(compared)
        return body

    return declare


def _settle_reduction(op: Op) -> None:
    assert op.self is not None
    if any(op.args.get(name) is not None for name in LEGACY):
        op.self.attrs["reduction"] = _legacy(op)
    for name in LEGACY:
        op.self.attrs.pop(name, None)


def _legacy(op: Op) -> Value:
    """`torch.nn._reduction.legacy_get_string`."""
    average, reduce = (op.args.get(name) for name in LEGACY)
    for value in (average, reduce):
        if isinstance(value, Unknown):
            return value
    if reduce is not None and not op.caller.truth(reduce):
        return "none"
    return "mean" if average is None or op.caller.truth(average) else "sum"


def reduction(op: Op, *more: str, words: str = "{} is not a valid value for reduction") -> str:
    """The reduction that the call or the layer asks for; `more` are allowed besides none, mean and sum."""
    value = op["reduction"]
    if op.self is None and any(op.args.get(name) is not None for name in LEGACY):
        value = _legacy(op)
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    if value not in (*REDUCTIONS, *more):
        op.refuse("ValueError", words.format(value), "reduction")
    return str(value)


def reduced(op: Op, source: Tensor, shape: Shape, how: str) -> Tensor:
    """The loss: of the unreduced shape, or a scalar."""
    return op.result(source, shape if how == "none" else ())
