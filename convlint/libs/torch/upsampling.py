"""`F.interpolate` and the upsampling layers, with the checks of torch.nn.functional.interpolate."""

from __future__ import annotations

from collections.abc import Callable

from convlint.libs.op import Op
from convlint.libs.registry import alias, function
from convlint.libs.torch.arguments import FLOATING, dense_strides, floating, items, kind_of, operand, whole
from convlint.libs.torch.factors import scaled
from convlint.libs.torch.layer import layer
from convlint.libs.torch.wording import listed, sizes
from convlint.shapes import resample
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Tensor, Unknown, Value

alias("torch.nn.modules.upsampling", "torch.nn")

RANKS = {
    "nearest": (3, 4, 5),
    "nearest-exact": (3, 4, 5),
    "area": (3, 4, 5),
    "linear": (3,),
    "bilinear": (4,),
    "bicubic": (4,),
    "lanczos": (4,),
    "trilinear": (5,),
}
MODES = "nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact"
LINEAR = {3: "linear", 4: "bilinear", 5: "trilinear"}


@function(
    "torch.nn.functional.interpolate",
    signature="input, size=None, scale_factor=None, mode='nearest', align_corners=None, "
    "recompute_scale_factor=None, antialias=False",
)
def interpolate(op: Op) -> Value:
    """The map at another size: asked for, or the present one times a factor, cut off after the point."""
    x = operand(op, "input", "interpolate")
    mode, corners = op["mode"], op["align_corners"]
    recompute, antialias = op["recompute_scale_factor"], op["antialias"]
    return resized(op, x, mode, corners, recompute, antialias)


def resized(
    op: Op, x: Tensor, mode: Value, corners: Value, recompute: Value = None, antialias: Value = False
) -> Value:
    """`F.interpolate`, with size and scale_factor read from the call or layer."""
    xs = x.shape
    assert xs is not None
    if mode in ("nearest", "area", "nearest-exact") and isinstance(corners, bool):
        message = (
            "align_corners option can only be set with the interpolating modes: linear | "
            "bilinear | bicubic | trilinear"
        )
        op.refuse("ValueError", message, "align_corners", "mode")
    size, factor = op["size"], op["scale_factor"]
    if size is not None and factor is not None:
        op.refuse("ValueError", "only one of size or scale_factor should be defined", "scale_factor", "size")
    if size is None and factor is None:
        op.refuse("ValueError", "either size or scale_factor should be defined", "size", "scale_factor")
    wanted = _asked(op, xs) if size is not None else _multiplied(op, xs)
    if recompute is True and size is not None:
        message = "recompute_scale_factor is not meaningful with an explicit size."
        op.refuse("ValueError", message, "recompute_scale_factor")
    if (
        antialias is True
        and isinstance(mode, str)
        and (mode not in ("bilinear", "bicubic", "lanczos") or len(xs) != 4)
    ):
        message = (
            "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes "
            "and requires a 4-D tensor as input"
        )
        op.refuse("ValueError", message, "antialias", "mode")
    if isinstance(mode, str):
        _check_mode(op, xs, mode, corners, antialias)
    return _result(op, x, xs, mode, wanted)


def _asked(op: Op, xs: Shape) -> Shape:
    size, axes = op["size"], max(len(xs) - 2, 0)
    if isinstance(size, Unknown):
        return tuple(size.derive(("axis", i)).dim for i in range(axes))
    members = items(op, "size")
    if members is None:
        if isinstance(size, (bool, *FLOATING, str)):
            _not_numbers(op, xs, "size")
        return (whole(op, size, "size"),) * axes
    if len(members) != axes:
        shown = listed(members, size)
        message = (
            "Input and output must have the same number of spatial dimensions, but got input "
            "with spatial dimensions "
            f"of {sizes(xs[2:])} and output size of {shown}. Please provide input tensor in (N, "
            "C, d1, d2, ...,dK) "
            "format and output size in (o1, o2, ...,oK) format."
        )
        _spatial(op, xs, len(members), message, "size")
    if any(isinstance(v, (*FLOATING, str)) or v is None for v in members):
        message = "expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, int], "
        types = ", ".join(f"<class '{kind_of(v)}'>" for v in members)
        op.refuse("TypeError", f"{message}but got size with types [{types}]", "size")
    return tuple(whole(op, v, "size") for v in members)


def _multiplied(op: Op, xs: Shape) -> Shape:
    factor, space = op["scale_factor"], xs[2:]
    members = items(op, "scale_factor")
    if members is None:
        if isinstance(factor, str):
            _not_numbers(op, xs, "scale_factor")
        members = (factor,) * len(space)
    elif len(members) != len(space):
        shown = str(tuple(members)) if isinstance(factor, tuple) else str(list(members))
        message = (
            "Input and scale_factor must have the same number of spatial dimensions, but got "
            "input with spatial "
            f"dimensions of {sizes(space)} and scale_factor of shape {shown}. Please provide input tensor in "
            "(N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format."
        )
        _spatial(op, xs, len(members), message, "scale_factor")
    return tuple(scaled(op, n, f, "the scale factor") for n, f in zip(space, members, strict=True))


def _spatial(op: Op, xs: Shape, got: int, message: str, argument: str) -> None:
    fault = Fault(Kind.RANK, len(xs) - 2, got, (xs,), arguments=(argument,), detail=message)
    op.lawful(fault, lambda _: f"ValueError: {message}")


