"""The dropout family: shapes pass; the probability must be one."""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import function, klass, layer
from convlint.values import Value

DROPOUT = klass("torch.nn.modules.dropout._DropoutNd", "torch.nn.Module").qualname


def _check(op: Op) -> None:
    p = op["p"]
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        op.refuse("ValueError", f"dropout probability has to be between 0 and 1, but got {p}", "p")


def _pass(op: Op) -> Value:
    _check(op)
    x = op.tensor("input")
    return op.result(x, x.shape, strides=x.strides)


for _name in ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"):
    layer(f"torch.nn.{_name}", "p=0.5, inplace=False", build=_check, base=DROPOUT)(_pass)
function("torch.nn.functional.dropout", signature="input, p=0.5, training=True, inplace=False")(_pass)
