"""The convolution layers, `Conv1d` … `ConvTranspose3d` (docs.pytorch.org/docs/stable/nn.html)."""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import Dim, floordiv
from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, klass, method
from convlint.libs.torch.arguments import (
    FLOATING,
    initialised,
    initialises,
    items,
    operand,
    repeated,
    unpacked,
    weight,
    whole,
)
from convlint.libs.torch.conv import convolution, transposed_convolution
from convlint.libs.torch.layer import layer
from convlint.libs.torch.padding import padded
from convlint.libs.torch.wording import listed, size, sizes
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.window import centred
from convlint.values import Value

alias("torch.nn.modules.conv", "torch.nn")
CONV_ND = klass("torch.nn.modules.conv._ConvNd", "torch.nn.Module").qualname
TRANSPOSE_ND = klass("torch.nn.modules.conv._ConvTransposeNd", CONV_ND).qualname
initialises(CONV_ND)

MODES = ("zeros", "reflect", "replicate", "circular")
CONV = (
    "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, "
    "padding_mode='zeros', device=None, dtype=None"
)
TRANSPOSE = (
    "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, "
    "dilation=1, padding_mode='zeros', device=None, dtype=None"
)


# -- construction --------------------------------------------------------------------------------------------


def build(rank: int, transposed: bool) -> Callable[[Op], None]:
    """The constructor: attributes as torch keeps them, its refusals, then the parameters."""

    def run(op: Op) -> None:
        settle(op, rank, transposed)
        check_divisible(op, "in_channels")
        check_divisible(op, "out_channels")
        check_padding(op)
        create(op, transposed)
        initialised(op)

    return run


def settle(op: Op, rank: int, transposed: bool) -> None:
    """Numbers become one an axis, whatever their number is."""
    assert op.self is not None
    attrs = op.self.attrs
    if transposed and op["padding_mode"] != "zeros":
        message = f'Only "zeros" padding mode is supported for {op.self.cls.name}'
        op.refuse("ValueError", message, "padding_mode")
    for name in ("kernel_size", "stride", "dilation"):
        attrs[name] = repeated(op, name, rank)
    if not isinstance(op["padding"], str):
        attrs["padding"] = repeated(op, "padding", rank)
    for axis, extent in enumerate(repeated(op, "kernel_size", rank)):
        if isinstance(extent, FLOATING):
            op.refuse("TypeError", f"empty(): argument 'size' {unpacked(3 + axis)}", "kernel_size")
    attrs["transposed"] = transposed
    attrs["output_padding"] = repeated(op, "output_padding", rank) if transposed else (0,) * rank
    groups = op["groups"]
    if isinstance(groups, (int, float)) and groups <= 0:
        op.refuse("ValueError", "groups must be a positive integer", "groups", kind=Kind.GROUPS)


def check_divisible(op: Op, name: str) -> None:
    """The groups divide the channels."""
    count, groups = op[name], op["groups"]
    if isinstance(count, FLOATING) or isinstance(groups, FLOATING):
        if isinstance(count, (int, float)) and isinstance(groups, (int, float)) and count % groups:
            op.refuse("ValueError", f"{name} must be divisible by groups", "groups", name, kind=Kind.GROUPS)
        return
    channels, parts = whole(op, count, name), whole(op, groups, "groups")
    demands = Demands()
    demands.divides(parts, channels, Fault(Kind.GROUPS, parts, channels, arguments=("groups", name)))
    op.lawful(demands.outcome(()), lambda _: f"ValueError: {name} must be divisible by groups")


def check_padding(op: Op) -> None:
    """The padding strings and modes there are; 'same' keeps a size only at stride 1."""
    assert op.self is not None
    padding, mode, stride = op.self.attrs["padding"], op.known("padding_mode"), op.self.attrs["stride"]
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            message = f"Invalid padding string '{padding}', should be one of {{'valid', 'same'}}"
            op.refuse("ValueError", message, "padding")
        strided = isinstance(stride, tuple) and any(isinstance(s, int) and s != 1 for s in stride)
        if padding == "same" and strided:
            op.refuse(
                "ValueError", "padding='same' is not supported for strided convolutions", "padding", "stride"
            )
    if mode not in MODES:
        message = (
            f"padding_mode must be one of {{{', '.join(map(repr, MODES))}}}, but got padding_mode='{mode}'"
        )
        op.refuse("ValueError", message, "padding_mode")
    if not any(isinstance(p, FLOATING) for p in (padding if isinstance(padding, tuple) else ())):
        op.self.attrs["_reversed_padding_repeated_twice"] = list(reversed_padding(op))


def reversed_padding(op: Op) -> Shape:
    """The layer's padding as `F.pad` takes it: last axis first, before and after."""
    padding = op["padding"]
    kernel, dilation = _dims(op, "kernel_size"), _dims(op, "dilation")
    if isinstance(padding, str) and padding != "same":
        return (0, 0) * len(kernel)
    if padding == "same":
        pads = [centred(k, d) for k, d in zip(kernel, dilation, strict=False)]
    else:
        pads = [(p, p) for p in _dims(op, "padding")]
    return tuple(p for pair in reversed(pads) for p in pair)


