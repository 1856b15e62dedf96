"""Losses that compare numbers with numbers: L1, MSE, Huber, KL, Poisson, Gaussian, binary cross-entropy,
margins.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import alias
from convlint.libs.torch.broadcasting import not_joining
from convlint.libs.torch.loss_forms import loss, reduced, reduction
from convlint.libs.torch.wording import size, sizes
from convlint.shapes.broadcast import broadcast, fits_into
from convlint.shapes.fault import Fault, Kind, Lawful, Shape
from convlint.shapes.target import same_shape, together
from convlint.values import Tensor, Value

_LEGACY = "size_average=None, reduce=None, reduction='mean'"
_NO_VALUE = "{} is not a valid value for reduction"
_INVALID = "Invalid reduction mode: {}. Expected one of 'none', 'mean', 'sum'."


def _operands(op: Op) -> tuple[Tensor, Shape, Shape]:
    x, target = op.tensor("input"), op.tensor("target")
    return x, x.shape or (), target.shape or ()


def _difference(op: Op) -> Value:
    """A loss on what lies between input and target; the reduction is looked at last."""
    x, output, target = _operands(op)
    shape = op.lawful(together(output, target), not_joining, output)
    _same_weight(op, x)
    how = reduction(op, words=_INVALID if isinstance(op.args.get("weight"), Tensor) else _NO_VALUE)
    _positive(op)
    return reduced(op, x, shape, how)


def _product(op: Op) -> Value:
    """A loss that starts from the target times something."""
    how = reduction(op)
    x, output, target = _operands(op)
    return reduced(op, x, op.lawful(together(target, output), not_joining, output), how)


def _same_weight(op: Op, x: Tensor) -> None:
    """The weight of a weighted error has the input's very shape."""
    weight = op.args.get("weight")
    if not isinstance(weight, Tensor) or weight.shape is None or weight.shape == x.shape:
        return
    extents = (*weight.shape, *(x.shape or ()))
    if len(weight.shape) != x.rank or all(isinstance(n, int) for n in extents):
        op.refuse("ValueError", "Weights and input must have the same size.", "weight")


def _positive(op: Op) -> None:
    settings = op.args if op.self is None else op.self.attrs
    beta, delta = settings.get("beta"), settings.get("delta")
    if isinstance(beta, (int, float)) and beta < 0:
        op.refuse("RuntimeError", "smooth_l1_loss does not support negative values for beta.", "beta")
    if isinstance(delta, (int, float)) and delta <= 0:
        op.refuse("RuntimeError", "huber_loss does not support non-positive values for delta.", "delta")


_INPUTS = f"input, target, {_LEGACY}"
loss("l1_loss", f"{_INPUTS}, weight=None", "L1Loss", _LEGACY)(_difference)
loss("mse_loss", f"{_INPUTS}, weight=None", "MSELoss", _LEGACY)(_difference)
loss("smooth_l1_loss", f"{_INPUTS}, beta=1.0", "SmoothL1Loss", f"{_LEGACY}, beta=1.0")(_difference)
loss(
    "huber_loss",
    "input, target, reduction='mean', delta=1.0, weight=None",
    "HuberLoss",
    "reduction='mean', delta=1.0",
)(_difference)
loss(
    "hinge_embedding_loss",
    f"input, target, margin=1.0, {_LEGACY}",
    "HingeEmbeddingLoss",
    f"margin=1.0, {_LEGACY}",
)(_product)


@loss("kl_div", f"{_INPUTS}, log_target=False", "KLDivLoss", f"{_LEGACY}, log_target=False")
def kl_div(op: Op) -> Value:
    """The Kullback-Leibler divergence; "batchmean" divides by the batch."""
    how = reduction(op, "batchmean")
    x, output, target = _operands(op)
    return reduced(op, x, op.lawful(together(target, output), not_joining, output), how)


def _poisson(op: Op) -> Value:
    if op.self is not None:
        op.args["input"] = op.args["log_input"]
    return _product(op)


loss(
    "poisson_nll_loss",
    "input, target, log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
    "PoissonNLLLoss",
    "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
    call="log_input, target",
)(_poisson)


@loss("soft_margin_loss", _INPUTS, "SoftMarginLoss", _LEGACY)
def soft_margin_loss(op: Op) -> Value:
    """Computed in place on the input's shape: the target stretches, the input does not."""
    how = reduction(op)
    x, output, target = _operands(op)
    shape = op.lawful(together(output, target), not_joining, output)
    words = (
        f"RuntimeError: output with shape {sizes(output)} doesn't match the broadcast shape {sizes(shape)}"
    )
    op.lawful(fits_into(output, shape), lambda _: words, output)
    return reduced(op, x, output, how)


# -- binary cross-entropy ------------------------------------------------------------------------------------


