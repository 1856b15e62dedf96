"""The convolution layers: `Conv1d` … `ConvTranspose3d` and their lazy forms, which get their channels at the first call."""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import Dim, floordiv
from convlint.libs.op import Op
from convlint.libs.registry import Body, klass, layer
from convlint.libs.torch.arguments import FIRST, channels, ntuple, unpacked, weight
from convlint.libs.torch.conv import convolution, transposed_convolution
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind
from convlint.values import Value

CONV_ND = klass("torch.nn.modules.conv._ConvNd", "torch.nn.Module").qualname
TRANSPOSE_ND = klass("torch.nn.modules.conv._ConvTransposeNd", CONV_ND).qualname
LAZY = klass("torch.nn.modules.lazy.LazyModuleMixin").qualname

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
CONV = (
    "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, "
    "padding_mode='zeros', device=None, dtype=None"
)
TRANSPOSE = (
    "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, "
    "dilation=1, padding_mode='zeros', device=None, dtype=None"
)


def _build(rank: int, transposed: bool = False) -> Callable[[Op], None]:
    def build(op: Op) -> None:
        assert op.self is not None
        attrs = op.self.attrs
        inputs = channels(op, "in_channels", FIRST if transposed else unpacked(2))
        outputs = channels(op, "out_channels", unpacked(2) if transposed else FIRST)
        groups = channels(op, "groups", unpacked(2))
        for name in ("kernel_size", "stride", "dilation"):
            attrs[name] = ntuple(op, name, rank)
        _check_channels(op, inputs, outputs, groups)
        _check_padding(op, rank, transposed)
        attrs["transposed"] = transposed
        attrs["output_padding"] = ntuple(op, "output_padding", rank) if transposed else (0,) * rank
        kernel = attrs["kernel_size"]
        assert isinstance(kernel, tuple)
        per_group = (inputs, floordiv(outputs, groups)) if transposed else (outputs, floordiv(inputs, groups))
        weight(op, "weight", (*per_group, *kernel), "kernel_size", "in_channels", "out_channels")
        weight(op, "bias", (outputs,) if op.flag("bias") else None)

    return build


def _check_channels(op: Op, inputs: Dim, outputs: Dim, groups: Dim) -> None:
    if isinstance(groups, int) and groups <= 0:
        op.refuse("ValueError", "groups must be a positive integer", "groups", kind=Kind.GROUPS)
    for name, count in (("in_channels", inputs), ("out_channels", outputs)):
        demands = Demands()
        demands.divides(
            groups, count, Fault(Kind.GROUPS, expected=groups, got=count, arguments=("groups", name))
        )
        op.lawful(demands.outcome(()), _indivisible(name))


def _indivisible(name: str) -> Callable[[Fault], str]:
    return lambda _: f"ValueError: {name} must be divisible by groups"


def _check_padding(op: Op, rank: int, transposed: bool) -> None:
    assert op.self is not None
    value = op["padding"]
    if isinstance(value, str):
        if value not in ("same", "valid"):
            op.refuse(
                "ValueError",
                f"Invalid padding string '{value}', should be one of {{'valid', 'same'}}",
                "padding",
            )
        stride = op.self.attrs["stride"]
        assert isinstance(stride, tuple)
        if value == "same" and any(isinstance(s, int) and s != 1 for s in stride):
            op.refuse(
                "ValueError", "padding='same' is not supported for strided convolutions", "padding", "stride"
            )
    else:
        op.self.attrs["padding"] = ntuple(op, "padding", rank)
    mode = op.text("padding_mode")
    if mode not in PADDING_MODES:
        op.refuse(
            "ValueError",
            f"padding_mode must be one of {{{', '.join(map(repr, PADDING_MODES))}}}, but got padding_mode='{mode}'",
            "padding_mode",
        )
    if transposed and mode != "zeros":
        op.refuse(
            "ValueError",
            f'Only "zeros" padding mode is supported for {op.name.rpartition(".")[2]}',
            "padding_mode",
        )


def _forward(rank: int) -> Body:
    def body(op: Op) -> Value:
        return convolution(op, op.tensor("input"), op.tensor("weight"), op.optional_tensor("bias"), rank)

    return body


def _forward_transposed(rank: int) -> Body:
    def body(op: Op) -> Value:
        return transposed_convolution(
            op, op.tensor("input"), op.tensor("weight"), op.optional_tensor("bias"), rank
        )

    return body


for _rank in (1, 2, 3):
    layer(f"torch.nn.Conv{_rank}d", CONV, build=_build(_rank), base=CONV_ND)(_forward(_rank))
    layer(
        f"torch.nn.ConvTranspose{_rank}d",
        TRANSPOSE,
        build=_build(_rank, True),
        base=TRANSPOSE_ND,
        call="input, output_size=None",
    )(_forward_transposed(_rank))
