"""Image preprocessing and augmentation (keras.io/api/layers/preprocessing_layers/image_augmentation).

Law: an augmentation keeps the shape; `Resizing`, `CenterCrop` and `RandomCrop` set height and width.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from convlint.dims import Dim
from convlint.libs.keras.arguments import layout
from convlint.libs.keras.declare import Check, layer, made, tensor
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.setting import held
from convlint.libs.op import Op
from convlint.shapes.fault import Kind, Shape
from convlint.shapes.window import Layout
from convlint.values import NotModelled, Tensor, Unknown, Value

CALL = "data, training=True"
_FILLS = ("reflect", "wrap", "constant", "nearest")
_SAMPLINGS = ("nearest", "bilinear")


class Bounds(Struct, frozen=True):
    """A factor between two numbers; `each` checks both numbers of a pair, else only that it overlaps."""

    low: float
    high: float
    each: bool = False
    open: bool = False
    """Whether the lower bound itself is refused."""


def _check_factor(op: Op, name: str, bounds: Bounds) -> None:
    """A number or two, within the bounds (`_set_factor` of Keras' layers)."""
    value = held(op, name)
    left = "(" if bounds.open else "["
    words = (
        f"The `{name}` argument should be a number (or a list of two numbers) in the range "
        f"{left}{bounds.low}, {bounds.high}]. Received: {name}={value}"
    )
    if isinstance(value, Unknown):
        return
    if isinstance(value, (int, float)):
        numbers: Sequence[Value] = (value,)
        wrong = not bounds.low <= value <= bounds.high or (bounds.open and value == bounds.low)
    elif isinstance(value, (list, tuple)) and len(value) == 2:
        numbers = value
        if not all(isinstance(n, (int, float)) for n in numbers):
            return
        first, second = (float(n) for n in numbers if isinstance(n, (int, float)))
        wrong = first > bounds.high or second < bounds.low
        if bounds.each:
            low = min(first, second)
            wrong = (
                max(first, second) > bounds.high or low < bounds.low or (bounds.open and low == bounds.low)
            )
    else:
        wrong = True
    if wrong:
        op.refuse("ValueError", words, name)


def _check_range(op: Op) -> None:
    value = held(op, "value_range")
    if isinstance(value, Unknown):
        return
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        words = f"The `value_range` argument should be a list of two numbers. Received: value_range={value}"
        op.refuse("ValueError", words, "value_range")


def _check_choice(op: Op, name: str, known: tuple[str, ...]) -> None:
    value = held(op, name)
    if not isinstance(value, Unknown) and value not in known:
        op.refuse("NotImplementedError", f"Unknown `{name}` {value}. Expected of one {known}.", name)


def _checks(factors: dict[str, Bounds], *, ranged: bool, chosen: dict[str, tuple[str, ...]]) -> Check:
    def check(op: Op) -> None:
        for name, bounds in factors.items():
            if held(op, name) is not None or bounds.low == 1:
                _check_factor(op, name, bounds)
        if ranged:
            _check_range(op)
        for name, known in chosen.items():
            _check_choice(op, name, known)

    return check


def _kept(op: Op) -> Value:
    """The shape of the images, or of everything in a dictionary, stays."""
    data = op["data"]
    if isinstance(data, dict):
        return {key: _same(op, value) for key, value in data.items()}
    x = tensor(op, "data")
    return made(op, x, x.shape or ())


def _coloured(op: Op) -> Value:
    """Pictures of three channels keep their shape."""
    data = op["data"]
    if isinstance(data, Tensor) and data.shape is not None:
        if len(data.shape) not in (3, 4):
            words = (
                "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of images). Received: "
                f"input_shape={shown_shape(data.shape)}"
            )
            op.refuse("ValueError", words, kind=Kind.RANK)
        axis = -1 if layout(op) is Layout.CHANNELS_LAST else -3
        channels = data.shape[axis]
        if isinstance(channels, int) and channels != 3:
            words = f"Input images must have 3 channels, but received images with {channels} channels."
            op.refuse("ValueError", words, "data_format", kind=Kind.CHANNELS)
    return _kept(op)


def _same(op: Op, value: Value) -> Value:
    return made(op, value, value.shape) if isinstance(value, Tensor) and value.shape is not None else value


UNIT, BOTH = Bounds(0, 1), Bounds(-1, 1)
_SAMPLED: dict[str, tuple[str, ...]] = {"interpolation": _SAMPLINGS}
_FILLED: dict[str, tuple[str, ...]] = {"fill_mode": _FILLS, **_SAMPLED}
_R = "value_range=(0, 255)"
_END = "data_format=None, seed=None"
_SEED = "seed=None, data_format=None"
_MOVED = "fill_mode='reflect', interpolation='bilinear', seed=None, fill_value=0.0, data_format=None"
_FACTORED: tuple[tuple[str, str, dict[str, Bounds], bool, dict[str, tuple[str, ...]]], ...] = (
    ("AugMix", f"{_R}, num_chains=3, chain_depth=3, factor=0.3, alpha=1.0, all_ops=True, "
     f"interpolation='bilinear', {_SEED}", {"factor": UNIT}, False, {}),
    ("AutoContrast", _R, {}, True, {}),
    ("ContrastLimitedAdaptiveHistogramEqualization",
     f"{_R}, clip_limit=4.0, tile_grid_size=(8, 8), data_format=None", {}, False, {}),
    ("CutMix", f"factor=1.0, {_SEED}", {"factor": UNIT}, False, {}),
    ("Equalization", f"{_R}, bins=256, data_format=None", {}, True, {}),
    ("MixUp", f"alpha=0.2, {_END}", {}, False, {}),
    ("RandAugment", f"{_R}, num_ops=2, factor=0.5, interpolation='bilinear', {_SEED}", {"factor": UNIT},
     False, {}),
    ("RandomBrightness", f"factor, {_R}, seed=None", {"factor": BOTH}, True, {}),
    ("RandomColorDegeneration", f"factor, {_R}, {_END}", {"factor": BOTH}, True, {}),
    ("RandomColorJitter", f"{_R}, brightness_factor=None, contrast_factor=None, saturation_factor=None, "
     f"hue_factor=None, {_SEED}", {"brightness_factor": BOTH, "contrast_factor": UNIT,
     "saturation_factor": BOTH, "hue_factor": UNIT}, False, {}),
    ("RandomContrast", f"factor, {_R}, seed=None", {"factor": UNIT}, False, {}),
    ("RandomElasticTransform", f"factor=1.0, scale=1.0, interpolation='bilinear', fill_mode='reflect', "
     f"fill_value=0.0, {_R}, {_SEED}", {"factor": UNIT, "scale": UNIT}, False, _FILLED),
    ("RandomErasing", f"factor=1.0, scale=(0.02, 0.33), fill_value=None, {_R}, {_SEED}",
     {"factor": UNIT, "scale": UNIT}, False, {}),
    ("RandomFlip", f"mode='horizontal_and_vertical', {_SEED}", {}, False, {}),
    ("RandomGaussianBlur", f"factor=1.0, kernel_size=3, sigma=1.0, {_R}, {_END}",
     {"factor": UNIT, "sigma": UNIT}, False, {}),
    ("RandomGrayscale", f"factor=0.5, {_END}", {"factor": UNIT}, False, {}),
    ("RandomHue", f"factor, {_R}, {_END}", {"factor": UNIT}, False, {}),
    ("RandomInvert", f"factor=1.0, {_R}, {_SEED}", {"factor": UNIT}, False, {}),
    ("RandomPerspective", f"factor=1.0, scale=1.0, interpolation='bilinear', fill_value=0.0, {_SEED}",
     {"factor": UNIT, "scale": UNIT}, False, _SAMPLED),
    ("RandomPosterization", f"factor, {_R}, {_END}", {"factor": Bounds(1, 8)}, True, {}),
    ("RandomRotation", f"factor, {_MOVED}", {"factor": BOTH}, False, _FILLED),
    ("RandomSaturation", f"factor, {_R}, {_END}", {"factor": BOTH}, True, {}),
    ("RandomSharpness", f"factor, {_R}, {_END}", {"factor": UNIT}, True, {}),
    ("RandomShear", "x_factor=0.0, y_factor=0.0, interpolation='bilinear', fill_mode='reflect', "
     f"fill_value=0.0, {_END}", {n: Bounds(0, 1, each=True) for n in ("x_factor", "y_factor")}, False,
     _FILLED),
    ("RandomTranslation", f"height_factor, width_factor, {_MOVED}",
     {n: Bounds(-1, 1, each=True) for n in ("height_factor", "width_factor")}, False, _FILLED),
    ("RandomZoom", f"height_factor, width_factor=None, {_MOVED}",
     {n: Bounds(-1, 1, each=True, open=True) for n in ("height_factor", "width_factor")}, False, _FILLED),
    ("Solarization", f"addition_factor=0.0, threshold_factor=0.0, {_R}, seed=None",
     {n: Bounds(0, 1, each=True) for n in ("addition_factor", "threshold_factor")}, True, {}),
)  # fmt: skip


def _with_base(signature: str) -> str:
    """What the base class of image layers takes too."""
    extra = ["bounding_box_format=None", *([] if "data_format" in signature else ["data_format=None"])]
    return f"{signature}, *, {', '.join(extra)}"


for _name, _text, _bounds, _ranged, _chosen in _FACTORED:
    layer(
        _name,
        signature=_with_base(_text),
        check=_checks(_bounds, ranged=_ranged, chosen=_chosen),
        call=CALL,
    )(_coloured if _name == "RandomColorDegeneration" else _kept)


# -- another size --------------------------------------------------------------------------------------------


def _resized(op: Op) -> Value:
    """Height and width become those of the layer."""
    if isinstance(op["data"], dict):
        raise NotModelled("a dictionary of images and boxes is not followed")
    x = tensor(op, "data")
    xs = x.shape or ()
    if len(xs) not in (3, 4):
        assert op.self is not None
        if op.self.cls.derives("keras.layers.CenterCrop"):
            words = (
                "`input_shape` must be a non-nested tuple or list of rank-1 with size 3 (unbatched) or 4 "
                f"(batched). Received {shown_shape(xs)}"
            )
            op.refuse("ValueError", words, kind=Kind.RANK)
        raise NotModelled("images of another rank than 3 or 4 are not modelled")
    return made(op, x, _placed(op, xs, op.dim("height"), op.dim("width")))


def _placed(op: Op, xs: Shape, height: Dim, width: Dim) -> Shape:
    shape = list(xs)
    high, wide = (-2, -1) if layout(op) is Layout.CHANNELS_FIRST else (-3, -2)
    shape[high], shape[wide] = height, width
    return tuple(shape)


layer(
    "Resizing",
    signature=_with_base(
        "height, width, interpolation='bilinear', crop_to_aspect_ratio=False, pad_to_aspect_ratio=False, "
        "fill_mode='constant', fill_value=0.0, antialias=False, data_format=None"
    ),
    call=CALL,
)(_resized)
layer("CenterCrop", signature=_with_base("height, width, data_format=None"), call=CALL)(_resized)
layer("RandomCrop", signature=_with_base("height, width, seed=None, data_format=None"), call=CALL)(_resized)


@layer("MaxNumBoundingBoxes", signature=_with_base("max_number, fill_value=-1"), call=CALL)
def boxes(op: Op) -> Value:
    """As many boxes a picture as the layer says; a tensor alone is left as it is."""
    if isinstance(op["data"], dict):
        raise NotModelled("a dictionary of images and boxes is not followed")
    return _kept(op)
