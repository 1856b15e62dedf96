"""Tools that call a model with an input of a given size: torchsummary, torchinfo, ptflops, thop, fvcore,
torchstat.

Law: each calls the model as the tool does, so whatever fails there fails here; what the tool returns is
not known.
torchsummary and ptflops take sizes without a batch axis, torchinfo with one.
"""

from __future__ import annotations

from collections.abc import Sequence

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.values import NotModelled, Tensor, Unknown, Value

_TORCHSUMMARY_BATCH = 2
"""torchsummary runs the model on a batch of two, whatever `batch_size` it prints."""


def _sizes(op: Op, name: str) -> list[tuple[Dim, ...]]:
    """One size, or several: (3, 224, 224) or [(3, 224, 224), (10,)]."""
    value = op.known(name)
    if not isinstance(value, (list, tuple)) or not value:
        raise NotModelled(f"`{name}` of {op.name} is no size")
    if all(isinstance(each, (list, tuple)) for each in value):
        return [_size(op, each, name) for each in value]
    return [_size(op, value, name)]


def _size(op: Op, value: Value, name: str) -> tuple[Dim, ...]:
    if not isinstance(value, (list, tuple)):
        raise NotModelled(f"`{name}` of {op.name} is no size")
    return tuple(op.as_dim(extent, name) for extent in value)


def _call(op: Op, inputs: Sequence[Value], training: bool | None = False) -> None:
    """Call the model, in evaluation mode where the tool puts it there."""
    model = op.known("model")
    if training is False:
        op.call(op.caller.getattr(model, "eval"))
    op.call(model, *inputs)


def _passed(op: Op, name: str) -> list[Value] | None:
    """Inputs that are given as they are: a tensor, or a tuple or list of them."""
    value = op[name]
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, (list, tuple)) and value and all(isinstance(each, Tensor) for each in value):
        return list(value)
    return None


@function("torchsummary.summary", signature="model, input_size, batch_size=-1, device='cuda', **more")
@function("torchsummary.summary_string", signature="model, input_size, batch_size=-1, device='cuda', **more")
def torchsummary(op: Op) -> Value:
    """Sizes without a batch; in the model's own mode."""
    given = _passed(op, "input_size")
    made = (
        [Tensor((_TORCHSUMMARY_BATCH, *size)) for size in _sizes(op, "input_size")]
        if given is None
        else given
    )
    _call(op, made, None)
    return op.unknown("what torchsummary returns is not followed")


@function(
    "torchinfo.summary",
    signature="model, input_size=None, input_data=None, batch_dim=None, cache_forward_pass=None, "
    "col_names=None, col_width=25, depth=3, device=None, dtypes=None, mode='eval', "
    "row_settings=None, verbose=None, **kwargs",
)
def torchinfo(op: Op) -> Value:
    """Sizes with their batch, or tensors."""
    given = _passed(op, "input_data")
    if given is None and op["input_size"] is not None:
        given = [Tensor(_with_batch(size, op["batch_dim"])) for size in _sizes(op, "input_size")]
    if given is not None:
        _call(op, given, None if op["mode"] in ("train", "same") else False)
    return op.unknown("what torchinfo returns is not followed")


def _with_batch(size: tuple[Dim, ...], batch: Value) -> tuple[Dim, ...]:
    return (*size[:batch], 1, *size[batch:]) if isinstance(batch, int) else size


@function(
    "ptflops.get_model_complexity_info",
    "ptflops.flops_counter.get_model_complexity_info",
    signature="model, input_res, print_per_layer_stat=True, as_strings=True, input_constructor=None, **more",
)
def ptflops(op: Op) -> Value:
    """A size without a batch, to which it adds one of 1; or a function that makes the arguments."""
    maker = op["input_constructor"]
    if maker is not None:
        made = op.call(maker, op["input_res"])
        if not isinstance(made, dict):
            raise NotModelled("what the input constructor makes is not known")
        op.call(op.caller.getattr(op.known("model"), "eval"))
        op.call(op.known("model"), **made)
    else:
        _call(op, [Tensor((1, *_sizes(op, "input_res")[0]))])
    return _pair(op)


@function("thop.profile", "thop.profile.profile", signature="model, inputs, **more")
def thop(op: Op) -> Value:
    """Tensors as they are."""
    given = _passed(op, "inputs")
    if given is not None:
        _call(op, given)
    return _pair(op)


@function("fvcore.nn.FlopCountAnalysis", "fvcore.nn.ActivationCountAnalysis", signature="model, inputs")
def fvcore(op: Op) -> Value:
    """Tensors as they are."""
    given = _passed(op, "inputs")
    if given is not None:
        _call(op, given, None)
    return op.unknown("what fvcore returns is not followed")


@function("torchstat.stat", signature="model, input_size, query_granularity=1")
def torchstat(op: Op) -> Value:
    """A size without a batch, to which it adds one of 1."""
    _call(op, [Tensor((1, *_sizes(op, "input_size")[0]))])
    return None


def _pair(op: Op) -> Value:
    counts = op.unknown("what the tool counts is not followed")
    return counts.derive("macs"), counts.derive("params")
