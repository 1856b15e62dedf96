"""The old `keras.backend`, where its parameters, defaults or laws are others than those of `keras.ops`.

Law (keras.src.legacy.backend): TensorFlow computes, and refuses axes, sizes and repetitions that do not fit.
"""

from __future__ import annotations

from functools import partial

from convlint.dims import product
from convlint.libs.keras import ops_elementwise, ops_making, ops_picking, ops_shaping
from convlint.libs.keras.declare import function
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.ops_making import arange
from convlint.libs.keras.renaming import also
from convlint.libs.keras.tensor import as_tensor, elementwise
from convlint.libs.op import Op
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Value

_K = "keras.backend."


def _along(name: str, signature: str) -> None:
    """Declare a function that works along an axis and keeps the shape."""

    @function(f"{_K}{name}", signature=signature)
    def body(op: Op) -> Value:
        x = as_tensor(op, op["x"])
        ops_elementwise.axes_of(op, "axis", len(x.shape or ()))
        return op.result(x, x.shape, kind=KIND)


def _created(name: str, more: str) -> None:
    """Declare a function that makes a tensor of a shape."""

    @function(f"{_K}{name}", signature=f"shape, {more}dtype=None, name=None, **kwargs")
    def body(op: Op) -> Value:
        shape = op["shape"] if isinstance(op["shape"], (list, tuple)) else ()
        wrong = next((n for n in shape if isinstance(n, int) and n < 0), None)
        if wrong is not None:
            op.refuse("InvalidArgumentError", f"Dimension {wrong} must be >= 0", "shape")
        return ops_making.created(op)


also([f"{_K}concatenate"], "tensors, axis=-1", ops_shaping.concatenate, "tensors=xs")
also([f"{_K}reshape"], "x, shape", ops_shaping.reshape, "shape=newshape")
also([f"{_K}permute_dimensions"], "x, pattern", ops_shaping.transpose, "pattern=axes")
also([f"{_K}squeeze"], "x, axis", ops_shaping.squeeze)
also([f"{_K}repeat_elements"], "x, rep, axis", ops_shaping.repeat, "rep=repeats")
also([f"{_K}one_hot"], "indices, num_classes", ops_making.one_hot, "indices=x", axis=-1)
also([f"{_K}argmax", f"{_K}argmin"], "x, axis=-1", ops_elementwise.reduced, keepdims=False)
also([f"{_K}gather"], "reference, indices", ops_picking.gather, "reference=x", axis=0)
also([f"{_K}clip"], "x, min_value, max_value", ops_elementwise.unary)
also([f"{_K}dropout"], "x, level, noise_shape=None, seed=None", ops_elementwise.unary)
also([f"{_K}maximum", f"{_K}minimum"], "x, y", elementwise, "x=x1 y=x2")
_along("cumsum", "x, axis=0")
_along("cumprod", "x, axis=0")
_along("l2_normalize", "x, axis=None")
for _name, _more in (
    ("ones", ""),
    ("zeros", ""),
    ("random_normal", "mean=0.0, stddev=1.0, "),
    ("random_uniform", "minval=0.0, maxval=1.0, "),
    ("truncated_normal", "mean=0.0, stddev=1.0, "),
    ("random_bernoulli", "p=0.0, "),
    ("random_binomial", "p=0.0, "),
    ("random_normal_variable", "mean, scale, "),
    ("random_uniform_variable", "low, high, "),
):
    _created(_name, _more)


@function(f"{_K}arange", signature="start, stop=None, step=1, dtype='int32'")
def old_arange(op: Op) -> Value:
    """As `keras.ops.arange`, but TensorFlow refuses to begin behind the end."""
    start, stop, step = op["start"], op["stop"], op["step"]
    if (
        isinstance(start, int)
        and isinstance(stop, int)
        and isinstance(step, int)
        and start > stop
        and step > 0
    ):
        op.refuse("InvalidArgumentError", f"Requires start <= limit when delta > 0: {start}/{stop}", "stop")
    return arange(op)


@function(f"{_K}tile", signature="x, n")
def old_tile(op: Op) -> Value:
    """Each axis so many times; there is a number for each."""
    x = as_tensor(op, op["x"])
    rank = len(x.shape or ())
    times = (op.as_dim(op["n"]),) if not isinstance(op["n"], (list, tuple)) else ops_shaping.listed(op, "n")
    if len(times) != rank:
        words = f"Expected multiples argument to be a vector of length {rank} but got length {len(times)}"
        op.refuse("InvalidArgumentError", words, "n")
    shape = tuple(a * b for a, b in zip(x.shape or (), times, strict=True))
    return op.result(x, shape, kind=KIND)


@function(f"{_K}repeat", signature="x, n")
def old_repeat(op: Op) -> Value:
    """(N, features) as (N, n, features)."""
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    if len(shape) != 2:
        raise NotModelled("only rows are repeated so")
    return op.result(x, (shape[0], op.dim("n"), shape[1]), kind=KIND)


@function(f"{_K}bias_add", signature="x, bias, data_format=None")
def bias_add(op: Op) -> Value:
    """A number for each channel is added."""
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND)


@function(f"{_K}batch_normalization", signature="x, mean, var, beta, gamma, axis=-1, epsilon=0.001")
def batch_normalization(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND)


@function(f"{_K}batch_dot", signature="x, y, axes=None")
def batch_dot(op: Op) -> Value:
    """A product for each sample over one axis of each, by default x's last and y's last but one."""
    x, y = as_tensor(op, op["x"]), as_tensor(op, op["y"])
    xs, ys = x.shape or (), y.shape or ()
    if len(xs) < 2 or len(ys) < 2:
        words = f"Cannot do batch_dot on inputs with rank < 2. Received inputs with shapes {xs} and {ys}."
        op.refuse("ValueError", words, "x", kind=Kind.RANK)
    a, b = _axes(op, len(xs), len(ys))
    for one, other, axes in ((xs[0], ys[0], (0, 0)), (xs[a], ys[b], (a, b))):
        if isinstance(one, int) and isinstance(other, int) and one != other:
            words = f"Cannot do batch_dot on inputs with tf.shapes {xs} and {ys} with axes={list(axes)}."
            fault = Fault(Kind.JOIN, one, other, (xs, ys), axes[0])
            op.lawful(fault, partial(_said, f"ValueError: {words}"))
    left = [n for axis, n in enumerate(xs) if axis not in (0, a)]
    right = [n for axis, n in enumerate(ys) if axis not in (0, b)]
    shape: Shape = (xs[0], *left, *right) if left or right else (xs[0], 1)
    op.caller.count_macs(product((*shape, xs[a])))
    return op.result(x, shape, kind=KIND)


def _said(words: str, fault: Fault) -> str:
    return words


def _axes(op: Op, x_rank: int, y_rank: int) -> tuple[int, int]:
    given = op["axes"]
    if given is None:
        return x_rank - 1, y_rank - (1 if y_rank == 2 else 2)
    pair = (given, given) if isinstance(given, int) else given
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        raise NotModelled("this form of the axes of a product is not modelled")
    a, b = pair
    if not isinstance(a, int) or not isinstance(b, int):
        raise NotModelled("the axes of a product are not known")
    if not (-x_rank <= a < x_rank and -y_rank <= b < y_rank):
        op.refuse("IndexError", "list index out of range", "axes")
    a, b = a % x_rank, b % y_rank
    if 0 in (a, b):
        op.refuse("ValueError", "Cannot perform batch_dot over axis 0.", "axes")
    return a, b
