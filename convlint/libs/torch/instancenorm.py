"""Instance norms: each channel of each map by itself; only an affine one asks for its number of channels.

The checks and their order are those of torch.nn.modules.instancenorm and torch.nn.functional.instance_norm.
"""

from __future__ import annotations

from convlint.dims import AtLeast, Dim, product
from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, function, klass
from convlint.libs.torch.arguments import dense_strides, operand
from convlint.libs.torch.batchnorm import (
    NORM_BASE,
    STATISTICS,
    build,
    checked_rank,
    checks_rank,
    enough,
    first_call,
    prepare,
)
from convlint.libs.torch.layer import layer
from convlint.libs.torch.lazy import lazy
from convlint.libs.torch.wording import size
from convlint.shapes.contract import normalised_channels
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Tensor, Value

alias("torch.nn.modules.instancenorm", "torch.nn")
INSTANCE_NORM = klass("torch.nn.modules.instancenorm._InstanceNorm", NORM_BASE).qualname
SETTINGS = (
    "eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None, *, bias=True"
)
LAZY_SETTINGS = SETTINGS.replace("affine=False", "affine=True").replace("stats=False", "stats=True")


def instance_norm(op: Op, x: Tensor, batched: Shape, own_statistics: bool) -> Value:
    """The functional form on a batch; vectors repeat for each map of it."""
    xs = x.shape
    assert xs is not None
    values = product(batched[2:])
    if op.name != "torch.instance_norm" and own_statistics and not _surely_more(op, values):
        enough(op, values, "spatial element", size(batched), xs)
    if len(batched) < 2:
        fault = Fault(Kind.RANK, 2, len(xs), (xs,))
        op.lawful(
            fault,
            lambda _: "IndexError: Dimension out of range (expected to be in range of [-1, 0], but got 1)",
        )
    if not own_statistics and (op["running_mean"] is None or op["running_var"] is None):
        op.refuse(
            "RuntimeError",
            "Expected running_mean and running_var to be defined when use_input_stats is false",
            *STATISTICS,
        )
    if 0 in batched[:2]:
        if any(op[name] is not None for name in (*STATISTICS, "weight", "bias")):
            raise NotModelled("an instance norm with weights or statistics of an empty batch")
    elif 0 not in batched:
        for name in ("running_mean", "running_var", "weight", "bias"):
            _check_vector(op, name, batched)
    return op.result(x, xs, strides=dense_strides(x))


def _surely_more(op: Op, values: Dim) -> bool:
    return values != 1 if isinstance(values, int) else op.caller.holds(AtLeast(values, 2)) is True


def _check_vector(op: Op, name: str, batched: Shape) -> None:
    vector = op.optional_tensor(name)
    if vector is None or vector.shape is None:
        return
    n, c = batched[:2]
    fault = Fault(Kind.NORM, product(vector.shape), c, (batched,), 1, ("num_features",))
    demands = Demands()
    demands.equal(c, product(vector.shape), fault)
    op.lawful(
        demands.outcome(batched),
        lambda f: (
            f"RuntimeError: {name} should contain {n * c} elements not {n * product(vector.shape or ())}"
        ),
        batched,
    )


def _forward(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = operand(op, "input", "instance_norm")
        xs = x.shape
        assert xs is not None
        if not checked_rank(op, xs, (rank + 1, rank + 2)):
            return op.result(x, xs)
        axis = len(xs) - rank - 1
        if op.flag("affine"):
            features = op.dim("num_features")
            outcome = normalised_channels(xs, features, axis=axis, argument="num_features")
            words = (
                f"expected input's size at dim={axis} to match num_features ({features}), but "
                f"got: {xs[axis]}."
            )
            op.lawful(outcome, lambda _: f"ValueError: {words}", xs)
            if isinstance(outcome, Fault):
                return op.result(x, xs)
        batched = xs if len(xs) == rank + 2 else (1, *xs)
        return instance_norm(op, x, batched, not op.flag("track_running_stats") or op.flag("training"))

    return body


for _rank in (1, 2, 3):
    _name = f"InstanceNorm{_rank}d"
    layer(f"torch.nn.{_name}", f"num_features, {SETTINGS}", build=build, base=INSTANCE_NORM)(_forward(_rank))
    checks_rank(f"torch.nn.{_name}", (_rank + 1, _rank + 2))
    lazy(f"torch.nn.Lazy{_name}", f"torch.nn.{_name}", LAZY_SETTINGS, prepare, first_call)


@function(
    "torch.nn.functional.instance_norm",
    signature="input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, "
    "momentum=0.1, eps=1e-05",
)
@function(
    "torch.instance_norm",
    signature="input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, cudnn_enabled",
)
def functional(op: Op) -> Value:
    """`F.instance_norm`."""
    x = operand(op, "input", "instance_norm")
    assert x.shape is not None
    return instance_norm(op, x, x.shape, op.flag("use_input_stats"))
