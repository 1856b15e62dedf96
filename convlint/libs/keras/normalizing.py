"""Normalisation layers (keras.io/api/layers/normalization_layers)."""

from __future__ import annotations

from convlint.dims import Dim, Expr
from convlint.libs.keras.declare import layer, made, tensor
from convlint.libs.keras.layer import add_weight
from convlint.libs.keras.setting import held
from convlint.libs.keras.wording import wrong_axis
from convlint.libs.op import Op
from convlint.shapes.contract import normalised_channels
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Value


def _axis(op: Op, shape: Shape) -> int:
    axis = held(op, "axis")
    _check_index(op, axis)
    if isinstance(axis, (list, tuple)) and len(axis) == 1:
        axis = axis[0]
    if not isinstance(axis, int):
        raise NotModelled("the axis of a normalisation is not known")
    return _place(op, shape, axis)


def _check_index(op: Op, axis: Value) -> None:
    if isinstance(axis, (float, str)) or axis is None:
        words = f"tuple indices must be integers or slices, not {type(axis).__name__}"
        op.refuse("TypeError", words, "axis")


def _place(op: Op, shape: Shape, axis: int) -> int:
    """The axis from 0. Refuses one that the input does not have."""
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
    for _ in range(5 if op.flag("renorm") else 2):  # renormalisation keeps a mean and two deviations more
        add_weight(op.self, (features,), trainable=False)
    op.self.attrs["_features"] = features


def _check_batch(op: Op) -> None:
    axis = held(op, "axis")
    if isinstance(axis, str):
        words = f"invalid literal for int() with base 10: '{axis}'"
        op.refuse("ValueError", words, "axis")
    if isinstance(axis, (list, tuple)) or axis is None:
        kind = type(axis).__name__
        words = f"int() argument must be a string, a bytes-like object or a real number, not '{kind}'"
        op.refuse("TypeError", words, "axis")
    if isinstance(axis, float):
        assert op.self is not None
        op.self.attrs["axis"] = int(axis)


layer(
    "BatchNormalization",
    signature="axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, beta_initializer='zeros', "
    "gamma_initializer='ones', moving_mean_initializer='zeros', moving_variance_initializer='ones', "
    "beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, "
    "renorm=False, renorm_clipping=None, renorm_momentum=0.99, synchronized=False",
    check=_check_batch,
    build=_build_batch,
)(_normalised)


# -- layer, group, RMS, unit ---------------------------------------------------------------------------------


def _extents(op: Op, shape: Shape) -> tuple[Dim, ...]:
    axis = held(op, "axis")
    _check_index(op, axis)
    axes = axis if isinstance(axis, (list, tuple)) else (axis,)
    known = [a for a in axes if isinstance(a, int)]
    if len(known) != len(axes):
        raise NotModelled("the axes of a normalisation are not known")
    return tuple(shape[_place(op, shape, a)] for a in known)


def _check_axes(op: Op) -> None:
    axis = held(op, "axis")
    if isinstance(axis, (float, str)) or axis is None:
        words = f"Expected an int or a list/tuple of ints for the argument 'axis', but received: {axis!r}"
        op.refuse("TypeError", words, "axis")


def _build_layer_norm(op: Op, shape: Shape) -> None:
    assert op.self is not None
    extents = _extents(op, shape)
    by_variance = op.flag("rms_scaling")
    if op.flag("scale") or by_variance:
        add_weight(op.self, extents)
    if op.flag("center") and not by_variance:
        add_weight(op.self, extents)
    op.self.attrs["_features"] = extents[0] if len(extents) == 1 else None


layer(
    "LayerNormalization",
    signature="axis=-1, epsilon=0.001, center=True, scale=True, beta_initializer='zeros', "
    "gamma_initializer='ones', beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, "
    "gamma_constraint=None, *, rms_scaling=False",
    check=_check_axes,
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


def _check_groups(op: Op) -> None:
    groups = held(op, "groups")
    if (
        isinstance(groups, (float, str))
        or groups is None
        or (isinstance(groups, int) and groups < -1)
        or groups == 0
    ):
        words = (
            "Received an invalid value for argument `groups`, expected a positive integer (or `-1` for "
            "instance "
            f"normalization). Received: groups={groups}"
        )
        op.refuse("ValueError", words, "groups", kind=Kind.GROUPS)


layer(
    "GroupNormalization",
    signature="groups=32, axis=-1, epsilon=0.001, center=True, scale=True, beta_initializer='zeros', "
    "gamma_initializer='ones', beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, "
    "gamma_constraint=None",
    check=_check_groups,
    build=_build_group,
)(_normalised)


@layer("UnitNormalization", signature="axis=-1", check=_check_axes)
def unit(op: Op) -> Value:
    """Each sample scaled to length 1 along the axes."""
    x = tensor(op)
    _extents(op, x.shape or ())
    return made(op, x, x.shape or ())


# -- of the data ---------------------------------------------------------------------------------------------


def _build_normalization(op: Op, shape: Shape) -> None:
    """Without given statistics a mean, a variance and a count are kept, of the kept axes."""
    assert op.self is not None
    axis = held(op, "axis")
    axes = () if axis is None else axis if isinstance(axis, (list, tuple)) else (axis,)
    for a in axes:
        if isinstance(a, int) and not -len(shape) <= a < len(shape):
            words = (
                "All `axis` values must be in the range [-ndim, ndim). Received inputs with "
                f"ndim={len(shape)}, while axis={axis}"
            )
            op.refuse("ValueError", words, "axis", kind=Kind.RANK)
    if held(op, "mean") is not None:
        return
    kept = sorted(a % len(shape) for a in axes if isinstance(a, int))
    if len(set(kept)) < len(kept):
        raise NotModelled("an axis is kept twice")
    if any(isinstance(shape[a], Expr) for a in kept):
        raise NotModelled("the statistics are kept of an axis that is free")
    extents = tuple(shape[a] for a in kept)
    add_weight(op.self, extents, trainable=False)
    add_weight(op.self, extents, trainable=False)
    add_weight(op.self, (), trainable=False, dtype="int32")


def _check_statistics(op: Op) -> None:
    mean, variance = held(op, "mean"), held(op, "variance")
    if (mean is None) != (variance is None):
        words = (
            "When setting values directly, both `mean` and `variance` must be set. Received: "
            f"mean={mean} and variance={variance}"
        )
        op.refuse("ValueError", words, "variance" if variance is None else "mean")


@layer(
    "Normalization",
    signature="axis=-1, mean=None, variance=None, invert=False",
    check=_check_statistics,
    build=_build_normalization,
)
def normalization(op: Op) -> Value:
    x = tensor(op)
    return made(op, x, x.shape or ())
