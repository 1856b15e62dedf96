"""Losses on classes: cross-entropy and negative log-likelihood, multi-class and multi-label margins.

Law: `shapes.target.class_indices`, or a probability for each score.
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.libs.op import Op
from convlint.libs.registry import klass
from convlint.libs.torch.loss_forms import loss, reduced, reduction
from convlint.libs.torch.wording import sizes
from convlint.shapes import target as law
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Tensor, Value

_LEGACY = "size_average=None, reduce=None, reduction='mean'"
_OPTIONS = "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'"
_INTEGERS = frozenset({"int64", "int32", "int16", "int8", "uint8", "bool"})


@loss("nll_loss", f"input, target, {_OPTIONS}", "NLLLoss", _OPTIONS, buffers=("weight",))
def nll_loss(op: Op) -> Value:
    """The negative log-probability of the class that the target names."""
    how = reduction(op)
    x, target = op.tensor("input"), op.tensor("target")
    return _named(op, x, target, how)


@loss(
    "cross_entropy",
    f"input, target, {_OPTIONS}, label_smoothing=0.0",
    "CrossEntropyLoss",
    f"{_OPTIONS}, label_smoothing=0.0",
    buffers=("weight",),
)
def cross_entropy(op: Op) -> Value:
    """Softmax and negative log-likelihood; a target of the scores' shape holds probabilities."""
    how = reduction(op)
    x, target = op.tensor("input"), op.tensor("target")
    smoothing = op["label_smoothing"]
    if isinstance(smoothing, (int, float)) and smoothing > 1:  # ATen asks where it is above 0
        words = f"label_smoothing must be between 0.0 and 1.0. Got: {smoothing:g}"
        op.refuse("RuntimeError", words, "label_smoothing")
    if len(x.shape or ()) == len(target.shape or ()) and target.dtype not in _INTEGERS:
        return _probable(op, x, target, how)
    if x.shape and x.shape == target.shape:
        words = "Expected floating point type for target with class probabilities, got Long"
        op.refuse("RuntimeError", words, "target", kind=Kind.TARGET)
    if isinstance(smoothing, (int, float)) and smoothing > 0:
        _smoothed(op, x.shape or (), target.shape or (), how)
    return _named(op, x, target, how)


def _smoothed(op: Op, output: Shape, given: Shape, how: str) -> None:
    """What label smoothing asks for besides."""
    if len(output) == 1 and given == (1,) and how == "none":
        words = "output with shape [] doesn't match the broadcast shape [1]"
        op.refuse("RuntimeError", words, "target", kind=Kind.TARGET)
    weight = op["weight"]
    if len(output) > 2 and isinstance(weight, Tensor) and weight.shape and len(weight.shape) > 1:
        rows, elements = weight.shape[0], weight.elements
        if elements == output[1] != rows:
            view = sizes((1, rows, *(1 for _ in output[2:])))
            op.refuse("RuntimeError", f"shape '{view}' is invalid for input of size {elements}", "weight")


def _probable(op: Op, x: Tensor, target: Tensor, how: str) -> Value:
    output, given = x.shape or (), target.shape or ()
    if not output:
        words = "Dimension specified as 1 but tensor has no dimensions"
        op.refuse("IndexError", words, "input", kind=Kind.TARGET)
    if len(output) == 1 and given == (1,) and output != (1,):
        return _named(op, x, target, how)
    shape = op.lawful(law.class_probabilities(output, given), _words(output, given), ())
    _check_weight(op, output, "cross_entropy: ")
    return reduced(op, x, shape, how)


def _named(op: Op, x: Tensor, target: Tensor, how: str) -> Value:
    output, given = x.shape or (), target.shape or ()
    expected = (*output[:1], *output[2:]) if len(output) > 1 else ()
    shape = op.lawful(law.class_indices(output, given), _words(output, given), expected)
    _check_weight(op, output, "")
    _check_values(op, target, output)
    return reduced(op, x, shape, how)


def _words(output: Shape, given: Shape) -> Callable[[Fault], str]:
    many = "RuntimeError: 0D or 1D target tensor expected, multi-target not supported"

    def words(fault: Fault) -> str:
        match fault.detail:
            case law.NO_AXIS:
                return "ValueError: Expected 1 or more dimensions (got 0)"
            case law.ROWS if len(output) == 1:
                return (
                    f"ValueError: For 1D input, 1D target must have size 1, but got target size: {fault.got}"
                )
            case law.ROWS:
                return (
                    f"ValueError: Expected input batch_size ({output[0]}) to match target batch_size "
                    f"({fault.got})."
                )
            case law.MULTI:
                return many
        if len(output) < 3:
            return many
        return _places(output, given)

    return words


def _places(output: Shape, given: Shape) -> str:
    if len(output) == 4 and len(given) != 3:
        found = f"(3D tensors) but got targets of dimension: {len(given)}"
        return f"RuntimeError: only batches of spatial targets supported {found}"
    if len(output) == 4:
        return f"RuntimeError: size mismatch (got input: {sizes(output)} , target: {sizes(given)}"
    return f"RuntimeError: Expected target size {sizes((output[0], *output[2:]))}, got {sizes(given)}"


