"""Dense, Embedding, Activation and layers that keep a shape (keras.io/api/layers/core_layers)."""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.keras.declare import Body, layer, made, tensor
from convlint.libs.keras.layer import DECLARED, add_weight, weights_of
from convlint.libs.keras.setting import check_between, held
from convlint.libs.keras.wording import check_rank, wrong_axis
from convlint.libs.op import Op
from convlint.shapes.contract import dense
from convlint.shapes.cost import weight_macs
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Tensor, Unknown, Value

# -- dense ---------------------------------------------------------------------------------------------------


def _check_units(op: Op) -> None:
    units = held(op, "units")
    if isinstance(units, (float, str)) or units is None or (isinstance(units, int) and units <= 0):
        words = f"Received an invalid value for `units`, expected a positive integer. Received: units={units}"
        op.refuse("ValueError", words, "units")


def _build_dense(op: Op, shape: Shape) -> None:
    check_rank(op, shape, 2, least=True)
    assert op.self is not None
    add_weight(op.self, (shape[-1], op.dim("units")))
    if op.flag("use_bias"):
        add_weight(op.self, (op.dim("units"),))
    add_lora(op)
    op.self.attrs["_features"] = shape[-1]


@layer(
    "Dense",
    signature="units, activation=None, use_bias=True, kernel_initializer='glorot_uniform', "
    "bias_initializer='zeros', kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, "
    "kernel_constraint=None, bias_constraint=None, lora_rank=None, lora_alpha=None, quantization_config=None",
    check=_check_units,
    build=_build_dense,
)
def dense_layer(op: Op) -> Value:
    """A matrix on the last axis."""
    x = tensor(op)
    xs = x.shape or ()
    check_rank(op, xs, 2, least=True)
    assert op.self is not None
    features, units = op.dim("_features"), op.dim("units")
    outcome = dense(xs, features, units)
    right = (*xs[:-1], units) if isinstance(outcome, Fault) else None
    shape = op.lawful(outcome, lambda fault: wrong_axis(op, -1, fault.expected, xs), right)
    kernel = weights_of(op.self)[0]
    if isinstance(kernel, Tensor) and kernel.shape is not None:
        op.caller.count_macs(weight_macs(kernel.shape, xs[:-1]))
    return made(op, x, shape)


def _build_embedding(op: Op, shape: Shape) -> None:
    assert op.self is not None
    add_weight(op.self, (op.dim("input_dim"), op.dim("output_dim")))
    add_lora(op)


def _check_embedding(op: Op) -> None:
    for name in ("input_dim", "output_dim"):
        value = held(op, name)
        wrong = isinstance(value, (bool, float, str)) or value is None
        if wrong or (isinstance(value, int) and value <= 0):
            kind = type(value).__name__
            words = f"`{name}` must be a positive integer. Received: {name}={value} (of type {kind})."
            op.refuse("ValueError", words, name)


def add_lora(op: Op) -> None:
    """Two thin matrices beside the kernel, which no longer learns (`enable_lora`)."""
    rank = held(op, "lora_rank")
    if rank is None or rank is False or rank == 0:
        return
    assert op.self is not None
    kernel = weights_of(op.self)[0]
    if not isinstance(kernel, Tensor) or kernel.shape is None:
        raise NotModelled("the kernel of a layer with LoRA is not known")
    kernel.trainable = False
    kernel.attrs = {**(kernel.attrs or {}), DECLARED: False}
    add_weight(op.self, (*kernel.shape[:-1], op.as_dim(rank, "lora_rank")))
    add_weight(op.self, (op.as_dim(rank, "lora_rank"), kernel.shape[-1]))


@layer(
    "Embedding",
    signature="input_dim, output_dim, embeddings_initializer='uniform', embeddings_regularizer=None, "
    "embeddings_constraint=None, mask_zero=False, weights=None, lora_rank=None, lora_alpha=None, "
    "quantization_config=None",
    check=_check_embedding,
    build=_build_embedding,
)
def embedding(op: Op) -> Value:
    """A row of the table for each number."""
    x = tensor(op)
    return op.result(x, (*(x.shape or ()), op.dim("output_dim")), dtype="float32")


