"""What a call in the code passes to a model, kept so that the model can be called with the same again.

Law: every call gets values of its own, so that no call sees what another one changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from convlint.trace import Called
from convlint.values import Tensor, Value

_PLAIN = (bool, int, float, complex, str, bytes, range, type(None))
_DEEPEST = 8


class Passed(Struct, frozen=True):
    """The arguments of one call, by position and by name: tensors of known shapes, plain data, and lists,
    tuples and dicts of these.
    """

    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]


def passed(call: Called) -> Passed | None:
    """What a recorded call was given; None where a part of it is not known."""
    values = [copied(value) for value in call.inputs]
    known = [value[0] for value in values if value is not None]
    if len(known) < len(values):
        return None
    positional = len(known) - len(call.names)
    return Passed(tuple(known[:positional]), dict(zip(call.names, known[positional:], strict=True)))


def form(given: Passed) -> object:
    """Something that is equal for calls that pass tensors of the same shapes and the same data."""
    return _form((given.args, dict(given.kwargs)))


def _form(value: Value) -> object:
    match value:
        case Tensor():
            return value.shape, value.dtype
        case list() | tuple():
            return type(value), *map(_form, value)
        case dict():
            return tuple((key, _form(each)) for key, each in value.items())
    return type(value), value


def copied(value: Value, depth: int = 0) -> tuple[Value] | None:
    """The value anew, alone in a tuple; None where a part of it is not known or is an object."""
    if type(value) in _PLAIN:
        return (value,)
    if isinstance(value, Tensor):
        return _tensor(value)
    if depth == _DEEPEST:
        return None
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        parts = [copied(each, depth + 1) for each in value]
        known = [part[0] for part in parts if part is not None]
        return None if len(known) < len(parts) else (type(value)(known),)
    if isinstance(value, dict) and type(value) is dict:
        pairs = {key: copied(each, depth + 1) for key, each in value.items() if type(key) in _PLAIN}
        entries = {key: part[0] for key, part in pairs.items() if part is not None}
        return None if len(entries) < len(value) else (entries,)
    return None


def _tensor(tensor: Tensor) -> tuple[Value] | None:
    shape = tensor.shape
    if (
        tensor.restated
        or shape is None
        or not all(isinstance(extent, int) for extent in shape)
        or tensor.trainable is not None
    ):
        return None
    return (Tensor(shape, tensor.dtype, data=tensor.data, kind=tensor.kind, strides=tensor.strides),)
