"""Norms over trailing axes, groups of channels and neighbouring channels: LayerNorm, RMSNorm, GroupNorm, LRN.

The checks and their order are ATen's (layer_norm.h, group_norm.cpp) and those of torch.nn.functional.
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import AtLeast, Dim, floordiv, product
from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, function
from convlint.libs.torch.arguments import (
    FLOATING,
    dense_strides,
    floating,
    initialised,
    initialises,
    integers_against_floats,
    items,
    kind_of,
    operand,
    optional_operand,
    weight,
    whole,
)
from convlint.libs.torch.batchnorm import enough
from convlint.libs.torch.layer import layer
from convlint.libs.torch.wording import sizes
from convlint.shapes.contract import grouped_channels, normalised_channels, normalised_trailing
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Tensor, Unknown, Value

alias("torch.nn.modules.normalization", "torch.nn")


# -- over trailing axes --------------------------------------------------------------------------------------


def _build_trailing(op: Op) -> None:
    assert op.self is not None
    value = op["normalized_shape"]
    members = items(op, "normalized_shape")
    if members is None and isinstance(value, (*FLOATING, str)):
        op.refuse("TypeError", f"'{kind_of(value)}' object is not iterable", "normalized_shape")
    shape = op.self.attrs["normalized_shape"] = (value,) if members is None else members
    affine = op.flag("elementwise_affine")
    named = ("normalized_shape",) * len(shape)
    weight(op, "weight", shape if affine else None, *named)
    if op.name.endswith("LayerNorm"):
        weight(op, "bias", shape if affine and op.flag("bias") else None, *named)
    initialised(op)


def _trailing(name: str) -> Body:
    def body(op: Op) -> Value:
        x = operand(op, "input", name)
        assert x.shape is not None
        normalized = _normalized(op, name)
        if not normalized:
            message = (
                "Expected normalized_shape to be at least 1-dimensional, i.e., containing at "
                "least one element, "
            )
            op.refuse("RuntimeError", f"{message}but got normalized_shape = []", "normalized_shape")
        for vector in ("weight", "bias") if name == "layer_norm" else ("weight",):
            _check_vector(op, vector, normalized)
        if integers_against_floats(x, optional_operand(op, "weight", name)):
            op.refuse(
                "RuntimeError", "mixed dtype (CPU): all inputs must share same datatype.", kind=Kind.OTHER
            )
        if name == "layer_norm" and 0 not in x.shape:
            floating(op, x, "LayerNormKernelImpl")
        outcome = normalised_trailing(x.shape, normalized)
        shape = op.lawful(outcome, _trailing_words(name, x.shape, normalized), x.shape)
        return op.result(x, shape)

    return body


def _normalized(op: Op, name: str) -> Shape:
    value = op["normalized_shape"]
    members = items(op, "normalized_shape")
    if members is None:
        if isinstance(value, Unknown):
            return (value.dim,)
        message = (
            f"{name}(): argument 'normalized_shape' (position 2) must be tuple of ints, not {kind_of(value)}"
        )
        op.refuse("TypeError", message, "normalized_shape")
    return tuple(whole(op, v, "normalized_shape") for v in members)


def _check_vector(op: Op, name: str, normalized: Shape) -> None:
    vector = op.optional_tensor(name)
    if vector is None or vector.shape is None or vector.shape == normalized:
        return
    message = (
        f"RuntimeError: Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
        f"{sizes(vector.shape)} and normalized_shape = {sizes(normalized)}"
    )
    demands = Demands()
    fault = Fault(
        Kind.NORM, normalized, vector.shape, (vector.shape, normalized), arguments=("normalized_shape",)
    )
    if len(vector.shape) != len(normalized):
        demands.refuse(fault)
    for have, wanted in zip(vector.shape, normalized, strict=False):
        demands.equal(have, wanted, fault)
    op.lawful(demands.outcome(()), lambda _: message)


def _trailing_words(name: str, xs: Shape, normalized: Shape) -> Callable[[Fault], str]:
    def words(fault: Fault) -> str:
        if fault.kind is Kind.RANK and name == "rms_norm":
            return (
                f"ValueError: Input tensor must have at least {len(normalized)} dimensions, but got {len(xs)}"
            )
        inner = ", ".join(map(str, normalized))
        star = "*, " if name == "layer_norm" else "*"
        return (
            f"RuntimeError: Given normalized_shape={sizes(normalized)}, expected input with shape "
            f"[{star}{inner}], "
            f"but got input of size{sizes(xs)}"
        )

    return words


layer(
    "torch.nn.LayerNorm",
    "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None",
    build=_build_trailing,
)(_trailing("layer_norm"))
layer(
    "torch.nn.RMSNorm",
    "normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None",
    build=_build_trailing,
    call="x",
)(lambda op: _rms(op))
function(
    "torch.nn.functional.layer_norm", signature="input, normalized_shape, weight=None, bias=None, eps=1e-05"
)(_trailing("layer_norm"))
function(
    "torch.layer_norm",
    signature="input, normalized_shape, weight=None, bias=None, eps=1e-05, cudnn_enable=True",
)(_trailing("layer_norm"))
function(
    "torch.nn.functional.rms_norm",
    "torch.rms_norm",
    signature="input, normalized_shape, weight=None, eps=None",
)(_trailing("rms_norm"))


def _rms(op: Op) -> Value:
    """RMSNorm's forward names its argument x."""
    op.args["input"] = op.args["x"]
    return _trailing("rms_norm")(op)


