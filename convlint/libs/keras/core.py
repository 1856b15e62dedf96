"""Dense, Embedding, Activation and layers that keep a shape (keras.io/api/layers/core_layers)."""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.keras.declare import Body, held, layer, made, tensor
from convlint.libs.keras.layer import add_weight, weights_of
from convlint.libs.keras.wording import check_rank, wrong_axis
from convlint.libs.op import Op
from convlint.shapes.contract import dense
from convlint.shapes.cost import weight_macs
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Tensor, Unknown, Value

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


@layer(
    "Embedding",
    signature="input_dim, output_dim, embeddings_initializer='uniform', embeddings_regularizer=None, "
    "embeddings_constraint=None, mask_zero=False, weights=None, lora_rank=None, lora_alpha=None, "
    "quantization_config=None",
    build=_build_embedding,
)
def embedding(op: Op) -> Value:
    """A row of the table for each number."""
    x = tensor(op)
    return op.result(x, (*(x.shape or ()), op.dim("output_dim")), dtype="float32")


# -- what keeps the shape ------------------------------------------------------------------------------------

ACTIVATIONS = frozenset(
    [
        "celu",
        "elu",
        "exponential",
        "gelu",
        "glu",
        "hard_sigmoid",
        "hard_silu",
        "hard_swish",
        "hard_shrink",
        "hard_tanh",
        "leaky_relu",
        "linear",
        "log_sigmoid",
        "log_softmax",
        "mish",
        "relu",
        "relu6",
        "selu",
        "sigmoid",
        "silu",
        "soft_shrink",
        "softmax",
        "softplus",
        "softsign",
        "sparse_plus",
        "sparse_sigmoid",
        "sparsemax",
        "squareplus",
        "swish",
        "tanh",
        "tanh_shrink",
        "threshold",
        "hard_sigmoid",
    ]
)


def check_activation(op: Op, name: str = "activation") -> None:
    """A name must be one that Keras knows."""
    value = held(op, name)
    if isinstance(value, str) and value not in ACTIVATIONS:
        words = f"Could not interpret activation function identifier: {value}"
        op.refuse("ValueError", words, name)


def _kept(op: Op) -> Value:
    x = op["inputs"]
    if not isinstance(x, Tensor) and not isinstance(x, Unknown):
        return x
    x = tensor(op)
    return made(op, x, x.shape or ())


def _rate(op: Op) -> None:
    rate = held(op, "rate")
    if isinstance(rate, (int, float)) and not 0 <= rate <= 1:
        words = f"Invalid value received for argument `rate`. Expected a float value between 0 and 1. Received: rate={rate}"
        op.refuse("ValueError", words, "rate")


def _spatial_dropout(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = tensor(op)
        check_rank(op, x.shape or (), rank + 2)
        return made(op, x, x.shape or ())

    return body


_SEED = ", seed=None"
layer("Activation", signature="activation", check=check_activation)(_kept)
layer("ReLU", signature="max_value=None, negative_slope=0.0, threshold=0.0")(_kept)
layer("LeakyReLU", signature="negative_slope=0.3, alpha=None")(_kept)
layer("ELU", signature="alpha=1.0")(_kept)
layer("Softmax", signature="axis=-1")(_kept)
layer("Dropout", signature="rate, noise_shape=None, seed=None", check=_rate)(_kept)
layer("GaussianDropout", signature="rate, seed=None", check=_rate)(_kept)
layer("AlphaDropout", signature="rate, noise_shape=None, seed=None", check=_rate)(_kept)
layer("GaussianNoise", signature="stddev, seed=None")(_kept)
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
        extents[op.as_dim(axis) - 1] = 1  # type: ignore[index]
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


__all__ = ["ACTIVATIONS", "Fault", "Kind"]
