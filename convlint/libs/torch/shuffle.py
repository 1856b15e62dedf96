"""Pixel shuffle, its inverse, and channel shuffle (aten/src/ATen/native/PixelShuffle.cpp)."""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, function
from convlint.libs.torch.arguments import FLOATING, operand
from convlint.libs.torch.layer import layer
from convlint.libs.torch.wording import sizes
from convlint.shapes.fault import Fault, Kind, Outcome, Shape
from convlint.shapes.shuffle import channels_among_groups, channels_from_space, space_from_channels
from convlint.values import Value

alias("torch.nn.modules.pixelshuffle", "torch.nn")
alias("torch.nn.modules.channelshuffle", "torch.nn")


def _factor(op: Op, name: str, what: str) -> Dim:
    if isinstance(op[name], FLOATING):
        op.refuse("TypeError", f"{what}(): argument '{name}' (position 2) must be int, not float", name)
    return op.dim(name)


def _pixels(what: str, argument: str, law: Callable[[Shape, Dim], Outcome]) -> Body:
    def body(op: Op) -> Value:
        x = operand(op, "input", what)
        xs, factor = x.shape, _factor(op, argument, what)
        assert xs is not None
        if len(xs) >= 3 and isinstance(factor, int) and factor <= 0:
            op.refuse("RuntimeError", f"{what} expects a positive {argument}, but got {factor}", argument)

        def words(fault: Fault) -> str:
            if fault.kind is Kind.RANK:
                return (
                    f"RuntimeError: {what} expects input to have at least 3 dimensions, "
                    f"but got input with {len(xs)} dimension(s)"
                )
            if fault.kind is Kind.CHANNELS:
                return (
                    "RuntimeError: pixel_shuffle expects its input's 'channel' dimension to be "
                    "divisible by the square "
                    f"of upscale_factor, but input.size(-3)={fault.got} is not divisible by {fault.expected}"
                )
            back = (fault.axis or 0) - len(xs)
            side = "height" if back == -2 else "width"
            return (
                f"RuntimeError: {what} expects {side} to be divisible by {argument}, "
                f"but input.size({back})={fault.got} is not divisible by {factor}"
            )

        shape = op.lawful(law(xs, factor), words)
        if argument == "downscale_factor" and 0 in xs:
            shape = xs  # ATen clones what has no elements
        return op.result(x, shape, strides=None)

    return body


def channel_shuffle(op: Op) -> Value:
    """The channels of the groups interleaved."""
    x = operand(op, "input", "channel_shuffle")
    xs, groups = x.shape, _factor(op, "groups", "channel_shuffle")
    assert xs is not None
    if len(xs) >= 3 and isinstance(groups, int) and groups <= 0:
        message = f"Number of groups to divide channels in must be positive. Value of groups:{groups}"
        op.refuse("RuntimeError", message, "groups", kind=Kind.GROUPS)

    def words(fault: Fault) -> str:
        if fault.kind is Kind.RANK:
            return (
                "RuntimeError: channel_shuffle expects input with > 2 dims, but got input with "
                f"sizes {sizes(xs)}"
            )
        return (
            f"RuntimeError: Number of channels must be divisible by groups. "
            f"Got {fault.got} channels and {fault.expected} groups."
        )

    return op.result(x, op.lawful(channels_among_groups(xs, groups), words, xs))


for _name, _layer, _argument, _law in (
    ("pixel_shuffle", "PixelShuffle", "upscale_factor", space_from_channels),
    ("pixel_unshuffle", "PixelUnshuffle", "downscale_factor", channels_from_space),
):
    _body = _pixels(_name, _argument, _law)
    layer(f"torch.nn.{_layer}", _argument)(_body)
    function(f"torch.nn.functional.{_name}", f"torch.{_name}", signature=f"input, {_argument}")(_body)
layer("torch.nn.ChannelShuffle", "groups")(channel_shuffle)
function(
    "torch.nn.functional.channel_shuffle",
    "torch.nn.functional.native_channel_shuffle",
    "torch.channel_shuffle",
    "torch.native_channel_shuffle",
    signature="input, groups",
)(channel_shuffle)
