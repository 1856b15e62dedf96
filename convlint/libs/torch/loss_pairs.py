"""Losses on pairs and triplets of embeddings, and on sequences: ranking, cosine, triplet, CTC."""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import lookup
from convlint.libs.torch.broadcasting import not_joining
from convlint.libs.torch.loss_forms import loss, reduced, reduction
from convlint.libs.torch.wording import size, sizes
from convlint.shapes.broadcast import broadcast
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.target import together
from convlint.values import NotModelled, Tensor, Value

_LEGACY = "size_average=None, reduce=None, reduction='mean'"


@loss(
    "margin_ranking_loss",
    f"input1, input2, target, margin=0.0, {_LEGACY}",
    "MarginRankingLoss",
    f"margin=0.0, {_LEGACY}",
    call="input1, input2, target",
)
def margin_ranking_loss(op: Op) -> Value:
    """max(0, −y (x1 − x2) + margin): three operands of one rank that broadcast."""
    how = reduction(op)
    tensors = [op.tensor(name) for name in ("input1", "input2", "target")]
    shapes = [t.shape or () for t in tensors]
    if len({len(shape) for shape in shapes}) > 1:
        first, second, target = map(size, shapes)
        words = (
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {first}, input2: {second}, target: {target} "
        )
        op.refuse("RuntimeError", words, "target", kind=Kind.TARGET)
    difference = op.lawful(together(*shapes[:2]), not_joining, shapes[0])
    return reduced(op, tensors[0], op.lawful(together(shapes[2], difference), not_joining, difference), how)


@loss(
    "cosine_embedding_loss",
    f"input1, input2, target, margin=0.0, {_LEGACY}",
    "CosineEmbeddingLoss",
    f"margin=0.0, {_LEGACY}",
    call="input1, input2, target",
)
def cosine_embedding_loss(op: Op) -> Value:
    """Two vectors and a label ±1, or rows of vectors and one label a row."""
    how = reduction(op)
    tensors = [op.tensor(name) for name in ("input1", "input2", "target")]
    left, right, target = (t.shape or () for t in tensors)
    if len(target) > 1:
        words = "0D or 1D target tensor expected, multi-target not supported"
        op.refuse("RuntimeError", words, "target", kind=Kind.TARGET)
    if (len(left), len(right)) != (len(target) + 1, len(target) + 1):
        form = f"{len(target)}D target tensor expects {len(target) + 1}D input tensors"
        words = f"{form}, but found inputs with sizes {sizes(left)} and {sizes(right)}."
        op.refuse("RuntimeError", words, "target", kind=Kind.TARGET)
    both = op.lawful(broadcast(left, right), not_joining, left)
    return reduced(op, tensors[0], op.lawful(together(target, both[:-1]), not_joining, both[:-1]), how)


# -- triplets ------------------------------------------------------------------------------------------------

_TRIPLET = ("anchor", "positive", "negative")


def _margin(op: Op) -> None:
    margin = op["margin"]
    if isinstance(margin, (int, float)) and margin <= 0:
        words = f"margin must be greater than 0, got {margin}"
        if op.self is not None:
            cls = op.name.rpartition(".")[2]
            words = f"{cls}: expected margin to be greater than 0, got {margin} instead"
        op.refuse("ValueError", words, "margin")


def _triplet(op: Op) -> tuple[list[Tensor], list[Shape]]:
    tensors = [op.tensor(name) for name in _TRIPLET]
    shapes = [t.shape or () for t in tensors]
    if len({len(shape) for shape in shapes}) > 1:
        ranks = [len(shape) for shape in shapes]
        words = (
            "The anchor, positive, and negative tensors are expected to have the same number of "
            "dimensions, but got: "
            f"anchor {ranks[0]}D, positive {ranks[1]}D, and negative {ranks[2]}D inputs"
        )
        op.refuse("RuntimeError", words, *_TRIPLET, kind=Kind.RANK)
    return tensors, shapes


@loss(
    "triplet_margin_loss",
    f"anchor, positive, negative, margin=1.0, p=2.0, eps=1e-06, swap=False, {_LEGACY}",
    "TripletMarginLoss",
    f"margin=1.0, p=2.0, eps=1e-06, swap=False, {_LEGACY}",
    call="anchor, positive, negative",
    check=_margin,
)
def triplet_margin_loss(op: Op) -> Value:
    """max(0, |a − p| − |a − n| + margin) along the last axis."""
    how = reduction(op)
    _margin(op)
    tensors, (anchor, positive, negative) = _triplet(op)
    near = op.lawful(broadcast(anchor, positive), not_joining, anchor)[:-1]
    far = op.lawful(broadcast(anchor, negative), not_joining, anchor)[:-1]
    if op.flag("swap"):
        swapped = op.lawful(broadcast(positive, negative), not_joining, positive)[:-1]
        far = op.lawful(broadcast(far, swapped), not_joining, far)
    return reduced(op, tensors[0], op.lawful(broadcast(near, far), not_joining, near), how)