# -- what keeps the shape ------------------------------------------------------------------------------------


def _kept(op: Op) -> Value:
    x = op["inputs"]
    if not isinstance(x, Tensor) and not isinstance(x, Unknown):
        return x
    x = tensor(op)
    return made(op, x, x.shape or ())


def _rate(op: Op) -> None:
    check_between(op, "rate")


def _stddev(op: Op) -> None:
    check_between(op, "stddev")


def _check_relu(op: Op) -> None:
    for name in ("max_value", "negative_slope", "threshold"):
        value = held(op, name)
        if isinstance(value, (int, float)) and value < 0:
            article = "a" if name == "max_value" else "None or a"
            words = f"{name} of a ReLU layer cannot be {article} negative value. Received: {name}={value}"
            op.refuse("ValueError", words, name)
        if value is None and name != "max_value":
            words = f"{name} of a ReLU layer cannot be None or a negative value. Received: {name}=None"
            op.refuse("ValueError", words, name)


def _check_slope(op: Op) -> None:
    slope = held(op, "alpha" if "alpha" in op.given else "negative_slope")  # alpha: its name in Keras 2
    if slope is None or (isinstance(slope, (int, float)) and slope < 0):
        words = (
            "The negative_slope value of a Leaky ReLU layer cannot be None or negative value. Expected a "
            f"float. Received: negative_slope={slope}"
        )
        op.refuse("ValueError", words, "negative_slope")


def _spatial_dropout(rank: int) -> Body:
    def body(op: Op) -> Value:
        check_rank(op, tensor(op).shape or (), rank + 2)
        return _kept(op)

    return body


layer("Activation", signature="activation")(_kept)
layer("ReLU", signature="max_value=None, negative_slope=0.0, threshold=0.0", check=_check_relu)(_kept)
layer("LeakyReLU", signature="negative_slope=0.3, *, alpha=None", check=_check_slope)(_kept)
layer("ELU", signature="alpha=1.0")(_kept)
layer("Softmax", signature="axis=-1")(_kept)
layer("Dropout", signature="rate, noise_shape=None, seed=None", check=_rate)(_kept)
layer("GaussianDropout", signature="rate, seed=None", check=_rate)(_kept)
layer("AlphaDropout", signature="rate, noise_shape=None, seed=None", check=_rate)(_kept)
layer("GaussianNoise", signature="stddev, seed=None", check=_stddev)(_kept)
layer("ActivityRegularization", signature="l1=0.0, l2=0.0")(_kept)
layer("Masking", signature="mask_value=0.0")(_kept)
layer("Identity", signature="")(_kept)
layer("Rescaling", signature="scale, offset=0.0")(_kept)
for _rank in (1, 2, 3):
    layer(
        f"SpatialDropout{_rank}D",
        signature="rate, seed=None" if _rank == 1 else "rate, data_format=None, seed=None",
        check=_rate,
    )(_spatial_dropout(_rank))


def _build_prelu(op: Op, shape: Shape) -> None:
    assert op.self is not None
    shared = held(op, "shared_axes")
    axes = shared if isinstance(shared, (list, tuple)) else () if shared is None else (shared,)
    extents: list[Dim] = list(shape[1:])
    for axis in axes:
        if not isinstance(axis, int):
            raise NotModelled("the axes that a PReLU shares are not known")
        if not -len(extents) <= axis - 1 < len(extents):
            op.refuse("IndexError", "list assignment index out of range", "shared_axes", kind=Kind.RANK)
        extents[axis - 1] = 1
    add_weight(op.self, tuple(extents))


layer(
    "PReLU",
    signature="alpha_initializer='Zeros', alpha_regularizer=None, alpha_constraint=None, shared_axes=None",
    build=_build_prelu,
)(_kept)


@layer("Lambda", signature="function, output_shape=None, mask=None, arguments=None")
def lambda_layer(op: Op) -> Value:
    """The program's own function."""
    arguments = held(op, "arguments")
    extra = {str(k): v for k, v in arguments.items()} if isinstance(arguments, dict) else {}
    return op.caller.call(held(op, "function"), (op["inputs"],), extra)