def _not_numbers(op: Op, xs: Shape, name: str) -> None:
    kernel = f"upsample_nearest{max(len(xs) - 2, 1)}d"
    got = "(Tensor, list, NoneType)" if name == "size" else "(Tensor, NoneType, list)"
    op.refuse("TypeError", f"{kernel}() received an invalid combination of arguments - got {got}", name)


def _check_mode(op: Op, xs: Shape, mode: str, corners: Value, antialias: Value) -> None:
    ranks = RANKS.get(mode, ())
    if len(xs) not in ranks:
        if len(xs) in LINEAR and mode in LINEAR.values():
            message = f"Got {len(xs)}D input, but {mode} mode needs {ranks[0]}D input"
        else:
            message = (
                f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {len(xs)}D) for "
                f"the modes: {MODES} "
                f"(got {mode})"
            )
        if not ranks:
            op.refuse("NotImplementedError", message, "mode")
        fault = Fault(Kind.RANK, ranks, len(xs), (xs,), arguments=("mode",), detail=message)
        op.lawful(fault, lambda _: f"NotImplementedError: {message}")
    if mode == "lanczos":
        if corners is True:
            op.refuse("ValueError", "Lanczos mode does not support align_corners=True", "align_corners")
        if antialias is False:
            op.refuse("ValueError", "Lanczos mode requires antialias=True", "antialias")


def _result(op: Op, x: Tensor, xs: Shape, mode: Value, wanted: Shape) -> Value:
    if mode == "area":
        return _area(op, x, xs, wanted)
    outcome = resample.interpolate(xs, wanted)
    shape = op.lawful(outcome, _words(xs, wanted))
    if 0 in xs[1:2]:
        message = f"Non-empty {len(xs)}D data tensor expected but got a tensor with sizes {sizes(xs)}"
        op.lawful(
            Fault(Kind.KERNEL, 1, 0, (xs,), 1, detail="an empty axis"), lambda _: f"RuntimeError: {message}"
        )
    if x.dtype != "uint8" or mode in ("linear", "trilinear"):
        name = mode if isinstance(mode, str) else "nearest"
        floating(op, x, f"upsample_{name}{len(xs) - 2 if name == 'nearest' else ''}_channels_last")
    return op.result(x, shape, strides=dense_strides(x))


def _area(op: Op, x: Tensor, xs: Shape, wanted: Shape) -> Value:
    """Adaptive average pooling."""
    from convlint.libs.registry import lookup

    pool = lookup(f"torch.nn.functional.adaptive_avg_pool{len(wanted)}d")
    return op.call(pool, x, wanted)


def _words(xs: Shape, wanted: Shape) -> Callable[[Fault], str]:
    def side(numbers: Shape) -> str:
        return ", ".join(f"{a}: {n}" for a, n in zip("DHW"[-len(numbers) :], numbers, strict=True))

    joint = "and " if len(wanted) == 1 else ""
    return lambda _: (
        "RuntimeError: Input and output sizes should be greater than 0, "
        f"but got input ({side(xs[2:])}) {joint}output ({side(wanted)})"
    )


# -- layers --------------------------------------------------------------------------------------------------


def _build(op: Op) -> None:
    assert op.self is not None
    op.self.attrs["name"] = op.self.cls.name
    factor = op["scale_factor"]
    if isinstance(factor, tuple):
        op.self.attrs["scale_factor"] = tuple(_float(op, f) for f in factor)
    elif isinstance(factor, (int, float)) and not factor:
        op.self.attrs["scale_factor"] = None
    else:
        op.self.attrs["scale_factor"] = None if factor is None else _float(op, factor)
    if op.name == "torch.nn.UpsamplingNearest2d":
        op.self.attrs.update(mode="nearest", align_corners=None, recompute_scale_factor=None)
    if op.name == "torch.nn.UpsamplingBilinear2d":
        op.self.attrs.update(mode="bilinear", align_corners=True, recompute_scale_factor=None)


def _float(op: Op, factor: Value) -> Value:
    if isinstance(factor, (list, dict)):
        message = f"float() argument must be a string or a real number, not '{kind_of(factor)}'"
        op.refuse("TypeError", message, "scale_factor")
    if isinstance(factor, str):
        try:
            return float(factor)
        except ValueError:
            op.refuse("ValueError", f"could not convert string to float: {factor!r}", "scale_factor")
    return float(factor) if isinstance(factor, int) else factor


def _upsample(op: Op) -> Value:
    x = operand(op, "input", "interpolate")
    return resized(op, x, op["mode"], op["align_corners"], op["recompute_scale_factor"])


layer(
    "torch.nn.Upsample",
    "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None",
    build=_build,
)(_upsample)
for _name in ("UpsamplingNearest2d", "UpsamplingBilinear2d"):
    layer(f"torch.nn.{_name}", "size=None, scale_factor=None", build=_build, base="torch.nn.Upsample")(
        _upsample
    )


@function(
    "torch.nn.functional.upsample",
    signature="input, size=None, scale_factor=None, mode='nearest', align_corners=None",
)
def upsample(op: Op) -> Value:
    """The older name of `interpolate`."""
    return resized(op, operand(op, "input", "interpolate"), op["mode"], op["align_corners"])


@function("torch.nn.functional.upsample_nearest", signature="input, size=None, scale_factor=None")
def upsample_nearest(op: Op) -> Value:
    """`interpolate` with mode nearest."""
    return resized(op, operand(op, "input", "interpolate"), "nearest", None)


@function("torch.nn.functional.upsample_bilinear", signature="input, size=None, scale_factor=None")
def upsample_bilinear(op: Op) -> Value:
    """`interpolate` with mode bilinear and aligned corners."""
    return resized(op, operand(op, "input", "interpolate"), "bilinear", True)