@loss(
    "triplet_margin_with_distance_loss",
    "anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction='mean'",
    "TripletMarginWithDistanceLoss",
    "*, distance_function=None, margin=1.0, swap=False, reduction='mean'",
    call="anchor, positive, negative",
    check=_margin,
)
def triplet_margin_with_distance_loss(op: Op) -> Value:
    """The same with a distance of the program's own."""
    how = reduction(op)
    _margin(op)
    tensors, _ = _triplet(op)
    distance = op["distance_function"] or lookup("torch.nn.functional.pairwise_distance")

    def between(left: str, right: str) -> Shape:
        result = op.call(distance, op[left], op[right])
        if not isinstance(result, Tensor) or result.shape is None:
            raise NotModelled("what the distance function gives is not known")
        return result.shape

    near, far = between("anchor", "positive"), between("anchor", "negative")
    if op.flag("swap"):
        far = op.lawful(broadcast(far, between("positive", "negative")), not_joining, far)
    return reduced(op, tensors[0], op.lawful(broadcast(near, far), not_joining, near), how)


# -- CTC -----------------------------------------------------------------------------------------------------


@loss(
    "ctc_loss",
    "log_probs, targets, input_lengths, target_lengths, blank=0, reduction='mean', zero_infinity=False",
    "CTCLoss",
    "blank=0, reduction='mean', zero_infinity=False",
    call="log_probs, targets, input_lengths, target_lengths",
)
def ctc_loss(op: Op) -> Value:
    """Log-probabilities `(T, N, C)`, targets `(N, S)` or all in one row, a length a sequence."""
    how = reduction(op)
    x = op.tensor("log_probs")
    shape = x.shape or ()
    if len(shape) not in (2, 3):
        words = (
            f"Expected 3-dimensional tensor, but got {len(shape) + 1}-dimensional tensor for argument #1 "
            "'log_probs' (while checking arguments for ctc_loss_allocate_outputs)"
        )
        op.refuse("RuntimeError", words, "log_probs", kind=Kind.RANK)
    batch: Shape = shape[1:2] if len(shape) == 3 else ()
    blank, classes = op["blank"], shape[-1]
    if isinstance(blank, int) and isinstance(classes, int) and not 0 <= blank < classes:
        op.refuse("RuntimeError", "blank must be in label range", "blank")
    sequences: Dim = batch[0] if batch else 1
    for name in ("input_lengths", "target_lengths"):
        _check_lengths(op, name, sequences)
    _check_range(op, "input_lengths", shape[0])
    _check_range(op, "target_lengths", None)
    _check_targets(op, sequences, bool(batch))
    _check_labels(op)
    return reduced(op, x, batch, how)


def _check_lengths(op: Op, name: str, sequences: Dim) -> None:
    value = op[name]
    if isinstance(value, (list, tuple)):
        number: Dim = len(value)
    elif isinstance(value, Tensor) and value.shape is not None and len(value.shape) < 2:
        number = value.shape[0] if value.shape else 1
    else:
        return
    demands = Demands()
    demands.equal(sequences, number, Fault(Kind.TARGET, sequences, number, (), None, (name,)))
    op.lawful(demands.outcome(()), lambda _: f"RuntimeError: {name} must be of size batch_size")


_CHECKING = "(while checking arguments for ctc_loss_allocate_outputs)"


def _known_lengths(op: Op, name: str) -> tuple[int, ...] | None:
    value = op[name]
    numbers = value.data if isinstance(value, Tensor) else value
    if not isinstance(numbers, (list, tuple)):
        return None
    known = tuple(number for number in numbers if isinstance(number, int))
    return known if len(known) == len(numbers) else None


def _check_range(op: Op, name: str, most: Dim | None) -> None:
    """No length is negative, or more than there is."""
    for length in _known_lengths(op, name) or ():
        bound = ("least", 0) if length < 0 else ("most", most)
        if length < 0 or (isinstance(most, int) and length > most):
            words = (
                f"Expected {name} to have value at {bound[0]} {bound[1]}, but got value {length} {_CHECKING}"
            )
            op.refuse("RuntimeError", words, name, kind=Kind.TARGET)


def _check_labels(op: Op) -> None:
    """Targets in one row are as many as their lengths say; in rows of their own, enough for the longest."""
    targets, lengths = op["targets"], _known_lengths(op, "target_lengths")
    if not isinstance(targets, Tensor) or targets.shape is None:
        return
    rank = len(targets.shape)
    if rank not in (1, 2):
        words = f"Expected 1 to 2 dimensions, but got {rank}-dimensional tensor for argument #2 'targets'"
        op.refuse("RuntimeError", f"{words} {_CHECKING}", "targets", kind=Kind.RANK)
    given = targets.shape[-1]
    if not lengths or not isinstance(given, int):
        return
    wanted = sum(lengths) if rank == 1 else max(lengths)
    if given < wanted or (rank == 1 and given != wanted):
        size = f"size {'at least ' if rank == 2 else ''}{wanted} at dimension {rank - 1}"
        words = f"Expected tensor to have {size}, but got size {given} for argument #2 'targets' {_CHECKING}"
        op.refuse("RuntimeError", words, "targets", kind=Kind.TARGET)


def _check_targets(op: Op, sequences: Dim, batched: bool) -> None:
    targets = op["targets"]
    if not isinstance(targets, Tensor) or targets.shape is None or len(targets.shape) != 2 or not batched:
        return
    rows = targets.shape[0]
    demands = Demands()
    demands.equal(sequences, rows, Fault(Kind.TARGET, sequences, rows, (targets.shape,), 0, ("targets",)))
    words = (
        f"Expected tensor to have size {sequences} at dimension 0, but got size {rows} for argument #2 "
        "'targets'"
    )
    op.lawful(
        demands.outcome(()),
        lambda _: f"RuntimeError: {words} (while checking arguments for ctc_loss_allocate_outputs)",
    )
