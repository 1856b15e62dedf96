"""The dropout functions: `F.dropout` and its kin, and torch's own `dropout`, `feature_dropout` …

Law: the shape stays; dropping whole features asks for a feature axis while training.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import Body, function
from convlint.libs.torch.activation import asks_in_place
from convlint.libs.torch.alike import alike
from convlint.shapes.fault import Fault, Kind
from convlint.values import Tensor, Value


def _probability(op: Op, error: str) -> None:
    p = op["p"]
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        op.refuse(error, f"dropout probability has to be between 0 and 1, but got {p}", "p")


def _dropped(op: Op, x: Tensor, training: Value, inplace: bool) -> Value:
    data = x.data if training is False or op["p"] == 0 else None
    result = alike(op, x, inplace=inplace)
    result.data = data
    return result


def _asks_for_features(op: Op, x: Tensor, training: Value) -> None:
    p = op["p"]
    if training is not True or x.rank is None or x.rank > 1 or p in (0, 1) or x.shape == (0,):
        return
    words = "RuntimeError: Feature dropout requires at least 2 dimensions in the input"
    op.lawful(Fault(Kind.RANK, 2, x.rank, (x.shape or (),)), lambda _: words, x.shape)


def _functional(features: bool) -> Body:
    def body(op: Op) -> Value:
        _probability(op, "ValueError")
        x = op.tensor("input")
        if features:
            _asks_for_features(op, x, op["training"])
        return _dropped(op, x, op["training"], asks_in_place(op))

    return body


def _native(features: bool, inplace: bool) -> Body:
    def body(op: Op) -> Value:
        x = op.tensor("input")
        _probability(op, "RuntimeError")
        if features:
            _asks_for_features(op, x, op["train"])
        return _dropped(op, x, op["train"], inplace)

    return body


@function("torch.nn.functional.dropout1d", signature="input, p=0.5, training=True, inplace=False")
def dropout1d(op: Op) -> Value:
    """Whole channels of `(N, C, L)` or `(C, L)`."""
    _probability(op, "ValueError")
    x = op.tensor("input")
    if x.rank not in (2, 3):
        words = (
            f"RuntimeError: dropout1d: Expected 2D or 3D input, but received a {x.rank}D input. "
            "Note that dropout1d exists to provide channel-wise dropout on inputs with 1 spatial dimension, "
            "a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs)."
        )
        op.lawful(Fault(Kind.RANK, 3, x.rank, (x.shape or (),)), lambda _: words, x.shape)
    return _dropped(op, x, op["training"], asks_in_place(op))


# dropout3d adds a batch axis to anything but five axes, so that a single axis is enough for it
_FUNCTIONS = {"dropout": False, "alpha_dropout": False, "dropout2d": True, "feature_alpha_dropout": True}
for _name, _features in _FUNCTIONS.items():
    _default = "False" if "alpha" in _name else "True"
    function(f"torch.nn.functional.{_name}", signature=f"input, p=0.5, training={_default}, inplace=False")(
        _functional(_features)
    )


@function("torch.nn.functional.dropout3d", signature="input, p=0.5, training=True, inplace=False")
def dropout3d(op: Op) -> Value:
    """Whole channels of a volume; anything but five axes counts as one without a batch."""
    _probability(op, "ValueError")
    x = op.tensor("input")
    if x.rank == 0:
        _asks_for_features(op, x, op["training"])
    return _dropped(op, x, op["training"], asks_in_place(op))


for _name in ("dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout"):
    for _suffix in ("", "_"):
        function(f"torch.{_name}{_suffix}", signature="input, p, train")(
            _native(_name.startswith("feature"), bool(_suffix))
        )
