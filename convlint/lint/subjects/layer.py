"""Layers as rules see them: what they were built with, where, and what went through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from convlint.dims import Dim, Expr
from convlint.lint.finding import Note
from convlint.lint.flow import Flow
from convlint.lint.subjects.base import Place, Subject
from convlint.lint.windows import Axis, Family, axes
from convlint.trace import Called, Instance, Tensor, call_in, is_opaque, written_at

Shape = tuple[Dim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer(Subject):
    """A layer of a library that the code builds; `name` is its dotted name in the model, empty where it has none."""

    instance: Instance
    name: str = ""
    calls: tuple[Called, ...] = ()
    flow: Flow = field(repr=False, compare=False)

    @property
    def type(self) -> str:
        """The class: `Conv2d`, or the program's own subclass."""
        return self.instance.cls.name

    @property
    def shown(self) -> str:
        """The layer in a sentence: its name, else its type."""
        return f"`{self.name}`" if self.name else f"this {self.type}"

    def derives(self, qualname: str) -> bool:
        """Whether the layer is, or inherits from, the named one: `torch.nn.Linear`."""
        return self.instance.cls.derives(qualname)

    def argument(self, name: str) -> object:
        """What the constructor was given for a parameter, its default where it was not; None for any other name."""
        return (self.instance.arguments or {}).get(name)

    def number(self, name: str) -> int | None:
        """An argument that is a known integer."""
        value = self.argument(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def inputs(self) -> list[Shape]:
        """The shape of the first tensor of each call, where it is known."""
        return [shape for call in self.calls if (shape := first_shape(call)) is not None]

    def at(self, argument: str = "", notes: tuple[Note, ...] = ()) -> Place:
        """The argument where it was written, through any number of constructors; else the call in a linted file."""
        site = self.instance.site
        assert site is not None
        span = written_at(site, argument, self.sources.accepts) if argument else None
        span = span or call_in(site, self.sources.accepts)
        assert span is not None, "a layer is a subject only where a linted file builds it"
        return self.pointing(span, notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLayer(Layer):
    """A convolution or pooling layer, transposed convolutions too, that calls its window the library's own way."""

    kind: Family

    def known_axes(self) -> list[Axis]:
        """The axes whose kernel, stride and dilation are known."""
        return axes(self.instance, self.kind)

    def extents(self, axis: Axis) -> list[tuple[Dim, Dim]]:
        """The axis before and after each call, where both are known."""
        found = []
        for call in self.calls:
            before, after = first_shape(call), shape_of(call.output)
            if before is not None and after is not None:
                pair = before[self._index(before, axis)], after[self._index(after, axis)]
                if not any(is_opaque(extent) for extent in pair):
                    found.append(pair)
        return found

    def _index(self, shape: Sequence[Dim], axis: Axis) -> int:
        last = 1 if self.kind.channels_last else 0
        return len(shape) - last - self.kind.rank + axis.position


def shape_of(value: object) -> Shape | None:
    """The shape of a tensor whose rank is known; of a tuple's first (max pooling that returns indices)."""
    if isinstance(value, (tuple, list)) and value:
        value = value[0]
    return value.shape if isinstance(value, Tensor) else None


def first_tensor(call: Called) -> Tensor | None:
    """The first tensor that a call was given."""
    return next((value for value in call.inputs if isinstance(value, Tensor)), None)


def first_shape(call: Called) -> Shape | None:
    """The shape of the first tensor that a call was given, where its rank is known."""
    tensor = first_tensor(call)
    return None if tensor is None else tensor.shape


def known(dim: object) -> int | None:
    """A known integer, None for a symbolic one."""
    return dim if isinstance(dim, int) and not isinstance(dim, (bool, Expr)) else None
