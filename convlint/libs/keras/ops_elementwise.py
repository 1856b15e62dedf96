"""Functions that work element by element, and reductions over axes (keras.io/api/ops/numpy)."""

from __future__ import annotations

from convlint.libs.keras.declare import function
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.ops_names import everywhere
from convlint.libs.keras.tensor import as_tensor, compared, elementwise, joined, matmul, operands
from convlint.libs.op import Op
from convlint.shapes.fault import Kind
from convlint.values import NotModelled, Value

_UNARY = (
    "abs absolute arccos arccosh arcsin arcsinh arctan arctanh ceil conj copy cos cosh exp exp2 expm1 "
    "floor log "
    "log10 log1p log2 negative positive reciprocal relu relu6 round rsqrt selu sigmoid sign silu sin sinh "
    "softplus softsign sqrt square stop_gradient swish tan tanh tanh_shrink trunc erf erfinv gelu elu "
    "leaky_relu hard_sigmoid hard_silu hard_swish hard_tanh hard_shrink soft_shrink mish celu log_sigmoid "
    "log_softmax softmax exponential linear normalize clip nan_to_num identity relu_6 l2_normalize dropout "
    "zeros_like ones_like cumsum cumprod flip sort argsort angle conjugate cbrt deg2rad rad2deg erfc fabs "
    "fliplr flipud i0 imag real sinc tril triu logical_not bitwise_invert bitwise_not isfinite isinf isnan "
    "isneginf isposinf isreal signbit squareplus sparse_plus sparse_sigmoid sparsemax threshold "
    "rms_normalization "
    "layer_normalization saturate_cast empty_like"
)
BINARY = (
    "add",
    "subtract",
    "multiply",
    "divide",
    "true_divide",
    "floor_divide",
    "mod",
    "power",
    "pow",
    "maximum",
    "minimum",
    "arctan2",
    "logaddexp",
    "squared_difference",
    "div",
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "bitwise_left_shift",
    "bitwise_right_shift",
    "left_shift",
    "right_shift",
    "divide_no_nan",
    "fmax",
    "fmin",
    "fmod",
    "gcd",
    "lcm",
    "heaviside",
    "hypot",
    "ldexp",
    "logaddexp2",
    "nextafter",
)
COMPARED = (
    "equal",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
)
REDUCED = (
    "mean",
    "sum",
    "max",
    "min",
    "prod",
    "std",
    "var",
    "any",
    "all",
    "amax",
    "amin",
    "logsumexp",
    "median",
    "reduce_mean",
    "reduce_sum",
    "reduce_max",
    "reduce_min",
    "reduce_prod",
    "count_nonzero",
    "reduce_std",
    "reduce_any",
    "reduce_all",
    "reduce_logsumexp",
    "nanmax",
    "nanmean",
    "nanmedian",
    "nanmin",
    "nanprod",
    "nanstd",
    "nansum",
    "nanvar",
    "ptp",
)
_ARG = "argmax argmin"


def unary(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND)


for _name in _UNARY.split():
    function(*everywhere(_name), signature="x, *args, **kwargs")(unary)


for _name in BINARY:
    function(*everywhere(_name), signature="x1, x2, name=None")(elementwise)


for _name in COMPARED:
    function(*everywhere(_name), signature="x1, x2, name=None")(compared)


function(*everywhere("matmul"), signature="x1, x2")(matmul)


@function(*everywhere("where"), signature="condition, x1=None, x2=None")
def where(op: Op) -> Value:
    if op["x1"] is None:
        raise NotModelled("where with a condition alone is not modelled")
    condition, *both = operands(op, ("condition", "x1", "x2"))
    first = next((t for t in both if t.shape), both[0])
    return op.result(first, joined(op, [condition, *both]), kind=KIND)


@function(*everywhere("cast"), signature="x, dtype, name=None")
def cast(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND, dtype=op["dtype"] if isinstance(op["dtype"], str) else "float32")


@function(*everywhere("convert_to_tensor"), signature="x, dtype=None, **kwargs")
def convert(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    return op.result(x, x.shape, kind=KIND)


# -- reductions ----------------------------------------------------------------------------------------------


def axes_of(op: Op, name: str, rank: int) -> tuple[int, ...]:
    """The axes, from 0; None means all."""
    value = op[name]
    if value is None:
        return tuple(range(rank))
    axes = value if isinstance(value, (list, tuple)) else (value,)
    found = []
    for axis in axes:
        if not isinstance(axis, int):
            raise NotModelled("the axis of an operation is not known")
        if not -rank <= axis < rank:
            words = f"Invalid axis {axis} for a tensor of rank {rank}"
            op.refuse("ValueError", words, name, kind=Kind.RANK)
        found.append(axis % rank)
    return tuple(found)


def axis_of(op: Op, name: str, rank: int) -> int:
    """A single axis, from 0."""
    found = axes_of(op, name, rank)
    if len(found) != 1:
        raise NotModelled("the axis of an operation is not known")
    return found[0]


def reduced(op: Op) -> Value:
    x = as_tensor(op, op["x"])
    shape = x.shape or ()
    axes = axes_of(op, "axis", len(shape))
    keep = op.flag("keepdims")
    kept = tuple(1 if i in axes else e for i, e in enumerate(shape) if keep or i not in axes)
    return op.result(x, kept, kind=KIND)


for _name in REDUCED:
    function(*everywhere(_name), signature="x, axis=None, keepdims=False, **kwargs")(reduced)


for _name in _ARG.split():
    function(*everywhere(_name), signature="x, axis=None, keepdims=False, **kwargs")(reduced)
for _place in ("keras.ops", "keras.ops.linalg"):
    function(f"{_place}.norm", signature="x, ord=None, axis=None, keepdims=False")(reduced)
