"""`torch.nn.init`: fills a tensor in place and gives it back; only what it refuses and its numbers matter.

Law: fan-in is what one output element reads, fan-out what one input element reaches: the axes 1 and 0 times
the receptive field, the product of all further axes.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from convlint.dims import Dim, product
from convlint.libs.op import Op
from convlint.libs.registry import Body, function
from convlint.libs.torch.content import overwrite
from convlint.shapes.fault import Kind, Shape
from convlint.values import NotModelled, Tensor, Value

INIT = "torch.nn.init."
Check = Callable[[Op, Shape], None]


def _fans(op: Op, shape: Shape) -> tuple[Dim, Dim]:
    if len(shape) < 2:
        words = "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"
        op.refuse("ValueError", words, "tensor", kind=Kind.RANK)
    field = product(shape[2:])
    return shape[1] * field, shape[0] * field


def _needs_fans(op: Op, shape: Shape) -> None:
    _fans(op, shape)


def _kaiming(op: Op, shape: Shape) -> None:
    if 0 in shape:
        return
    mode = op["mode"]
    if isinstance(mode, str) and mode.lower() not in ("fan_in", "fan_out"):
        words = f"Mode {mode.lower()} not supported, please use one of ['fan_in', 'fan_out']"
        op.refuse("ValueError", words, "mode")
    _fans(op, shape)
    nonlinearity = op["nonlinearity"]
    if isinstance(nonlinearity, str):
        _gain(op, nonlinearity, op["a"])


def _matrix_only(op: Op, shape: Shape) -> None:
    if len(shape) != 2:
        words = "Only tensors with 2 dimensions are supported"
        op.refuse("ValueError", words, "tensor", kind=Kind.RANK)


def _at_least_a_matrix(op: Op, shape: Shape) -> None:
    if len(shape) < 2:
        words = "Only tensors with 2 or more dimensions are supported"
        op.refuse("ValueError", words, "tensor", kind=Kind.RANK)


def _dirac(op: Op, shape: Shape) -> None:
    if len(shape) not in (3, 4, 5):
        words = "Only tensors with 3, 4, or 5 dimensions are supported"
        op.refuse("ValueError", words, "tensor", kind=Kind.RANK)
    groups = op["groups"]
    if isinstance(groups, int) and groups and isinstance(shape[0], int) and shape[0] % groups:
        op.refuse("ValueError", "dim 0 must be divisible by groups", "groups")


def _filler(check: Check | None, value: Callable[[Op], Value] | None = None) -> Body:
    def body(op: Op) -> Value:
        tensor = op["tensor"]
        if isinstance(tensor, (bool, int, float, str, tuple, list)) or tensor is None:
            words = f"'{type(tensor).__name__}' object has no attribute 'shape'"
            op.refuse("AttributeError", words, "tensor", kind=Kind.OTHER)
        if not isinstance(tensor, Tensor):
            return tensor
        _check_range(op)
        if tensor.shape is not None and check is not None:
            check(op, tensor.shape)
        overwrite(tensor, _filled(tensor, value(op)) if value is not None else None)
        return tensor

    return body


def _check_range(op: Op) -> None:
    """What the generators of normal and uniform numbers refuse."""
    low, high, deviation = (op.args.get(name) for name in ("a", "b", "std"))
    if isinstance(deviation, (int, float)) and deviation < 0 and "trunc" not in op.name:
        op.refuse("RuntimeError", f"normal expects std >= 0.0, but found std {deviation:g}", "std")
    if (
        "uniform" in op.name
        and isinstance(low, (int, float))
        and isinstance(high, (int, float))
        and low > high
    ):
        words = f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}"
        op.refuse("RuntimeError", words, "b")


def _filled(tensor: Tensor, number: Value) -> tuple[object, ...] | None:
    """Constant content, where the tensor's content was followed before."""
    if tensor.data is None or not isinstance(number, (int, float)):
        return None
    return (float(number),) * len(tensor.data)


_KAIMING = "a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None"
_FILLERS: dict[str, tuple[str, Check | None, Callable[[Op], Value] | None]] = {
    "uniform_": ("a=0.0, b=1.0, generator=None", None, None),
    "normal_": ("mean=0.0, std=1.0, generator=None", None, None),
    "trunc_normal_": ("mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None", None, None),
    "constant_": ("val", None, lambda op: op["val"]),
    "ones_": ("", None, lambda op: 1.0),
    "zeros_": ("", None, lambda op: 0.0),
    "eye_": ("", _matrix_only, None),
    "dirac_": ("groups=1", _dirac, None),
    "xavier_uniform_": ("gain=1.0, generator=None", _needs_fans, None),
    "xavier_normal_": ("gain=1.0, generator=None", _needs_fans, None),
    "kaiming_uniform_": (_KAIMING, _kaiming, None),
    "kaiming_normal_": (_KAIMING, _kaiming, None),
    "orthogonal_": ("gain=1, generator=None", _at_least_a_matrix, None),
    "sparse_": ("sparsity, std=0.01, generator=None", _matrix_only, None),
}
_RETIRED: tuple[str, ...] = ("uniform", "normal", "constant", "eye", "dirac", "orthogonal", "sparse")
_RETIRED += ("xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal")
for _name, (_arguments, _check, _value) in _FILLERS.items():
    _names = [INIT + _name] + ([INIT + _name[:-1]] if _name[:-1] in _RETIRED else [])
    function(*_names, signature=f"tensor, {_arguments}".rstrip(", "))(_filler(_check, _value))


# -- numbers -------------------------------------------------------------------------------------------------


@function(INIT + "_calculate_fan_in_and_fan_out", signature="tensor")
def fan_in_and_fan_out(op: Op) -> Value:
    """(fan-in, fan-out) of a weight."""
    return _fans(op, op.tensor("tensor").shape or ())


@function(INIT + "_calculate_correct_fan", signature="tensor, mode")
def correct_fan(op: Op) -> Value:
    """The fan that a mode names."""
    mode = op.text("mode").lower()
    if mode not in ("fan_in", "fan_out"):
        words = f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']"
        op.refuse("ValueError", words, "mode")
    return _fans(op, op.tensor("tensor").shape or ())[mode == "fan_out"]


_LINEAR = (
    "linear",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "sigmoid",
)


def _gain(op: Op, nonlinearity: str, slope: Value) -> float:
    if nonlinearity in _LINEAR:
        return 1.0
    match nonlinearity:
        case "tanh":
            return 5.0 / 3
        case "relu":
            return sqrt(2.0)
        case "selu":
            return 3.0 / 4
        case "leaky_relu":
            negative = 0.01 if slope is None else slope
            if isinstance(negative, (int, float)) and not isinstance(negative, bool):
                return sqrt(2.0 / (1 + negative**2))
            raise NotModelled("the slope of leaky_relu is not a known number")
    op.refuse("ValueError", f"Unsupported nonlinearity {nonlinearity}", "nonlinearity")


@function(INIT + "calculate_gain", signature="nonlinearity, param=None")
def calculate_gain(op: Op) -> Value:
    """The factor that keeps the variance through a nonlinearity (torch.nn.init.calculate_gain)."""
    gain = _gain(op, op.text("nonlinearity"), op["param"])
    return 1 if gain == 1.0 else gain


@function(INIT + "_no_grad_trunc_normal_", signature="tensor, mean, std, a, b, generator=None")
@function(INIT + "_no_grad_uniform_", signature="tensor, a, b, generator=None")
@function(INIT + "_no_grad_normal_", signature="tensor, mean, std, generator=None")
def _no_grad(op: Op) -> Value:
    return _filler(None)(op)
