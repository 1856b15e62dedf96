"""A shape fault: an operation that must fail on every way through the code, its numbers and its story."""

from __future__ import annotations

import ast

from convlint.dims import Dim
from convlint.lint import edits as edits_of
from convlint.lint.finding import Applicability, Fix, Note, NoteKind
from convlint.lint.gathering.patterns import flattened_from
from convlint.lint.gathering.steps import steps_of
from convlint.lint.gathering.story import operation, path_of
from convlint.lint.gathering.windows import family, is_dense, is_keras
from convlint.lint.subjects.base import Place, Subject
from convlint.model.census import name_of, names_in
from convlint.model.run import Outcome
from convlint.model.sizes import fitting_input
from convlint.shapes.fault import Fault, Kind
from convlint.trace import Called, Failure, Instance, Span, Tensor, argument_node, span_of, tensors_in

Shape = tuple[Dim, ...]


def _holds(outer: Called, inner: Called | None) -> bool:
    """Whether a call runs inside another, which then has not ended."""
    while inner is not None:
        if inner is outer:
            return True
        inner = inner.parent
    return False


_MOST_STEPS = 1000
_IMAGE = 16
"""An extent from which on an axis is rather rows or columns than channels of an input."""


class ShapeFault(Subject, frozen=True, kw_only=True):
    """An operation that must fail; `kind` tells the family, the numbers are those that disagree."""

    failure: Failure
    outcome: Outcome
    span: Span

    @property
    def fault(self) -> Fault:
        """What disagrees."""
        return self.failure.fault

    @property
    def kind(self) -> Kind:
        """The family of the fault."""
        return self.fault.kind

    @property
    def words(self) -> str:
        """The framework's own sentence."""
        return self.failure.words

    @property
    def layer(self) -> Instance | None:
        """The layer that fails, None for a functional operation."""
        return self.failure.layer

    @property
    def name(self) -> str:
        """The layer's dotted name in the model, else its class; empty for a functional operation."""
        if self.layer is None:
            return ""
        call = self.failure.module
        while call is not None and call.parent is not None:
            call = call.parent
        names = {} if call is None else names_in(self.outcome, call.module)
        return names.get(id(self.layer)) or name_of(self.layer)

    @property
    def what(self) -> str:
        """What fails, as a message names it: `fc`, `torch.cat`, `x + y`."""
        return f"`{self.name or operation(self.failure.site)}`"

    @property
    def input(self) -> Tensor | None:
        """The tensor that the failing layer was called with."""
        call = self.failure.module
        if call is None or call.module is not self.layer:
            return None
        return next((value for value in call.inputs if isinstance(value, Tensor)), None)

    @property
    def constructor(self) -> str:
        """The call that built the layer as it names the class: `nn.Linear`."""
        node = None if self.layer is None or self.layer.site is None else self.layer.site.node
        if isinstance(node, ast.Call) and not isinstance(node.func, ast.Call):
            return ast.unparse(node.func)
        return "" if self.layer is None else self.layer.cls.name

    @property
    def factors(self) -> tuple[Dim, ...]:
        """The axes that flattening made the failing layer's last axis of: (256, 6, 6); itself where none
        did.
        """
        return () if self.input is None else flattened_from(self.input)

    @property
    def rows_for_dense(self) -> int | None:
        """K, where the fault is a `view(-1, K)` of a map whose result goes into a dense layer."""
        fault = self.fault
        if fault.kind is not Kind.RESHAPE or len(fault.shapes) < 2 or len(fault.shapes[0]) < 3:
            return None
        wanted = fault.shapes[1]
        if len(wanted) != 2 or wanted[0] != -1 or not isinstance(wanted[1], int):
            return None
        calls = self.outcome.trace.calls
        dense = (call for call in calls if is_dense(call.module))
        return wanted[1] if any(wanted[1] == call.module.attrs.get("in_features") for call in dense) else None

    @property
    def keras_majors(self) -> frozenset[int]:
        """The major versions of Keras that the project of the failing line leaves open."""
        name = self.sources.shown(self.span.filename)
        return self.sources.keras_majors(self.span.filename if name is None else name)

    def argument(self, name: str) -> object:
        """An argument of the failing layer's constructor."""
        return None if self.layer is None else (self.layer.arguments or {}).get(name)

    @property
    def type(self) -> str:
        """The class of the failing layer; empty for a functional operation."""
        return "" if self.layer is None else self.layer.cls.name

    @property
    def norm(self) -> bool:
        """Whether the failing layer is a norm."""
        if self.layer is None:
            return False
        return any(cls.name.endswith("Norm") or "BatchNorm" in cls.name for cls in self.layer.cls.mro)

    @property
    def convolution_rank(self) -> int:
        """The number of spatial axes of the failing convolution or pooling layer; 0 for any other."""
        kind = None if self.layer is None else family(self.layer)
        return 0 if kind is None else kind.rank

    @property
    def axis_name(self) -> str:
        """D, H, W or L for the axis that disagrees, where the operation slides a window; else its number."""
        axis, shapes = self.fault.axis, self.fault.shapes
        if axis is None or not shapes:
            return "an axis"
        rank = self.convolution_rank or len(shapes[0]) - 2
        position = axis - (1 if self.channels_last else len(shapes[0]) - rank)
        names = {1: "L", 2: "HW", 3: "DHW"}.get(rank, "")
        return names[position] if 0 <= position < len(names) else f"axis {axis}"

    @property
    def keras(self) -> bool:
        """Whether it is Keras' code that fails: arguments and axes have Keras' names and order then."""
        if self.layer is not None:
            return is_keras(self.layer)
        return any(is_keras(built.layer) for built in self.outcome.trace.built)

    @property
    def channels_last(self) -> bool:
        """Whether the channels stand last: in Keras, unless the failing layer says otherwise."""
        kind = None if self.layer is None else family(self.layer)
        return self.keras if kind is None else kind.channels_last

    @property
    def channels_stand_last(self) -> bool:
        """Whether a layer that takes its channels first is given an image which has them last: its last axis,
        and that alone, is the number of channels that the layer expects.
        """
        shapes, expected = self.fault.shapes, self.fault.expected
        if self.kind is not Kind.CHANNELS or self.channels_last or not shapes or self.convolution_rank != 2:
            return False
        *_, height, width, last = (0, *shapes[0][-3:])
        large = all(isinstance(e, int) and e >= _IMAGE for e in (height, width))
        return large and last == expected and last not in (height, width)

    @property
    def unflattened_map(self) -> bool:
        """Whether a dense layer is fed a map of channels and at least two spatial axes."""
        shapes = self.fault.shapes
        return self.kind is Kind.FEATURES and bool(shapes) and len(shapes[0]) > 3 and self._from_window()

    def _from_window(self) -> bool:
        """Whether a convolution or pooling layer made the failing layer's input, elementwise steps aside."""
        tensor = self.input
        for _ in range(_MOST_STEPS):
            if tensor is None or tensor.origin is None:
                return False
            if tensor.origin.layer is not None and family(tensor.origin.layer) is not None:
                return True
            if "pool" in tensor.origin.what or "conv" in tensor.origin.what:
                return True
            before = tensor.origin.before
            if before is None or before.shape != tensor.shape:
                return False
            tensor = before
        return False

    @property
    def summands(self) -> tuple[Dim, ...]:
        """The extents that a concatenation added up to the axis that disagrees; empty where none did."""
        tensor, axis = self.input, self.fault.axis
        for _ in range(_MOST_STEPS):
            if tensor is None or tensor.origin is None or axis is None:
                return ()
            origin = tensor.origin
            if origin.what in ("cat", "concat", "concatenate"):
                shapes = [operand.shape for operand in origin.operands if operand.shape]
                return tuple(shape[axis] for shape in shapes if axis < len(shape))
            if origin.before is None or origin.before.shape != tensor.shape:
                return ()
            tensor = origin.before
        return ()

    @property
    def misspelt_forward(self) -> str | None:
        """A method of the module that was probably meant to be its `forward`."""
        if self.layer is None or self.layer.cls.node is None:
            return None
        from difflib import get_close_matches

        methods = [name for name in self.layer.cls.namespace if not name.startswith("__")]
        near = get_close_matches(self.entry, [name.strip("_") for name in methods], 1, 0.7)
        if not near and self.keras and "forward" in methods:
            return "forward"
        return next((name for name in methods if near and name.strip("_") == near[0]), None)

    @property
    def missing_entry(self) -> bool:
        """Whether the class itself has no such method."""
        return self.keras and "does not have a `call()` method" in self.words

    @property
    def entry(self) -> str:
        """The method that says what a call of a model does."""
        return "call" if self.keras else "forward"

    @property
    def gives_none(self) -> str | None:
        """The class whose `forward` gave None last before the failure."""
        calls = [
            call
            for call in self.outcome.trace.calls
            if call.output is None and call is not self.failure.module
        ]
        before = None if self.failure.module is None else self.failure.module.order
        found = [c for c in calls if (before is None or c.order < before) and c.module.cls.node is not None]
        ended = [call for call in found if not _holds(call, self.failure.module)]
        return ended[-1].module.cls.name if ended else None

    @property
    def gives_several(self) -> str | None:
        """The class of the module whose call gave the container that a layer takes for one tensor; empty
        where the program made it, None where the layer is given anything else.
        """
        call = self.failure.module
        given = None if call is None else next(iter(call.inputs), None)
        if type(given) not in (tuple, list, dict):
            return None
        inside = [id(tensor) for tensor in tensors_in(given)]
        made = [
            c.module.cls.name
            for c in self.outcome.trace.calls
            if c is not call
            and type(c.output) is type(given)
            and [id(t) for t in tensors_in(c.output)] == inside
        ]
        return made[-1] if made and inside else ""

    def fitting_input(self) -> Shape | None:
        """The input nearest to the given one for which the operation's numbers agree; None where none is
        found.
        """
        return fitting_input(self.outcome, self.failure)

    def giving(self, name: str, text: str) -> Fix | None:
        """An unsafe fix that gives an argument another value; None unless it is the literal to blame, at the
        layer's own call.
        """
        site = None if self.layer is None else self.layer.site
        node = None if site is None else argument_node(site, name)
        if site is None or node is None or not isinstance(node, ast.Constant):
            return None
        if span_of(node, site.filename) != self.span or node.lineno != node.end_lineno:
            return None
        for other in self.outcome.trace.failures:
            where = None if other.layer is None else other.layer.site
            if where is not None and where.node is site.node and other.fault.got != self.fault.got:
                return None  # another layer of the same call wants another number
        edit = edits_of.replaced(self.sources, self.span, text)
        return Fix(Applicability.UNSAFE, f"{name}={text}", (edit,))

    def here(self) -> Place:
        """Where it is to be blamed, with the call path, the framework's sentence and the places on the way as
        notes.
        """
        notes = []
        path = path_of(self.failure, self.outcome)
        if path:
            notes.append(Note(path, kind=NoteKind.PATH))
        if self.words:
            notes.append(Note(self.words, kind=NoteKind.RUN_TIME))
        notes += steps_of(self.failure, self.what, self.span, self.sources)
        return self.pointing(self.span, tuple(notes))
