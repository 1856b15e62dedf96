"""Losses: numbers against numbers, classes, pairs and triplets, sequences; every reduction, the retired ones
too.
"""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Generator, T, cases
from tests.truth.cases_blocks_embedding import near, shape
from tests.truth.draw import some

F = "torch.nn.functional."
Options = dict[str, object]


def reduction(rng: Random, legacy: bool = True, more: tuple[str, ...] = ()) -> Options:
    """A reduction by name, seldom none of torch's, or by the retired arguments."""
    if legacy and some(rng, 0.15):
        return {name: rng.choice([True, False]) for name in ("size_average", "reduce") if some(rng, 0.7)}
    if some(rng, 0.2):
        return {}
    names = ["none", "none", "none", "mean", "sum", *more]
    return {"reduction": "average" if some(rng, 0.04) else rng.choice(names)}


def _both(name: str, layer: str, draw: object, options: object) -> None:
    """The function takes options in the call, the layer in its constructor."""

    def as_function(rng: Random) -> Case:
        return Case(draw(rng), options(rng))  # type: ignore[operator]

    def as_layer(rng: Random) -> Case:
        return Case(draw(rng), init_kwargs=options(rng))  # type: ignore[operator]

    cases(F + name)(as_function)
    cases(f"torch.nn.{layer}")(as_layer)


# -- numbers against numbers ---------------------------------------------------------------------------------


def _pair(rng: Random) -> tuple[T, T]:
    left = shape(rng, 0, 3)
    right = left if some(rng, 0.5) else near(rng, left, 0.4)
    return (T(left), T(right)) if some(rng, 0.7) else (T(right), T(left))


def _with(rng: Random, legacy: bool, **extra: list[object]) -> Options:
    return reduction(rng, legacy) | {
        name: rng.choice(values) for name, values in extra.items() if some(rng, 0.4)
    }


_both("l1_loss", "L1Loss", _pair, reduction)
_both("mse_loss", "MSELoss", _pair, reduction)
_both("smooth_l1_loss", "SmoothL1Loss", _pair, lambda rng: _with(rng, True, beta=[0.5, 1.0, 0.0, -1.0]))
_both("huber_loss", "HuberLoss", _pair, lambda rng: _with(rng, False, delta=[0.5, 2, 0.0]))
_both(
    "kl_div",
    "KLDivLoss",
    _pair,
    lambda rng: reduction(rng, True, ("batchmean",)) | _with(rng, False, log_target=[True]),
)
_both(
    "poisson_nll_loss",
    "PoissonNLLLoss",
    _pair,
    lambda rng: _with(rng, True, log_input=[True, False], full=[True, False], eps=[1e-6]),
)
_both("soft_margin_loss", "SoftMarginLoss", _pair, reduction)
_both("hinge_embedding_loss", "HingeEmbeddingLoss", _pair, lambda rng: _with(rng, True, margin=[0.5, 2.0]))


@cases(F + "l1_loss", F + "mse_loss", F + "huber_loss")
def weighted(rng: Random) -> Case:
    """A weight has the input's own shape."""
    left, right = _pair(rng)
    options = reduction(rng, False)
    if some(rng, 0.3):
        options["weight"] = T(left.shape if some(rng, 0.8) else near(rng, left.shape))
    return Case((left, right), options)


def _binary(rng: Random) -> tuple[T, T]:
    left = shape(rng, 0, 3)
    return T(left), T(left if some(rng, 0.8) else near(rng, left))


def _binary_options(rng: Random, *weights: str) -> Options:
    options = reduction(rng)
    for name in weights:
        if some(rng, 0.25):
            options[name] = T(rng.choice([(), (1,), (2,), (3,), (1, 1)]))
    return options


_both("binary_cross_entropy", "BCELoss", _binary, lambda rng: _binary_options(rng, "weight"))
_both(
    "binary_cross_entropy_with_logits",
    "BCEWithLogitsLoss",
    _binary,
    lambda rng: _binary_options(rng, "weight", "pos_weight"),
)


def _labels(rng: Random) -> tuple[T, T]:
    left = shape(rng, 1, 3) if some(rng, 0.95) else ()
    return T(left), T(left if some(rng, 0.7) else near(rng, left, 0.4))


_both(
    "multilabel_soft_margin_loss",
    "MultiLabelSoftMarginLoss",
    _labels,
    lambda rng: _binary_options(rng, "weight"),
)


def _gaussian(rng: Random) -> tuple[object, ...]:
    left = shape(rng, 1, 3)
    variance = rng.choice([left, left, left[:-1], (*left[:-1], 1), (1, *left[1:]), near(rng, left)])
    return T(left), T(left if some(rng, 0.7) else near(rng, left)), 1.0 if some(rng, 0.1) else T(variance)


_both(
    "gaussian_nll_loss", "GaussianNLLLoss", _gaussian, lambda rng: _with(rng, False, full=[True], eps=[1e-4])
)


# -- classes -------------------------------------------------------------------------------------------------


def _classified(rng: Random) -> tuple[tuple[T, T], int]:
    """Scores and the index of a class for each place."""
    classes = rng.randint(1, 4)
    rank = rng.choice([1, 2, 2, 3, 4, 4, 5])
    batch, spatial = rng.randint(1, 3), tuple(rng.randint(1, 3) for _ in range(rank - 2))
    scores: tuple[int, ...] = (classes,) if rank == 1 else (batch, classes, *spatial)
    target = rng.choice([(), (1,)]) if rank == 1 else (batch, *spatial)
    if some(rng, 0.2):
        target = rng.choice([target[1:], (*target, 1), (*target[:-1], 4), (batch + 1, *target[1:]), scores])
    if some(rng, 0.02):
        scores = ()
    return (T(scores), T(target, "int64", classes)), classes


