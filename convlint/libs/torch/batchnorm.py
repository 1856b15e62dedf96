"""Batch norms: what they ask of the channel axis, and of the number of values a channel has in training.

The checks and their order are those of torch.nn.functional.batch_norm and ATen's `_batch_norm_impl_index`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from convlint.dims import AtLeast, Dim, Expr, product
from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, function, klass, lookup, method
from convlint.libs.torch.arguments import FLOATING, initialised, initialises, operand, weight
from convlint.libs.torch.layer import buffer, layer
from convlint.libs.torch.lazy import lazy, materialize, pending, uninitialized
from convlint.libs.torch.module import store
from convlint.libs.torch.module_tree import walk
from convlint.libs.torch.wording import size
from convlint.shapes.contract import normalised_channels
from convlint.shapes.fault import Fault, Kind, Requirement, Shape
from convlint.values import Class, Instance, Native, NotModelled, Tensor, Value

alias("torch.nn.modules.batchnorm", "torch.nn")
NORM_BASE = klass("torch.nn.modules.batchnorm._NormBase", "torch.nn.Module").qualname
BATCH_NORM = "torch.nn.modules.batchnorm._BatchNorm"
initialises(NORM_BASE)
method(NORM_BASE, "reset_running_stats", "self")(lambda op: None)
RANKS = {1: (2, 3), 2: (4,), 3: (5,)}
SETTINGS = (
    "eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, *, bias=True"
)
STATISTICS = ("running_mean", "running_var")

Named = Sequence[tuple[str, Tensor | None]]


def build(op: Op) -> None:
    """Scale and shift, and running statistics, of `num_features` channels."""
    features = op["num_features"]
    affine, tracked = op.flag("affine"), op.flag("track_running_stats")
    weight(op, "weight", (features,) if affine else None, "num_features")
    weight(op, "bias", (features,) if affine and op.flag("bias") else None, "num_features")
    if tracked and isinstance(features, FLOATING):
        op.refuse(
            "TypeError",
            "zeros(): argument 'size' (position 1) must be tuple of ints, not float",
            "num_features",
        )
    if tracked and isinstance(features, int) and features < 0:
        op.refuse("RuntimeError", "zeros: Dimension size must be non-negative.", "num_features")
    for name in STATISTICS:
        buffer(op, name, (features,) if tracked else None)
    buffer(op, "num_batches_tracked", () if tracked else None, "int64")
    initialised(op)


def checked_rank(op: Op, xs: Shape, ranks: tuple[int, ...], least: int = 0) -> bool:
    """Whether `_check_input_dim` lets the input pass; a class of the program may have its own."""
    own = None if op.self is None else op.self.cls.find("_check_input_dim")
    if own is not None and not isinstance(own, Native):
        op.call(op.caller.getattr(op.self, "_check_input_dim"), op["input"])
        return True
    if not ranks and not least:
        raise op.caller.error("NotImplementedError", "")
    if len(xs) in ranks or (not ranks and len(xs) >= least):
        return True
    expected = " or ".join(f"{rank}D" for rank in ranks) if ranks else f"at least {least}D"
    message = f"ValueError: expected {expected} input (got {len(xs)}D input)"
    op.lawful(Fault(Kind.RANK, ranks or least, len(xs), (xs,)), lambda _: message, xs)
    return False


def checks_rank(name: str, ranks: tuple[int, ...], least: int = 0) -> None:
    """Declare the `_check_input_dim` of a norm."""

    @method(name, "_check_input_dim", "self, input")
    def check(op: Op) -> None:
        shape = operand(op, "input", "_check_input_dim").shape
        assert shape is not None
        checked_rank(op, shape, ranks, least)


def normalised(op: Op, x: Tensor, vectors: Named, argument: str) -> Shape:
    """The shape, unchanged; every vector must have one number a channel."""
    xs = x.shape
    assert xs is not None
    for name, vector in vectors:
        if vector is None or vector.shape is None:
            continue
        if len(xs) > 1 and vector.shape == xs[1:2]:
            continue  # as the law would say of each vector of most norms
        outcome = normalised_channels(xs, product(vector.shape), argument=argument)
        op.lawful(outcome, _length_words(name), xs)
        if len(vector.shape) == 1 and not isinstance(outcome, Fault):
            continue
        break  # one finding is enough
    return xs


def _length_words(name: str) -> Callable[[Fault], str]:
    return lambda fault: f"RuntimeError: {name} should contain {fault.got} elements not {fault.expected}"


def enough(op: Op, values: Dim, what: str, shown: str, shape: Shape) -> None:
    """More than one value for each statistic, or none: the variance of one value says nothing."""

    def words(_: Fault) -> str:
        return f"ValueError: Expected more than 1 {what} when training, got input size {shown}"

    fault = Fault(Kind.NORM, 2, values, (shape,), detail=f"one {what}")
    if isinstance(values, Expr):
        op.caller.require(Requirement(AtLeast(values, 2), fault), words, op.self)
    elif values == 1:
        op.caller.fault(fault, words, op.self)


def batch_norm(
    op: Op, x: Tensor, statistics: Named, affine: Named, training: Callable[[], bool], argument: str
) -> Value:
    """The functional form; `training` is asked only where it matters."""
    xs = x.shape
    assert xs is not None
    values = product((*xs[:1], *xs[2:]))
    if op.name != "torch.batch_norm" and _takes_one(op, values, statistics, training):
        enough(op, values, "value per channel", size(xs), xs)
    if len(xs) < 2 and 0 not in xs:
        fault = Fault(Kind.RANK, 2, len(xs), (xs,))
        op.lawful(
            fault,
            lambda _: "IndexError: Dimension out of range (expected to be in range of [-1, 0], but got 1)",
        )
    if 0 not in xs:
        for name, vector in statistics:
            if vector is None and not training():
                op.refuse("RuntimeError", f"{name} must be defined in evaluation mode", name, "training")
        normalised(op, x, (*statistics, *affine), argument)
    elif affine[0][1] is not None and affine[0][1].shape == (0,):
        message = "select(): index 0 out of range for tensor of size [0] at dimension 0"
        op.refuse("IndexError", message, argument, kind=Kind.NORM)
    return op.result(x, xs, strides=x.strides)


def _takes_one(op: Op, values: Dim, statistics: Named, training: Callable[[], bool]) -> bool:
    """Whether a single value may arrive in training.

    Where that is open, training only asks for more of the sizes than evaluation does: it may be looked at
    without making the run one that depends on its mode.
    """
    enough = values != 1 if isinstance(values, int) else op.caller.holds(AtLeast(values, 2))
    if enough is None and op.self is not None and any(vector is not None for _, vector in statistics):
        return op.self.attrs.get("training") is not False
    return not enough and training()


# -- layers --------------------------------------------------------------------------------------------------


def _forward(ranks: tuple[int, ...], least: int = 0, channels: bool = False) -> Body:
    def body(op: Op) -> Value:
        x = operand(op, "input", "batch_norm")
        xs = x.shape
        assert xs is not None
        if not checked_rank(op, xs, ranks, least):
            return op.result(x, xs)
        if channels and isinstance(xs[1], int) and xs[1] == 0:
            message = "SyncBatchNorm number of input channels should be non-zero"
            op.refuse("ValueError", message, kind=Kind.NORM)
        statistics = _statistics(op)
        alone = all(vector is None for _, vector in statistics)

        def training() -> bool:
            return alone or op.flag("training")

        return batch_norm(op, x, statistics, _vectors(op, ("weight", "bias")), training, "num_features")

    return body


def _statistics(op: Op) -> Named:
    """The running statistics that take part: none in training where they are not tracked."""
    vectors = _vectors(op, STATISTICS)
    tracked = op["track_running_stats"]
    if (
        tracked is not True
        and any(v is not None for _, v in vectors)
        and op.flag("training")
        and not op.flag("track_running_stats")
    ):
        return [(name, None) for name in STATISTICS]
    return vectors


def _vectors(op: Op, names: tuple[str, ...]) -> Named:
    return [(name, op.optional_tensor(name)) for name in names]


layer(BATCH_NORM, f"num_features, {SETTINGS}", build=build, base=NORM_BASE)(_forward(()))
for _rank, _ranks in RANKS.items():
    _name = f"torch.nn.BatchNorm{_rank}d"
    layer(_name, f"num_features, {SETTINGS}", build=build, base=BATCH_NORM)(_forward(_ranks))
    checks_rank(_name, _ranks)
layer(
    "torch.nn.SyncBatchNorm",
    "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, process_group=None, "
    "device=None, dtype=None, *, bias=True",
    build=build,
    base=BATCH_NORM,
)(_forward((), 2, True))
checks_rank("torch.nn.SyncBatchNorm", (), 2)


@method("torch.nn.SyncBatchNorm", "convert_sync_batchnorm", "module, process_group=None")
def convert(op: Op) -> Value:
    """Every batch norm below becomes a SyncBatchNorm with the same parameters and buffers."""
    module = op["module"]
    if not isinstance(module, Instance):
        raise NotModelled("convert_sync_batchnorm of something that is not a known module")
    target = lookup("torch.nn.SyncBatchNorm")
    for _, each in walk(op.caller, module):
        if each.cls.derives(BATCH_NORM) and isinstance(target, Class) and each.cls is not target:
            each.cls = target
            each.attrs["process_group"] = op["process_group"]
    return module


# -- lazy forms ----------------------------------------------------------------------------------------------


def prepare(op: Op) -> None:
    """The constructor of a lazy norm: parameters and buffers without shapes."""
    assert op.self is not None
    parameters, buffers = store(op.self, "_parameters"), store(op.self, "_buffers")
    op.self.attrs["num_features"] = 0
    parameters.update(weight=None, bias=None)
    buffers.update(running_mean=None, running_var=None, num_batches_tracked=None)
    if op.flag("affine"):
        uninitialized(op, "_parameters", "weight")
        if op.flag("bias"):
            uninitialized(op, "_parameters", "bias")
    if op.flag("track_running_stats"):
        for name in STATISTICS:
            uninitialized(op, "_buffers", name)
        buffer(op, "num_batches_tracked", (), "int64")


def first_call(op: Op) -> None:
    """Axis 1 of the first input gives the number of features."""
    assert op.self is not None
    waiting = pending(op.self)
    if not waiting:
        return
    xs = operand(op, "input", "batch_norm").shape
    assert xs is not None
    if len(xs) < 2:
        fault = Fault(Kind.RANK, 2, len(xs), (xs,))
        op.lawful(fault, lambda _: "IndexError: tuple index out of range")
    op.self.attrs["num_features"] = xs[1]
    for name in ("weight", "bias", *STATISTICS):
        materialize(op.self, name, (xs[1],))


for _rank in RANKS:
    lazy(f"torch.nn.LazyBatchNorm{_rank}d", f"torch.nn.BatchNorm{_rank}d", SETTINGS, prepare, first_call)


# -- functions -----------------------------------------------------------------------------------------------


@function(
    "torch.nn.functional.batch_norm",
    signature="input, running_mean, running_var, weight=None, bias=None, training=False, "
    "momentum=0.1, eps=1e-05",
)
@function(
    "torch.batch_norm",
    signature="input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled",
)
def functional(op: Op) -> Value:
    """`F.batch_norm`."""
    x = operand(op, "input", "batch_norm")
    _check_eps(op)
    return batch_norm(
        op,
        x,
        _vectors(op, STATISTICS),
        _vectors(op, ("weight", "bias")),
        lambda: op.flag("training"),
        "input",
    )


def _check_eps(op: Op) -> None:
    """What is added to the variance; ATen's own function does not look at it."""
    eps = op["eps"]
    if op.name == "torch.batch_norm" or not isinstance(eps, (int, float)) or eps > 0:
        return
    if op.flag("training"):
        op.refuse("ValueError", f"batch_norm eps must be positive during training, but got {eps}", "eps")
    if eps < 0:
        op.refuse("ValueError", f"batch_norm eps must be non-negative, but got {eps}", "eps")
