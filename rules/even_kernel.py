"""Even kernels that no symmetric padding can centre shift the feature map by half a pixel.

## What it does
Flags an even kernel extent k where d(k − 1) + 1 − s is odd, for a stride s and a dilation d. Kernels of 2
with stride 2, or 4 with stride 2, have a symmetric padding and pass. A kernel that covers the whole map, or
grows one from a single pixel, has no place to be centred on and passes, too, as does one whose input is
padded on one side.

## Why it matters
Such a window has no centre pixel: each layer drifts by half a pixel, or changes the size of the map by one.
Keras' `padding='same'` pads one side more than the other.

## Example
    nn.Conv2d(3, 16, kernel_size=4, padding=1)

## Use instead
    nn.Conv2d(3, 16, kernel_size=3, padding=1)

## When to ignore
Where half a pixel does not matter to you: a classifier of coarse features, say.
"""

from collections.abc import Iterator

from convlint.lint import Applicability, Axis, Finding, Fix, Severity, WindowLayer
from convlint.lint.rule import rule
from convlint.lint.wording import listed, per_axis

_LOCAL = 4
_PAIR = 2


@rule("CL301", "even-kernel", Severity.WARNING)
def even_kernel(layer: WindowLayer) -> Iterator[Finding]:
    """One finding for each kernel extent, the axes that share it together."""
    if not layer.inputs and (layer.calls or any(map(_may_belong, layer.known_axes()))):
        return
    groups: dict[tuple[int, int, int], list[Axis]] = {}
    for axis in layer.known_axes():
        if axis.kernel % 2 == 0 and (axis.reach - axis.stride) % 2 == 1 and not _deliberate(layer, axis):
            groups.setdefault((axis.kernel, axis.stride, axis.dilation), []).append(axis)
    for (kernel, _, _), axes in groups.items():
        names = listed([axis.name for axis in axes])
        plural = "axis" if len(axes) == 1 else "axes"
        yield layer.at("kernel_size").finding(
            f"kernel extent {kernel} on {plural} {names} is even and cannot be centred",
            help=_help(axes[0], layer.keras),
            fix=_larger(layer, axes),
        )


def _may_belong(axis: Axis) -> bool:
    """Whether the window may be right for a map that nobody could follow: as large as it, or cropped."""
    return axis.kernel > _LOCAL or (axis.kernel > _PAIR and not (axis.same or axis.before))


def _larger(layer: WindowLayer, uneven: list[Axis]) -> Fix | None:
    """The kernel k + 1, which an odd dilation gives a centre, and for PyTorch the padding that centres it."""
    axes, word = layer.known_axes(), "kernel_size" if layer.kind.convolves or not layer.keras else "pool_size"
    words = ("strides", "dilation_rate") if layer.keras else ("stride", "padding", "dilation")
    names = (word, *words)
    if len(axes) < layer.kind.rank or not layer.literal(*names) or not layer.alike(*names):
        return None
    if any(axis.dilation % 2 == 0 or (axis.before is None and not layer.keras) for axis in axes):
        return None
    kernel = per_axis([axis.kernel + (axis in uneven) for axis in axes])
    if layer.keras:
        return layer.giving(Applicability.UNSAFE, **{word: kernel})
    padding = [_centred(axis) if axis in uneven else axis.before or 0 for axis in axes]
    if min(padding) < 0:
        return None
    return layer.giving(Applicability.UNSAFE, **{word: kernel, "padding": per_axis(padding)})


def _centred(axis: Axis) -> int:
    """The padding on both sides of a kernel one larger with which the map is divided by the stride alone."""
    return (axis.dilation * axis.kernel + 1 - axis.stride) // 2


def _deliberate(layer: WindowLayer, axis: Axis) -> bool:
    """Whether the window covers the map as a whole, or what it takes or gives is padded or cropped."""
    if not layer.kind.convolves and axis.stride == 1 and axis.kernel > _LOCAL:
        return True  # it pools the whole of a map whose size its author knows
    extents = layer.extents(axis)
    single = [before if layer.kind.transposed else after for before, after in extents]
    if single and all(extent == 1 for extent in single):
        return True
    return layer.padded_before(axis) or layer.cropped_after(axis) or layer.may_span_its_map(axis)


def _help(axis: Axis, keras: bool) -> str:
    k = axis.kernel
    if keras:
        pads = 'padding="same" pads one side more; ' if axis.same else ""
        return f"{pads}kernel_size={k - 1} or {k + 1}" if axis.stride == 1 else f"{pads}an odd kernel_size"
    if axis.stride == axis.dilation == 1:
        smaller, larger = (k - 1, k // 2 - 1), (k + 1, k // 2)
        return listed(
            [f"kernel_size={size} with padding={padding}" for size, padding in (smaller, larger)], "or"
        )
    odd = axis.reach - axis.stride
    return f"an odd kernel, or a stride and dilation for which d(k − 1) + 1 − s is even, not {odd}"
