"""Losses that own a layer: the adaptive softmax for many classes, cross-entropy together with its dense
layer.
"""

from __future__ import annotations

from convlint.dims import Dim, product
from convlint.libs.op import Op
from convlint.libs.registry import function, klass, lookup, method
from convlint.libs.torch.layer import layer
from convlint.libs.torch.loss_forms import reduction
from convlint.libs.torch.returns import named
from convlint.libs.torch.wording import size
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Tensor, Value

ADAPTIVE = "torch.nn.AdaptiveLogSoftmaxWithLoss"


def _make(op: Op, name: str, *args: Value, **kwargs: Value) -> Value:
    found = lookup(name)
    if found is None:
        raise NotModelled(f"{name} is not described")
    return op.call(found, *args, **kwargs)


# -- adaptive softmax ----------------------------------------------------------------------------------------


def _build_adaptive(op: Op) -> None:
    assert op.self is not None
    attrs = op.self.attrs
    given = op.known("cutoffs")
    cutoffs = list(given) if isinstance(given, (list, tuple)) else [op.integer("cutoffs")]
    known = [op.as_dim(c, "cutoffs") for c in cutoffs]
    classes, features = op.dim("n_classes"), op.dim("in_features")
    if not known:
        op.refuse("ValueError", "cutoffs should be a sequence of length larger than 0", "cutoffs")
    numbers = [c for c in known if isinstance(c, int)]
    if len(numbers) < len(known) or not isinstance(classes, int):
        raise NotModelled("the cutoffs of an adaptive softmax are not known numbers")
    if numbers != sorted(set(numbers)) or numbers[0] <= 0 or numbers[-1] > classes - 1:
        words = (
            "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, "
            "where each "
            "value is between 1 and n_classes-1"
        )
        op.refuse("ValueError", words, "cutoffs")
    bounds = [*numbers, classes]
    clusters = len(bounds) - 1
    attrs |= {
        "cutoffs": bounds,
        "shortlist_size": bounds[0],
        "n_clusters": clusters,
        "head_size": bounds[0] + clusters,
    }
    head = _make(op, "torch.nn.Linear", features, bounds[0] + clusters, bias=op["head_bias"])
    op.caller.setattr(op.self, "head", head)
    op.caller.setattr(op.self, "tail", _make(op, "torch.nn.ModuleList", _tails(op, features, bounds)))


