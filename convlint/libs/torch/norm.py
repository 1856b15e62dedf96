"""Batch norms: what they keep, what they ask of the channel axis, and when a batch of one cannot be normalised."""

from __future__ import annotations

from convlint.dims import AtLeast, Expr, product
from convlint.libs.op import Op
from convlint.libs.registry import Body, buffer, klass, layer
from convlint.libs.torch.arguments import weight
from convlint.libs.torch.wording import size
from convlint.shapes.contract import normalised_channels
from convlint.shapes.fault import Fault, Kind, Requirement, Shape
from convlint.values import Value

NORM_BASE = klass("torch.nn.modules.batchnorm._NormBase", "torch.nn.Module").qualname
BATCH_NORM = klass("torch.nn.modules.batchnorm._BatchNorm", NORM_BASE).qualname
RANKS = {1: (2, 3), 2: (4,), 3: (5,)}
EXPECTED = {1: "2D or 3D", 2: "4D", 3: "5D"}


def build(op: Op) -> None:
    """Scale, shift and running statistics of `num_features` channels."""
    features = op["num_features"]
    affine, tracked = op.flag("affine"), op.flag("track_running_stats")
    weight(op, "weight", (features,) if affine else None, "num_features")
    weight(op, "bias", (features,) if affine else None, "num_features")
    buffer(op, "running_mean", (features,) if tracked else None)
    buffer(op, "running_var", (features,) if tracked else None)
    buffer(op, "num_batches_tracked", () if tracked else None, "int64")


def _batch_norm(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = op.tensor("input")
        xs = x.shape
        assert xs is not None
        outcome = normalised_channels(xs, op.dim("num_features"), ranks=RANKS[rank], argument="num_features")

        def words(fault: Fault) -> str:
            if fault.kind is Kind.RANK:
                return f"ValueError: expected {EXPECTED[rank]} input (got {len(xs)}D input)"
            which = "running_mean" if op["running_mean"] is not None else "weight"
            return f"RuntimeError: {which} should contain {fault.got} elements not {fault.expected}"

        shape = op.lawful(outcome, words, xs)
        if len(xs) in RANKS[rank]:
            _enough_values(op, xs)
        return op.result(x, shape, strides=x.strides)

    return body


def _enough_values(op: Op, xs: Shape) -> None:
    """A batch norm in training needs more than one value a channel; a batch of none has none."""
    values = product((xs[0], *xs[2:]))
    if isinstance(values, int) and values != 1:
        return
    if not (op.caller.truth(op["training"]) or op["running_mean"] is None):
        return

    def words(_: Fault) -> str:
        return f"ValueError: Expected more than 1 value per channel when training, got input size {size(xs)}"

    fault = Fault(Kind.NORM, expected=2, got=values, shapes=(xs,), detail="one value a channel in training")
    if isinstance(values, Expr):
        op.caller.require(Requirement(AtLeast(values, 2), fault), words, op.self)
    else:
        op.caller.fault(fault, words, op.self)


for _rank in (1, 2, 3):
    layer(
        f"torch.nn.BatchNorm{_rank}d",
        "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None",
        build=build,
        base=BATCH_NORM,
    )(_batch_norm(_rank))
