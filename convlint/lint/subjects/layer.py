"""Layers as rules see them: what they were built with, and what went through them.

Law: what is said of a layer's calls is read from the trace of one run; a tensor that was given another shape
since tells nothing.
"""

from __future__ import annotations

from math import prod

from convlint.dims import Dim
from convlint.lint.gathering.around import collapse_before, convolves, makes_ones
from convlint.lint.gathering.flow import Flow, Step
from convlint.lint.gathering.norms import cancelled_by
from convlint.lint.gathering.patterns import (
    flattened_from,
    globally_pooled,
    layer_before,
    linearly_before,
)
from convlint.lint.gathering.windows import axes, family, is_dense
from convlint.lint.subjects.built import BuiltLayer
from convlint.trace import Called, Instance, Tensor

Shape = tuple[Dim, ...]


class Layer(BuiltLayer, frozen=True, kw_only=True):
    """A layer of a library that the code builds, and its calls."""

    calls: tuple[Called, ...] = ()
    flow: Flow
    refused: tuple[Shape, ...] = ()
    """The shapes of the model's own inputs that it refused."""

    @property
    def sizes(self) -> tuple[int | None, int | None]:
        """Features or channels in and out, as it was built, or as they arrived where Keras learns them so."""
        if not self.keras:
            words = ("in_features", "out_features") if self.dense else ("in_channels", "out_channels")
            return self.number(words[0]), self.number(words[1])
        kind = family(self.instance)
        last = -1 if kind is None or kind.channels_last else 1
        arrived = next((shape[last] for shape in self.inputs if len(shape) > 1), None)
        return arrived if isinstance(arrived, int) else None, self.number(
            "units" if self.dense else "filters"
        )

    @property
    def inputs(self) -> list[Shape]:
        """The shape of the first tensor of each call, where it is known."""
        return [shape for call in self.calls if (shape := first_shape(call)) is not None]

    @property
    def from_outside(self) -> list[Shape]:
        """The shapes of a model's own inputs that it was given: nothing made their tensors."""
        tensors = [tensor for call in self.calls if (tensor := first_tensor(call)) is not None]
        return [*self.refused, *(t.shape for t in tensors if t.origin is None and t.shape is not None)]

    @property
    def outputs(self) -> list[Shape]:
        """The shapes of what it gave, as far as their ranks are known."""
        given = [call.output for call in self.calls if isinstance(call.output, Tensor)]
        return [tensor.shape for tensor in given if tensor.shape is not None]

    @property
    def is_last(self) -> bool:
        """Whether nothing takes what the layer gives, in any call."""
        outputs = [call.output for call in self.calls if isinstance(call.output, Tensor)]
        return bool(outputs) and not any(self.flow.used(output) for output in outputs)

    @property
    def gives_result(self) -> bool:
        """Whether no layer with weights comes after it, in any call: its outputs are the model's."""
        outputs = [call.output for call in self.calls if isinstance(call.output, Tensor)]
        later = (step.layer for output in outputs for step in self.flow.after(output))
        return not any(is_dense(e) or convolves(e, wider=False) is not None for e in later if e is not None)

    @property
    def whole_map(self) -> bool:
        """Whether the layer works on a map as large as an input that it came from: each place by itself."""
        for call in self.calls:
            tensor = first_tensor(call)
            if tensor is None or not tensor.shape:
                continue
            for step in self.flow.before(tensor):
                start = step.result
                if step.operands or not start.shape or len(start.shape) != len(tensor.shape):
                    continue
                if start.shape[1:-1] == tensor.shape[1:-1]:
                    return True
        return False

    @property
    def flattened(self) -> Shape:
        """The extents that flattening made the layer's features of, (512, 7, 7); empty where none did."""
        for call in self.calls:
            tensor = first_tensor(call)
            made = () if tensor is None else flattened_from(tensor)
            if made:
                return tuple(e if isinstance(e, int) else 1 for e in made) if self._takes_one(made) else made
        return ()

    def _takes_one(self, flattened: Shape) -> bool:
        """Whether the layer takes just the known extents of a flattened map: the free ones can only be 1."""
        known = [extent for extent in flattened if isinstance(extent, int)]
        return len(known) < len(flattened) and prod(known) == self.sizes[0]

    @property
    def first_after_flatten(self) -> bool:
        """Whether it is the first dense layer behind a flattened map of several places."""
        return self.dense and sum(extent != 1 for extent in self.flattened) > 1

    def collapses_for(self) -> tuple[Shape, list[tuple[int, ...]]] | None:
        """The map that the layer takes to a single place in every call, and the kernels above 1 of the
        convolutions that still work on it; None where there are none.
        """
        found = None
        for call in self.calls:
            own = self.flow.maker(call.output) if isinstance(call.output, Tensor) else None
            if own is None or not makes_ones(own):
                return None
            later: dict[int, tuple[int, ...]] = {}
            before: Shape = ()
            for step in self.flow.after(own.result):
                kind = convolves(step.layer)
                if kind is None or step.layer is None or not step.operands:
                    continue
                collapse = collapse_before(self.flow, step.operands[0], kind)
                if collapse is not None and collapse.step is own:
                    before = collapse.before
                    later[id(step.layer)] = tuple(axis.kernel for axis in axes(step.layer, kind))
            if not later:
                return None
            found = before, list(later.values())
        return found

    @property
    def after_global_pooling(self) -> bool:
        """Whether every call is fed by pooling over whole maps, only reshaped and normalised since."""
        tensors = [tensor for call in self.calls if (tensor := first_tensor(call)) is not None]
        return bool(tensors) and all(
            globally_pooled(self.flow, tensor, single=self._takes_one(flattened_from(tensor)))
            for tensor in tensors
        )

    @property
    def reshaped(self) -> tuple[Shape, Shape] | None:
        """The shapes before and after the view or reshape that made what a call is given; None for none."""
        for call in self.calls:
            tensor = first_tensor(call)
            step = None if tensor is None else self.flow.maker(tensor)
            if step is None or step.what not in ("view", "reshape") or not step.operands:
                continue
            before, after = step.operands[0].shape, step.result.shape
            if before is not None and after is not None:
                return before, after
        return None

    @property
    def linear_sources(self) -> list[Layer]:
        """For each call the layer whose result it is given with no more than norms and dropout between; a
        call that is given anything else leaves none at all.
        """
        found = []
        for call in self.calls:
            tensor = first_tensor(call)
            step = None if tensor is None else linearly_before(self.flow, tensor)
            if step is None or step.layer is None or step.layer is self.instance or step.layer.site is None:
                return []
            found.append(self._other(step))
        return found

    def _other(self, step: Step) -> Layer:
        """The layer of a step, as far as what it was built with and what it was given go."""
        from convlint.lint.subjects.window import layer_of

        assert step.layer is not None
        given = tuple(step.operands[:1])
        call = Called(step.layer, 0, 1, None, given, step.result)
        return layer_of(self.sources, self.root, step.layer, calls=(call,), flow=self.flow)

    @property
    def places(self) -> list[int]:
        """The rows where one run of a function calls the layer behind different layers each time; no more
        than one where it is called in a loop, or where what is before it is shared as well.
        """
        groups: dict[object, dict[int, tuple[int, Instance]]] = {}
        for call in self.calls if len(self.calls) > 1 else ():
            site, tensor = call.site, first_tensor(call)
            before = None if tensor is None else layer_before(self.flow, tensor)
            if site is None or before is None or not self.sources.accepts(site.filename):
                continue
            run = id(call.parent) if call.parent is not None else id(site.parent)
            groups.setdefault(run, {})[id(site.node)] = (site.span.row, before)
        for group in groups.values():
            if len(group) > 1 and len({id(before) for _, before in group.values()}) == len(group):
                return sorted(row for row, _ in group.values())
        return []

    @property
    def cancelling_norm(self) -> str:
        """The class of the norm that directly follows, and takes the mean off again, wherever the code uses
        what the same call builds; empty where there is none.
        """
        own = cancelled_by(self.flow, self.instance, self.calls)
        return "" if own is None or not self.peers.all_normed(self.instance) else own.cls.name


def shape_of(value: object) -> Shape | None:
    """The shape of a tensor whose rank is known; of a tuple's first (max pooling that returns indices). None
    where it was given another one since.
    """
    if isinstance(value, (tuple, list)) and value:
        value = value[0]
    return value.shape if isinstance(value, Tensor) and not value.restated else None


def first_tensor(call: Called) -> Tensor | None:
    """The first tensor that a call was given; None where it was given another shape since."""
    for value in call.inputs:
        if isinstance(value, Tensor):
            return None if value.restated else value
    return None


def first_shape(call: Called) -> Shape | None:
    """The shape of the first tensor that a call was given, where its rank is known."""
    tensor = first_tensor(call)
    return None if tensor is None else tensor.shape