def _dims(op: Op, name: str) -> Shape:
    """The numbers that the layer holds, whatever the constructor was given."""
    assert op.self is not None
    held = op.caller.getattr(op.self, name)
    return tuple(whole(op, value, name) for value in (held if isinstance(held, (tuple, list)) else (held,)))


def create(op: Op, transposed: bool) -> None:
    """Weight and bias; a float anywhere in their extents is refused by `torch.empty`."""
    assert op.self is not None
    inputs, outputs, kernel = op["in_channels"], op["out_channels"], op.self.attrs["kernel_size"]
    assert isinstance(kernel, tuple)
    first, second = ("in_channels", "out_channels") if transposed else ("out_channels", "in_channels")
    per_group = _per_group(op, outputs if transposed else inputs, second)
    shape = (inputs if transposed else outputs, per_group, *kernel)
    weight(op, "weight", shape, first, second, *("kernel_size",) * len(kernel))
    weight(op, "bias", (outputs,) if op.flag("bias") else None, "out_channels")


def _per_group(op: Op, count: Value, name: str) -> Value:
    groups = op["groups"]
    if isinstance(count, FLOATING) or isinstance(groups, FLOATING):
        return float(1)
    return floordiv(whole(op, count, name), whole(op, groups, "groups"))


# -- calls ---------------------------------------------------------------------------------------------------


def forward(rank: int) -> Body:
    """A convolution; the padding modes other than zeros pad the input first."""

    def body(op: Op) -> Value:
        if op["padding_mode"] == "zeros":
            return convolution(op, rank)
        x = padded(op, operand(op, "input", "pad"), reversed_padding(op), op.text("padding_mode"))
        return convolution(op, rank, x=x, pads=((0, 0),) * rank)

    return body


def forward_transposed(rank: int) -> Body:
    """A transposed convolution; an asked output size becomes an output padding."""

    def body(op: Op) -> Value:
        wanted = items(op, "output_size")
        if wanted is None:
            return transposed_convolution(op, rank)
        return transposed_convolution(op, rank, extra=output_padding(op, rank, wanted))

    return body


def output_padding(op: Op, rank: int, wanted: tuple[Value, ...]) -> Shape:
    """The output padding that gives the asked size, which lies 0 … stride − 1 above the least."""
    shape = op.tensor("input").shape
    assert shape is not None
    leading = 2 if len(shape) == rank + 2 else 1
    if len(wanted) == leading + rank:
        wanted = wanted[leading:]
    if len(wanted) != rank:
        op.refuse(
            "ValueError",
            f"ConvTranspose{rank}D: for {len(shape)}D input, output_size must have {rank} "
            f"or {leading + rank} elements (got {len(wanted)})",
            "output_size",
        )
    sizes_ = tuple(whole(op, v, "output_size") for v in wanted)
    least = _least(op, shape[leading:], rank)
    greatest = [n + s - 1 for n, s in zip(least, _dims(op, "stride"), strict=False)]

    def words(_: Fault) -> str:
        asked = listed(sizes_, op["output_size"])
        return (
            f"ValueError: requested an output size of {asked}, but valid sizes range from "
            f"{sizes(least)} to {sizes(greatest)} (for an input of {size(shape[2:])})"
        )

    demands = Demands()
    for n, low, high in zip(sizes_, least, greatest, strict=True):
        fault = Fault(Kind.ARGUMENT, (low, high), n, (shape,), arguments=("output_size",))
        demands.at_least(n, low, fault)
        demands.at_least(high, n, fault)
    op.lawful(demands.outcome(()), words)
    return tuple(n - low for n, low in zip(sizes_, least, strict=True))


def _least(op: Op, spatial: Shape, rank: int) -> list[Dim]:
    numbers = [_dims(op, name) for name in ("stride", "padding", "dilation", "kernel_size")]
    if any(len(n) != rank for n in numbers) or len(spatial) != rank:
        op.refuse("IndexError", "Dimension out of range", "output_size")
    return [(n - 1) * s - 2 * p + d * (k - 1) + 1 for n, s, p, d, k in zip(spatial, *numbers, strict=True)]


for _rank in (1, 2, 3):
    layer(f"torch.nn.Conv{_rank}d", CONV, build=build(_rank, False), base=CONV_ND)(forward(_rank))
    method(f"torch.nn.Conv{_rank}d", "_conv_forward", "self, input, weight, bias")(forward(_rank))
    layer(
        f"torch.nn.ConvTranspose{_rank}d",
        TRANSPOSE,
        build=build(_rank, True),
        base=TRANSPOSE_ND,
        call="input, output_size=None",
    )(forward_transposed(_rank))
