"""A number that is passed by position means another parameter than the one that was probably meant.

## What it does
Flags Keras convolutions such as `Conv2D(32, 3, 3)`, where the second 3 is the stride and not the kernel's
width; `BatchNorm2d(n, n)`, where the second number is `eps`; and a parameter named stride that is passed as
the kernel size, but of a pool that moves by its kernel.

## Why it matters
The network runs, with maps a third as large as intended, or with a norm that divides by the wrong number.

## Example
    layers.Conv2D(32, 3, 3)

## Use instead
    layers.Conv2D(32, (3, 3))

## When to ignore
Where the stride is meant: write `strides=3`.
"""

from collections.abc import Iterator

from convlint.lint import Applicability, Edit, Finding, Fix, Layer, Place, Severity, WindowLayer
from convlint.lint.rule import rule

_NORMS = tuple(f"torch.nn.{kind}Norm{rank}d" for kind in ("Batch", "Instance") for rank in (1, 2, 3))


@rule("CL303", "positional-trap", Severity.WARNING)
def positional_trap(layer: Layer) -> Iterator[Finding]:
    """One finding for each call that passes such a number."""
    kernel, stride = layer.positional("kernel_size"), layer.positional("strides") if layer.keras else ""
    if kernel.isdecimal() and kernel == stride and int(kernel) > 1 and int(kernel) % 2:
        place = layer.passed("strides")
        yield place.finding(
            f"the second {stride} is the stride of {layer.shown}, not its kernel's width",
            help=f"kernel_size=({kernel}, {kernel}), or strides={stride} if that is meant",
            fix=_named(place, stride) if not layer.positional("padding") else None,
            together=place.part,
        )
    elif "stride" in kernel and kernel.isidentifier() and not _pools_by_it(layer):
        yield layer.passed("kernel_size").finding(
            f"`{kernel}` is passed as the kernel size of {layer.shown}",
            help=f"{'strides' if layer.keras else 'stride'}={kernel}, or another name for it",
        )
    elif layer.derives(*_NORMS):
        yield from _epsilon(layer)


def _pools_by_it(layer: Layer) -> bool:
    """Whether it is a pool without a stride of its own: it moves by its kernel, so that the name is right."""
    return isinstance(layer, WindowLayer) and not layer.kind.convolves and layer.argument("stride") is None


def _named(place: Place, stride: str) -> Fix:
    _, start, end = place.sources.locate(place.span)
    return Fix(Applicability.SAFE, f"name it: strides={stride}", (Edit(f"strides={stride}", start, end),))


def _epsilon(layer: Layer) -> Iterator[Finding]:
    eps = layer.argument("eps")
    if isinstance(eps, int) and not isinstance(eps, bool) and eps >= 1 and layer.positional("eps"):
        yield layer.passed("eps").finding(
            f"the second number of {layer.shown} is eps, {eps}: every variance grows by it",
            help=f"nn.{layer.type}({layer.positional('num_features')})",
        )
