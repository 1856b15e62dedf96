"""Dense layers: `Linear`, `LazyLinear`, `Bilinear`, `Identity`, and what they are at the functional level."""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import Dim, product
from convlint.libs.op import Op
from convlint.libs.registry import alias, function
from convlint.libs.torch.arguments import (
    FLOATING,
    below,
    initialised,
    initialises,
    integers_against_floats,
    operand,
    optional_operand,
    scalar_type,
    weight,
    whole,
)
from convlint.libs.torch.layer import layer
from convlint.libs.torch.lazy import lazy, materialize, pending, uninitialized
from convlint.libs.torch.module import store
from convlint.libs.torch.wording import by, sizes
from convlint.shapes.broadcast import expand
from convlint.shapes.contract import bilinear as bilinear_law
from convlint.shapes.contract import dense
from convlint.shapes.cost import weight_macs
from convlint.shapes.fault import Fault, Kind, Lawful, Shape
from convlint.values import Tensor, Value

alias("torch.nn.modules.linear", "torch.nn")


def factors(x: Tensor) -> str:
    """How the last axis came about, "256·6·6", where a flattening made it; else an empty text."""
    shape = x.shape
    if not shape:
        return ""
    features, seen = shape[-1], 0
    while x.origin is not None and x.origin.before is not None and seen < 1000:
        before = x.origin.before.shape
        if not before:
            break
        if before[-1] != features:
            starts = [i for i in range(len(before)) if product(before[i:]) == features]
            return "·".join(map(str, before[starts[-1] :])) if starts else ""
        x, seen = x.origin.before, seen + 1
    return ""


# -- y = x Wᵀ + b --------------------------------------------------------------------------------------------


def _build(op: Op) -> None:
    weight(op, "weight", (op["out_features"], op["in_features"]), "out_features", "in_features")
    weight(op, "bias", (op["out_features"],) if op.flag("bias") else None, "out_features")
    initialised(op)


@layer("torch.nn.Linear", "in_features, out_features, bias=True, device=None, dtype=None", build=_build)
@function("torch.nn.functional.linear", signature="input, weight, bias=None")
def linear(op: Op) -> Value:
    """A product with the transposed weight on the last axis; a weight vector drops the axis."""
    x, w = operand(op, "input", "linear"), operand(op, "weight", "linear", 2)
    bias = optional_operand(op, "bias", "linear", 3)
    assert x.shape is not None and w.shape is not None
    xs, ws = x.shape, w.shape
    _check_ranks(op, xs, ws, bias)
    outputs: Dim | None = ws[0] if len(ws) == 2 else None
    right: Shape = xs[:-1] if outputs is None else (*xs[:-1], outputs)
    outcome = dense(xs, ws[-1], outputs, detail="" if xs[-1] == ws[-1] else factors(x))
    shape = op.lawful(outcome, lambda _: _product_words(xs, ws), right)
    if isinstance(outcome, Lawful):
        if integers_against_floats(x, w):
            types = f"{scalar_type(x)} and {scalar_type(w)}"
            op.refuse(
                "RuntimeError", f"mat1 and mat2 must have the same dtype, but got {types}", kind=Kind.OTHER
            )
        shape = _with_bias(op, bias, shape)
    op.caller.count_macs(weight_macs(ws, xs[:-1]))
    return op.result(x, shape)


def _check_ranks(op: Op, xs: Shape, ws: Shape, bias: Tensor | None) -> None:
    if not xs or not ws:
        message = f"both arguments to linear need to be at least 1D, but they are {len(xs)}D and {len(ws)}D"
        op.lawful(Fault(Kind.RANK, 1, 0, (xs, ws)), lambda _: f"RuntimeError: {message}")
    if len(ws) > 2:
        op.refuse(
            "RuntimeError", f"t() expects a tensor with <= 2 dimensions, but self is {len(ws)}D", "weight"
        )
    if len(ws) == 1 and bias is not None:
        op.refuse("RuntimeError", "mat2 must be a matrix, got 1-D tensor", "weight", "bias")


def _product_words(xs: Shape, ws: Shape) -> str:
    if len(ws) == 2:
        left, right = by((product(xs[:-1]), xs[-1])), by(ws[::-1])
        return f"RuntimeError: mat1 and mat2 shapes cannot be multiplied ({left} and {right})"
    if len(xs) == 1:
        return (
            f"RuntimeError: inconsistent tensor size, expected tensor {sizes(xs)} and src "
            f"{sizes(ws)} to have the "
            f"same number of elements, but got {xs[0]} and {ws[0]} elements respectively"
        )
    rows = product(xs[:-1])
    return f"RuntimeError: size mismatch, got input ({rows}), mat ({by((rows, xs[-1]))}), vec ({ws[0]})"


def _with_bias(op: Op, bias: Tensor | None, shape: Shape) -> Shape:
    if bias is None or bias.shape is None or bias.shape == shape[-1:]:
        return shape
    rows = (product(shape[:-1]), shape[-1])

    def words(fault: Fault) -> str:
        axis = len(rows) - len(shape) + (fault.axis or 0)
        return (
            f"RuntimeError: The expanded size of the tensor ({fault.got}) must match the existing size "
            f"({fault.expected}) at non-singleton dimension {axis}.  Target sizes: {sizes(rows)}.  "
            f"Tensor sizes: {sizes(bias.shape or ())}"
        )

    return op.lawful(expand(bias.shape, shape), words, shape)