@loss(
    "binary_cross_entropy",
    f"input, target, weight=None, {_LEGACY}",
    "BCELoss",
    f"weight=None, {_LEGACY}",
    buffers=("weight",),
)
def binary_cross_entropy(op: Op) -> Value:
    """On probabilities: target and input of one shape, the weight stretches to it."""
    how = reduction(op)
    x, output, target = _operands(op)
    words = (
        f"ValueError: Using a target size ({size(target)}) that is different to the input size "
        f"({size(output)}) "
        "is deprecated. Please ensure they have the same size."
    )
    shape = op.lawful(same_shape(output, target), lambda _: words, output)
    weight = op["weight"]
    if isinstance(weight, Tensor) and weight.shape is not None:
        _expanded(op, weight.shape, shape)
    return reduced(op, x, shape, how)


def _expanded(op: Op, weight: Shape, shape: Shape) -> None:
    """`torch.broadcast_shapes` and `expand`: the weight stretches to the target."""
    joined = broadcast(shape, weight)

    def words(fault: Fault) -> str:
        rank = max(len(shape), len(weight))
        axis = (fault.axis or 0) - rank
        common = (*weight[: rank - len(shape)], *shape)
        return (
            f"RuntimeError: Attempting to broadcast a dimension of length {fault.got} at {axis}! Mismatching "
            f"argument at index 1 had {size(weight)}; but expected shape should be broadcastable to "
            f"{sizes(common)}"
        )

    op.lawful(joined, words, shape)
    if isinstance(joined, Lawful):
        in_place = f"output with shape {sizes(shape)} doesn't match the broadcast shape {sizes(joined.shape)}"
        op.lawful(fits_into(shape, joined.shape), lambda _: f"RuntimeError: {in_place}", shape)


@loss(
    "binary_cross_entropy_with_logits",
    f"input, target, weight=None, {_LEGACY}, pos_weight=None",
    "BCEWithLogitsLoss",
    f"weight=None, {_LEGACY}, pos_weight=None",
    buffers=("weight", "pos_weight"),
)
def binary_cross_entropy_with_logits(op: Op) -> Value:
    """On scores: target and input of one shape, weights stretch to it."""
    how = reduction(op)
    x, output, target = _operands(op)
    words = f"ValueError: Target size ({size(target)}) must be the same as input size ({size(output)})"
    shape = op.lawful(same_shape(output, target), lambda _: words, output)
    _stretched(op, "pos_weight", shape)
    _stretched(op, "weight", shape)
    return reduced(op, x, shape, how)


def _stretched(op: Op, name: str, shape: Shape) -> None:
    weight = op[name]
    if not isinstance(weight, Tensor) or weight.shape is None:
        return
    pair = (weight.shape, shape) if name == "pos_weight" else (shape, weight.shape)
    joined = op.lawful(broadcast(*pair), not_joining, shape)
    words = (
        f"RuntimeError: output with shape {sizes(shape)} doesn't match the broadcast shape {sizes(joined)}"
    )
    op.lawful(fits_into(shape, joined), lambda _: words, shape)


# -- with a variance, with labels ----------------------------------------------------------------------------


@loss(
    "gaussian_nll_loss",
    "input, target, var, full=False, eps=1e-06, reduction='mean'",
    "GaussianNLLLoss",
    "*, full=False, eps=1e-06, reduction='mean'",
    call="input, target, var",
)
def gaussian_nll_loss(op: Op) -> Value:
    """The variance has the input's shape, lacks its last axis, or has extent 1 on one axis."""
    x, output, target = _operands(op)
    var = op["var"]
    spread: Shape = output
    if isinstance(var, float) and var < 0:
        op.refuse("ValueError", "var has negative entry/entries", "var")
    if isinstance(var, Tensor) and var.shape is not None:
        spread = _variance(op, output, var.shape)
    how = reduction(op, words="{} is not valid")
    shape = op.lawful(together(output, target, spread), not_joining, output)
    return reduced(op, x, shape, how)


def _variance(op: Op, output: Shape, var: Shape) -> Shape:
    if var == output:
        return var
    if output[:-1] == var:
        return (*var, 1)
    different = [(x, y) for x, y in zip(output, var, strict=False) if x != y]
    if len(output) == len(var) and len(different) == 1 and different[0][1] == 1:
        return var
    if all(isinstance(n, int) for n in (*output, *var)) or len(output) - len(var) not in (0, 1):
        op.refuse("ValueError", "var is of incorrect size", "var", kind=Kind.TARGET)
    return output


@loss(
    "multilabel_soft_margin_loss",
    f"input, target, weight=None, {_LEGACY}",
    "MultiLabelSoftMarginLoss",
    f"weight=None, {_LEGACY}",
    buffers=("weight",),
)
def multilabel_soft_margin_loss(op: Op) -> Value:
    """Binary cross-entropy averaged over the classes, the input's last axis."""
    x, output, target = _operands(op)
    weight = op["weight"]
    shapes = [target, output]
    if isinstance(weight, Tensor) and weight.shape is not None:
        shapes.append(weight.shape)
    shape = op.lawful(together(*shapes), not_joining, output)
    if not output:
        words = "Dimension specified as -1 but tensor has no dimensions"
        op.refuse("IndexError", words, "input", kind=Kind.RANK)
    axis = len(output) - 1
    how = reduction(op, words="{} is not valid")
    return reduced(op, x, (*shape[:axis], *shape[axis + 1 :]), how)


alias("torch.nn.modules.loss", "torch.nn")