def _check_weight(op: Op, output: Shape, who: str) -> None:
    """One weight a class."""
    weight = op["weight"]
    if not isinstance(weight, Tensor) or weight.shape is None or not output:
        return
    classes = output[0 if len(output) == 1 else 1]
    flat = len(output) < 3 or bool(who)
    words = f"RuntimeError: {who}weight tensor should be defined either for all or no classes"
    if flat:
        words = (
            f"RuntimeError: {who}weight tensor should be defined either for all {classes} classes or no "
            "classes "
            f"but got weight tensor of shape: {sizes(weight.shape)}"
        )
    demands = Demands()
    elements = weight.elements
    assert elements is not None
    wrong = Fault(Kind.OTHER, classes, elements, (output, weight.shape), None, ("weight",))
    if flat and len(weight.shape) != 1:
        demands.refuse(wrong)
    demands.equal(classes, elements, wrong)
    op.lawful(demands.outcome(()), lambda _: words, ())


def _check_values(op: Op, target: Tensor, output: Shape) -> None:
    """Indices of known content must be classes, or the ignored index."""
    classes = output[0 if len(output) == 1 else 1] if output else None
    ignored = op["ignore_index"]
    if target.data is None or not isinstance(classes, int) or not isinstance(ignored, int):
        return
    for value in target.data:
        if isinstance(value, int) and value != ignored and not 0 <= value < classes:
            fault = Fault(Kind.TARGET, classes, value, (output,), None, ("target",), "values")
            words = f"IndexError: Target {value} is out of bounds."
            op.lawful(fault, lambda _, words=words: words, ())  # type: ignore[misc]
            return


klass("torch.nn.NLLLoss2d", "torch.nn.NLLLoss")


# -- margins -------------------------------------------------------------------------------------------------


def _matrix(op: Op, output: Shape) -> None:
    if len(output) > 2 or (output and output[-1] == 0):
        words = (
            f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {sizes(output)}"
        )
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)


@loss("multilabel_margin_loss", f"input, target, {_LEGACY}", "MultiLabelMarginLoss", _LEGACY)
def multilabel_margin_loss(op: Op) -> Value:
    """Scores `(C,)` or `(N, C)` and a target of the same shape: the classes that apply, filled up with −1."""
    how = reduction(op)
    x, output, given = op.tensor("input"), op.tensor("input").shape or (), op.tensor("target").shape or ()
    _matrix(op, output)
    words = f"RuntimeError: inconsistent target size: {sizes(given)} for input of size: {sizes(output)}"
    if len(output) < 2 and len(given) < 2:
        op.lawful(law.same_shape(output or (1,), given or (1,)), lambda _: words, output)
    else:
        op.lawful(law.same_shape(output, given), lambda _: words, output)
    return reduced(op, x, output[:-1], how)


def _norm(op: Op) -> None:
    p = op["p"]
    if isinstance(p, (int, float)) and p not in (1, 2):
        op.refuse("ValueError", "only p == 1 and p == 2 supported", "p")
    weight = op["weight"]
    if isinstance(weight, Tensor) and weight.rank not in (None, 1):
        words = "weight must be one-dimensional"
        if op.self is not None:
            words = f"MultiMarginLoss: expected weight to be None or 1D tensor, got {weight.rank}D instead"
        op.refuse("ValueError", words, "weight", kind=Kind.RANK)


_MARGIN = f"p=1, margin=1.0, weight=None, {_LEGACY}"


@loss(
    "multi_margin_loss",
    f"input, target, {_MARGIN}",
    "MultiMarginLoss",
    _MARGIN,
    buffers=("weight",),
    check=_norm,
)
def multi_margin_loss(op: Op) -> Value:
    """Scores `(C,)` or `(N, C)` and one class a row."""
    how = reduction(op)
    _norm(op)
    x, output, given = op.tensor("input"), op.tensor("input").shape or (), op.tensor("target").shape or ()
    _matrix(op, output)
    rows: Shape = output[:-1] if len(output) == 2 else (1,)
    words = (
        "RuntimeError: multi_margin_loss: target tensor should be 1-D with size equal to the number of input "
        f"samples (batch size). Expected target size {sizes(rows)}, but got {sizes(given)}. "
        f"Input has shape {sizes(output)}."
    )
    op.lawful(law.same_shape(rows, given or (1,)), lambda _: words, rows)
    weight = op["weight"]
    if isinstance(weight, Tensor) and weight.shape is not None:
        _one_a_class(op, weight.shape, output or (1,))
    return reduced(op, x, rows if given else (), how)


def _one_a_class(op: Op, weight: Shape, output: Shape) -> None:
    demands = Demands()
    demands.equal(output[-1], weight[0], Fault(Kind.OTHER, output[-1], weight[0], (weight,), 0, ("weight",)))
    words = f"RuntimeError: inconsistent weight size, expected {output[-1]} but got {sizes(weight)}"
    op.lawful(demands.outcome(()), lambda _: words, ())
