"""Reading the arguments of Keras layers: one number or one an axis, padding, the place of channels.

Law (keras.src.utils.argument_validation): an integer serves every axis; anything else must be a sequence of
as many numbers as there are axes, none of them below 1 (or 0 where 0 is allowed).
"""

from __future__ import annotations

from collections.abc import Sequence

from convlint.dims import Dim, Expr
from convlint.libs.keras.setting import DATA_FORMAT, held
from convlint.libs.op import Op
from convlint.shapes.window import Layout, Window, causal
from convlint.values import NotModelled, Unknown, Value

PADDINGS = ("valid", "same", "causal")
FORMATS = ("channels_first", "channels_last")


def layout(op: Op) -> Layout:
    """Where the layer's data has its channels; the last axis if nothing else is said."""
    given = held(op, "data_format")
    if isinstance(given, Unknown):
        raise NotModelled(given.reason)
    if given is None:
        given = op.caller.state.get(DATA_FORMAT, "channels_last")
    return Layout.CHANNELS_FIRST if str(given).lower() == "channels_first" else Layout.CHANNELS_LAST


def check_format(op: Op) -> None:
    """Refuse a `data_format` that is none."""
    given = held(op, "data_format")
    if given is None or isinstance(given, Unknown):
        return
    if not isinstance(given, str) or given.lower() not in FORMATS:
        words = (
            "The `data_format` argument must be one of {'channels_first', 'channels_last'}. Received: "
            f"data_format={given}"
        )
        op.refuse("ValueError", words, "data_format")


def each(op: Op, name: str, rank: int, value: Value = None) -> tuple[Dim, ...]:
    """A number for every axis. Raises `NotModelled` where there is none."""
    value = held(op, name) if value is None else value
    if isinstance(value, (list, tuple)):
        if len(value) != rank:
            raise NotModelled(f"`{name}` has {len(value)} numbers for {rank} axes")
        return tuple(op.as_dim(v, name) for v in value)
    return (op.as_dim(value, name),) * rank


def positive(op: Op, name: str, rank: int, *, zero: bool = False, value: Value = None) -> None:
    """Check a size as Keras' `standardize_tuple` does."""
    value = held(op, name) if value is None else value
    if isinstance(value, (Unknown, Expr)):
        return
    words = f"The `{name}` argument must be a tuple of {rank} integers. Received {name}={value}"
    if isinstance(value, int):
        members: Sequence[Value] = (value,)
    elif isinstance(value, (list, tuple)) and len(value) == rank:
        members = value
    else:
        op.refuse("ValueError", words, name)
    for member in members:
        if member is None or isinstance(member, str):
            shown = f"including element {member} of type {type(member)}"
            op.refuse("ValueError", words + shown, name)
    least = 0 if zero else 1
    wrong = {m for m in members if isinstance(m, (int, float)) and m < least}
    if wrong:
        sign = ">= 0" if zero else "> 0"
        op.refuse("ValueError", f"{words}, including values {wrong} that do not satisfy `value {sign}`", name)


def padding(op: Op, *, causal_too: bool = False, exact: bool = False) -> str:
    """'valid', 'same' or 'causal'; in any case of letters, unless `exact`."""
    value = held(op, "padding")
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    if isinstance(value, (list, tuple)):
        raise NotModelled("padding that is given as numbers is not modelled")
    if not isinstance(value, str):
        words = f"'{type(value).__name__}' object has no attribute 'lower'"
        op.refuse("AttributeError", words, "padding")
    found = value if exact else value.lower()
    allowed = PADDINGS if causal_too else PADDINGS[:2]
    if found not in allowed:
        shown = "{'causal', 'same', 'valid'}" if causal_too else "{'same', 'valid'}"
        words = f"The `padding` argument must be a list/tuple or one of {shown}. Received: {found}"
        op.refuse("ValueError", words, "padding")
    return found


def windows(
    op: Op, rank: int, kernel: str, *, causal_too: bool = False, exact: bool = False
) -> tuple[Window, ...]:
    """The window of each axis, from `kernel_size` or `pool_size`, strides, dilation and padding."""
    sizes = each(op, kernel, rank)
    strides = each(op, "strides", rank, sizes if held(op, "strides") is None else None)
    dilations = each(op, "dilation_rate", rank) if held(op, "dilation_rate") is not None else (1,) * rank
    how = padding(op, causal_too=causal_too, exact=exact)
    if any(stride == 0 for stride in strides):
        raise NotModelled("a stride of 0")
    made = []
    for k, s, d in zip(sizes, strides, dilations, strict=True):
        before, after = causal(k, d) if how == "causal" else (0, 0)
        made.append(Window(k, s, d, before, after, same=how == "same"))
    return tuple(made)


def many(value: Dim) -> bool:
    """Whether a number is surely above 1."""
    return not isinstance(value, Expr) and value > 1
