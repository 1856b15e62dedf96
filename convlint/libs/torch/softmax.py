"""Activations along an axis: the softmax family keeps the shape, GLU halves one axis, PReLU has weights a
channel.
"""

from __future__ import annotations

from convlint.dims import floordiv
from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, function
from convlint.libs.torch.alike import alike
from convlint.libs.torch.arguments import weight, whole
from convlint.libs.torch.axes import axis, wrapped_axis
from convlint.libs.torch.dtypes import asked_dtype
from convlint.libs.torch.layer import layer
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind
from convlint.values import Tensor, Value

# -- softmax -------------------------------------------------------------------------------------------------


def _softmax(op: Op, x: Tensor, dim: Value, what: str) -> Tensor:
    assert x.shape is not None
    if isinstance(dim, (float, str)):
        words = f"{what}(): argument 'dim' (position 1) must be int, not {type(dim).__name__}"
        op.refuse("TypeError", words, "dim")
    if isinstance(dim, int):
        wrapped_axis(op, dim, len(x.shape))
    result = alike(op, x, what=what)
    if op.self is None and "dtype" in op.args:
        result.dtype = asked_dtype(op, x.dtype)
    return result


def _named(name: str) -> Body:
    def body(op: Op) -> Value:
        return _softmax(op, op.tensor("input"), op["dim"], name)

    return body


for _name, _layer in (("softmax", "Softmax"), ("log_softmax", "LogSoftmax"), ("softmin", "Softmin")):
    function(f"torch.nn.functional.{_name}", signature="input, dim=None, _stacklevel=3, dtype=None")(
        _named(_name)
    )
    layer(f"torch.nn.{_layer}", "dim=None")(_named(_name))
    if _layer != "Softmin":
        function(f"torch.{_name}", signature="input, dim, dtype=None, *, out=None", method=True)(
            _named(_name)
        )
        alias(f"torch.special.{_name}", f"torch.{_name}")


@layer("torch.nn.Softmax2d", "")
def softmax2d(op: Op) -> Value:
    """Softmax over the channels at each place of a map."""
    x = op.tensor("input")
    if x.rank not in (3, 4):
        fault = Fault(Kind.RANK, (3, 4), x.rank, (x.shape or (),))
        words = f"ValueError: Softmax2d: expected input to be 3D or 4D, got {x.rank}D instead"
        op.lawful(fault, lambda _: words, x.shape)
    return _softmax(op, x, -3, "softmax")


@function("torch.nn.functional.gumbel_softmax", signature="logits, tau=1, hard=False, eps=1e-10, dim=-1")
def gumbel_softmax(op: Op) -> Value:
    """A sample of a relaxed one-hot distribution: of the logits' shape, hard or soft."""
    return _softmax(op, op.tensor("logits"), op["dim"], "gumbel_softmax")


# -- GLU, PReLU ----------------------------------------------------------------------------------------------


@layer("torch.nn.GLU", "dim=-1")
@function("torch.nn.functional.glu", signature="input, dim=-1")
def glu(op: Op) -> Value:
    """a · sigmoid(b) for the halves a and b of an axis of even extent."""
    x = op.tensor("input")
    shape = x.shape
    assert shape is not None
    if not shape:
        words = "glu does not support scalars because halving size must be even"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    along = axis(op, "dim", len(shape))
    extent = shape[along]
    demands = Demands()
    demands.divides(2, extent, Fault(Kind.OTHER, 2, extent, (shape,), along, ("dim",), "an odd axis"))
    half = (*shape[:along], floordiv(extent, 2), *shape[along + 1 :])
    odd = f"RuntimeError: Halving dimension must be even, but dimension {along} is size {extent}"
    return op.result(x, op.lawful(demands.outcome(half), lambda _: odd, half))


def _build_prelu(op: Op) -> None:
    value = op["num_parameters"]
    if isinstance(value, float):
        op.refuse(
            "TypeError",
            "empty(): argument 'size' (position 1) must be tuple of ints, not float",
            "num_parameters",
        )
    extents = value if isinstance(value, (list, tuple)) else (value,)
    weight(op, "weight", tuple(whole(op, v, "num_parameters") for v in extents), "num_parameters")


@layer("torch.nn.PReLU", "num_parameters=1, init=0.25, device=None, dtype=None", build=_build_prelu)
@function("torch.nn.functional.prelu", "torch.prelu", signature="input, weight", method=True)
def prelu(op: Op) -> Value:
    """max(0, x) + w · min(0, x), with one weight or one a channel (axis 1)."""
    x, w = op.tensor("input"), op.tensor("weight")
    assert x.shape is not None and w.shape is not None
    if len(w.shape) > 1:
        words = f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {len(w.shape)}"
        op.refuse("RuntimeError", words, "weight", kind=Kind.RANK)
    parameters = w.shape[0] if w.shape else 1
    if parameters == 1:
        return alike(op, x)
    if not x.shape and isinstance(parameters, int):
        op.refuse("RuntimeError", "Not allow zero-dim input tensor.", "input", kind=Kind.RANK)
    channels = x.shape[1] if len(x.shape) > 1 else 1
    demands = Demands()
    wrong = Fault(
        Kind.CHANNELS, parameters, channels, (x.shape,), min(1, len(x.shape) - 1), ("num_parameters",)
    )
    demands.equal(parameters, channels, wrong)
    words = (
        "RuntimeError: Mismatch of parameter numbers and input channel size. "
        f"Found parameter numbers = {parameters} and channel size = {channels}."
    )
    op.lawful(demands.outcome(x.shape), lambda _: words, x.shape)
    return alike(op, x)