def _tails(op: Op, features: Dim, bounds: list[int]) -> list[Value]:
    """A narrow projection and its classes for each cluster."""
    shrink = op["div_value"]
    if not isinstance(shrink, (int, float)) or not isinstance(features, int):
        raise NotModelled("the sizes of an adaptive softmax are not known numbers")
    tails: list[Value] = []
    for index in range(len(bounds) - 1):
        hidden = int(features // shrink ** (index + 1))
        down = _make(op, "torch.nn.Linear", features, hidden, bias=False)
        out = _make(op, "torch.nn.Linear", hidden, bounds[index + 1] - bounds[index], bias=False)
        tails.append(_make(op, "torch.nn.Sequential", down, out))
    return tails


@layer(
    ADAPTIVE,
    "in_features, n_classes, cutoffs, div_value=4.0, head_bias=False, device=None, dtype=None",
    build=_build_adaptive,
    call="input_, target_",
)
def adaptive(op: Op) -> Value:
    """The log-probability of each target and their mean; which tails are read depends on the targets."""
    x, target = op.tensor("input_"), op.tensor("target_")
    shape, given = x.shape or (), target.shape or ()
    if len(given) > 1:
        words = "0D or 1D target tensor expected, multi-target not supported"
        op.refuse("RuntimeError", words, "target_", kind=Kind.TARGET)
    if given and shape:
        demands = Demands()
        demands.equal(
            shape[0], given[0], Fault(Kind.TARGET, shape[0], given[0], (shape, given), 0, ("target_",))
        )
        words = "RuntimeError: Input and target should have the same size in the batch dimension."
        op.lawful(demands.outcome(given), lambda _: words, given)
    if len(shape) != len(given) + 1:
        form = f"{len(given)}D target tensor expects {len(given) + 1}D input tensors"
        words = f"{form}, but found inputs with size {size(shape)}"
        op.refuse("RuntimeError", words, "input_", kind=Kind.RANK)
    op.call(op["head"], x if given else op.result(x, (1, *shape)))
    op.caller.count_macs(op.unknown("which clusters an adaptive softmax reads depends on the targets"))
    return named(op, "_ASMoutput", output=op.result(x, given), loss=op.result(x, ()))


@method(ADAPTIVE, "log_prob", "self, input")
def log_prob(op: Op) -> Value:
    """The log-probabilities of all classes: every part is read."""
    x = op.tensor("input")
    op.call(op["head"], x)
    for tail in op.caller.iterate(op["tail"]):
        op.call(tail, x)
    return op.result(x, (*(x.shape or ())[:-1], op.dim("n_classes")))


@method(ADAPTIVE, "predict", "self, input")
def predict(op: Op) -> Value:
    """The likeliest class of each row."""
    x = op.tensor("input")
    op.call(op["head"], x)
    op.caller.count_macs(op.unknown("which clusters an adaptive softmax reads depends on the input"))
    return op.result(x, (x.shape or ())[:-1], dtype="int64")


# -- cross-entropy with its dense layer ----------------------------------------------------------------------


OPTIONS = klass("torch.nn.LinearCrossEntropyOptions").qualname


@method(OPTIONS, "__init__", "self, **kwargs")
def options(op: Op) -> Value:
    """How the loss is cut into chunks: no shape hangs on it."""
    assert op.self is not None and isinstance(op["kwargs"], dict)
    op.self.attrs |= op["kwargs"]
    return None


def _build_linear(op: Op) -> None:
    assert op.self is not None
    stored = op.self.attrs["_buffers"]
    assert isinstance(stored, dict)
    weight = stored["weight"] = op.self.attrs.pop("weight", None)
    classes, smoothing = op.dim("num_classes"), op["label_smoothing"]
    given = weight.shape if isinstance(weight, Tensor) else None
    if given is not None and isinstance(classes, int) and given != (classes,):
        shown = tuple(n if isinstance(n, int) else str(n) for n in given)
        op.refuse("RuntimeError", f"expected weight shape to be ({classes},), got {shown}", "weight")
    if isinstance(smoothing, (int, float)) and not 0 <= smoothing <= 1:
        words = f"expected label_smoothing to be in range [0, 1], got {smoothing}"
        op.refuse("RuntimeError", words, "label_smoothing")
    op.self.attrs.pop("in_features", None)
    outputs = classes * product(op.dims("out_features"))
    dense = _make(op, "torch.nn.Linear", op.args["in_features"], outputs, bias=op.args["bias"])
    op.caller.setattr(op.self, "linear", dense)


@layer(
    "torch.nn.LinearCrossEntropyLoss",
    "in_features, num_classes, *, out_features=(), bias=False, device=None, dtype=None, reduction='mean', "
    "weight=None, ignore_index=None, label_smoothing=0.0, options=None",
    build=_build_linear,
    call="input, target",
)
def linear_cross_entropy_layer(op: Op) -> Value:
    """The dense layer's weights are read; it is not called."""
    reduction(op)
    x = op.tensor("input")
    dense = op["linear"]
    weight = op.caller.getattr(dense, "weight")
    if not isinstance(weight, Tensor) or not weight.shape:
        raise NotModelled("the weight of the loss is not known")
    places = op.dims("out_features")
    shape = (op.dim("num_classes"), *places, weight.shape[-1])
    return _scored(op, x, op.result(weight, shape))


@function(
    "torch.nn.functional.linear_cross_entropy",
    signature="input, linear_weight, target, *, linear_bias=None, weight=None, reduction='mean', "
    "ignore_index=None, "
    "label_smoothing=0.0, options=None",
)
def linear_cross_entropy(op: Op) -> Value:
    """Cross-entropy of input · weightᵀ + bias."""
    return _scored(op, op.tensor("input"), op.tensor("linear_weight"))


def _scored(op: Op, x: Tensor, weight: Tensor) -> Value:
    shape, table = x.shape or (), weight.shape or ()
    if len(shape) not in (1, 2):
        words = f"expected input with dimensionality 1 or 2, got {len(shape)}"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    if len(table) < 2:
        words = f"expected linear_weight with dimensionality at least 2, got {len(table)}"
        op.refuse("RuntimeError", words, "linear_weight", kind=Kind.RANK)
    demands = Demands()
    wrong = Fault(Kind.FEATURES, table[-1], shape[-1], (shape, table), len(shape) - 1, ("in_features",))
    demands.equal(shape[-1], table[-1], wrong)
    words = (
        "RuntimeError: expected equal input and linear_weight last dimensions (in_features), "
        f"got {shape[-1]} and {table[-1]}, respectively"
    )
    scores: Shape = (*shape[:-1], *table[:-1])
    op.lawful(demands.outcome(scores), lambda _: words, scores)
    if len(table) > 2 and len(shape) == 1:
        words = f"K-dimensional loss defined by linear_weight shape {tuple(table)} requires batched input"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    op.caller.count_macs(product(table) * product(shape[:-1]))
    ignored = op["ignore_index"]
    return _make(
        op,
        "torch.nn.functional.cross_entropy",
        op.result(x, scores),
        op["target"],
        weight=op["weight"],
        reduction=op["reduction"],
        ignore_index=-100 if ignored is None else ignored,
        label_smoothing=op["label_smoothing"],
    )
