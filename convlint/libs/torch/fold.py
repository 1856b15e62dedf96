"""`Fold` and `Unfold`, with the checks of ATen's im2col_shape_check.h."""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import floordiv
from convlint.libs.op import Op
from convlint.libs.registry import alias, function
from convlint.libs.torch.arguments import below, operand, repeated, whole
from convlint.libs.torch.layer import layer
from convlint.libs.torch.wording import sizes
from convlint.shapes import fold as laws
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.window import Window, extent
from convlint.values import Value

alias("torch.nn.modules.fold", "torch.nn")


def _pair(op: Op, name: str) -> Shape:
    """Two numbers: `_pair` accepts any sequence, the kernel two."""
    values = repeated(op, name, 2)
    if len(values) != 2:
        op.refuse("RuntimeError", f"It is expected {name} equals to 2, but got size {len(values)}", name)
    return tuple(whole(op, v, name) for v in values)


def _windows(op: Op) -> tuple[Window, ...]:
    kernel, dilation, padding, stride = (
        _pair(op, n) for n in ("kernel_size", "dilation", "padding", "stride")
    )
    for numbers, words, name, least in (
        (kernel, "kernel size", "kernel_size", 1),
        (dilation, "dilation", "dilation", 1),
        (padding, "padding", "padding", 0),
        (stride, "stride", "stride", 1),
    ):
        if below(numbers, least):
            short = {"kernel_size": "kernel", "padding": "pad"}.get(name, name)
            bound = "greater than zero" if least else "non-negative"
            shown = f"{short}_height: {numbers[0]} {short}_width: {numbers[1]}"
            op.refuse("RuntimeError", f"{words} should be {bound}, but got {shown}", name)
    return tuple(Window(k, s, d, p, p) for k, s, d, p in zip(kernel, stride, dilation, padding, strict=True))


@layer("torch.nn.Unfold", "kernel_size, dilation=1, padding=0, stride=1")
@function("torch.nn.functional.unfold", signature="input, kernel_size, dilation=1, padding=0, stride=1")
def unfold(op: Op) -> Value:
    """Sliding blocks of a map as columns."""
    x = operand(op, "input", "im2col")
    xs = x.shape
    assert xs is not None
    windows = _windows(op)
    if len(xs) in (3, 4) and 0 in xs[-3:]:
        fault = Fault(Kind.KERNEL, 1, 0, (xs,), xs.index(0, len(xs) - 3), detail="an empty axis")
        op.lawful(fault, lambda _: _expected_map(xs))

    def words(fault: Fault) -> str:
        if fault.kind is Kind.RANK:
            return _expected_map(xs)
        kernel, dilation, padding = (
            _shown(getattr(w, name) for w in windows) for name in ("kernel", "dilation", "before")
        )
        blocks = _shown(extent(n, w) for n, w in zip(xs[-2:], windows, strict=True))
        return (
            f"RuntimeError: Given input with spatial size {_shown(xs[-2:])}, kernel_size={kernel}, "
            f"dilation={dilation}, padding={padding}, calculated shape of the array of sliding "
            f"blocks as {blocks}, "
            "but its components must be at least one."
        )

    return op.result(x, op.lawful(laws.unfold(xs, windows), words))


def _expected_map(xs: Shape) -> str:
    return (
        "RuntimeError: Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and "
        "other non-zero dimensions "
        f"for input, but got: {sizes(xs)}"
    )


@layer("torch.nn.Fold", "output_size, kernel_size, dilation=1, padding=0, stride=1")
@function(
    "torch.nn.functional.fold", signature="input, output_size, kernel_size, dilation=1, padding=0, stride=1"
)
def fold(op: Op) -> Value:
    """Columns added back into a map of `output_size`."""
    x = operand(op, "input", "col2im")
    xs = x.shape
    assert xs is not None
    output, windows = _pair(op, "output_size"), _windows(op)
    if len(xs) in (2, 3) and 0 in xs[-2:]:
        fault = Fault(Kind.RESHAPE, 1, 0, (xs,), xs.index(0, len(xs) - 2), detail="an empty axis")
        op.lawful(fault, lambda _: _expected_columns(xs))
    outcome = laws.fold(xs, output, windows)
    instead = None
    if isinstance(outcome, Fault) and outcome.kind is Kind.RESHAPE:
        # the map is certain whatever the number of columns is
        instead = (*xs[:-2], floordiv(xs[-2], windows[0].kernel * windows[1].kernel), *output)
    return op.result(x, op.lawful(outcome, _fold_words(xs, output, windows), instead))


def _fold_words(xs: Shape, output: Shape, windows: tuple[Window, ...]) -> Callable[[Fault], str]:
    kernel, dilation, padding, stride = (
        _shown(getattr(w, name) for w in windows) for name in ("kernel", "dilation", "before", "stride")
    )

    def words(fault: Fault) -> str:
        if fault.kind is Kind.RANK:
            return _expected_columns(xs)
        if fault.kind is Kind.CHANNELS:
            return (
                "RuntimeError: Expected size of input's dimension 1 to be divisible by the product of "
                f"kernel_size, but got input.size(1)={fault.got} and kernel_size={kernel}."
            )
        shown = f"output_size={_shown(output)}"
        if fault.kind is Kind.ARGUMENT:
            return f"RuntimeError: Expected output spatial size to be positive, but got: {shown}."
        places = [extent(n, w) for n, w in zip(output, windows, strict=True)]
        return (
            f"RuntimeError: Given {shown}, kernel_size={kernel}, dilation={dilation}, padding={padding}, "
            f"stride={stride}, expected size of input's dimension 2 to match the calculated number of "
            f"sliding blocks {places[0]} * {places[1]} = {places[0] * places[1]}, "
            f"but got input.size(2)={xs[-1]}."
        )

    return words


def _expected_columns(xs: Shape) -> str:
    return (
        "RuntimeError: Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch "
        "size and non-zero "
        f"dimensions for input, but got: {sizes(xs)}"
    )


def _shown(numbers: object) -> str:
    assert hasattr(numbers, "__iter__")
    return f"({', '.join(map(str, numbers))})"
