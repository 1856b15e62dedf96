"""Activations that work element by element: functions, in-place functions, tensor methods and layers.

Law: the shape stays. One row of the table declares every form of one activation.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, function, klass, lookup, method
from convlint.libs.torch.alike import alike
from convlint.libs.torch.layer import layer
from convlint.libs.torch.promotion import floating
from convlint.values import Class, Value

Check = Callable[[Op], None]


class Activation(Struct, frozen=True):
    """One activation: `arguments` are those of its function after the input.

    `inplace` says that function and layer take `inplace`; `native` that it is also a function of the `torch`
    namespace; `method` that tensors have it as a method; `floats` that integers become floats.
    """

    name: str
    layer: str | None
    arguments: str = ""
    inplace: bool = True
    method: bool = False
    native: bool = False
    floats: bool = False
    check: Check | None = None


def _number(op: Op, name: str) -> float | None:
    value = op[name]
    return value if isinstance(value, (int, float)) else None


def _hardtanh(op: Op) -> None:
    low, high = _number(op, "min_val"), _number(op, "max_val")
    if low is not None and high is not None and low > high:
        op.refuse("ValueError", "min_val cannot be greater than max_val", "min_val", "max_val")


def _gelu(op: Op) -> None:
    value = op["approximate"]
    if isinstance(value, str) and value not in ("none", "tanh"):
        op.refuse("RuntimeError", "approximate argument must be either none or tanh.", "approximate")


def _softshrink(op: Op) -> None:
    value = _number(op, "lambd")
    if value is not None and value < 0:
        words = f"lambda must be in range [0, 3.40282e+38] for input dtype Float, but found {value:g}"
        op.refuse("RuntimeError", words, "lambd")


def _celu(op: Op) -> None:
    if _number(op, "alpha") == 0:
        op.refuse("RuntimeError", "ZeroDivisionError: alpha cannot be 0 for CELU", "alpha")


def _rrelu(op: Op) -> None:
    low, high = _number(op, "lower"), _number(op, "upper")
    if low is not None and high is not None and low > high:
        words = "Lower bound should be less than or equal to the upper bound"
        op.refuse("RuntimeError", words, "lower", "upper")


ACTIVATIONS = (
    Activation("relu", "ReLU", method=True, native=True),
    Activation("relu6", None),
    Activation("elu", "ELU", "alpha=1.0"),
    Activation("celu", "CELU", "alpha=1.0", native=True, check=_celu),
    Activation("selu", "SELU", native=True),
    Activation("silu", "SiLU"),
    Activation("mish", "Mish"),
    Activation("hardswish", "Hardswish"),
    Activation("hardsigmoid", "Hardsigmoid"),
    Activation("leaky_relu", "LeakyReLU", "negative_slope=0.01"),
    Activation("threshold", "Threshold", "threshold, value", native=True),
    Activation("hardtanh", None, "min_val=-1.0, max_val=1.0", check=_hardtanh),
    Activation("sigmoid", "Sigmoid", inplace=False, method=True, native=True, floats=True),
    Activation("tanh", "Tanh", inplace=False, method=True, native=True, floats=True),
    Activation("gelu", None, "*, approximate='none'", inplace=False, check=_gelu),
    Activation("hardshrink", "Hardshrink", "lambd=0.5", inplace=False, method=True, native=True),
    Activation("softshrink", "Softshrink", "lambd=0.5", inplace=False, check=_softshrink),
    Activation("softplus", "Softplus", "beta=1.0, threshold=20.0", inplace=False),
    Activation("softsign", "Softsign", inplace=False, floats=True),
    Activation("tanhshrink", "Tanhshrink", inplace=False, floats=True),
    Activation("logsigmoid", "LogSigmoid", inplace=False),
)
_IN_PLACE = ("relu", "elu", "celu", "selu", "leaky_relu", "threshold", "hardtanh")
"""Activations of `torch.nn.functional` with a function of their own that works in place: `relu_` …"""

_NATIVE_IN_PLACE = ("relu", "celu", "selu", "threshold", "sigmoid", "tanh")
"""Those of the `torch` namespace."""


def _pointwise(activation: Activation, *, forced: bool = False) -> Body:
    unchecked = forced and activation.name == "hardtanh"

    def body(op: Op) -> Value:
        if activation.check is not None and not unchecked:
            activation.check(op)
        inplace = forced or (activation.inplace and asks_in_place(op))
        x = op.tensor("input")
        data = _rectified(x.data) if activation.name == "relu" else None
        result = alike(op, x, inplace=inplace, what=activation.name)
        result.data = data
        if activation.floats:
            result.dtype = floating(op.caller, x.dtype)
        return result

    return body


def asks_in_place(op: Op) -> bool:
    """Whether `inplace` is known to be true; the shape does not hang on it, so no path is asked."""
    if op.self is None and "inplace" not in op.args:
        return False
    value = op["inplace"]
    return bool(value) if isinstance(value, int) else False


def _rectified(data: tuple[object, ...] | None) -> tuple[object, ...] | None:
    """Known content is followed through relu alone: the others round."""
    if data is None or not all(isinstance(v, (int, float)) for v in data):
        return None
    return tuple(max(v, 0 * v) for v in data if isinstance(v, (int, float)))


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _declare(activation: Activation) -> None:
    name, body, forced = activation.name, _pointwise(activation), _pointwise(activation, forced=True)
    inplace = "inplace=False" if activation.inplace else ""
    plain = _joined("input", activation.arguments)
    function(f"torch.nn.functional.{name}", signature=_joined("input", activation.arguments, inplace))(body)
    if activation.layer is not None:
        layer(f"torch.nn.{activation.layer}", _joined(activation.arguments, inplace))(body)
    if activation.native:
        function(f"torch.{name}", signature=plain, method=activation.method)(body)
    if name in _IN_PLACE:
        function(f"torch.nn.functional.{name}_", signature=plain)(forced)
    if name in _NATIVE_IN_PLACE:
        function(f"torch.{name}_", signature=plain, method=activation.method)(forced)


for _activation in ACTIVATIONS:
    _declare(_activation)


# -- layers whose constructors differ from their functions ---------------------------------------------------

_RRELU = Activation("rrelu", None, "lower=0.125, upper=0.3333333333333333, training=False", check=_rrelu)

function("torch.nn.functional.rrelu", signature=f"input, {_RRELU.arguments}, inplace=False")(
    _pointwise(_RRELU)
)
function("torch.rrelu", signature=f"input, {_RRELU.arguments}, generator=None")(_pointwise(_RRELU))
function(
    "torch.rrelu_", "torch.nn.functional.rrelu_", signature=f"input, {_RRELU.arguments}, generator=None"
)(_pointwise(_RRELU, forced=True))
layer("torch.nn.RReLU", "lower=0.125, upper=0.3333333333333333, inplace=False")(_pointwise(_RRELU))
layer("torch.nn.GELU", "approximate='none'")(_pointwise(Activation("gelu", None, inplace=False, check=_gelu)))


def _build_hardtanh(op: Op) -> None:
    assert op.self is not None
    for old, new in (("min_value", "min_val"), ("max_value", "max_val")):
        given = op.self.attrs.pop(old, None)
        if given is not None:
            op.self.attrs[new] = op.args[new] = given
    low, high = _number(op, "min_val"), _number(op, "max_val")
    if low is not None and high is not None and high <= low:
        words = f"max_val ({high}) must be greater than min_val ({low})"
        op.refuse("AssertionError", words, "min_val", "max_val")


layer(
    "torch.nn.Hardtanh",
    "min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None",
    build=_build_hardtanh,
)(_pointwise(Activation("hardtanh", None, check=_hardtanh)))
klass("torch.nn.ReLU6", "torch.nn.Hardtanh")


@method("torch.nn.ReLU6", "__init__", "self, inplace=False")
def _relu6(op: Op) -> Value:
    assert op.self is not None
    hardtanh = lookup("torch.nn.Hardtanh")
    assert isinstance(hardtanh, Class)
    return op.call(hardtanh.namespace["__init__"], op.self, 0.0, 6.0, op["inplace"])


alias("torch.nn.modules.activation", "torch.nn")
alias("torch._C._nn", "torch.nn.functional")
alias("torch._VF", "torch")
alias("torch.special.expit", "torch.sigmoid")
