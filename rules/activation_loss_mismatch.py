"""The activation of a model's output and its loss do not belong together.

## What it does
Compares the activation of the last layer of a Keras model with the loss that `compile` is given: softmax with
binary cross-entropy, sigmoid with categorical cross-entropy, softmax or sigmoid before a loss with
`from_logits=True`, no activation before a cross-entropy without it, relu on the output of a regression; and
`Dense(1, activation="softmax")`, which always gives 1. In PyTorch: softmax or sigmoid before
`CrossEntropyLoss`, which takes scores; softmax before `NLLLoss`, which takes logarithms; sigmoid or softmax
before `BCEWithLogitsLoss`, which applies sigmoid itself; softmax before `BCELoss`.

## Why it matters
The model trains without a complaint, slowly, towards the wrong thing, or not at all.

## Example
    model.add(layers.Dense(1, activation="softmax"))
    model.compile(loss="binary_crossentropy")

## Use instead
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile(loss="binary_crossentropy")

    loss = nn.CrossEntropyLoss()(scores, labels)  # PyTorch: scores without softmax

## When to ignore
Where the combination is meant: independent labels that happen to sum to one, say.
"""

from collections.abc import Iterator

from convlint.lint import Comparison, Finding, Layer, Loss, Severity
from convlint.lint.rule import rule

_ENDS = ("keras.layers.Dense", "keras.layers.Softmax", "keras.layers.Activation")
"""Layers that may be, or end in, a softmax of their own."""
_CATEGORICAL = ("categorical_crossentropy", "sparse_categorical_crossentropy")
_BINARY = "binary_crossentropy"
_REGRESSION = (
    *("mse", "mae", "mean_squared_error", "mean_absolute_error", "huber", "huber_loss"),
    *("mape", "mean_absolute_percentage_error"),
)
_APPLIES = "applies {} itself"
_TAKES = {
    ("cross_entropy", "softmax"): (_APPLIES.format("softmax"), "the scores as they are, without softmax"),
    ("cross_entropy", "sigmoid"): (_APPLIES.format("softmax"), "the scores as they are, without sigmoid"),
    ("nll_loss", "softmax"): (
        "takes logarithms of probabilities",
        "log_softmax, or cross_entropy of the scores",
    ),
    ("nll_loss", "sigmoid"): (
        "takes logarithms of probabilities",
        "log_softmax, or cross_entropy of the scores",
    ),
    ("binary_cross_entropy_with_logits", "sigmoid"): (
        _APPLIES.format("sigmoid"),
        "the scores as they are, without sigmoid",
    ),
    ("binary_cross_entropy_with_logits", "softmax"): (
        _APPLIES.format("sigmoid"),
        "the scores as they are, or cross_entropy for classes that exclude each other",
    ),
    ("binary_cross_entropy", "softmax"): (
        "takes each number by itself",
        "sigmoid, or cross_entropy of the scores for classes that exclude each other",
    ),
}
"""For a loss of PyTorch and the activation before it: what the loss does or takes, and what helps."""


@rule("CL601", "activation-loss-mismatch", Severity.WARNING, layers=_ENDS)
def activation_loss_mismatch(subject: Layer | Loss | Comparison) -> Iterator[Finding]:
    """One finding for each loss that does not fit its output, and for each softmax of a single number."""
    if isinstance(subject, Layer):
        if _always_one(subject):
            yield subject.at("activation").finding(
                f"softmax of the single number that {subject.shown} gives is always 1",
                help='activation="sigmoid"',
            )
        elif _of_one_number(subject):
            yield subject.at().finding(
                f"{subject.shown} is a softmax of a single number, which is always 1", help="sigmoid"
            )
        return
    if isinstance(subject, Comparison):
        found = _TAKES.get((subject.loss, subject.activation))
        if found is not None:
            takes, remedy = found
            yield subject.here().finding(
                f"{subject.loss} is given the result of a {subject.activation}, and {takes}", help=remedy
            )
        return
    message, remedy = _mismatch(subject)
    if message:
        yield subject.here().finding(message, help=remedy)


def _always_one(layer: Layer) -> bool:
    single = layer.keras and layer.dense and layer.number("units") == 1
    return single and layer.argument("activation") == "softmax"


def _of_one_number(layer: Layer) -> bool:
    """Whether a layer is nothing but a softmax over the last axis, and that axis has extent 1."""
    if not layer.derives("keras.layers.Softmax", "keras.layers.Activation"):
        return False
    softmax = layer.derives("keras.layers.Softmax") and layer.argument("axis") in (-1, None)
    if layer.derives("keras.layers.Activation"):
        softmax = layer.argument("activation") == "softmax"
    return softmax and bool(layer.outputs) and all(len(o) == 2 and o[-1] == 1 for o in layer.outputs)


def _mismatch(loss: Loss) -> tuple[str, str]:
    name, activation, units = loss.name, loss.activation, loss.last.number("units")
    cross = name == _BINARY or name in _CATEGORICAL
    shown = f"the output, {loss.last.shown},"
    if cross and loss.from_logits is True and activation in ("softmax", "sigmoid"):
        return (
            f"{shown} has {activation}, and {name} with from_logits=True applies it again",
            f"from_logits=False, or no activation on {loss.last.shown}",
        )
    if cross and loss.from_logits is False and activation == "linear":
        wanted = "sigmoid" if name == _BINARY else "softmax"
        return (
            f"{shown} has no activation, and {name} expects probabilities",
            f'activation="{wanted}", or the loss with from_logits=True',
        )
    if name == _BINARY and activation == "softmax" and units != 1 and not _of_one_number(loss.last):
        return f"{shown} has softmax, and {name} takes each number by itself", "categorical_crossentropy"
    if name in _CATEGORICAL and activation == "sigmoid":
        better = "binary_crossentropy" if units == 1 else 'activation="softmax"'
        return f"{shown} has sigmoid, and {name} expects numbers that sum to 1", better
    if name in _REGRESSION and activation == "relu":
        return f"{shown} has relu: {name} cannot teach it what is below 0", "no activation on the last layer"
    return "", ""
