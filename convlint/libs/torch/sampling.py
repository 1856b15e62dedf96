"""`F.grid_sample` and `F.affine_grid` (aten/src/ATen/native/GridSamplerUtils.h, AffineGridGenerator.cpp)."""

from __future__ import annotations

from collections.abc import Callable

from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch.arguments import floating, items, operand, whole, whole_numbers
from convlint.libs.torch.wording import listed, size, sizes
from convlint.shapes import resample
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Tensor, Value


@function(
    "torch.nn.functional.grid_sample",
    signature="input, grid, mode='bilinear', padding_mode='zeros', align_corners=None",
)
def grid_sample(op: Op) -> Value:
    """The input at the places of a grid."""
    mode, padding = op["mode"], op["padding_mode"]
    if isinstance(mode, str) and mode not in ("bilinear", "nearest", "bicubic"):
        message = "nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', "
        op.refuse("ValueError", f"{message}but got: '{mode}'", "mode")
    if isinstance(padding, str) and padding not in ("zeros", "border", "reflection"):
        message = (
            "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', "
        )
        op.refuse("ValueError", f"{message}but got: '{padding}'", "padding_mode")
    return _sampled(op, mode == "bicubic")


@function("torch.grid_sampler", signature="input, grid, interpolation_mode, padding_mode, align_corners")
def grid_sampler(op: Op) -> Value:
    """The native form, with numbers for the modes."""
    return _sampled(op, op["interpolation_mode"] == 2)


def _sampled(op: Op, cubic: bool) -> Value:
    x, grid = operand(op, "input", "grid_sampler"), operand(op, "grid", "grid_sampler", 2)
    assert x.shape is not None and grid.shape is not None
    xs, gs = x.shape, grid.shape
    batches = xs[:1] + gs[:1]
    unequal = len(batches) == 2 and all(isinstance(n, int) for n in batches) and batches[0] != batches[1]
    if unequal and len(xs) != len(gs):  # ATen looks at the batch before the ranks
        fault = Fault(Kind.RANK, len(xs), len(gs), (xs, gs), arguments=("grid",))
        op.lawful(fault, _words(xs, gs, "batch"))
    shape = op.lawful(resample.sample(xs, gs), _words(xs, gs))
    if cubic and len(xs) == 5:
        message = "grid_sampler(): bicubic interpolation only supports 4D input"
        op.lawful(Fault(Kind.RANK, 4, 5, (xs, gs), arguments=("mode",)), lambda _: f"RuntimeError: {message}")
    if 0 not in shape:
        _check_types(op, x, grid, len(xs) - 2)
    return op.result(x, shape)


def _check_types(op: Op, x: Tensor, grid: Tensor, axes: int) -> None:
    if whole_numbers(x) == whole_numbers(grid):
        floating(op, x, f"grid_sampler_{axes}d_cpu_kernel_impl")
    elif x.dtype is not None and grid.dtype is not None:
        message = (
            f"grid_sampler(): expected input and grid to have same dtype, but input has {x.dtype} "
            f"and grid has {grid.dtype}"
        )
        op.refuse("RuntimeError", message, "grid", kind=Kind.OTHER)


def _words(xs: Shape, gs: Shape, about: str = "") -> Callable[[Fault], str]:
    given = f"input with sizes {sizes(xs)} and grid with sizes {sizes(gs)}"

    def words(fault: Fault) -> str:
        if about == "batch" or fault.kind is Kind.JOIN:
            return (
                "RuntimeError: grid_sampler(): expected grid and input to have same batch size, "
                f"but got {given}"
            )
        if fault.kind is Kind.RANK:
            wanted = len(xs) if len(xs) in (4, 5) else "4D or 5"
            return (
                f"RuntimeError: grid_sampler(): expected {wanted}D input and grid with same "
                "number of dimensions, "
                f"but got {given}"
            )
        if fault.kind is Kind.OTHER:
            return (
                f"RuntimeError: grid_sampler(): expected grid to have size {fault.expected} in "
                "last dimension, "
                f"but got grid with sizes {sizes(gs)}"
            )
        return (
            "RuntimeError: grid_sampler(): expected input to have non-empty spatial dimensions, "
            f"but input has sizes {sizes(xs)} with dimension {fault.axis} being empty"
        )

    return words


@function("torch.nn.functional.affine_grid", signature="theta, size, align_corners=None")
@function("torch.affine_grid_generator", signature="theta, size, align_corners")
def affine_grid(op: Op) -> Value:
    """The grid of an affine map for a result of `size`."""
    theta = operand(op, "theta", "affine_grid")
    assert theta.shape is not None
    members = items(op, "size")
    if members is None:
        if isinstance(op["size"], (int, float)):
            op.refuse("TypeError", f"object of type '{type(op['size']).__name__}' has no len()", "size")
        op.known("size")
        members = ()
    if whole_numbers(theta) and op.name == "torch.nn.functional.affine_grid":
        message = f"Expected theta to have floating point type, but got torch.{theta.dtype}"
        op.refuse("ValueError", message, "theta", kind=Kind.OTHER)
    wanted = tuple(whole(op, v, "size") for v in members)
    shown = listed(wanted, op["size"])
    if len(wanted) not in (4, 5):
        message = "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. "
        op.refuse("NotImplementedError", f"{message}Got size {shown}.", "size")
    least = int(op.name == "torch.nn.functional.affine_grid")  # ATen's own function takes empty sizes
    shape = op.lawful(
        resample.affine_grid(theta.shape, wanted, least=least), _affine_words(theta.shape, wanted, shown)
    )
    return op.result(theta, shape)


def _affine_words(theta: Shape, wanted: Shape, shown: str) -> Callable[[Fault], str]:
    axes = len(wanted) - 2

    def words(fault: Fault) -> str:
        if fault.kind is Kind.ARGUMENT:
            return f"ValueError: Expected non-zero, positive output size. Got {shown}"
        if fault.kind is Kind.JOIN:
            return (
                "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: "
                f"[{wanted[0]}, {axes + 1}] but got: [{theta[0]}, {axes + 1}]."
            )
        return (
            f"ValueError: Expected a batch of {axes}D affine matrices of shape "
            f"Nx{axes}x{axes + 1} for size {shown}. "
            f"Got {size(theta)}."
        )

    return words
