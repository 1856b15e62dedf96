"""Reading the arguments of Keras layers: one number or one an axis, padding, the place of channels."""

from __future__ import annotations

from collections.abc import Sequence

from convlint.dims import Dim, Expr
from convlint.libs.keras.declare import held
from convlint.libs.op import Op
from convlint.shapes.window import Layout, Window, causal
from convlint.values import NotModelled, Unknown, Value

PADDINGS = ("valid", "same", "causal")


def layout(op: Op) -> Layout:
    """Where the layer's data has its channels; the last axis if nothing else is said."""
    given = held(op, "data_format")
    if isinstance(given, Unknown):
        raise NotModelled(given.reason)
    if given is None:
        given = op.caller.state.get("keras.data_format", "channels_last")
    return Layout.CHANNELS_FIRST if given == "channels_first" else Layout.CHANNELS_LAST


def each(op: Op, name: str, rank: int, value: Value = None) -> tuple[Dim, ...]:
    """A number for every axis."""
    value = held(op, name) if value is None else value
    if isinstance(value, (list, tuple)):
        if len(value) == 1:
            value = tuple(value) * rank
        if len(value) != rank:
            words = f"The `{name}` argument must be a tuple of {rank} integers. Received: {name}={value}"
            op.refuse("ValueError", words, name)
        return tuple(op.as_dim(v, name) for v in value)
    return (op.as_dim(value, name),) * rank


def positive(op: Op, name: str, rank: int) -> None:
    """Check what Keras checks of a size: integers above 0."""
    value = held(op, name)
    if isinstance(value, Unknown):
        return
    members: Sequence[Value] = value if isinstance(value, (list, tuple)) else (value,)
    for member in members:
        wrong = isinstance(member, float) or (isinstance(member, int) and member <= 0)
        if wrong or member is None or isinstance(member, str):
            low = {each for each in members if isinstance(each, int) and each <= 0}
            words = f"The `{name}` argument must be a tuple of {rank} integers. Received {name}={value}"
            if isinstance(member, int):
                words += f", including values {low} that do not satisfy `value > 0`"
            op.refuse("ValueError", words, name)
    if isinstance(value, (list, tuple)) and len(value) not in (1, rank):
        words = f"The `{name}` argument must be a tuple of {rank} integers. Received: {name}={value}"
        op.refuse("ValueError", words, name)


def padding(op: Op, *, causal_too: bool = False) -> str:
    """'valid', 'same' or 'causal'."""
    value = held(op, "padding")
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    found = value.lower() if isinstance(value, str) else value
    allowed = PADDINGS if causal_too else PADDINGS[:2]
    if found not in allowed:
        shown = "{'valid', 'same', 'causal'}" if causal_too else "{'valid', 'same'}"
        words = f"The `padding` argument must be a list/tuple or one of {shown}. Received: {value}"
        op.refuse("ValueError", words, "padding")
    return str(found)


def windows(op: Op, rank: int, kernel: str, *, causal_too: bool = False) -> tuple[Window, ...]:
    """The window of each axis, from `kernel_size` or `pool_size`, strides, dilation and padding."""
    sizes = each(op, kernel, rank)
    strides = each(op, "strides", rank, sizes if held(op, "strides") is None else None)
    dilations = each(op, "dilation_rate", rank) if held(op, "dilation_rate") is not None else (1,) * rank
    how = padding(op, causal_too=causal_too)
    made = []
    for k, s, d in zip(sizes, strides, dilations, strict=True):
        before, after = causal(k, d) if how == "causal" else (0, 0)
        made.append(Window(k, s, d, before, after, same=how == "same"))
    return tuple(made)


def many(value: Dim) -> bool:
    """Whether a number is surely above 1."""
    return not isinstance(value, Expr) and value > 1
