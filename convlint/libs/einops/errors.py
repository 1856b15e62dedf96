"""`einops.EinopsError`, and how a pattern's refusal becomes the program's exception."""

from __future__ import annotations

from typing import NoReturn

from convlint.libs.op import Op
from convlint.libs.registry import klass
from convlint.shapes.axis_pattern import PatternError
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.rearrange import WrongRank
from convlint.values import NotModelled, Tensor, Unknown, Value

ERROR = "einops.EinopsError"
klass(ERROR, "builtins.RuntimeError")


def refuse(op: Op, error: PatternError, shape: Shape = (), around: str = "", before: str = "") -> NoReturn:
    """einops refuses a pattern, or a tensor of this shape with it; `around` is what it says first, `before`
    the words that stand before a rank's own.
    """
    kind, expected, got = Kind.ARGUMENT, None, None
    if isinstance(error, WrongRank):
        kind, expected, got = Kind.RANK, error.expected, len(shape)
    detail = "" if expected is not None else str(error)
    name = error.error or ERROR
    shapes = (shape,) if kind is Kind.RANK else ()
    fault = Fault(kind, expected, got, shapes, arguments=("pattern",), detail=detail)
    words = before or (f"{name}: {error}" if error.error else f"{name}: {around}{error}")
    op.caller.fault(fault, lambda _: words, op.self)
    raise NotModelled(f"{op.name} refuses: {error}")


def extents(op: Op, lengths: Value) -> dict[str, Value]:
    """The extents that a call gives to names, tensors of one known number as that number."""
    if isinstance(lengths, Unknown):
        raise NotModelled(lengths.reason)
    assert isinstance(lengths, dict)
    return {str(name): _plain(value) for name, value in lengths.items()}


def _plain(value: Value) -> Value:
    if isinstance(value, Tensor) and value.data is not None and len(value.data) == 1:
        return value.data[0]
    return value


def listed(lengths: dict[str, Value]) -> str:
    """The extents as Python shows them in a message."""
    return "{" + ", ".join(f"{name!r}: {value}" for name, value in lengths.items()) + "}"