def _class_options(rng: Random, classes: int, smoothing: bool) -> Options:
    options = reduction(rng)
    if some(rng, 0.2):
        options["weight"] = T(rng.choice([(classes,), (classes,), (classes + 1,), (1, classes)]))
    if smoothing and some(rng, 0.15):
        options["label_smoothing"] = rng.choice([0.1, 0.0, 1.5])
    if some(rng, 0.1):
        options["ignore_index"] = -1
    return options


def _of_classes(name: str, layer: str, smoothing: bool) -> None:
    def drawn(rng: Random) -> tuple[tuple[T, T], Options]:
        args, classes = _classified(rng)
        if smoothing and some(rng, 0.25):
            scores = args[0].shape
            other = scores if some(rng, 0.8) else (*scores[:-1], 5)
            args = (args[0], T(other))
        return args, _class_options(rng, classes, smoothing)

    def as_function(rng: Random) -> Case:
        args, options = drawn(rng)
        return Case(args, options)

    def as_layer(rng: Random) -> Case:
        args, options = drawn(rng)
        return Case(args, init_kwargs=options)

    cases(F + name)(as_function)
    cases(f"torch.nn.{layer}")(as_layer)


_of_classes("cross_entropy", "CrossEntropyLoss", True)
_of_classes("nll_loss", "NLLLoss", False)


def _margins(name: str, layer: str, one_a_row: bool) -> None:
    def drawn(rng: Random) -> tuple[tuple[T, T], Options]:
        scores = rng.choice([shape(rng, 1, 1), shape(rng, 2, 2), shape(rng, 2, 2), shape(rng, 0, 3), (2, 0)])
        target = scores
        if one_a_row:
            target = scores[:-1] if len(scores) == 2 else rng.choice([(), (1,)])
        if some(rng, 0.12):
            target = rng.choice([(*target, 1), target[1:], (*target[:-1], 5)])
        options = reduction(rng)
        if one_a_row and some(rng, 0.3):
            options["p"] = rng.choice([1, 2, 2, 3])
        if one_a_row and some(rng, 0.15):
            options["weight"] = T(rng.choice([scores[-1:] or (1,), (5,), (1, 1)]))
        return (T(scores), T(target, "int64", 1)), options

    def as_function(rng: Random) -> Case:
        args, options = drawn(rng)
        return Case(args, options)

    def as_layer(rng: Random) -> Case:
        args, options = drawn(rng)
        return Case(args, init_kwargs=options)

    cases(F + name)(as_function)
    cases(f"torch.nn.{layer}")(as_layer)


_margins("multilabel_margin_loss", "MultiLabelMarginLoss", False)
_margins("multi_margin_loss", "MultiMarginLoss", True)


# -- pairs, triplets, sequences ------------------------------------------------------------------------------


def _ranked(rng: Random) -> tuple[T, T, T]:
    first = shape(rng, 0, 3)
    second, third = (first if some(rng, 0.7) else near(rng, first, 0.2) for _ in range(2))
    return T(first), T(second), T(third)


_both("margin_ranking_loss", "MarginRankingLoss", _ranked, lambda rng: _with(rng, True, margin=[0.5]))
_both(
    "triplet_margin_loss",
    "TripletMarginLoss",
    _ranked,
    lambda rng: _with(rng, True, margin=[0.5, 2.0, 0.0], swap=[True, False], p=[1.0]),
)
_both(
    "triplet_margin_with_distance_loss",
    "TripletMarginWithDistanceLoss",
    _ranked,
    lambda rng: _with(rng, False, margin=[0.5, 2.0, -1.0], swap=[True, False]),
)


def _cosine(rng: Random) -> tuple[T, T, T]:
    vectors = shape(rng, 1, 2)
    other = vectors if some(rng, 0.8) else near(rng, vectors, 0.2)
    target = vectors[:-1] if some(rng, 0.85) else rng.choice([(1,), (), (5,), (2, 2)])
    return T(vectors), T(other), T(target)


_both("cosine_embedding_loss", "CosineEmbeddingLoss", _cosine, lambda rng: _with(rng, True, margin=[0.5]))


def _ctc(rng: Random) -> tuple[object, ...]:
    steps, batch, classes, longest = (
        rng.randint(3, 5),
        rng.randint(1, 3),
        rng.randint(2, 4),
        rng.randint(1, 3),
    )
    scores: tuple[int, ...] = (steps, batch, classes)
    targets: tuple[int, ...] = (batch + some(rng, 0.06), longest)
    if some(rng, 0.2):
        scores, targets, batch = (steps, classes), (longest,), 1
    lengths = [[n] * (batch + some(rng, 0.06)) for n in (steps, longest)]
    return (
        T(scores if some(rng, 0.96) else (*scores, 1, 1)),
        T(targets, "int64", 1),
        tuple(lengths[0]),
        tuple(lengths[1]),
    )


def _ctc_options(rng: Random) -> Options:
    return _with(rng, False, blank=[1, 0, 4], zero_infinity=[True])


_both("ctc_loss", "CTCLoss", _ctc, _ctc_options)
_: Generator = weighted
