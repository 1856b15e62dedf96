"""What the interpreter asks of a tensor, whichever framework it belongs to.

A framework registers one `TensorProtocol` for each tensor kind (`registry.tensor_protocol("torch.Tensor",
…)`);
the interpreter finds it by `Tensor.kind` and knows no framework.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from msgspec import Struct

from convlint.dims import Dim, Question
from convlint.values import Caller, Class, Instance, Tensor, Unknown, Value


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

    @property
    def channels_last(self) -> bool:
        """Whether images have their channels on the last axis where nothing says otherwise."""

    @property
    def free_batch(self) -> Dim | None:
        """The extent that stands for any number of samples, where the framework shows it as None."""

    def get_attribute(self, caller: Caller, tensor: Tensor, name: str) -> Value:
        """The property `tensor.name`; `MISSING` where there is none of that name."""

    def set_attribute(self, caller: Caller, tensor: Tensor, name: str, value: Value) -> None:
        """`tensor.name = value`."""

    def binary(
        self, caller: Caller, operator: str, left: Value, right: Value, inplace: bool = False
    ) -> Value:
        """`left operator right` ("+", "@", "<", "==", "&", "in" …), one of them a tensor; `inplace` for `+=`.

        An in-place operator changes `left` and returns that very object.
        """

    def unary(self, caller: Caller, operator: str, tensor: Tensor) -> Value:
        """`-tensor`, `+tensor`, `~tensor`, `not tensor`."""

    def forget_content(self, tensor: Tensor) -> None:
        """Something unknown may have written into the tensor: its numbers are no longer known."""

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


class Language(Protocol):
    """What the interpreter asks of `libs/python`: how host data and symbolic integers behave.

    Operands are host data, `Expr`, other numeric abstractions of the language, or opaque objects compared by
    identity; tensors, instances of the program's classes and Unknown operands never arrive here on their own,
    but may stand inside containers. Everything may raise `Raised` or `NotModelled`.
    """

    def binary(self, caller: Caller, operator: str, left: Value, right: Value) -> Value:
        """Arithmetic, comparisons and `in`."""

    def inplace(self, caller: Caller, operator: str, left: Value, right: Value) -> Value:
        """`left operator= right`: mutable containers change in place."""

    def unary(self, caller: Caller, operator: str, value: Value) -> Value:
        """`-`, `+`, `~`."""

    def item(self, caller: Caller, obj: Value, index: Value) -> Value:
        """`obj[index]`."""

    def set_item(self, caller: Caller, obj: Value, index: Value, value: Value) -> None:
        """`obj[index] = value`."""

    def del_item(self, caller: Caller, obj: Value, index: Value) -> None:
        """`del obj[index]`."""

    def set_of(self, caller: Caller, items: Iterable[Value]) -> set[Value]:
        """`{*items}`: members that are equal are one."""

    def length(self, caller: Caller, obj: Value) -> Value:
        """`len(obj)`."""

    def iterate(self, caller: Caller, obj: Value) -> Iterable[Value]:
        """`iter(obj)`, lazily where the object is."""

    def truth(self, caller: Caller, obj: Value) -> bool | Unknown | Question:
        """`bool(obj)`: undecided, the question it rests on."""

    def text(self, caller: Caller, obj: Value) -> str | Unknown:
        """`str(obj)`."""

    def format(self, caller: Caller, obj: Value, conversion: str, spec: str) -> str | Unknown:
        """An f-string field; `conversion` is "", "r", "s" or "a"."""

    def bound_method(self, caller: Caller, obj: Value, name: str) -> Value:
        """A method or attribute of host data; `MISSING` where it has none of that name."""

    def unbound_method(self, caller: Caller, host: type, name: str) -> Value:
        """`int.from_bytes`, `str.join`, `dict.fromkeys`: a method read from the type; `MISSING` where
        there is none.
        """

    def object_method(self, caller: Caller, receiver: Value, name: str) -> Value:
        """`super().name` when only `object` is left: `__init__`, `__setattr__`, `__getattribute__` …"""


class Entry(Struct, frozen=True):
    """A row of a framework's own table: a layer, every parameter in it, what it last gave, and what its
    inputs come from as the framework writes it, where the table says so.
    """

    name: str
    layer: Instance
    parameters: tuple[Tensor, ...]
    output: Value
    connected_to: tuple[str, ...] = ()


class Reach(Struct, frozen=True):
    """How a layer's outputs look at its input, by their window's extents along each spatial axis; none for a
    dense layer, which looks at the last axis.
    """

    kernel: tuple[int, ...] = ()
    stride: tuple[int, ...] = ()
    dilation: tuple[int, ...] = ()
    counted: bool = True
    """Whether its outputs count as neurons: those of a convolution, pooling or dense layer."""
    fan_in: int | None = None
    """Inputs of one output, and 1 for a bias (of pooling: the trainable shift); None where not known."""


class ModelProtocol(Protocol):
    """What `convlint.model` asks of a framework: what a model is, its modes, its inputs, its layers by
    name.
    """

    @property
    def entry(self) -> str:
        """The method that a program writes to say what a call of a model does."""

    @property
    def builds_when_called(self) -> bool:
        """Whether layers make their parameters at their first call."""

    @property
    def modes(self) -> frozenset[str]:
        """Parameters of that method that are no inputs."""

    def inputs(self, model: Instance) -> list[tuple[str, tuple[Dim, ...], str]] | None:
        """Name, shape and dtype of each input, where the model itself knows them."""

    def outputs(self, model: Instance) -> list[Tensor]:
        """The tensors that the model gives, where it knows them before it is called."""

    def arguments(self, model: Instance, tensors: list[Value]) -> list[Value]:
        """The positional arguments of a call with these inputs."""

    @property
    def unwraps_single(self) -> bool:
        """Whether a list of one tensor shows as that tensor's shape, as in Keras' `model.output_shape`."""

    @property
    def channels_last(self) -> bool:
        """Whether the spatial axes stand between batch and channels, unless a layer says otherwise."""

    def reach(self, layer: Instance) -> Reach | None:
        """The window of a convolution, pooling, padding or dense layer; None for any other."""

    def keeps_places(self, layer: Instance) -> bool:
        """Whether, where the map keeps its size, each output place sees its own input place alone, norms
        apart: not so for recurrence and attention.
        """

    def table(self, caller: Caller, model: Instance) -> list[Entry] | None:
        """The framework's own table of a model's layers; None where every call makes a row."""

    def is_model(self, value: Value) -> bool:
        """Whether the value is a model or layer of this framework."""

    @property
    def calls_are_models(self) -> bool:
        """Whether what the program calls by itself is a model: not where calling layers composes one."""

    def is_whole(self, model: Instance) -> bool:
        """Whether a model of a library class is one that the program composed, and not a layer."""

    def says_what_a_call_does(self, model: Instance) -> bool:
        """Whether a class gives the entry a body: not where only the framework's refusal stands there."""

    def name_of(self, layer: Instance) -> str:
        """The name that the framework gives the layer by itself; empty where it gives none."""

    def set_training(self, caller: Caller, model: Instance, training: bool) -> None:
        """Put the model in training or evaluation mode."""

    def passes_on(self, name: str) -> bool:
        """Whether the library function only hands on a call of a layer, and changes nothing itself."""

    def make_input(self, shape: tuple[Dim, ...], dtype: str) -> Tensor:
        """A tensor of the framework that a caller could pass."""

    def layers(self, caller: Caller, model: Instance) -> list[tuple[str, Instance]]:
        """The model ("" is its name) and every layer in it by dotted path, each once. Raises
        `NotModelled`.
        """

    def parameters(self, caller: Caller, layer: Instance) -> list[tuple[str, Tensor]]:
        """The layer's own parameters by name. Raises `NotModelled`."""

    def is_container(self, cls: Class) -> bool:
        """Whether instances of the class are filled from outside: Sequential, lists and dicts of layers."""

    def has_children(self, layer: Instance) -> bool:
        """Whether the layer holds other layers."""

    def children(self, layer: Instance) -> Mapping[str, Instance]:
        """The layers that it holds, by the name of the attribute."""

    def has_hooks(self, caller: Caller, layer: Instance) -> bool:
        """Whether a call of the layer also runs what the program has hooked on it, or on every layer."""

    def lacks(self, model: Instance, name: str) -> bool:
        """Whether the object certainly has no attribute of that name: it is of a class of the program's own,
        all of whose attributes are known.
        """

    def unregistered(self, caller: Caller, layer: Instance) -> Mapping[str, tuple[Instance, ...]]:
        """Layers in an attribute's plain list, tuple or dictionary, where these make them no layers of it."""

    def shadowed(self, layer: Instance) -> tuple[str, ...]:
        """The names of layers and parameters that reading finds a method in the place of."""

    def counts_macs(self, layer: Instance) -> bool:
        """Whether a table shows multiply-accumulates in this layer's row (convolution, transposed,
        linear).
        """

    def expected_input(
        self, layer: Instance, position: int, suffix: str
    ) -> tuple[tuple[Dim, ...], str] | None:
        """Shape and dtype that the layer takes at a position, free extents as symbols (N, H, W; all but N
        with the
        suffix); None for a layer that takes any."""
