"""Normalisation layers (keras.io/api/layers/normalization_layers)."""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.keras.declare import held, layer, made, tensor
from convlint.libs.keras.layer import add_weight
from convlint.libs.keras.wording import wrong_axis
from convlint.libs.op import Op
from convlint.shapes.contract import normalised_channels
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Tensor, Value


def _axis(op: Op, shape: Shape) -> int:
    axis = held(op, "axis")
    if isinstance(axis, (list, tuple)) and len(axis) == 1:
        axis = axis[0]
    if not isinstance(axis, int):
        raise NotModelled("the axis of a normalisation is not known")
    if not -len(shape) <= axis < len(shape):
        fault = Fault(Kind.RANK, len(shape), axis, (shape,), arguments=("axis",), detail=f"axis={axis}")
        op.lawful(fault, lambda _: "IndexError: tuple index out of range")
    return axis % len(shape)


def _normalised(op: Op) -> Value:
    """Keeps the shape; the axis must be as long as it was when the layer was built."""
    x = tensor(op)
    xs = x.shape or ()
    assert op.self is not None
    expected = held(op, "_features")
    if isinstance(held(op, "axis"), (list, tuple)) or expected is None:
        return made(op, x, xs)
    axis = _axis(op, xs)
    outcome = normalised_channels(xs, op.dim("_features"), axis=axis, argument="axis")
    op.lawful(outcome, lambda fault: wrong_axis(op, held(op, "axis"), fault.expected, xs), xs)
    return made(op, x, xs)


# -- batch ---------------------------------------------------------------------------------------------------


def _build_batch(op: Op, shape: Shape) -> None:
    assert op.self is not None
    features = shape[_axis(op, shape)]
    if op.flag("scale"):
        add_weight(op.self, (features,))
    if op.flag("center"):
        add_weight(op.self, (features,))
    add_weight(op.self, (features,), trainable=False)
    add_weight(op.self, (features,), trainable=False)
    op.self.attrs["_features"] = features


layer(
    "BatchNormalization",
    signature="axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, beta_initializer='zeros', "
    "gamma_initializer='ones', moving_mean_initializer='zeros', moving_variance_initializer='ones', "
    "beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, "
    "renorm=False, renorm_clipping=None, renorm_momentum=0.99, synchronized=False",
    build=_build_batch,
)(_normalised)


# -- layer, group, RMS, unit ---------------------------------------------------------------------------------


def _extents(op: Op, shape: Shape) -> tuple[Dim, ...]:
    axis = held(op, "axis")
    axes = axis if isinstance(axis, (list, tuple)) else (axis,)
    known = [a for a in axes if isinstance(a, int)]
    if len(known) != len(axes):
        raise NotModelled("the axes of a normalisation are not known")
    return tuple(shape[a] for a in known)


def _build_layer_norm(op: Op, shape: Shape) -> None:
    assert op.self is not None
    extents = _extents(op, shape)
    if op.flag("scale"):
        add_weight(op.self, extents)
    if op.flag("center"):
        add_weight(op.self, extents)
    op.self.attrs["_features"] = extents[0] if len(extents) == 1 else None


layer(
    "LayerNormalization",
    signature="axis=-1, epsilon=0.001, center=True, scale=True, beta_initializer='zeros', "
    "gamma_initializer='ones', beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, "
    "gamma_constraint=None",
    build=_build_layer_norm,
)(_normalised)


def _build_rms(op: Op, shape: Shape) -> None:
    assert op.self is not None
    add_weight(op.self, _extents(op, shape))


layer("RMSNormalization", signature="axis=-1, epsilon=1e-06", build=_build_rms)(_normalised)


def _build_group(op: Op, shape: Shape) -> None:
    assert op.self is not None
    features, groups = shape[_axis(op, shape)], op.dim("groups")
    if isinstance(features, int) and isinstance(groups, int):
        if groups == -1:
            groups = features
        if features < groups or features % groups:
            words = (
                f"Number of groups ({groups}) must be a multiple of the number of channels ({features})."
                if features >= groups
                else f"Number of groups ({groups}) cannot be more than the number of channels ({features})."
            )
            op.refuse("ValueError", words, "groups", kind=Kind.GROUPS)
    if op.flag("scale"):
        add_weight(op.self, (features,))
    if op.flag("center"):
        add_weight(op.self, (features,))
    op.self.attrs["_features"] = features


layer(
    "GroupNormalization",
    signature="groups=32, axis=-1, epsilon=0.001, center=True, scale=True, beta_initializer='zeros', "
    "gamma_initializer='ones', beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, "
    "gamma_constraint=None",
    build=_build_group,
)(_normalised)


@layer("UnitNormalization", signature="axis=-1")
def unit(op: Op) -> Value:
    x = tensor(op)
    return made(op, x, x.shape or ())


def _build_spectral(op: Op, shape: Shape) -> None:
    raise NotModelled("spectral normalisation is not modelled")


layer("SpectralNormalization", signature="layer, power_iterations=1", build=_build_spectral)(unit)


# -- of the data ---------------------------------------------------------------------------------------------


def _build_normalization(op: Op, shape: Shape) -> None:
    """Without given statistics a mean, a variance and a count are kept, of the kept axes."""
    assert op.self is not None
    if held(op, "mean") is not None:
        return
    axis = held(op, "axis")
    axes = () if axis is None else axis if isinstance(axis, (list, tuple)) else (axis,)
    kept = sorted(a % len(shape) for a in axes if isinstance(a, int))
    extents = tuple(shape[a] for a in kept)
    add_weight(op.self, extents, trainable=False)
    add_weight(op.self, extents, trainable=False)
    add_weight(op.self, (), trainable=False, dtype="int32")


@layer(
    "Normalization",
    signature="axis=-1, mean=None, variance=None, invert=False",
    build=_build_normalization,
)
def normalization(op: Op) -> Value:
    x = tensor(op)
    return made(op, x, x.shape or ())


__all__ = ["Fault", "Tensor"]
