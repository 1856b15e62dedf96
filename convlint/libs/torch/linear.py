"""Dense layers: `Linear` and what it is at the functional level."""

from __future__ import annotations

from convlint.dims import Dim, product
from convlint.libs.op import Op
from convlint.libs.registry import function, layer
from convlint.libs.torch.arguments import weight
from convlint.libs.torch.wording import by
from convlint.shapes.contract import dense
from convlint.shapes.cost import weight_macs
from convlint.shapes.fault import Fault, Kind
from convlint.values import Tensor, Value


def factors(x: Tensor) -> str:
    """How the last axis came about, "256·6·6", where a flattening made it; else an empty text."""
    shape = x.shape
    if not shape:
        return ""
    features = shape[-1]
    while x.origin is not None and x.origin.before is not None:
        before = x.origin.before.shape
        if before is None:
            break
        for start in range(len(before) - 1):
            if product(before[start:]) == features and before[-1] != features:
                return "·".join(map(str, before[start:]))
        if not before or before[-1] != features:
            break
        x = x.origin.before
    return ""


def _build(op: Op) -> None:
    weight(op, "weight", (op["out_features"], op["in_features"]), "out_features", "in_features")
    weight(op, "bias", (op["out_features"],) if op.flag("bias") else None, "out_features")


@layer("torch.nn.Linear", "in_features, out_features, bias=True, device=None, dtype=None", build=_build)
@function("torch.nn.functional.linear", signature="input, weight, bias=None")
def linear(op: Op) -> Value:
    """y = x Wᵀ + b on the last axis; a weight vector drops the axis."""
    x, w = op.tensor("input"), op.tensor("weight")
    assert x.shape is not None and w.shape is not None
    xs, ws = x.shape, w.shape
    if not xs or not ws or len(ws) > 2:
        op.lawful(
            Fault(Kind.RANK, expected=1, got=len(xs), shapes=(xs, ws)),
            lambda _: (
                "RuntimeError: both arguments to linear need to be at least 1D, "
                f"but they are {len(xs)}D and {len(ws)}D"
            ),
        )
    outputs: Dim | None = ws[0] if len(ws) == 2 else None
    outcome = dense(xs, ws[-1], outputs, detail=factors(x))

    def words(_: Fault) -> str:
        rows = product(xs[:-1])
        return f"RuntimeError: mat1 and mat2 shapes cannot be multiplied ({by((rows, xs[-1]))} and {by(ws[::-1])})"

    instead = xs[:-1] if outputs is None else (*xs[:-1], outputs)
    shape = op.lawful(outcome, words, instead)
    op.caller.count_macs(weight_macs(ws, xs[:-1]))
    return op.result(x, shape)