# -- over groups of channels ---------------------------------------------------------------------------------


def _build_group(op: Op) -> None:
    channels, groups = op["num_channels"], op["num_groups"]
    if isinstance(groups, (int, float)) and groups == 0:
        op.refuse("ZeroDivisionError", "integer modulo by zero", "num_groups", kind=Kind.GROUPS)
    if isinstance(channels, (int, float)) and isinstance(groups, (int, float)):
        if channels % groups:
            message = f"num_channels ({channels}) must be divisible by num_groups ({groups})"
            op.refuse("ValueError", message, "num_groups", "num_channels", kind=Kind.GROUPS)
    else:
        count, parts = whole(op, channels, "num_channels"), whole(op, groups, "num_groups")
        demands = Demands()
        demands.divides(
            parts, count, Fault(Kind.GROUPS, parts, count, arguments=("num_groups", "num_channels"))
        )
        message = f"ValueError: num_channels ({count}) must be divisible by num_groups ({parts})"
        op.lawful(demands.outcome(()), lambda _: message)
    affine = op.flag("affine")
    weight(op, "weight", (channels,) if affine else None, "num_channels")
    weight(op, "bias", (channels,) if affine and op.flag("bias") else None, "num_channels")
    initialised(op)


def group_norm(op: Op) -> Value:
    """`F.group_norm`: the channels split into the groups; weight and bias have one number a channel."""
    x = operand(op, "input", "group_norm")
    xs = x.shape
    assert xs is not None
    if isinstance(op["num_groups"], FLOATING):
        message = "group_norm(): argument 'num_groups' (position 2) must be int, not float"
        op.refuse("TypeError", message, "num_groups")
    groups = op.dim("num_groups")
    if len(xs) < 2:
        message = f"RuntimeError: Expected at least 2 dimensions for input tensor but received {len(xs)}"
        op.lawful(Fault(Kind.RANK, 2, len(xs), (xs,)), lambda _: message, xs)
        return op.result(x, xs, strides=dense_strides(x))
    if isinstance(groups, int) and groups <= 0:
        op.refuse("RuntimeError", f"Expected num groups to be greater than 0, got {groups}", "num_groups")
    if op.name != "torch.group_norm":
        _enough_values(op, xs, groups)
    shown = f"but got input of shape {sizes(xs)} and num_groups={groups}"
    op.lawful(
        grouped_channels(xs, groups),
        lambda _: (
            f"RuntimeError: Expected number of channels in input to be divisible by num_groups, {shown}"
        ),
        xs,
    )
    for name in ("weight", "bias"):
        vector = op.optional_tensor(name)
        if vector is not None and vector.shape is not None and not _check_channels(op, name, vector, xs):
            break
    return op.result(x, xs, strides=dense_strides(x))


