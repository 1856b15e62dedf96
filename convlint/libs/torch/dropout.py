"""The dropout family, layers and functions: shapes pass; the channel-wise forms ask for a rank.

The checks and their order are those of torch.nn.functional and ATen's Dropout.cpp.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, function, klass
from convlint.libs.torch.activation import asks_in_place
from convlint.libs.torch.alike import alike
from convlint.libs.torch.arguments import operand, scalar_type, whole_numbers
from convlint.libs.torch.layer import layer
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Tensor, Value

alias("torch.nn.modules.dropout", "torch.nn")
DROPOUT = klass("torch.nn.modules.dropout._DropoutNd", "torch.nn.Module").qualname


def check_probability(op: Op, error: str = "ValueError") -> None:
    """0 … 1."""
    p = op["p"]
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        op.refuse(error, f"dropout probability has to be between 0 and 1, but got {p}", "p")


def _dropout(what: str, mode: str, inplace: bool | None = None) -> Body:
    """One of the family; `mode` names the argument or attribute that tells whether anything is dropped."""
    error = "RuntimeError" if mode == "train" else "ValueError"

    def body(op: Op) -> Value:
        check_probability(op, error)
        x = operand(op, "input", what)
        assert x.shape is not None
        if what == "dropout1d" and len(x.shape) not in (2, 3):
            _refuse_rank(op, x.shape)
        # dropout3d adds a batch axis to anything but five axes, so that a single axis is enough for it
        features = what not in ("dropout", "alpha_dropout") and not (what == "dropout3d" and x.shape)
        _check_training(op, x, x.shape, mode, features)
        data = x.data if x.data is not None and (op[mode] is False or op["p"] == 0) else None
        result = alike(op, x, inplace=asks_in_place(op) if inplace is None else inplace)
        result.data = data
        return result

    return body


def _check_training(op: Op, x: Tensor, shape: Shape, mode: str, features: bool) -> None:
    """What fails only where elements are dropped."""
    few, integers = features and len(shape) < 2, whole_numbers(x)
    if not (few or integers) or op["p"] in (0, 1) or 0 in shape or not op.flag(mode):
        return
    if few:
        words = "RuntimeError: Feature dropout requires at least 2 dimensions in the input"
        op.lawful(Fault(Kind.RANK, 2, len(shape), (shape,)), lambda _: words)
    message = f"result type Float can't be cast to the desired output type {scalar_type(x)}"
    op.refuse("RuntimeError", message, kind=Kind.OTHER)


def _refuse_rank(op: Op, shape: Shape) -> None:
    message = (
        f"RuntimeError: dropout1d: Expected 2D or 3D input, but received a {len(shape)}D input. Note that "
        "dropout1d exists to provide channel-wise dropout on inputs with 1 spatial dimension, a channel "
        "dimension, and an optional batch dimension (i.e. 2D or 3D inputs)."
    )
    op.lawful(Fault(Kind.RANK, (2, 3), len(shape), (shape,)), lambda _: message)


_FUNCTIONS = {
    "Dropout": "dropout",
    "Dropout1d": "dropout1d",
    "Dropout2d": "dropout2d",
    "Dropout3d": "dropout3d",
    "AlphaDropout": "alpha_dropout",
    "FeatureAlphaDropout": "feature_alpha_dropout",
}
for _layer, _name in _FUNCTIONS.items():
    _alpha = "alpha" in _name  # these layers keep `inplace` and do not use it
    layer(f"torch.nn.{_layer}", "p=0.5, inplace=False", build=check_probability, base=DROPOUT)(
        _dropout(_name, "training", False if _alpha else None)
    )
    function(f"torch.nn.functional.{_name}", signature=f"input, p=0.5, training={not _alpha}, inplace=False")(
        _dropout(_name, "training")
    )
for _name in ("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout"):
    function(f"torch.{_name}", signature="input, p, train")(_dropout(_name, "train", False))
    function(f"torch.{_name}_", signature="input, p, train")(_dropout(_name, "train", True))
