"""What the interpreter asks of a tensor, whichever framework it belongs to.

A framework registers one `TensorProtocol` for each tensor kind (`registry.tensor_protocol("torch.Tensor", …)`);
the interpreter finds it by `Tensor.kind` and knows no framework.
"""

from __future__ import annotations

from typing import Final, Protocol

from convlint.values import Caller, Tensor, Unknown, Value


class Missing:
    """The type of `MISSING`."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()
"""What `get_attribute` answers for a name that is no property of the tensor: it may still be a method."""


class TensorProtocol(Protocol):
    """Properties, operators, subscripts and iteration of one kind of tensor.

    Every method may raise `Raised` (the program's exception) or `NotModelled` (the result is not known).
    """

    def get_attribute(self, caller: Caller, tensor: Tensor, name: str) -> Value:
        """The property `tensor.name`; `MISSING` where there is none of that name."""

    def set_attribute(self, caller: Caller, tensor: Tensor, name: str, value: Value) -> None:
        """`tensor.name = value`."""

    def binary(self, caller: Caller, operator: str, left: Value, right: Value, inplace: bool = False) -> Value:
        """`left operator right` ("+", "@", "<", "==", "&", "in" …), one of them a tensor; `inplace` for `+=`.

        An in-place operator changes `left` and returns that very object.
        """

    def unary(self, caller: Caller, operator: str, tensor: Tensor) -> Value:
        """`-tensor`, `+tensor`, `~tensor`, `not tensor`."""

    def get_item(self, caller: Caller, tensor: Tensor, index: Value) -> Value:
        """`tensor[index]`; a subscript with commas arrives as a tuple, a slice as Python's own."""

    def set_item(self, caller: Caller, tensor: Tensor, index: Value, value: Value) -> None:
        """`tensor[index] = value`."""

    def length(self, caller: Caller, tensor: Tensor) -> Value:
        """`len(tensor)`: an int or a symbolic extent."""

    def iterate(self, caller: Caller, tensor: Tensor) -> list[Value]:
        """What `for row in tensor` yields; raises `NotModelled` where the number of rows is not known."""

    def truth(self, caller: Caller, tensor: Tensor) -> bool | Unknown:
        """`bool(tensor)`."""
