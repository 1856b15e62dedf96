"""Convolution and pooling layers: their windows, their maps, and what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from convlint.dims import Dim
from convlint.lint.gathering.around import (
    Collapse,
    collapse_before,
    convolved_before,
    from_tokens,
    narrowed_before,
    nearest_convolutions,
    spans_at_the_end,
    spatial,
    strided_next,
)
from convlint.lint.gathering.flow import Flow
from convlint.lint.gathering.patterns import cropped_next, ends_single, padded, restored
from convlint.lint.gathering.peers import Peers
from convlint.lint.gathering.windows import Axis, Family, axes, family
from convlint.lint.sources import Sources
from convlint.lint.subjects.layer import Layer, Shape, first_shape, first_tensor, shape_of
from convlint.trace import Called, Instance, Tensor, is_opaque

_NEAR = 6


class WindowLayer(Layer, frozen=True, kw_only=True):
    """A convolution (transposed ones too) or pooling layer that slides its window the library's own way."""

    kind: Family
    windows: tuple[Axis, ...]

    @property
    def window(self) -> tuple[int, ...]:
        """The kernel's extents, as far as they are known."""
        return tuple([axis.kernel for axis in self.windows])

    def known_axes(self) -> list[Axis]:
        """The axes whose kernel, stride and dilation are known."""
        return list(self.windows)

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

    def maps(self) -> list[list[tuple[Axis, int, int]]]:
        """Every axis with its extents before and after, for each call; empty unless all are known numbers."""
        axes = self.known_axes()
        if len(axes) < self.kind.rank:
            return []
        found = []
        for call in self.calls:
            before, after = first_shape(call), shape_of(call.output)
            if before is None or after is None or len(before) != len(after):
                return []  # of another rank: what a hook, or a forward of the program's own, makes of the map
            each = []
            for axis in axes:
                pair = before[self._index(before, axis)], after[self._index(after, axis)]
                if not isinstance(pair[0], int) or not isinstance(pair[1], int):
                    return []
                each.append((axis, pair[0], pair[1]))
            found.append(each)
        return found

    def padded_before(self, axis: Axis) -> bool:
        """Whether what the layer takes was padded right before it, elementwise steps aside."""
        return any(
            (tensor := first_tensor(call)) is not None
            and padded(self.flow, tensor, self._index(tensor.shape or (), axis))
            for call in self.calls
        )

    def cropped_after(self, axis: Axis) -> bool:
        """Whether what the layer gives is cropped right after it."""
        return any(
            isinstance(call.output, Tensor)
            and cropped_next(self.flow, call.output, self._index(call.output.shape or (), axis))
            for call in self.calls
        )

    def may_span_its_map(self, axis: Axis) -> bool:
        """Whether the layer, unpadded and of stride 1, ends what strides down a map of a size that nothing
        shows, or, transposed, begins what strides one up: there the window is most often the whole map.
        """
        if not self.kind.convolves or axis.stride != 1 or axis.before != 0 or axis.after != 0:
            return False
        if any(isinstance(extent, int) for pair in self.extents(axis) for extent in pair):
            return False
        pairs = [(first_tensor(call), call.output) for call in self.calls]
        return any(
            isinstance(given, Tensor)
            and isinstance(made, Tensor)
            and spans_at_the_end(self.flow, given, made, self.kind.transposed)
            for given, made in pairs
        )

    @property
    def first_convolution(self) -> bool:
        """Whether no convolution took part in making what the layer takes, in some call."""
        return any(not convolved_before(self.flow, tensor) for tensor in self._taken())

    @property
    def connects_all(self) -> bool:
        """Whether every output channel reads every input channel."""
        separate = "Depthwise" in self.kind.what or "Separable" in self.kind.what
        return not separate and self.argument("groups") in (None, 1)

    @property
    def depthwise(self) -> bool:
        """Whether every channel is convolved by itself."""
        groups = self.number("groups") or 1
        return "Depthwise" in self.kind.what or (groups > 1 and groups == self.number("in_channels"))

    @property
    def pools_tokens(self) -> bool:
        """Whether the map was made of tokens, in some call."""
        return any(from_tokens(self.flow, tensor) for tensor in self._taken())

    @property
    def covers_its_map(self) -> bool:
        """Whether the layer takes its whole map to a single place, in some call."""
        single = (spatial(shape_of(call.output), self.kind) for call in self.calls)
        return any(extents is not None and set(extents) == {1} for extents in single)

    @property
    def after_bottleneck(self) -> bool:
        """Whether a convolution with a kernel of 1 narrows what the layer takes, in some call."""
        return any(narrowed_before(self.flow, tensor, self.kind) for tensor in self._taken())

    def convolutions_before(self) -> list[list[Axis]]:
        """The windows (kernels above 1) of the convolutions before this one, while the map keeps its size."""
        return [w for tensor in self._taken() for w in nearest_convolutions(self.flow, tensor, self.kind)]

    @property
    def strided_after(self) -> bool:
        """Whether the next window that moves over what the layer gives has a stride, in some call."""
        outputs = [call.output for call in self.calls if isinstance(call.output, Tensor)]
        return any(strided_next(self.flow, output, self.kind) for output in outputs)

    @property
    def collapsed_by(self) -> list[Collapse]:
        """Where the single place that the layer works on was made; empty where some call has a larger map."""
        found = [collapse_before(self.flow, tensor, self.kind) for tensor in self._taken()]
        known = [each for each in found if each is not None]
        return known if len(known) == len(found) else []

    def growth_is_meant(self, axis: Axis) -> bool:
        """Whether the map comes to a size that it had before, or goes back to the one that it has."""
        for call in self.calls:
            passage = _passage(call)
            if passage is None:
                return True
            given, before, made, after = passage
            back = back_from_the_end(before, self._index(before, axis))
            earlier = (step.operands[0].shape for step in self.flow.before(given) if step.operands)
            later = (step.result.shape for step in self.flow.after(made))
            if any(_has(shape, before, back, after[back]) for shape in earlier):
                return True
            if any(_has(shape, before, back, before[back]) for shape in later):
                return True
        return False

    def _taken(self) -> list[Tensor]:
        return [tensor for call in self.calls if (tensor := first_tensor(call)) is not None]

    def loss_is_meant(self, axis: Axis) -> bool:
        """Whether the border that the layer loses is lost on purpose, or brought back later."""
        return any(self._meant(call, axis) for call in self.calls) or self.flow.crops_skips

    def _meant(self, call: Called, axis: Axis) -> bool:
        passage = _passage(call)
        if passage is None:
            return True
        given, before, made, after = passage
        index, extent = self._index(before, axis), after[self._index(after, axis)]
        if extent == 1 or padded(self.flow, given, index):
            return True
        back = back_from_the_end(before, index)
        if self._lengthened(given, back, extent):
            return True
        top = call
        while top.parent is not None:
            top = top.parent
        entered = first_shape(top)
        sizes = {before[index]} | (
            {entered[back]} if entered is not None and -back <= len(entered) else set()
        )
        return ends_single(self.flow, made, back) or restored(self.flow, made, back, sizes)

    def _lengthened(self, given: Tensor, back: int, extent: Dim) -> bool:
        """Whether a join made what the layer takes longer, from just the extent that it gives."""
        for step in islice(self.flow.before(given), _NEAR):
            shapes = [operand.shape for operand in step.operands if operand.shape is not None]
            if step.layer is None and any(_has(shape, given.shape or (), back, extent) for shape in shapes):
                return True
            if any(shape != given.shape for shape in shapes):
                return False
        return False

    def _index(self, shape: Sequence[Dim], axis: Axis) -> int:
        last = 1 if self.kind.channels_last else 0
        return len(shape) - last - self.kind.rank + axis.position