# -- its lazy form -------------------------------------------------------------------------------------------


def _prepare(op: Op) -> None:
    assert op.self is not None
    op.self.attrs["in_features"] = 0
    uninitialized(op, "_parameters", "weight")
    if op.flag("bias"):
        uninitialized(op, "_parameters", "bias")
    else:
        store(op.self, "_parameters")["bias"] = None


def _first_call(op: Op) -> None:
    layer_ = op.self
    assert layer_ is not None
    if not pending(layer_):
        return
    xs = operand(op, "input", "linear").shape
    assert xs is not None
    if not xs:
        op.lawful(Fault(Kind.RANK, 1, 0, (xs,)), lambda _: "IndexError: tuple index out of range")
    layer_.attrs["in_features"] = xs[-1]
    outputs = op["out_features"]
    if isinstance(outputs, FLOATING):
        op.refuse(
            "TypeError",
            "empty(): argument 'size' (position 1) must be tuple of ints, not float",
            "out_features",
        )
    count = whole(op, outputs, "out_features")
    if below((count,), 0):
        message = f"Trying to create tensor with negative dimension {count}: {sizes((count, xs[-1]))}"
        op.refuse("RuntimeError", message, "out_features")
    materialize(layer_, "weight", (count, xs[-1]))
    materialize(layer_, "bias", (count,))


lazy(
    "torch.nn.LazyLinear",
    "torch.nn.Linear",
    "out_features, bias=True, device=None, dtype=None",
    _prepare,
    _first_call,
)


# -- y = x₁ᵀ A x₂ + b ----------------------------------------------------------------------------------------


def _build_bilinear(op: Op) -> None:
    names = ("out_features", "in1_features", "in2_features")
    weight(op, "weight", tuple(op[name] for name in names), *names)
    weight(op, "bias", (op["out_features"],) if op.flag("bias") else None, "out_features")
    inputs = op["in1_features"]
    if isinstance(inputs, int) and inputs <= 0:
        message = f"in1_features must be > 0, but got (in1_features={inputs})"
        op.refuse("ValueError", message, "in1_features")
    initialised(op)


@layer(
    "torch.nn.Bilinear",
    "in1_features, in2_features, out_features, bias=True, device=None, dtype=None",
    build=_build_bilinear,
    call="input1, input2",
)
@function("torch.nn.functional.bilinear", "torch.bilinear", signature="input1, input2, weight, bias=None")
def bilinear(op: Op) -> Value:
    """Both operands share their leading axes, and each its last axis with the weight.

    Not counted as multiply-accumulates: ATen sums elementwise products here (`_trilinear`).
    """
    left, right = operand(op, "input1", "bilinear"), operand(op, "input2", "bilinear", 2)
    w, bias = operand(op, "weight", "bilinear", 3), optional_operand(op, "bias", "bilinear", 4)
    assert left.shape is not None and right.shape is not None and w.shape is not None
    a, b, ws = left.shape, right.shape, w.shape
    if len(ws) != 3:
        op.refuse("RuntimeError", f"bilinear(): weight must be 3D, got {len(ws)}D", "weight")
    shape = op.lawful(bilinear_law(a, b, ws), _bilinear_words(a, b), (*a[:-1], ws[0]))
    if bias is not None and bias.shape is not None and bias.shape != ws[:1]:
        got = bias.shape[0] if bias.shape else 0
        if isinstance(got, int) and isinstance(ws[0], int):
            message = f"bilinear(): bias size does not match weight size: got {got} but expected {ws[0]}"
            op.refuse("RuntimeError", message, "bias")
    return op.result(left, shape)


def _bilinear_words(a: Shape, b: Shape) -> Callable[[Fault], str]:
    def words(fault: Fault) -> str:
        if fault.kind is Kind.RANK:
            return f"RuntimeError: bilinear(): input dimensions do not match: got {len(a)} and {len(b)}"
        if fault.kind is Kind.JOIN:
            return (
                f"RuntimeError: bilinear(): input batch dimensions do not match at dim {fault.axis}: "
                f"got {fault.expected} and {fault.got}"
            )
        which = "input1" if fault.arguments == ("in1_features",) else "input2"
        return (
            f"RuntimeError: bilinear(): {which} size does not match weight size: "
            f"got {fault.got} but expected {fault.expected}"
        )

    return words


initialises("torch.nn.Linear", "torch.nn.Bilinear")


# -- identity ------------------------------------------------------------------------------------------------


@layer("torch.nn.Identity", "*args, **kwargs", build=lambda op: _forget(op))
def identity(op: Op) -> Value:
    """What it is given."""
    return op["input"]


def _forget(op: Op) -> None:
    """An Identity takes any arguments and keeps none."""
    assert op.self is not None
    op.self.attrs.pop("args", None)
    op.self.attrs.pop("kwargs", None)