def _enough_values(op: Op, xs: Shape, groups: Dim) -> None:
    per_group = floordiv(xs[0] * xs[1], groups)
    values = product((per_group, *xs[2:]))
    if isinstance(values, int) or op.caller.holds(AtLeast(values, 2)) is not True:
        shown = sizes((per_group, groups, *xs[2:]))
        enough(op, values, "value per channel", shown, xs)


def _check_channels(op: Op, name: str, vector: Tensor, xs: Shape) -> bool:
    assert vector.shape is not None
    outcome = normalised_channels(xs, product(vector.shape), argument="num_channels")
    message = (
        f"RuntimeError: Expected {name} to be a vector of size equal to the number of channels in input, "
        f"but got {name} of shape {sizes(vector.shape)} and input of shape {sizes(xs)}"
    )
    op.lawful(outcome, lambda _: message, xs)
    return not isinstance(outcome, Fault)


layer(
    "torch.nn.GroupNorm",
    "num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None, *, bias=True",
    build=_build_group,
)(group_norm)
function("torch.nn.functional.group_norm", signature="input, num_groups, weight=None, bias=None, eps=1e-05")(
    group_norm
)
function(
    "torch.group_norm",
    signature="input, num_groups, weight=None, bias=None, eps=1e-05, cudnn_enabled=True",
)(group_norm)


initialises("torch.nn.LayerNorm", "torch.nn.RMSNorm", "torch.nn.GroupNorm")


# -- over neighbouring channels ------------------------------------------------------------------------------


@layer("torch.nn.LocalResponseNorm", "size, alpha=0.0001, beta=0.75, k=1.0")
@function("torch.nn.functional.local_response_norm", signature="input, size, alpha=0.0001, beta=0.75, k=1.0")
def local_response_norm(op: Op) -> Value:
    """Keeps the shape; at least three axes, and a neighbourhood of at least one channel."""
    x = operand(op, "input", "local_response_norm")
    xs = x.shape
    assert xs is not None
    if len(xs) < 3:
        message = (
            f"Expected 3D or higher dimensionality                          input (got {len(xs)} dimensions)"
        )
        op.lawful(Fault(Kind.RANK, 3, len(xs), (xs,)), lambda _: f"ValueError: {message}", xs)
        return op.result(x, xs, strides=dense_strides(x))
    if 0 in xs:
        return x
    neighbours = op["size"]
    if isinstance(neighbours, FLOATING):
        words = 'failed to unpack the object at pos 5 with error "type must be tuple of ints,but got float"'
        op.refuse("TypeError", f"pad(): argument 'pad' {words}", "size")
    if isinstance(neighbours, int) and neighbours < 1:
        message = f"kernel size should be greater than zero, but got kT: {neighbours} kH: 1 kW: 1"
        op.refuse("RuntimeError", message, "size")
    return op.result(x, xs, strides=dense_strides(x))


@layer("torch.nn.CrossMapLRN2d", "size, alpha=0.0001, beta=0.75, k=1")
def cross_map_lrn(op: Op) -> Value:
    """Keeps the shape of a batch of maps."""
    x = operand(op, "input", "cross_map_lrn2d")
    xs = x.shape
    assert xs is not None
    if len(xs) != 4:
        message = f"ValueError: CrossMapLRN2d: Expected input to be 4D, got {len(xs)}D instead."
        op.lawful(Fault(Kind.RANK, 4, len(xs), (xs,)), lambda _: message, xs)
    elif xs[1] == 0 and isinstance(xs[1], int):
        message = f"select(): index 0 out of range for tensor of size {sizes(xs)} at dimension 1"
        op.refuse("IndexError", message, kind=Kind.NORM)
    elif op["size"] == 0:
        op.refuse("ZeroDivisionError", "float division by zero", "size")
    return op.result(x, xs, strides=dense_strides(x))