def subject_for(instance: Instance) -> type[Layer]:
    """What `layer_of` makes of a layer."""
    return Layer if family(instance) is None else WindowLayer


def layer_of(
    sources: Sources,
    root: str,
    instance: Instance,
    *,
    calls: tuple[Called, ...],
    flow: Flow,
    name: str = "",
    peers: Peers | None = None,
    refused: tuple[Shape, ...] = (),
) -> Layer:
    """A layer as rules see it: a `WindowLayer` where it slides a window the library's own way."""
    kind = family(instance)
    given: dict[str, Any] = {
        "sources": sources,
        "root": root,
        "instance": instance,
        "name": name,
        "peers": Peers() if peers is None else peers,
        "calls": calls,
        "flow": flow,
        "refused": refused,
    }
    if kind is None:
        return Layer(**given)
    return WindowLayer(**given, kind=kind, windows=tuple(axes(instance, kind)))


def _passage(call: Called) -> tuple[Tensor, Shape, Tensor, Shape] | None:
    """What a call was given and what it made of that, each with its shape; None where one has no known axes,
    or was given another shape since.
    """
    given, made = first_tensor(call), call.output
    if given is None or not isinstance(made, Tensor) or made.restated or not given.shape or not made.shape:
        return None
    return given, given.shape, made, made.shape


def _has(shape: Shape | None, like: Shape, back: int, extent: Dim) -> bool:
    """Whether a map of the same rank has the extent on an axis."""
    return shape is not None and len(shape) == len(like) and shape[back] == extent


def back_from_the_end(shape: Shape, index: int) -> int:
    """An axis counted from the end: −1 is the last."""
    return index - len(shape)
